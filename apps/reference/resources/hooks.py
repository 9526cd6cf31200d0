"""Who forbids a change of Pmax."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

from apps.platform.core.registry import Registry
from apps.platform.core.tradetime import Span
from apps.platform.core.violations import Violation

# (resource ID, days, new Pmax, line of the file) -> what forbids a change
PmaxGuard = Callable[[Iterable[tuple[str, Span, Decimal, int]]], list[Violation]]


PMAX_GUARDS: Registry[PmaxGuard] = Registry(
    "resources.pmax_guards", meaning="Asked which changes of Pmax in a file are forbidden."
)


def forbidden_pmax(changes: Iterable[tuple[str, Span, Decimal, int]]) -> list[Violation]:
    """Return what forbids changes of Pmax."""
    wanted = list(changes)
    return [violation for guard in PMAX_GUARDS for violation in guard(wanted)]
