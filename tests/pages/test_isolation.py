"""Who sees what: every screen for every role; an SC never sees another's rows anywhere."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.platform.accounts.models import User
from apps.platform.ui.choices import SeveralFilter
from apps.platform.ui.screens import SCREENS
from apps.platform.ui.selectors import filter_set_of, filtered
from apps.settlement.statements.models import Statement, StatementLine
from tests import acts
from tests.pages.addresses import ADDRESSED
from tests.plugins.sampling import in_turn

pytestmark = pytest.mark.django_db
PEOPLE = [
    "iso.admin",
    "iso.operator",
    "iso.approver",
    "iso.analyst",
    "iso.contracts",
    "iso.legal",
    "iso.monitor",
    "sc.coast.reader",
]
NAMES = [screen.name for screen in SCREENS]
# a branch that changes how lists are made has all of them looked at
SHOWN = ("apps/platform/ui/",)
OTHERS = {
    "sc.bay": ["SYN_LSE_NORTH", "SYN_GEN_SUNSET", "SYN_LSE_COAST"],
    "sc.sunset": ["SYN_LSE_BAY", "SYN_GEN_SIERRA"],
}


@pytest.fixture(scope="module")
def run(world):
    """A settled trade date."""
    with world():
        yield acts.settle()


@pytest.mark.turns(4, always=("None",), of=ADDRESSED)
@pytest.mark.usefixtures("undrawn_refusals")
@pytest.mark.parametrize("name", [*PEOPLE, None])
def test_every_screen_opens_for_its_roles_only(name, client, request):
    """For who sees the most every page is drawn; for the others it is made up to its rows.

    For two SCs it is asked where their lists are read whole, in the next test.
    """
    if name != "iso.admin":
        request.getfixturevalue("undrawn")
    if name:
        client.force_login(User.objects.get(username=name))
    for screen in SCREENS:
        opens_for_its_roles(screen, name, client)


def opens_for_its_roles(screen, name, client):
    user = User.objects.get(username=name) if name else None
    allowed = screen.public or (user is not None and user.viewer().may(screen.roles))
    expected = 200 if allowed else (403 if name else 302)
    assert client.get(f"/{screen.name}/").status_code == expected
    api = client.get(f"/api/v1/{screen.name}/").status_code
    assert api == (200 if allowed else (403 if name else 401)) or (not name and api == 403)
    export = client.get(f"/{screen.name}.csv")
    assert export.status_code == expected


@pytest.mark.usefixtures("undrawn_refusals")
@pytest.mark.parametrize("name", OTHERS)
def test_no_list_export_or_api_shows_an_sc_another_ones_rows(name, as_user, run):
    """What is not for SCs at all is refused at every address; what is, is read whole."""
    client, viewer = as_user(name), User.objects.get(username=name).viewer()
    mine = [s for s in SCREENS if s.visible_to(viewer)]
    assert len(mine) >= 12
    for screen in SCREENS:
        if screen not in mine:
            opens_for_its_roles(screen, name, client)
            continue
        answers = [
            client.get(f"/{screen.name}/?per_page=500"),
            client.get(f"/api/v1/{screen.name}/?page_size=1000"),
            client.get(f"/{screen.name}.csv"),
        ]
        assert [a.status_code for a in answers] == [200] * 3, screen.name
        texts = [b"".join(a).decode() for a in answers]
        for other in OTHERS[name]:
            assert not any(other in text for text in texts), f"{other} in {screen.name}"


def test_page_api_and_export_hold_the_same_rows(as_user, run, undrawn):
    client = as_user("iso.admin")
    for screen in SCREENS:
        if screen.name in in_turn(NAMES, days=3, of=SHOWN):
            hold_the_same_rows(screen, client)


def hold_the_same_rows(screen, client):
    page = client.get(f"/{screen.name}/?per_page=500")
    assert len(page.rows) == min(page.table.page.paginator.count, 500)
    body = client.get(f"/api/v1/{screen.name}/?page_size=1000").json()
    rows = list(csv.reader(io.StringIO(b"".join(client.get(f"/{screen.name}.csv")).decode())))
    assert len(rows) - 1 == body["count"] == page.table.page.paginator.count
    assert client.get(f"/{screen.name}.xlsx").content[:2] == b"PK"


def test_the_number_of_queries_does_not_grow_with_the_page(as_user, run):
    client = as_user("iso.admin")
    client.get("/statements/")  # the first request of a session notes that it is in use
    for screen in SCREENS:
        if screen.name not in in_turn(NAMES, days=3, of=SHOWN):
            continue
        counts = []
        for length in (10, 500):
            with CaptureQueriesContext(connection) as seen:
                client.get(f"/{screen.name}/?per_page={length}")
            counts.append(len(seen))
        # tabs, totals and chart above a list ask three times more, however long the page is; a
        # filter of few values asks how many rows hold each, and all of them how large the table is
        # and which rows are the viewer's
        several = sum(
            isinstance(f, SeveralFilter) for f in filter_set_of(screen).base_filters.values()
        )
        asked = (14 if screen.summary else 11) + (several + 2 if several else 0)
        assert counts[0] == counts[1] <= asked, screen.name


@pytest.mark.turns(5, of=SHOWN)
@pytest.mark.parametrize("screen", SCREENS, ids=lambda s: s.name)
def test_every_column_sorts_and_every_filter_takes_nonsense(screen, as_user, person):
    """One page is drawn with all columns; each filter alone is asked for what it lets through."""
    client, viewer = as_user("iso.admin"), person("iso.admin").viewer()
    paths = [column.path for column in screen.all_columns]
    asked = {"sort": [f"-{path}" for path in paths], "cols": paths}
    assert client.get(f"/{screen.name}/", asked).status_code == 200
    names = list(filter_set_of(screen).base_filters)
    for nonsense in ("\x00", "9" * 40, "2024-99-99"):
        for name in names:
            found = filtered(screen, viewer=viewer, query={name: nonsense})
            list(found.qs[:10])
        every = dict.fromkeys(names, nonsense)
        assert client.get(f"/{screen.name}/", every).status_code == 200
        assert client.get(f"/api/v1/{screen.name}/", every).status_code in (200, 400)
    assert client.get(f"/{screen.name}/?page=999999&per_page=-3&sort=nothing").status_code == 200


@pytest.mark.turns(5, of=SHOWN)
@pytest.mark.parametrize("screen", SCREENS, ids=lambda s: s.name)
def test_every_column_really_sorts(screen, as_user, undrawn):
    client = as_user("iso.admin")
    for column in screen.all_columns:
        back = client.get(f"/{screen.name}/?sort=-{column.path}&cols={column.path}")
        assert back.status_code == 200
        kind = screen.field(column.path).get_internal_type()
        if kind not in {"BigIntegerField", "DateField", "PositiveSmallIntegerField"}:
            continue
        page = client.get(f"/{screen.name}/?sort={column.path}&cols={column.path}&per_page=500")
        values = [r[column.path] for r in page.rows if r[column.path] is not None]
        assert values == sorted(values), column.path


def test_an_sc_reads_its_statement_down_to_its_own_row_and_nobody_elses(as_user, run):
    client = as_user("sc.bay")
    own = Statement.objects.get(run=run, sc__code="SYN_LSE_BAY")
    line = own.lines.get(resource__code="GRNLF2_1_UNIT")
    page = client.get(reverse("statement-line", args=[own.pk, line.line_no]))
    assert page.status_code == 200
    links = [r.link for r in page.context["e"].rows if r.dataset == "Metered demand"]
    assert len(links) == 24
    row = client.get(links[0])
    assert row.status_code == 200
    assert "SYN_LSE_BAY" in row.content.decode()
    version = links[0].strip("/").split("/")[1]
    for other_line in (2, 60, 300):
        other = client.get(reverse("uploaded-row", args=[version, other_line]))
        assert other.status_code == 404
    # the contract is its owner's: its rows are neither linked nor named
    assert [r for r in page.context["e"].rows if r.dataset == "RMR contract terms"] == []


def test_guessed_ids_of_other_parties_are_not_found(as_user, run):
    client = as_user("sc.bay")
    other = Statement.objects.exclude(sc__code="SYN_LSE_BAY").filter(run=run, line_count__gt=0)[0]
    for path in (
        reverse("statement", args=[other.pk]),
        reverse("statement-difference", args=[other.pk]),
        reverse("statement-line", args=[other.pk, 1]),
        f"/api/v1/statements/{other.pk}/",
        f"/api/v1/statements/{other.pk}/difference/",
        f"/api/v1/statements/{other.pk}/lines/1/explain/",
        reverse("uploaded-row", args=[999_999, 2]),
    ):
        assert client.get(path).status_code == 404, path
    for path in (
        "/uploads/1/",
        f"/runs/{run.pk}/",
        "/trade-dates/",
        "/upload/",
        "/events/",
        f"/runs/{run.pk}/allocation/1/",
        "/api/v1/uploads/1/",
        f"/api/v1/runs/{run.pk}/",
    ):
        assert client.get(path).status_code == 403, path


def test_an_sc_reader_of_an_owner_sees_the_contract_row_it_owns(as_user, run):
    client = as_user("sc.sunset")
    line = StatementLine.objects.get(
        run=run, charge_code="RMR-CAP", resource__code="SUNSET_2_UNITS"
    )
    page = client.get(reverse("statement-line", args=[line.statement_id, line.line_no]))
    links = [r.link for r in page.context["e"].rows]
    assert links
    assert all(client.get(link).status_code == 200 for link in links)


def test_a_person_is_made_whole_or_not_at_all(db, capsys):
    from django.core.management import CommandError, call_command

    from apps.platform.accounts.models import Party

    words = ["--party", "SC_X", "--party-name", "X", "--role"]
    with pytest.raises(CommandError, match="cannot be held"):
        call_command("person", "x.y", *words, "ISO_ADMIN")
    assert not Party.objects.filter(code="SC_X").exists()
    call_command("person", "x.y", *words, "SC_USER")
    assert "shown once" in capsys.readouterr().out
    assert User.objects.get(username="x.y").viewer().is_sc
    with pytest.raises(CommandError, match="another party"):
        call_command("person", "x.y", "--party", "ISO", "--role", "ISO_ADMIN")


def test_a_role_of_the_other_kind_of_party_counts_for_nothing(person):
    from apps.platform.accounts.models import Membership

    user = person("sc.bay")
    Membership.objects.create(user=user, role="ISO_ADMIN", set_up=True)
    assert user.viewer().roles == {"SC_USER"}
    assert not user.viewer().is_iso
