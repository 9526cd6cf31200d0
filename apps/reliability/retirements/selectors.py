"""Reads of notices, affidavits and referrals by viewer; the public list and the briefing."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Case, CharField, F, Max, QuerySet, Value, When
from django.urls import reverse

from apps.platform.accounts.rules import Viewer
from apps.platform.core.effective import ParameterSet
from apps.platform.core.tradetime import PACIFIC, Span, TradeDay
from apps.platform.notifications.hooks import Deadline
from apps.platform.parameters.selectors import parameter_set
from apps.reliability.retirements.codes import REFERRAL_READERS, Decision, LongTermState
from apps.reliability.retirements.models import (
    PublicListEntry,
    Referral,
    RetirementNotice,
    ReturnAffidavit,
)
from apps.reliability.retirements.rules import BRIEFING_MW, NOTICE_DAYS, NOTICE_SCOPE

# a referral is not public (BRQ-0050): once an affidavit is with Legal its owner reads RECEIVED,
# however it ends, as an end that is shown would tell by its absence of the other one
INSIDE = ("WITH_LEGAL", "DMM_REVIEW", "CLOSED_NO_ACTION", "REPORTED")


def rules_of(day: date, known_at: datetime) -> ParameterSet:
    """Return the parameters about notices in force on a day."""
    return parameter_set(
        parameters=(NOTICE_DAYS, NOTICE_SCOPE, BRIEFING_MW),
        span=Span.through(day, day),
        known_at=known_at,
    )


def notices(*, viewer: Viewer) -> QuerySet[RetirementNotice]:
    """Return notices: all for the ISO, those filed for an SC for that SC."""
    rows = RetirementNotice.objects.select_related("resource", "sc", "local_area", "opened_by")
    if viewer.is_iso:
        return rows
    return rows.filter(sc_id=viewer.party_id) if viewer.is_sc else rows.none()


def affidavits(*, viewer: Viewer) -> QuerySet[ReturnAffidavit]:
    """Return affidavits with the stage a viewer may know: what Legal does stays inside the ISO."""
    rows = ReturnAffidavit.objects.select_related("notice__resource", "sc", "opened_by")
    if viewer.is_iso:
        return rows.annotate(stage=F("state"))
    own = rows.filter(sc_id=viewer.party_id) if viewer.is_sc else rows.none()
    return own.annotate(
        stage=Case(
            When(state__in=INSIDE, then=Value("RECEIVED")),
            default=F("state"),
            output_field=CharField(),
        )
    )


def referrals(*, viewer: Viewer) -> QuerySet[Referral]:
    """Return referrals, for those who refer and those who look into them."""
    rows = Referral.objects.select_related("notice__resource", "opened_by")
    return rows if viewer.may(REFERRAL_READERS) else rows.none()


def entries(*, viewer: Viewer) -> QuerySet[PublicListEntry]:
    """Return every published change of the public list."""
    return PublicListEntry.objects.all()


def public_list(*, viewer: Viewer) -> QuerySet[PublicListEntry]:
    """Return what stands on the public list now; notices that were taken back stay visible."""
    newest = PublicListEntry.objects.values("notice_id").annotate(newest=Max("pk"))
    return PublicListEntry.objects.filter(pk__in=newest.values("newest"))


def briefing(*, day: date, known_at: datetime) -> dict[str, Any]:
    """Return the daily briefing of a day: announced notices of at least the briefing's capacity.

    A notice is announced until it is taken back or takes effect. Source: BRQ-0001.
    """
    least = rules_of(day, known_at).at(BRIEFING_MW, day)
    newest = (
        PublicListEntry.objects.filter(at__lt=known_at)
        .values("notice_id")
        .annotate(newest=Max("pk"))
    )
    rows = PublicListEntry.objects.filter(
        pk__in=newest.values("newest"), state="ANNOUNCED", capacity_mw__gte=least
    ).order_by("requested_date", "resource_code")
    return {"day": day, "least": least, "rows": list(rows)}


def long_term_state(resource_id: int) -> LongTermState | None:
    """Return the state the last completed notice of a resource left it in; None without one."""
    last = (
        RetirementNotice.objects.filter(
            resource_id=resource_id, state__in=["COMPLETED", "RETURNED"]
        )
        .order_by("-requested_date", "-pk")
        .first()
    )
    if last is None:
        return None
    return LongTermState(
        last.state_requested if last.state == "COMPLETED" else LongTermState.OPERATING
    )


def notice_of(notice_id: int) -> RetirementNotice | None:
    """Return a notice that stands, by its number."""
    return (
        RetirementNotice.objects.filter(pk=notice_id, state__in=["ANNOUNCED", "COMPLETED"])
        .select_related("resource", "local_area")
        .first()
    )


def asked_for(notice_id: int) -> str:
    """Return what a notice asks for, in words; nothing where its viewer does not see the notice."""
    states = RetirementNotice.objects.filter(pk=notice_id).values_list("state_requested", flat=True)
    words = {LongTermState.MOTHBALLED: "mothballing", LongTermState.RETIRED: "retirement"}
    return next((words.get(LongTermState(s), s.lower()) for s in states), "")


def has_notice(resource_id: int) -> bool:
    """Whether any notice of a resource stands."""
    return RetirementNotice.objects.filter(
        resource_id=resource_id, state__in=["ANNOUNCED", "COMPLETED"]
    ).exists()


def decision_text(value: str) -> str:
    """Write a decision for people."""
    return Decision(value).name.replace("_", " ").lower()


def requested_dates(viewer: Viewer, since: datetime, until: datetime) -> list[Deadline]:
    """Return the dates announced notices are to take effect on, for who may see them."""
    first, last = since.astimezone(PACIFIC).date(), until.astimezone(PACIFIC).date()
    rows = notices(viewer=viewer).filter(state="ANNOUNCED", requested_date__range=(first, last))
    return [
        Deadline(
            uid=f"retirement-notice-{row.pk}",
            at=TradeDay(row.requested_date).start,
            title=f"{row.resource.code} is to be {row.state_requested}",
            address=reverse("retirement-notices-case", args=[row.pk]),
        )
        for row in rows
    ]
