"""A notice of a demo resource, filed as people do."""

from datetime import UTC, date, datetime, time
from io import BytesIO

import pytest

PAPER = b"%PDF-1.7\n% an affidavit\n"


def paper(content=PAPER, name="affidavit.pdf"):
    sent = BytesIO(content)
    sent.name = name
    return sent


@pytest.fixture
def file_notice(person, now):
    """File a notice; announced where a paper is given."""
    from apps.retirements import services

    def go(who="sc.sunset", *, document=True, **change):
        wish = {
            "resource": "SUNSET_2_UNITS",
            "state_before": "OPERATING",
            "state_requested": "RETIRED",
            "notice_date": date(2024, 3, 3),
            "requested_date": date(2024, 12, 1),
            "owner": "Synthetic Sunset Generation",
            "reason": "age of plant",
        } | change
        sent = paper() if document else None
        return services.file_notice(
            wish=services.NoticeWish(**wish),
            actor=person(who),
            document=sent,
            at=min(now, datetime.combine(wish["notice_date"], time(20), UTC)),
        )

    return go
