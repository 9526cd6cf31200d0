"""Each wall between parties as it is written down, and no row behind one that names another SC."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection

from apps.platform.accounts.hooks import OPEN_TABLES
from apps.platform.accounts.models import Party
from apps.platform.accounts.services import as_party, declared_row_policies
from tests.pages.test_every_address import rows  # noqa: F401  (a world: one case at every desk)

KEPT = Path(__file__).parent / "walls.csv"
HEAD = ["table", "shown", "what"]
OWNERS = ("sc_id", "party_id")


def test_no_wall_is_higher_or_lower_than_is_written_down():
    """A change that is meant is written anew with RMRCPM_WRITE_WALLS=1; its difference shows it."""
    now = sorted(
        [(table, "rows where", what) for table, what in declared_row_policies().items()]
        + [(opened.table, "open", opened.reason) for opened in OPEN_TABLES]
    )
    if os.environ.get("RMRCPM_WRITE_WALLS") == "1":
        with KEPT.open("w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([HEAD, *now])
    with KEPT.open(newline="") as file:
        head, *kept = (tuple(row) for row in csv.reader(file))
    assert head == tuple(HEAD)
    assert sorted(set(now) ^ set(kept)) == []


def owned_tables():
    """Return (table, column that names its SC) of every walled table that has one."""
    walls = declared_row_policies()
    return [
        (model._meta.db_table, column)
        for model in apps.get_models()
        for column in OWNERS
        if model._meta.db_table in walls and column in {f.attname for f in model._meta.fields}
    ]


@pytest.mark.django_db
def test_no_row_that_names_another_sc_is_seen_behind_the_wall(rows):  # noqa: F811
    bay = Party.objects.get(code="SYN_LSE_BAY")
    keys = list(Party.objects.filter(kind="SC").exclude(pk=bay.pk).values_list("pk", flat=True))
    counted = "select count(*) from {} where {} = any(%s)"

    def of_others():
        found = {}
        for table, column in owned_tables():
            cursor.execute(counted.format(table, column), [keys])
            found[table] = cursor.fetchone()[0]
        return found

    with connection.cursor() as cursor:
        held = of_others()
        with as_party(bay.pk):
            seen = of_others()
    assert {table: n for table, n in seen.items() if n} == {}
    assert sum(1 for n in held.values() if n) > 25, held
