"""The daily briefing as a document and as mail."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.urls import reverse

from apps.platform.accounts.codes import ISO_ROLES
from apps.platform.core.quantity import MW
from apps.platform.notifications.services import holders, tell
from apps.platform.ui.pdf import pdf
from apps.reliability.retirements.codes import DECISIONS, Decision
from apps.reliability.retirements.selectors import briefing

HEADINGS = ("Resource", "Resource ID", "MW", "From", "To", "Notice", "Requested for", "Decision")


def table_of(found: dict[str, Any]) -> list[list[str]]:
    """Return the rows of a briefing as texts, in the order of the headings."""
    return [
        [
            (row.resource_name or row.owner) + (" (SYNTHETIC)" if row.is_synthetic else ""),
            row.resource_code,
            MW.text(row.capacity_mw),
            row.state_before,
            row.state_requested,
            row.notice_date.isoformat(),
            row.requested_date.isoformat(),
            DECISIONS[Decision(row.decision)],
        ]
        for row in found["rows"]
    ]


def briefing_pdf(*, day: date, known_at: datetime) -> bytes:
    """Return the briefing of a day as a PDF; the same briefing has the same bytes."""
    found = briefing(day=day, known_at=known_at)
    return pdf(
        "briefing",
        {
            "day": day.isoformat(),
            "least": MW.text(found["least"]),
            "headings": list(HEADINGS),
            "rows": table_of(found),
        },
    )


def send_briefing(*, day: date, at: datetime) -> int:
    """Tell the ISO's people of the briefing, by mail as they prefer; return how many resources."""
    found = briefing(day=day, known_at=at)
    if not found["rows"]:
        return 0
    lines = [
        f"{row[0]} ({row[1]}): {row[2]} MW, {row[3]} to {row[4]}, requested for {row[6]}"
        for row in table_of(found)
    ]
    tell(
        holders(ISO_ROLES),
        topic="daily-briefing",
        at=at,
        title=f"Daily briefing {day}: {len(lines)} retiring or mothballing",
        body="\n".join(lines)[:500],
        mail="\n".join(lines),
        address=reverse("daily-briefing", query={"day": day}),
        attachments=[
            (f"daily-briefing-{day}.pdf", briefing_pdf(day=day, known_at=at), "application/pdf")
        ],
    )
    return len(lines)
