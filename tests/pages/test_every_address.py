"""Walks every address and API operation as everybody, with real and guessed ids: nothing leaks."""

from __future__ import annotations

import re

import pytest
from django.db import connection

from apps.accounts.models import Party, User
from apps.designations.models import ContractPrice
from apps.jobs.services import queue
from apps.notices.models import Notice
from apps.notices.services import tell
from apps.parameters.models import ParameterProposal
from apps.statements.models import Statement
from apps.ui.casework import all_desks
from apps.uploads.models import DatasetVersion, Upload
from tests.pages.addresses import LIBRARY, OWN, audience, routes

pytestmark = pytest.mark.django_db
PEOPLE = ["iso.admin", "iso.operator", "iso.approver", "iso.analyst", "iso.contracts",
          "iso.legal", "iso.monitor", "sc.bay", "sc.bay.admin", "sc.sunset", "sc.coast.reader",
          None]  # fmt: skip
GUESS = 999_999
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


@pytest.fixture
def rows(settle, person, now):
    """What there is of the Sunset generator, which nobody else may see."""
    from apps.access.services import token_make

    run = settle()
    sunset = person("sc.sunset")
    token, _ = token_make(
        user=sunset, name="sunset secret", scopes=["read"], days=5, actor=sunset, at=now
    )
    job = queue(kind="compute-run", title="sunset secret", actor=sunset, at=now)
    tell([sunset], topic="job-failed", title="sunset secret", at=now)
    proposal = ParameterProposal.objects.create(
        state="PROPOSED", opened_by=person("iso.admin"), opened_at=now,
        name="rmr.pmax_tolerance_mw", text="1", first_date="2024-09-04", reference="r", reason="r",
    )  # fmt: skip
    terms = DatasetVersion.objects.get(dataset="designations.contract_terms")
    statement = Statement.objects.get(run=run, sc__code="SYN_GEN_SUNSET")
    cases, paper = casework(person, now)
    return {
        "cases": cases, "case_id": cases["retirement-notices"], "desk": "retirement-notices",
        "document_id": paper.pk,
        "token_id": token.pk, "party_id": sunset.party_id, "user_id": sunset.pk,
        "certificate_id": GUESS, "action": "confirm", "code": "tac-load", "form": "csv",
        "upload_id": Upload.objects.first().pk, "version_id": terms.pk, "line_no": 1,
        "proposal_id": proposal.pk, "name": "allocation-step", "run_id": run.pk,
        "day": "2024-09-04", "period": "2024-09", "month": "2024-09", "ra_type": "GENERIC",
        "resource_id": 1, "market": "DA", "segment_id": GUESS,
        "payload_id": cases["market-payloads"], "statement_id": statement.pk, "uidb64": "MQ",
        "token": "x-y", "key": "x", "uidb36": "1", "pk": 1, "provider_id": "sso",
        "slug": "x", "path": "x", "view_id": GUESS, "job_id": job.pk, "task_id": GUESS,
        "notice_id": Notice.objects.get(user=sunset, title="sunset secret").pk,
    }  # fmt: skip


