"""Walks every address and API operation as everybody, with real and guessed ids: nothing leaks."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection

from apps.platform.accounts.models import Party, User
from apps.platform.jobs.services import queue
from apps.platform.notifications.models import Notification
from apps.platform.notifications.services import tell
from apps.platform.parameters.models import ParameterProposal
from apps.platform.ui.screens import SCREENS
from apps.platform.ui.workflow import WORKFLOWS
from apps.platform.uploads.models import DatasetVersion, Upload
from apps.reliability.designations.models import ContractPrice
from apps.settlement.clearing.models import Exposure
from apps.settlement.statements.models import Statement
from tests import acts
from tests.pages.addresses import ADDRESSED, LIBRARY, OWN, audience, lists, routes, screen_of
from tests.pages.casework import casework
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
    "sc.bay",
    "sc.bay.admin",
    "sc.sunset",
    "sc.coast.reader",
    None,
]
SCREEN_NAMES = [screen.name for screen in SCREENS]
GUESS = 999_999
HOURS = (
    "RESOURCE_ID,TRADE_DATE,HOUR_ENDING,DA_MWH,MIN_LOAD_MWH,BID_COST_USD,DA_LMP\n"
    "SUNSET_2_UNITS,2024-09-04,18,100,40,1920,44.50\n"
    "GRNLF2_1_UNIT,2024-09-04,18,40,10,3100,61.25\n"
)
PART = re.compile(r"<\w+:(\w+)>|\(\?P<(\w+)>[^)]*\)|<(\w+)>")


def test_every_address_is_classified():
    unknown = []
    for route in routes():
        try:
            audience(route)
        except KeyError:
            unknown.append(route)
    assert unknown == []


def fill(route, values):
    """Return the address of a route with the values put in."""
    desk = route.removeprefix("api/v1/").partition("/")[0]
    values = values | {"case_id": values.get("cases", {}).get(desk, values.get("case_id", GUESS))}
    path = PART.sub(lambda m: str(values[next(g for g in m.groups() if g)]), route)
    return "/" + path.replace("^", "").replace("$", "").replace("\\.", ".").replace("/?", "/")


@pytest.fixture(scope="module")
def rows(world):
    """What there is of the Sunset generator, which nobody else may see."""
    with world():
        yield rows_of_sunset(acts.person, acts.now())


def rows_of_sunset(person, now):
    """Put a row of every kind there; return the values that addresses are filled with."""
    from apps.platform.sign_in.services import token_make

    acts.load("market-hours", HOURS, sender="iso.admin")
    run = acts.settle()
    sunset = person("sc.sunset")
    token, _ = token_make(
        user=sunset, name="sunset secret", scopes=["read"], days=5, actor=sunset, at=now
    )
    job = queue(kind="compute-run", title="sunset secret", actor=sunset, at=now)
    tell([sunset], topic="job-failed", title="sunset secret", at=now)
    proposal = ParameterProposal.objects.create(
        state="PROPOSED",
        opened_by=person("iso.admin"),
        opened_at=now,
        name="rmr.pmax_tolerance_mw",
        text="1",
        first_date="2024-09-04",
        reference="r",
        reason="r",
    )
    terms = DatasetVersion.objects.get(dataset="designations.contract_terms")
    statement = Statement.objects.get(run=run, sc__code="SYN_GEN_SUNSET")
    cases, paper = casework(person, now)
    return {
        "invoice_id": invoiced(sunset, now).pk,
        "exposure_id": Exposure.objects.get(sc=sunset.party).pk,
        "cases": cases,
        "case_id": cases["retirement-notices"],
        "desk": "retirement-notices",
        "document_id": paper.pk,
        "token_id": token.pk,
        "party_id": sunset.party_id,
        "user_id": sunset.pk,
        "certificate_id": GUESS,
        "action": "confirm",
        "code": "tac-load",
        "form": "csv",
        "upload_id": Upload.objects.first().pk,
        "version_id": terms.pk,
        "line_no": 1,
        "proposal_id": proposal.pk,
        "name": "allocation-step",
        "run_id": run.pk,
        "day": "2024-09-04",
        "period": "2024-09",
        "month": "2024-09",
        "ra_type": "GENERIC",
        "resource_id": 1,
        "market": "DA",
        "segment_id": GUESS,
        "payload_id": cases["market-payloads"],
        "statement_id": statement.pk,
        "uidb64": "MQ",
        "sc": "SYN_GEN_SUNSET",
        "old_id": run.pk,
        "new_id": run.pk,
        "token": "x-y",
        "key": "x",
        "uidb36": "1",
        "pk": 1,
        "provider_id": "sso",
        "slug": "x",
        "path": "x",
        "view_id": GUESS,
        "job_id": job.pk,
        "task_id": GUESS,
        "notice_id": Notification.objects.get(user=sunset, title="sunset secret").pk,
    }


def invoiced(sunset, now):
    """Issue the invoice of an SC's statements."""
    from apps.settlement.clearing.services import issue_invoices

    made = issue_invoices(actor=sunset, at=now + timedelta(days=14))
    return next(i for i in made if i.sc_id == sunset.party_id)


