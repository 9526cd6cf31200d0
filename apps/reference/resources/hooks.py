"""Who forbids a change of Pmax."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

from apps.platform.kernel.findings import Finding
from apps.platform.kernel.registry import Registry
from apps.platform.kernel.tradetime import Span

# (resource ID, days, new Pmax, line of the file) -> what forbids a change
PmaxGuard = Callable[[Iterable[tuple[str, Span, Decimal, int]]], list[Finding]]


PMAX_GUARDS: Registry[PmaxGuard] = Registry(
    "resources.pmax_guards", meaning="Asked which changes of Pmax in a file are forbidden."
)


def forbidden_pmax(changes: Iterable[tuple[str, Span, Decimal, int]]) -> list[Finding]:
    """Return what forbids changes of Pmax."""
    wanted = list(changes)
    return [finding for guard in PMAX_GUARDS for finding in guard(wanted)]
