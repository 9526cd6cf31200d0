"""Metrics as Prometheus reads them: its text format, version 0.0.4.

Written here and not by a library: what a library would add is sharing counters between processes,
and these are told by process already (each writes its own file); everything else is read from the
database when it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable

from apps.site.operations.codes import MetricFamily


def exposition(families: Iterable[MetricFamily]) -> str:
    """Return metrics as text: HELP, TYPE and the samples of each; none without samples."""
    lines: list[str] = []
    for family in families:
        if not family.samples:
            continue
        lines.append(f"# HELP {family.name} {_help(family.meaning)}")
        lines.append(f"# TYPE {family.name} {family.kind}")
        lines += [
            f"{family.name}{suffix}{_labels(labels)} {_number(value)}"
            for suffix, labels, value in family.samples
        ]
    return "\n".join(lines) + "\n"


def _labels(labels: dict[str, str]) -> str:
    told = ",".join(f'{name}="{_value(value)}"' for name, value in labels.items())
    return f"{{{told}}}" if told else ""


def _value(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _help(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n")


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(float(value))
