"""Upward transitions of multi-stage resources and their major maintenance cost (Appendix 5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from apps.platform.core.rulebook import implements
from apps.platform.core.violations import Violation


@dataclass(frozen=True)
class Configuration:
    """A configuration: Pmax in MW, major maintenance adder of a start in $ or none."""

    config: str
    pmax_mw: Decimal
    mma_startup: Decimal | None


@dataclass(frozen=True)
class ConfigurationTransition:
    """A transition as evaluated: recorded where upward, broadcast where it has a value."""

    source: str
    target: str
    recorded: bool
    mma_from: Decimal | None = None
    mma_to: Decimal | None = None
    mma_transition: Decimal | None = None

    @property
    def broadcast(self) -> bool:
        """Whether a record is sent: a calculated value, 0 included."""
        return self.mma_transition is not None


@implements("BRQ-0097", "BRQ-0098", "APP-5", source="BRS 1.2 section 6.1.2 and Appendix 5")
def evaluate_transitions(
    configurations: Mapping[str, Configuration], transitions: Iterable[tuple[str, str]]
) -> tuple[list[ConfigurationTransition], list[Violation]]:
    """Return every transition evaluated, and violations for those to configurations not on file.

    Upward is Pmax(To) above Pmax(From), strictly. The cost is max(0, To − From) where both ends
    have a major maintenance adder of a start; 0 is a value, a missing adder is not.
    """
    done, found = [], []
    seen: set[tuple[str, str]] = set()
    for source, target in transitions:
        unknown = sorted({c for c in (source, target) if c not in configurations})
        if unknown or source == target or (source, target) in seen:
            what = (
                f"there is no configuration {', '.join(unknown)}"
                if unknown
                else "a configuration has no transition to itself"
                if source == target
                else "it stands twice"
            )
            found.append(
                Violation(
                    "RMR-E-0097",
                    f"Transition {source} to {target}: {what}.",
                    column="transitions",
                    value=f"{source}>{target}",
                )
            )
            continue
        seen.add((source, target))
        done.append(_evaluated(configurations[source], configurations[target]))
    return done, found


def _evaluated(source: Configuration, target: Configuration) -> ConfigurationTransition:
    ends = (source.config, target.config)
    if target.pmax_mw <= source.pmax_mw:
        return ConfigurationTransition(*ends, recorded=False)
    low, high = source.mma_startup, target.mma_startup
    value = max(Decimal(0), high - low) if low is not None and high is not None else None
    return ConfigurationTransition(*ends, True, low, high, value)