def casework(person, now):
    """Open a case at every desk about a resource of the Sunset generator."""
    from datetime import date
    from decimal import Decimal

    from apps.designations import services as des
    from apps.documents.models import Document
    from apps.masterfile import services as master
    from apps.retirements import services as ret
    from tests.retirements.papers import paper

    contracts, approver, sunset = (
        person(n) for n in ("iso.contracts", "iso.approver", "sc.sunset")
    )
    notice = ret.file_notice(
        wish=ret.NoticeWish(
            resource="SUNSET_2_UNITS", state_before="OPERATING", state_requested="RETIRED",
            notice_date=date(2024, 1, 2), requested_date=date(2024, 12, 1), owner="An owner",
            reason="sunset secret",
        ),
        actor=contracts, at=now, document=paper(),
    )  # fmt: skip
    finding = des.finding_open(
        notice=notice.pk, study="sunset secret", study_date=date(2024, 2, 1), needs=["SYSTEM"],
        need_mw=None, available_mw=None, note="", actor=contracts, at=now,
    )  # fmt: skip
    wish = des.DesignationWish(
        need="SYSTEM", start=date(2099, 1, 1), end=date(2099, 12, 31), ra_year=2099,
        notice=notice.pk, finding=finding.pk,
    )  # fmt: skip
    designation = des.propose_designation(wish=wish, actor=contracts, at=now)
    des.designation_approve(case_id=designation.pk, actor=approver, at=now)
    terms = des.propose_terms(
        wish=des.TermsWish(
            designation=designation.pk, contract_no="SECRET-99", first_date=date(2099, 1, 1),
            last_date=date(2099, 12, 31), reference="sunset secret", price=Decimal("301.25"),
            capacity={("PGE-TAC", "GENERIC"): Decimal(248)},
        ),
        actor=contracts, at=now,
    )  # fmt: skip
    price = des.propose_price(
        wish=des.PriceWish(
            contract_no="RMR-SUNSET", first_date=date(2024, 3, 1), ferc_docket="ER24-7",
            ferc_approved_on=date(2024, 4, 1), reference="sunset secret", price=Decimal("311.25"),
        ),
        actor=contracts, at=now,
    )  # fmt: skip
    pmax = des.propose_pmax(
        wish=des.PmaxWish("SUNSET_2_UNITS", Decimal(165), date(2024, 6, 1), "ER24-8",
                          date(2024, 5, 1), "sunset secret"),
        actor=contracts, at=now,
    )  # fmt: skip
    referral = ret.refer(notice=notice.pk, why="sunset secret", actor=contracts, at=now)
    transfer = master.propose_transfer(
        resource="SUNSET_2_UNITS", to_sc="SYN_GEN_SOUTH", first_date=date(2030, 1, 1),
        reference="sunset secret", actor=contracts, at=now,
    )  # fmt: skip
    affidavit = ret.affidavit_open(
        notice=notice.pk, reason_code="OTHER", justification="sunset secret",
        return_date=date(2024, 11, 1), actor=sunset, at=now,
    )  # fmt: skip
    cases = cost_and_bid_cases(person, now) | adequacy_cases(person, now) | {
        "retirement-notices": notice.pk, "study-findings": finding.pk,
        "designations": designation.pk, "contract-proposals": terms.pk, "price-changes": price.pk,
        "pmax-changes": pmax.pk, "referrals": referral.pk, "sc-transfers": transfer.pk,
        "return-affidavits": affidavit.pk,
    }  # fmt: skip
    assert set(cases) == {d.name for d in all_desks()}
    return cases, Document.objects.get(desk="retirement-notices", case_id=notice.pk)


def cost_and_bid_cases(person, now):
    """Open a case at every desk of costs, bids and the market about the same resource."""
    import io
    from datetime import UTC, date, datetime
    from decimal import Decimal

    from apps.bids import services as bids
    from apps.costs import services as costs
    from apps.marketview import services as market
    from apps.marketview.terms import Audience
    from apps.outages import services as outages

    contracts, operator, sunset = (
        person(n) for n in ("iso.contracts", "iso.operator", "sc.sunset")
    )
    before = datetime(2024, 9, 3, 15, tzinfo=UTC)
    code, day = "SUNSET_2_UNITS", date(2024, 9, 4)
    adder = costs.propose_adder(
        wish=costs.AdderWish(
            resource=code, kind="MMA_START_UP", amount=Decimal("301.25"), origin="NEGOTIATED",
            first_date=day, reference="sunset secret",
        ),
        actor=contracts, at=now,
    )  # fmt: skip
    region = costs.propose_region(
        wish=costs.RegionWish(region="FRX", index="X", volatility=Decimal(1), first_date=day,
                              reference="sunset secret"),
        actor=contracts, at=now,
    )  # fmt: skip
    level = costs.request_change(
        wish=costs.RequestWish(
            timing="EX_POST", resource=code, trade_date=day, market="DA", cost_type="START_UP",
            requested=Decimal("301.25"), reason="sunset secret",
        ),
        actor=sunset, at=now,
    )  # fmt: skip
    card = outages.file_outage(
        wish=outages.OutageWish(
            resource=code, outage_type="FORCED", nature="PLANT_TROUBLE", curtailed_mw=Decimal(10),
            starts_at=before, reason="sunset secret",
        ),
        actor=sunset, at=before,
    )  # fmt: skip
    bid = bids.submit_bid(
        wish=bids.BidWish(market="DA", resource=code, trade_date=day,
                          energy=[["40", "100", "301.25"]]),
        actor=sunset, at=before,
    )  # fmt: skip
    file = io.BytesIO(b"sunset secret")
    file.name = "sunset secret"
    bid_file = bids.take_file(actor=sunset, at=now, file=file)
    told = bids.instruct_card(
        wish=bids.InstructionWish(
            resource=code, limit_type="STARTS", nature="ANNUAL_USE_LIMIT_REACHED",
            curtailed_mw=Decimal(10), starts_at=before, ends_at=now, reason="sunset secret",
        ),
        actor=operator, at=now,
    )  # fmt: skip
    payload, _ = market.make_payload(
        audience=Audience.CMRI, day=day, actor=operator, at=now, cause="sunset secret"
    )
    moved = market.issue_dispatch(
        wish=market.DispatchWish(
            resource=code, instruction="SYSEMR", market="RT", mw=Decimal(40), starts_at=before,
            reason="sunset secret",
        ),
        actor=operator, at=now,
    )  # fmt: skip
    return {
        "cost-adder-proposals": adder.pk, "fuel-region-proposals": region.pk,
        "reference-level-requests": level.pk, "outage-cards": card.pk, "bids": bid.pk,
        "bid-files": bid_file.pk, "use-limit-instructions": told.pk,
        "market-payloads": payload.pk, "exceptional-dispatches": moved.pk,
    }  # fmt: skip


