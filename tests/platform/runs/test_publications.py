"""The chain of publications: it holds, and every kind of tampering is found where it was done."""

from __future__ import annotations

import json
import re

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from apps.platform.runs import services
from apps.platform.runs.models import Publication, Run
from apps.platform.runs.rules import FIRST
from apps.site.home.services import DEMO
from tests import acts

pytestmark = [pytest.mark.django_db, pytest.mark.brq("BRQ-1201")]
CORRECTED = DEMO / "try" / "metered_demand_2024-09-04_corrected.csv"


@pytest.fixture(scope="module")
def published_twice(world):
    with world():
        first = acts.settle()
        acts.load("metered-demand", CORRECTED.read_text())
        yield first.pk, acts.settle().pk


@pytest.fixture
def two(published_twice, db):
    """Two published runs of the demo day, the second with corrected demand."""
    return tuple(Run.objects.get(pk=key) for key in published_twice)


def forced(statement, *values):
    """Change the database as somebody could who owns it: with its guards switched off."""
    table = re.search(r"(?:update|delete from) (\w+)", statement).group(1)
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute(f"alter table {table} disable trigger user")
        cursor.execute(statement, values)
        cursor.execute("set constraints all immediate")
        cursor.execute(f"alter table {table} enable trigger user")


def test_each_publication_follows_the_one_before(two, as_user, capsys):
    first, second = Publication.objects.order_by("number")
    assert (first.number, first.previous_hash, second.previous_hash) == (1, FIRST, first.hash)
    assert services.verify_chain() == (2, [])
    assert services.verify_chain(expected={1: first.hash, 2: second.hash})[1] == []
    client = as_user("iso.monitor")
    assert first.hash in client.get("/publications/").content.decode()
    assert "2 publications verified" in client.post("/publications/").content.decode()
    assert client.get("/api/v1/publications/").json()["newest"]["hash"] == second.hash
    call_command("verify_publications", "--expect", f"2:{second.hash}")
    assert json.loads(capsys.readouterr().out) == {"publications": 2, "broken": []}
    with pytest.raises(DatabaseError), transaction.atomic():
        Publication.objects.filter(number=1).update(hash="0" * 64)


@pytest.mark.parametrize(
    ("change", "at", "said"),
    [
        (
            "update statements_statementline set amount = amount + 1 where line_no = 1 and "
            "statement_id = (select min(statement_id) from statements_statementline)",
            1,
            "changed",
        ),
        ("update settlements_allocationline set amount = amount where false", 0, ""),
        (
            "update settlements_capacitypayment set price = price + 1 where run_id = %s",
            1,
            "changed",
        ),
        ("delete from settlements_allocationline where run_id = %s and line_no = 1", 1, "rows"),
        (
            "update runs_run set published_by_id = (select max(id) from accounts_user) "
            "where id = %s",
            1,
            "recorded",
        ),
        ("update runs_run set result_hash = 'x' where id = %s", 1, "recorded"),
        ("delete from runs_publication where run_id = %s", 2, "missing"),
        ("update runs_publication set digests = '{}' where run_id = %s", 1, "recorded"),
    ],
)
def test_tampering_is_found_where_it_was_done(two, change, at, said, capsys):
    first, _ = two
    forced(change, *([first.pk] if "%s" in change else []))
    _, broken = services.verify_chain()
    assert bool(broken) is bool(at)
    if at:
        assert broken[0].number == at
        assert said in broken[0].sentence
        with pytest.raises(CommandError, match=f"publication {at}"):
            call_command("verify_publications")


def test_a_chain_made_anew_is_not_the_one_somebody_kept(two):
    kept = Publication.objects.get(number=1).hash
    forced("update runs_publication set hash = repeat('a', 64) where number = 1")
    _, broken = services.verify_chain(expected={1: kept, 7: kept})
    sentences = " ".join(b.sentence for b in broken)
    assert "not the one you kept" in sentences
    assert "no such publication" in sentences


def test_what_was_published_before_there_was_a_chain_is_linked_first(two):
    forced("delete from runs_publication")
    services.chained(two[1], at=two[1].published_at)
    first, second = Publication.objects.order_by("number")
    assert (first.run, first.late) == (two[0], True)
    assert (second.run, second.late) == (two[1], False)
    assert services.verify_chain() == (2, [])