def secrets_of(name):
    """Return texts that belong to other parties only."""
    mine = User.objects.get(username=name).party_id if name else 0
    found = set()
    for party in Party.objects.filter(kind="SC").exclude(pk=mine):
        found |= {party.code, party.name, *party.users.values_list("username", flat=True)}
    others = Statement.objects.exclude(sc_id=mine).exclude(total=0)
    found |= {f"{abs(s.total):,.2f}" for s in others} | {f"{abs(s.total):.2f}" for s in others}
    own_totals = {
        text
        for s in Statement.objects.filter(sc_id=mine)
        for v in (s.total, s.charges, s.payments)
        for text in (f"{abs(v):,.2f}", f"{abs(v):.2f}")
    }
    if name != "sc.sunset":
        found |= {f"{p.price:,f}" for p in ContractPrice.objects.all()}
        found.add("sunset secret")
    return {text for text in found - own_totals if len(text) > 5}


def body(response):
    content = b"".join(response) if response.streaming else response.content
    if content[:2] == b"PK":
        import io
        import zipfile

        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            content = b"".join(parts.read(name) for name in parts.namelist())
    heads = " ".join(f"{k}: {v}" for k, v in response.headers.items())
    return content.decode(errors="replace") + heads


def viewer_named(name):
    return User.objects.get(username=name).viewer() if name else None


def allowed(viewer, who):
    if who is None:
        return True
    if viewer is None:
        return False
    return True if who == OWN else viewer.may(who)


# who sees the most: their lists are drawn whole where it is their turn, those of others more seldom
DRAWN = ("iso.admin", "sc.sunset", "sc.bay")


def walked(shown):
    """Return the addresses of our own, of screens those of the ones whose turn it is.

    A workbook and a Parquet file hold the rows of the CSV file, and come more seldom.
    """
    ours = [r for r in routes() if r == "accounts/tokens/" or not r.startswith(LIBRARY)]
    files = [r for r in ours if screen_of(r) and r.endswith((".xlsx", ".parquet"))]
    later = set(files) - set(in_turn(files, days=5, of=ADDRESSED))
    return [r for r in ours if (screen_of(r) is None or screen_of(r) in shown) and r not in later]


