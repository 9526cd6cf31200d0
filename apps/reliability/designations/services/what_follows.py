"""What an ending of a designation brings with it, in sentences for whoever approves it."""

from __future__ import annotations

from datetime import date

from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import FAR_FUTURE, Span
from apps.platform.core.words import counted
from apps.platform.runs.selectors import published_days
from apps.reliability.designations import selectors
from apps.reliability.designations.codes import Ending
from apps.reliability.designations.hooks import standing_beyond
from apps.reliability.designations.models import Designation
from apps.reliability.designations.rules.price import said
from apps.reliability.designations.services.payloads import published_places
from apps.reliability.designations.services.waiting_files import files_waiting

MOST_NAMED = 62  # days


def renewals(case: Designation) -> list[Designation]:
    """Return the renewals of a designation that stand or wait, and theirs in turn."""
    found: list[Designation] = []
    for one in case.renewals.filter(state__in=["PROPOSED", "DESIGNATED"]).order_by("pk"):
        found += [one, *renewals(one)]
    return found


def days_after(case: Designation, last_day: date) -> Span:
    """Return the days of a designation after a day."""
    return Span(Span.through(last_day, last_day).end, case.period.upper)


def published_after(case: Designation, last_day: date) -> dict[str, list[date]]:
    """Return the trade dates after a day whose payload is published, by contract."""
    found = {}
    for contract in selectors.contracts_of(case):
        days = {p[1] for p in published_places(contract.contract_no, days_after(case, last_day))}
        if days:
            found[contract.contract_no] = sorted(days)
    return found


def what_follows(case: Designation, kind: str, last_day: date | None) -> list[str]:
    """Return in sentences what an ending brings with it, for whoever approves it."""
    later = renewals(case)
    numbers = ", ".join(f"no. {r.pk}" for r in later)
    stands = stands_beyond(case, kind, last_day)
    first = case.period.lower if last_day is None else days_after(case, last_day).first
    stands += [
        f"{file.sentence}; it asks for a designation before it can be confirmed."
        for file in files_waiting(case, first)
    ]
    if kind == Ending.LAPSE or last_day is None:
        return [*([f"Its renewals lapse with it: {numbers}."] if later else []), *stands]
    found = [f"Its renewals stay as they are: {numbers}."] if later else []
    found += [
        f"The terms of {c.contract_no} end on {last_day}."
        for c in selectors.contracts_of(case)
        if c.span.last > last_day
    ]
    found += [
        f"The payload of {number} is published anew with 0 MW for {said(days)}."
        for number, days in published_after(case, last_day).items()
    ]
    after = days_after(case, last_day)
    settled = [d for d in published_days(since=after.first) if d in after]
    if settled:
        more = len(settled) - MOST_NAMED
        listed = ", ".join(str(d) for d in settled[:MOST_NAMED])
        found.append(
            f"Published trade dates to be settled again: {listed}"
            + (f" and {counted(more, 'later one')}." if more > 0 else ".")
        )
    return found + stands


@implements("BRQ-0055", "BRQ-0116", source="BRS 1.2 section 6.1.1")
def stands_beyond(case: Designation, kind: str, last_day: date | None) -> list[str]:
    """Return in sentences what other apps keep on the days that an ending takes away, as of now.

    The days reach to the next designation of the resource that stands and does not end with this
    one, or on and on. Nothing of it ends by itself: whoever filed it ends it.
    """
    taken = {case.pk}
    first = case.period.lower
    if kind == Ending.LAPSE or last_day is None:
        taken |= {one.pk for one in renewals(case)}
    else:
        first = Span.through(last_day, last_day).end
    others = Designation.objects.filter(resource_id=case.resource_id, state__in=selectors.STANDING)
    begins = [d.period.lower for d in others.exclude(pk__in=taken) if d.period.lower >= first]
    return standing_beyond(case.resource_id, Span(first, min(begins, default=FAR_FUTURE)))
