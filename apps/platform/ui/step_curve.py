"""A step curve as a picture: MW along, $/MWh up, steps stacked of parts or shaded as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 260, 56, 34, 12, 30


@dataclass(frozen=True)
class CurveStep:
    """A step: its MW, its parts of the price from below (name, value), and its shade.

    ``tone`` is a class of the style sheet: ``sc``, ``iso``, or nothing for stacked parts.
    """

    from_mw: float
    to_mw: float
    parts: Sequence[tuple[str, float]]
    tone: str = ""
    title: str = ""


@dataclass
class Picture:
    """Rectangles, lines and labels in the units of the drawing."""

    width: int = WIDTH
    height: int = HEIGHT
    base: float = 0.0
    left: int = LEFT
    boxes: list[dict[str, Any]] = field(default_factory=list)
    across: list[dict[str, Any]] = field(default_factory=list)
    along: list[dict[str, Any]] = field(default_factory=list)
    legend: list[dict[str, str]] = field(default_factory=list)


def _nice(span: float, count: int) -> float:
    raw = max(span, 1e-9) / count
    size = 1.0
    while size < raw:
        size *= 10
    while size / 10 >= raw:
        size /= 10
    return next((size * f for f in (0.2, 0.25, 0.5, 1.0) if size * f >= raw), size)


def step_curve(steps: Sequence[CurveStep]) -> Picture | None:
    """Return the picture of steps (binary numbers are fine there), or None without any."""
    if not steps:
        return None
    tops = [sum(max(v, 0.0) for _, v in s.parts) for s in steps]
    lows = [sum(min(v, 0.0) for _, v in s.parts) for s in steps]
    high, low = max([*tops, 0.01]) * 1.06, min([*lows, 0.0])
    first, last = min(s.from_mw for s in steps), max(s.to_mw for s in steps)
    wide = (WIDTH - LEFT - RIGHT) / max(last - first, 1e-9)
    tall = (HEIGHT - TOP - BOTTOM) / (high - low)
    picture = Picture(base=round(TOP + high * tall, 1))
    names = list(dict.fromkeys(n for s in steps for n, v in s.parts if v))
    for step in steps:
        up, down = 0.0, 0.0
        for name, value in step.parts:
            if not value:
                continue
            at = up + value if value > 0 else down
            picture.boxes.append(
                {
                    "x": round(LEFT + (step.from_mw - first) * wide, 1),
                    "w": round(max((step.to_mw - step.from_mw) * wide - 1, 0.5), 1),
                    "y": round(TOP + (high - at) * tall, 1),
                    "h": round(abs(value) * tall, 1),
                    "tone": step.tone or f"part-{names.index(name) % 6}",
                    "title": step.title
                    or f"{name} {value:,.4f} $/MWh, {step.from_mw:g} to {step.to_mw:g} MW",
                }
            )
            up, down = up + max(value, 0.0), down + min(value, 0.0)
    tick = _nice(high - low, 5)
    count = int(low / tick)
    while count * tick <= high:
        picture.across.append(
            {"y": round(TOP + (high - count * tick) * tall, 1), "text": f"{count * tick:g}"}
        )
        count += 1
    edges = sorted({s.from_mw for s in steps} | {s.to_mw for s in steps})
    shown = edges if len(edges) <= 8 else [edges[0], edges[len(edges) // 2], edges[-1]]
    picture.along = [{"x": round(LEFT + (e - first) * wide, 1), "text": f"{e:g}"} for e in shown]
    if not any(s.tone for s in steps):
        picture.legend = [{"tone": f"part-{i % 6}", "text": n} for i, n in enumerate(names)]
    return picture
