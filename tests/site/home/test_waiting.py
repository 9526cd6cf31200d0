"""What the home page counts is what its link leads to, and somebody really waits for it."""

from __future__ import annotations

import re
from html import unescape

import pytest

from apps.bidding.costs.codes import DAILY_COSTS
from apps.platform.accounts.models import User
from apps.platform.ui.screens import SCREENS
from apps.platform.ui.selectors import filtered
from apps.platform.ui.workflow import WORKFLOWS
from apps.platform.uploads import services
from apps.site.home.selectors import todos
from tests.conftest import DAY

pytestmark = [pytest.mark.django_db, pytest.mark.brq("BRQ-0105")]
BAD = "SC_ID,TAC_AREA,TRADE_DATE,HOUR_ENDING,MWH,SOURCE\n" + "".join(
    f"SYN_LSE_BAY,PGE-TAC,2024-09-04,{h},{'x' if h == 3 else '1.5'},SYNTHETIC\n"
    for h in range(1, 25)
)


def told(person, name, now):
    return {t.what: t for t in todos(viewer=person(name).viewer(), now=now)}


def test_a_calculation_that_nobody_publishes_is_not_counted_as_waiting(
    settle, calculate, person, now, as_user
):
    calculate(DAILY_COSTS, DAY)
    settle(publish=False)
    todo = told(person, "iso.approver", now)["run{} to publish"]
    assert (todo.count, todo.title) == (1, "run to publish")
    page = as_user("iso.approver").get(todo.address).content.decode()
    rows = re.findall(r"<tr[^>]*>", page.split('id="results"')[1])
    assert len(rows) == 2, page  # the heading and the one run
    assert "Daily settlement" in page
    assert "run{} to publish" not in told(person, "iso.analyst", now)  # who requested it


def test_a_refused_file_that_was_corrected_is_not_counted_again(send, person, now, as_user):
    first = send("metered-demand", BAD)
    assert first.state == "REFUSED"
    todo = told(person, "iso.operator", now)["refused file{} of yours"]
    assert todo.count == 1
    corrected = services.correct_rows(
        upload_id=first.pk,
        changes={(4, "mwh"): "1.5"},
        dropped=set(),
        actor=person("iso.operator"),
        at=now,
    )
    services.read(upload_id=corrected.pk, actor=person("iso.operator"), at=now)
    assert "refused file{} of yours" not in told(person, "iso.operator", now)
    listed = as_user("iso.operator").get(todo.address).content.decode()
    assert f"/uploads/{first.pk}/" not in listed
    assert told(person, "iso.approver", now)["file{} to confirm"].count == 1


def test_moves_that_nobody_waits_for_make_no_case_wait(person):
    """A payload that arrived may be sent once more; it waits for nobody, one that failed does."""
    desk = WORKFLOWS["market-payloads"]
    waiting = desk.waiting(person("iso.operator").viewer())
    states = {value for name, value in _leaves(waiting) if name == "state"}
    assert "FAILED" in states
    assert "DELIVERED" not in states


def _leaves(q):
    for child in q.children:
        yield from _leaves(child) if hasattr(child, "children") else [child]


@pytest.mark.parametrize("name", ["iso.approver", "iso.operator", "iso.contracts", "sc.bay"])
def test_each_card_leads_to_a_list_of_as_many_rows_as_it_counts(name, person, now, settle, rf):
    settle(publish=False)
    viewer = person(name).viewer()
    lists = {s.name: s for s in SCREENS}
    for todo in todos(viewer=viewer, now=now):
        path, _, query = unescape(todo.address).partition("?")
        screen = lists.get(path.strip("/").rpartition("/")[2])
        if screen is None or "waits=you" not in query:
            continue
        asked = rf.get(todo.address).GET
        assert filtered(screen, viewer=viewer, query=asked).qs.count() == todo.count, todo


def test_an_unknown_choice_of_what_waits_is_no_filter(as_user):
    assert User.objects.exists()
    assert as_user("iso.approver").get("/runs/?waits=nobody").status_code == 200