def adequacy_cases(person, now):
    """Open a case at every desk of resource adequacy about the same resource."""
    import io
    from datetime import UTC, date, datetime, timedelta
    from decimal import Decimal

    from apps.cpm import services as cpm
    from apps.cpm.models import CpmDesignation, CpmPriceChange
    from apps.credits import services as credits
    from apps.outages.models import OutageCard
    from apps.plans import services as plans
    from apps.substitutions import services as subs

    operator, approver, contracts, sunset = (
        person(n) for n in ("iso.operator", "iso.approver", "iso.contracts", "sc.sunset")
    )
    credit = credits.propose_credit(
        wish=credits.CreditWish(resource="SUNSET_2_UNITS", kind="SYSTEM", mw=Decimal(231),
                                ra_year=2024, ra_month=9, reference="sunset secret"),
        actor=operator, at=now,
    )  # fmt: skip
    file = io.BytesIO(b"sunset secret")
    file.name = "sunset secret"
    plan = plans.file_plan(
        wish=plans.PlanWish("SUPPLY_PLAN", "GENERIC", "MONTHLY", "2024-09"), actor=sunset, at=now,
        file=file,
    )  # fmt: skip
    with_nqc(operator, approver, now)
    before = datetime(2024, 9, 3, 12, tzinfo=UTC)
    card = OutageCard.objects.get(resource__code="SUNSET_2_UNITS")
    swap = subs.request_substitution(
        wish=subs.SubstitutionWish(
            outage=f"card {card.pk}", substitute="SYN_CEDAR_4_ST", part="GENERIC", mw=Decimal(5),
            starts_at=before + timedelta(hours=12), ends_at=before + timedelta(hours=20),
        ),
        actor=sunset, at=before,
    )  # fmt: skip
    exempt = subs.request_exemption(
        wish=subs.ExemptionWish(f"card {card.pk}", "OTHER", "sunset secret"), actor=sunset, at=now
    )
    asked = cpm.solicit(
        wish=cpm.SolicitationWish(
            kind="MONTHLY", type="MONTHLY", reason="LOCAL", first_date=date(2024, 8, 1),
            last_date=date(2024, 8, 31), need_mw=Decimal(10), closes_at=now + timedelta(days=1),
            text="a need",
        ),
        actor=operator, at=now,
    )  # fmt: skip
    offer = cpm.submit_offer(
        wish=cpm.OfferWish(asked.pk, "SYN_CEDAR_4_ST", Decimal(5), Decimal("6.301")),
        actor=sunset, at=now,
    )  # fmt: skip
    made = cpm.propose_designation(
        wish=cpm.DesignationWish(
            resource="SYN_CEDAR_4_ST", type="MONTHLY", reason="LOCAL", mw=Decimal(5),
            first_date=date(2024, 8, 1), last_date=date(2024, 8, 31), text="sunset secret",
        ),
        actor=operator, at=now,
    )  # fmt: skip
    change = CpmPriceChange.objects.create(
        state="PROPOSED", opened_by=contracts, opened_at=now, price=Decimal("6.9"),
        designation=CpmDesignation.objects.get(pk=made.pk), first_date=date(2024, 8, 1),
        last_date=date(2024, 8, 31), reference="sunset secret",
    )  # fmt: skip
    return {
        "credit-proposals": credit.pk, "plans": plan.pk, "substitutions": swap.pk,
        "exemptions": exempt.pk, "cpm-solicitations": asked.pk, "cpm-offers": offer.pk,
        "cpm-designations": made.pk, "cpm-price-changes": change.pk,
    }  # fmt: skip


def with_nqc(sender, approver, now):
    """Put an NQC of 2024 on file."""
    from apps.uploads import services
    from tests.adequacy.files import nqc_list

    upload = services.receive(
        kind_code="nqc-list", file_name="nqc.csv", content=nqc_list(SYN_CEDAR_4_ST="60").encode(),
        actor=sender, at=now, options={"ra_year": "2024"},
    )  # fmt: skip
    services.read(upload_id=upload.pk, actor=sender, at=now)
    services.confirm(upload_id=upload.pk, actor=approver, at=now, reason="test")