@pytest.mark.turns(4, always=("sc.bay", "None"), of=ADDRESSED)
@pytest.mark.usefixtures("undrawn_refusals")
@pytest.mark.parametrize("name", PEOPLE)
def test_every_address_opens_for_its_audience_and_tells_nobody_of_others(name, client, rows):
    """A list that is not drawn whole is told whole by its file and its API, at their addresses.

    The addresses of a screen take turns; that none of them tells an SC of others is asked of all
    screens in test_isolation.py.
    """
    shown = set(in_turn(SCREEN_NAMES, days=3, of=ADDRESSED))
    whole = name in in_turn(PEOPLE, days=9, always=DRAWN)
    if name:
        client.force_login(User.objects.get(username=name))
    is_sc = name is None or name.startswith("sc.")
    hidden = secrets_of(name) if is_sc else set()
    hidden -= {"Synthetic"}
    viewer = viewer_named(name)
    for route in walked(shown):
        address = fill(route, rows)
        short = not whole and route in lists()
        response = client.get(address, {"per_page": 10} if short else {})
        if route == "health/ready":  # no worker runs here, and the page has to say so
            assert response.status_code in (200, 503), response.content
            continue
        assert response.status_code < 500, (name, address)
        text = body(response)
        if not allowed(viewer, audience(route)):
            assert response.status_code in (302, 401, 403, 404, 405), (name, address)
        if is_sc:
            told = {s for s in hidden if s in text}
            if name == "sc.sunset":
                told -= {"SYN_GEN_SUNSET"}
            assert not told, (name, address, told)


@pytest.mark.turns(3, always=("sc.bay",), of=ADDRESSED)
@pytest.mark.usefixtures("undrawn_refusals")
@pytest.mark.parametrize("name", ["sc.bay", "sc.bay.admin", "sc.coast.reader", None])
def test_another_partys_id_and_a_guessed_one_look_the_same(name, client, rows):
    """Not found is not found: same status, same words, so that ids cannot be probed."""
    if name:
        client.force_login(User.objects.get(username=name))
    guessed = rows | {k: GUESS for k in rows if k.endswith("_id") and k != "provider_id"}
    guessed["cases"] = dict.fromkeys(rows["cases"], GUESS)
    for route in routes():
        if route.startswith(LIBRARY) or not re.search(r"_id\b", route) or every_sc_reads(route):
            continue
        for method in ("get", "post"):
            real = getattr(client, method)(fill(route, rows))
            none = getattr(client, method)(fill(route, guessed))
            assert real.status_code == none.status_code, (name, method, route)
            pair = zip(plain(real).splitlines(), plain(none).splitlines(), strict=True)
            assert [p for p in pair if p[0] != p[1]] == [], (name, method, route)


def every_sc_reads(route):
    """Whether a case is open to every SC, as what the ISO asks of all of them."""
    return route.removeprefix("api/v1/").startswith("cpm-solicitations/<int:case_id>/")


def plain(response):
    """A page without what differs by request: the address asked for, tokens, ids, the clock."""
    text = re.sub(
        r"(Content-Security-Policy|Content-Length): [^\n]*?(?= [A-Z][\w-]+: |$)", "", body(response)
    )
    text = re.sub(r"\b[0-9a-f]{32}\b", "", text)  # the id of the request
    text = re.sub(r'value="[A-Za-z0-9]{64}"|"X-CSRFToken": "\w+"|\d\d:\d\d', "", text)
    return re.sub(r"(/|%2F)\d+(?=/|%2F|\b)", "", text)


def may_move(route, viewer):
    """Whether an address is a move of a case that the person's roles include."""
    desk, _, rest = route.removeprefix("api/v1/").partition("/<int:case_id>/")
    found = next((d for d in WORKFLOWS if d.name == desk), None)
    move = rest.strip("/")
    return bool(found and viewer and viewer.is_iso and move and found.may_move(move, viewer))


ROWS = re.compile(r"<tbody>.*?</tbody>", re.DOTALL)


@pytest.mark.parametrize("name", ["sc.sunset", "sc.bay"])
def test_every_link_of_a_row_that_an_sc_is_shown_opens(name, client, rows):
    """A row that is listed can be opened: no join to what is hidden takes it away on its page."""
    client.force_login(User.objects.get(username=name))
    closed, opened = [], set()
    for screen in SCREENS:
        page = client.get(f"/{screen.name}/?per_page=10")
        if page.status_code != 200:
            continue
        shown = " ".join(ROWS.findall(page.content.decode()))
        for address in sorted(set(re.findall(r'href="(/[^"]+)"', shown)) - opened):
            opened.add(address)
            status = client.get(address.replace("&amp;", "&"), follow=True).status_code
            if status != 200:
                closed.append((screen.name, address, status))
    assert closed == []
    assert len(opened) > 20
    assert len([a for a in opened if a.startswith("/datasets/")]) > 10


