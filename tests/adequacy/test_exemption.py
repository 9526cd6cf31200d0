"""Exemption from a substitute: asked for with evidence, of the days of the SC that asks."""

from __future__ import annotations

from datetime import date

import pytest

from apps.adequacy.substitutions import services
from apps.adequacy.substitutions.models import Exemption, Substitution
from apps.adequacy.substitutions.selectors import exempted
from apps.platform.core.tradetime import FAR_MOMENT, PACIFIC
from apps.platform.core.violations import ValidationFailed
from tests.adequacy import files


@pytest.mark.django_db
@pytest.mark.usefixtures("outages", "changes_hands")
@pytest.mark.brq("BRQ-0215", "BRQ-0225")
def test_an_exemption_is_of_the_days_of_the_sc_that_asks_and_goes_on_with_the_resource(person, now):
    """Given a change of SC in an outage; then each asks for its days, none for those before."""

    def request(who):
        case = services.request_exemption(
            given=services.ExemptionInput("S1", "OTHER", "grid"), actor=person(who), at=now
        )
        return services.exemption_decide(
            action="approve", case_id=case.pk, actor=person("iso.operator"), at=now
        )

    later = request("sc.bay")
    key = (later.resource_id, "S1")
    assert (later.sc.code, exempted(FAR_MOMENT)[key]) == ("SYN_LSE_BAY", date(2024, 9, 6))
    first = request("sc.sunset")
    day = first.starts_at.astimezone(PACIFIC).date()
    assert (first.sc.code, exempted(FAR_MOMENT)[key]) == ("SYN_GEN_SUNSET", day)
    assert day < date(2024, 9, 6)
    with pytest.raises(ValidationFailed, match="goes with the resource"):
        request("sc.bay")


@pytest.mark.django_db
@pytest.mark.usefixtures("outages")
@pytest.mark.brq("BRQ-0215")
def test_an_exemption_is_asked_for_with_evidence_and_decided_by_another(person, as_user, now):
    from django.core.files.uploadedfile import SimpleUploadedFile

    from tests.reliability.retirements.papers import paper

    document = paper()
    client = as_user("sc.sunset")
    answer = client.post(
        "/exemptions/new/",
        {
            "outage": "S1",
            "reason_code": "TRANSMISSION",
            "reason": "Line 12 was out",
            "document": SimpleUploadedFile("evidence.pdf", document.read()),
        },
        follow=True,
    )
    assert "REQUESTED" in answer.content.decode()
    case = Exemption.objects.get()
    assert "evidence.pdf" in answer.content.decode()
    case = services.exemption_decide(
        action="approve", case_id=case.pk, actor=person("iso.operator"), at=now, note="agreed"
    )
    assert case.state == "APPROVED"
    given = services.ExemptionInput("S1", "OTHER", "again")
    with pytest.raises(ValidationFailed, match="EXM-TWICE"):
        services.request_exemption(given=given, actor=person("sc.sunset"), at=now)
    with pytest.raises(ValidationFailed, match="EXM-OUTAGE"):
        services.request_exemption(given=given, actor=person("sc.bay"), at=now)


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0215")
def test_legacy_needs_no_exemption(person, load, now):
    load("outage-report", files.report(("L1", "BOGUE_1_UNITA1", *files.HARBOR[2:])))
    with pytest.raises(ValidationFailed, match="EXM-LEGACY"):
        services.request_exemption(
            given=services.ExemptionInput("L1", "OTHER", "x"), actor=person("iso.operator"), at=now
        )
    assert not Exemption.objects.exists()
    assert not Substitution.objects.exists()