def secrets_of(name):
    """Return texts that belong to other parties only."""
    mine = User.objects.get(username=name).party_id if name else 0
    found = set()
    for party in Party.objects.filter(kind="SC").exclude(pk=mine):
        found |= {party.code, party.name, *party.users.values_list("username", flat=True)}
    others = Statement.objects.exclude(sc_id=mine).exclude(total=0)
    found |= {f"{abs(s.total):,.2f}" for s in others} | {f"{abs(s.total):.2f}" for s in others}
    own_totals = {
        text for s in Statement.objects.filter(sc_id=mine)
        for v in (s.total, s.charges, s.payments) for text in (f"{abs(v):,.2f}", f"{abs(v):.2f}")
    }  # fmt: skip
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


def allowed(name, who):
    if who is None:
        return True
    viewer = User.objects.get(username=name).viewer() if name else None
    if viewer is None:
        return False
    return True if who == OWN else viewer.may(who)


@pytest.mark.parametrize("name", PEOPLE)
def test_every_address_opens_for_its_audience_and_tells_nobody_of_others(name, client, rows):
    if name:
        client.force_login(User.objects.get(username=name))
    is_sc = name is None or name.startswith("sc.")
    hidden = secrets_of(name) if is_sc else set()
    hidden -= {"Synthetic"}
    for route in routes():
        if route.startswith(LIBRARY) and route not in ("accounts/tokens/",):
            continue
        address = fill(route, rows)
        response = client.get(address)
        assert response.status_code < 500, (name, address)
        text = body(response)
        if not allowed(name, audience(route)):
            assert response.status_code in (302, 401, 403, 404, 405), (name, address)
        if is_sc:
            told = {s for s in hidden if s in text}
            if name == "sc.sunset":
                told -= {"SYN_GEN_SUNSET"}
            assert not told, (name, address, told)


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
    """A page without what differs by request: the address asked for, tokens, the clock."""
    text = re.sub(
        r"(Content-Security-Policy|Content-Length): [^\n]*?(?= [A-Z][\w-]+: |$)", "", body(response)
    )
    text = re.sub(r'value="[A-Za-z0-9]{64}"|"X-CSRFToken": "\w+"|\d\d:\d\d', "", text)
    return re.sub(r"(/|%2F)\d+(?=/|%2F|\b)", "", text)


def may_move(route, name):
    """Whether an address is a move of a case that the person's roles include."""
    desk, _, rest = route.removeprefix("api/v1/").partition("/<int:case_id>/")
    found = {d.name: d for d in all_desks()}.get(desk)
    viewer = User.objects.get(username=name).viewer() if name else None
    move = rest.strip("/")
    return bool(found and viewer and viewer.is_iso and move and found.may_move(move, viewer))


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
                "(select count(*) from access_apitoken where revoked_at is null), "
                "(select string_agg(state, ',' order by id) from retirements_retirementnotice), "
                "(select string_agg(state, ',' order by id) from designations_designation), "
                "(select string_agg(state, ',' order by id) from designations_pricechange), "
                "(select string_agg(state, ',' order by id) from masterfile_sctransfer), "
                "(select string_agg(state, ',' order by id) from bids_bid), "
                "(select string_agg(state, ',' order by id) from outages_outagecard), "
                "(select string_agg(state, ',' order by id) from costs_adderproposal), "
                "(select string_agg(state, ',' order by id) from costs_referencelevelrequest), "
                "(select string_agg(state, ',' order by id) from marketview_marketpayload), "
                "(select string_agg(state, ',' order by id) from substitutions_substitution), "
                "(select string_agg(state, ',' order by id) from plans_planfiling), "
                "(select string_agg(state, ',' order by id) from cpm_cpmdesignation), "
                "(select string_agg(state, ',' order by id) from credits_creditproposal), "
                "(select count(*) from documents_document), "
                "(select string_agg(state, ',' order by id) from uploads_upload)"
            )
            return cursor.fetchone()

    before = state()
    for route in routes():
        who = audience(route)
        if (allowed(name, who) and who != OWN) or may_move(route, name):
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

    monkeypatch.setattr("apps.accounts.middleware.behind_the_wall", lambda party: nullcontext())
    client.force_login(User.objects.get(username="sc.bay"))
    hidden = secrets_of("sc.bay")
    assert not any(s in body(client.get("/statements/")) for s in hidden)
    from apps.statements.screens import STATEMENTS

    object.__setattr__(STATEMENTS, "select", lambda viewer: Statement.objects.all())
    try:
        assert any(s in body(client.get("/statements/")) for s in hidden)
    finally:
        from apps.statements import selectors

        object.__setattr__(STATEMENTS, "select", selectors.statements)
