"""The database itself refuses what must never happen, from the ORM and from plain SQL."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, InternalError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from apps.platform.audit.services import MoveRefused, knowledge_moment, supersede, transition
from apps.platform.core.tradetime import Span
from apps.platform.parameters.models import ParameterProposal, ParameterValue
from apps.platform.runs.models import Run
from apps.platform.uploads.models import DatasetVersion, Upload
from apps.reference.market.models import MeteredDemand
from apps.settlement.settlements.models import AllocationLine
from apps.settlement.statements.models import Statement, StatementLine
from tests.conftest import DAY

pytestmark = pytest.mark.django_db


def refused(action):
    with pytest.raises((InternalError, DatabaseError)), transaction.atomic():
        action()


def test_a_fact_is_neither_changed_nor_deleted():
    before = MeteredDemand.objects.count()
    refused(lambda: MeteredDemand.objects.filter(line_no=2).update(mwh="1"))
    refused(lambda: connection.cursor().execute("delete from market_metereddemand"))
    assert MeteredDemand.objects.count() == before > 0


def test_a_result_is_neither_changed_nor_deleted(settle):
    settle()
    for model in (AllocationLine, Statement, StatementLine):
        refused(lambda m=model: m.objects.update(line_no=9))
        refused(lambda m=model: m.objects.all().delete())
        assert model.objects.exists()


def test_a_dataset_version_and_an_event_stay_as_they_are():
    refused(lambda: DatasetVersion.objects.update(row_count=0))
    refused(lambda: connection.cursor().execute("update audit_auditevent set sentence = 'x'"))


def test_a_term_is_not_edited_and_two_values_never_hold_at_once(person):
    value = ParameterValue.objects.get(name="rmr.pmax_tolerance_mw")
    refused(lambda: ParameterValue.objects.filter(pk=value.pk).update(text="5"))
    refused(lambda: ParameterValue.objects.filter(pk=value.pk).delete())
    copy = {
        "name": value.name,
        "text": "5",
        "reference": "x",
        "proposed_by": person("iso.admin"),
        "approved_by": person("iso.approver"),
        "valid": DateRange(DAY, None),
        "known": DateTimeTZRange(value.known.lower, None),
    }
    with pytest.raises(IntegrityError, match="holds_one_value"), transaction.atomic():
        ParameterValue.objects.create(**copy)


def test_one_person_alone_cannot_make_a_term_hold(person, now):
    with pytest.raises(IntegrityError, match="two_people"), transaction.atomic():
        supersede(
            model=ParameterValue,
            key={"name": "x"},
            values={"text": "1"},
            span=Span(DAY),
            known_from=now,
            reference="r",
            proposed_by=person("iso.admin"),
            approved_by=person("iso.admin"),
        )


def test_a_superseded_term_answers_what_we_knew(person, now):
    moment = knowledge_moment(at=now)
    supersede(
        model=ParameterValue,
        key={"name": "rmr.pmax_tolerance_mw"},
        values={"text": "2"},
        span=Span.through(DAY, DAY + timedelta(days=1)),
        known_from=moment,
        reference="r",
        proposed_by=person("iso.admin"),
        approved_by=person("iso.approver"),
    )

    def believed(day, known):
        return ParameterValue.objects.get(
            name="rmr.pmax_tolerance_mw", valid__contains=day, known__contains=known
        ).text

    tick = timedelta(microseconds=1)
    later, earlier = moment + tick, moment - tick
    assert believed(DAY, later) == "2"
    assert believed(DAY, earlier) == "0.01"
    assert believed(DAY - timedelta(days=1), later) == "0.01"
    assert believed(DAY + timedelta(days=2), later) == "0.01"


def test_a_case_moves_only_along_its_table(person, now):
    upload = Upload.objects.filter(state="CONFIRMED").first()
    refused(lambda: Upload.objects.filter(pk=upload.pk).update(state="READY"))
    refused(lambda: Upload.objects.filter(pk=upload.pk).delete())
    refused(
        lambda: ParameterProposal.objects.create(
            state="APPROVED",
            opened_by=person("iso.admin"),
            opened_at=now,
            name="x",
            text="1",
            first_date=DAY,
            reference="r",
            reason="r",
            decided_by=person("iso.approver"),
        )
    )
    with pytest.raises(MoveRefused, match="cannot be asked to"):
        transition(upload, action="read", actor=person("iso.operator"), at=now)


def test_history_of_every_case_is_kept():
    from apps.platform.uploads.models import UploadEvent

    upload = Upload.objects.filter(state="CONFIRMED").first()
    states = list(
        UploadEvent.objects.filter(pgh_obj_id=upload.pk)
        .order_by("pgh_id")
        .values_list("state", flat=True)
    )
    assert states == ["RECEIVED", "READY", "CONFIRMED"]


def test_the_sender_cannot_confirm_in_the_database_either(person):
    upload = Upload.objects.filter(state="CONFIRMED", second_person=True).first()
    with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
        Upload.objects.filter(pk=upload.pk).update(decided_by=upload.opened_by)


def test_the_requester_cannot_publish_in_the_database_either(settle):
    run = settle()
    with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
        Run.objects.filter(pk=run.pk).update(published_by=run.opened_by)


def test_no_float_reaches_a_quantity():
    with pytest.raises(ValidationError):
        MeteredDemand._meta.get_field("mwh").get_prep_value(1.5)
    with pytest.raises(ValidationError):
        MeteredDemand._meta.get_field("mwh").get_prep_value("1.00001")


def test_the_application_is_no_superuser():
    with connection.cursor() as cursor:
        cursor.execute("select rolsuper from pg_roles where rolname = current_user")
        assert cursor.fetchone() == (False,)


def test_what_becomes_known_is_strictly_ordered(now):
    first = knowledge_moment(at=now)
    assert knowledge_moment(at=now - timedelta(days=1)) > first