@pytest.mark.turns(3, always=("sc.bay",), of=ADDRESSED)
@pytest.mark.usefixtures("undrawn_refusals")
@pytest.mark.parametrize("name", ["sc.bay", "sc.coast.reader", "iso.monitor", "iso.legal", None])
def test_nobody_writes_by_post_what_their_roles_do_not_include(name, client, rows):
    if name:
        client.force_login(User.objects.get(username=name))

    def state():
        with connection.cursor() as cursor:
            cursor.execute(
                "select (select count(*) from uploads_upload), (select count(*) from runs_run), "
                "(select count(*) from parameters_parametervalue), "
                "(select count(*) from accounts_user), (select count(*) from accounts_membership), "
                "(select count(*) from accounts_party where is_active), "
                "(select count(*) from sign_in_apitoken where revoked_at is null), "
                "(select string_agg(state, ',' order by id) from retirements_retirementnotice), "
                "(select string_agg(state, ',' order by id) from designations_designation), "
                "(select string_agg(state, ',' order by id) from designations_pricechange), "
                "(select string_agg(state, ',' order by id) from masterfile_sctransfer), "
                "(select string_agg(state, ',' order by id) from bids_bid), "
                "(select string_agg(state, ',' order by id) from outages_outagecard), "
                "(select string_agg(state, ',' order by id) from costs_adderproposal), "
                "(select string_agg(state, ',' order by id) from costs_referencelevelrequest), "
                "(select string_agg(state, ',' order by id) from market_payloads_marketpayload), "
                "(select string_agg(state, ',' order by id) from substitutions_substitution), "
                "(select string_agg(state, ',' order by id) from plans_planfiling), "
                "(select string_agg(state, ',' order by id) from cpm_cpmdesignation), "
                "(select string_agg(state, ',' order by id) from credits_creditproposal), "
                "(select string_agg(state, ',' order by id) from settlements_contractpenalty), "
                "(select string_agg(state, ',' order by id) from settlements_legacyinvoice), "
                "(select count(*) from documents_document), "
                "(select string_agg(state, ',' order by id) from uploads_upload)"
            )
            return cursor.fetchone()

    before, viewer = state(), viewer_named(name)
    for route in routes():
        who = audience(route)
        if (allowed(viewer, who) and who != OWN) or may_move(route, viewer):
            continue
        several = ("confirm", "publish", "approve", "deactivate")
        for action in several if "action" in route else several[:1]:
            for content in ({}, {"reason": "x", "roles": ["ISO_ADMIN"], "code": "X", "name": "X"}):
                response = client.post(fill(route, rows | {"action": action}), content)
                reads = who == OWN and name and (name.startswith("iso.") or every_sc_reads(route))
                fine = (302, 400, 401, 403, 404, 405) + ((200,) if reads else ())
                assert response.status_code in fine, (name, route)
                if response.status_code == 302:
                    assert "/accounts/login/" in response["Location"], (name, route)
    assert state() == before


def test_a_broken_selector_is_caught(client, rows, monkeypatch):
    """The walk itself can fail: without both walls an SC sees others, and the walk says so."""
    from contextlib import nullcontext

    monkeypatch.setattr("apps.platform.accounts.middleware.as_party", lambda party: nullcontext())
    client.force_login(User.objects.get(username="sc.bay"))
    hidden = secrets_of("sc.bay")
    assert not any(s in body(client.get("/statements/")) for s in hidden)
    from apps.settlement.statements.screens import STATEMENTS

    object.__setattr__(STATEMENTS, "select", lambda viewer: Statement.objects.all())
    try:
        assert any(s in body(client.get("/statements/")) for s in hidden)
    finally:
        from apps.settlement.statements import selectors

        object.__setattr__(STATEMENTS, "select", selectors.statements)
