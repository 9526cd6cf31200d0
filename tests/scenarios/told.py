"""What an SC is told of its shares by page, API, kit and document, against what is others'."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.shortcuts import render
from django.test import RequestFactory
from django.utils import timezone

from apps.platform.accounts.codes import Role
from apps.platform.accounts.models import PartyKind
from apps.platform.accounts.rules import Viewer
from apps.platform.core.money import cents_to_usd
from apps.platform.core.quantity import MWH
from apps.platform.uploads.services import RowNotYours, uploaded_row
from apps.reliability.designations import selectors as contracts
from apps.reliability.designations import services as designations
from apps.reliability.designations.models import CapacityByTac
from apps.settlement.settlements.rules.dispatch_shares import NO_BASE
from apps.settlement.settlements.rules.replaying import replay
from apps.settlement.settlements.rules.share_formulas import SHARES
from apps.settlement.settlements.services import explain_line
from apps.settlement.statements.models import StatementLine
from apps.settlement.statements.serializers import LineExplainSerializer
from apps.settlement.statements.services import document_of, kit_values

NUMBER = re.compile(r"(?<![\w.,/-])\d[\d,]*(?:\.\d+)?(?![\w/-]|\.\d)")
STATED = ("value", "substituted", "result", "note", "formula", "text", "sentence", "amount")
LEAST = Decimal("0.01")


def numbers_of(text):
    """Return the numbers of a text by value."""
    text = text.replace("10 decimals", "")  # of how a share is shown
    return {Decimal(found.replace(",", "")) for found in NUMBER.findall(text)}


def stated(told):
    """Return the numbers of an answer's cells that state one, wherever in it they stand."""
    if isinstance(told, dict):
        found = set()
        for name, value in told.items():
            if isinstance(value, dict | list):
                found |= stated(value)
            elif name in STATED and isinstance(value, str):
                found |= numbers_of(value)
        return found
    if isinstance(told, list):
        return set().union(*(stated(one) for one in told))
    return set()


def every_number(told):
    """Return every number of plain values."""
    if isinstance(told, dict):
        return set().union(*(every_number(one) for one in told.values()))
    if isinstance(told, list):
        return set().union(*(every_number(one) for one in told))
    if isinstance(told, bool) or told is None:
        return set()
    return {Decimal(told)} if isinstance(told, int) else numbers_of(str(told))


def sc_viewer(party_id):
    """Return a viewer of an SC."""
    return Viewer(party_id=party_id, party_kind=PartyKind.SC, held=frozenset({Role.SC_USER}))


def explained(line, viewer, recalculation):
    """Return the explanation of a line as the API answers it, and the numbers of its page."""
    found = explain_line(
        run=line.run,
        charge_code=line.charge_code,
        resource_id=line.resource_id,
        sc_id=line.statement.sc_id,
        tac_area_id=line.tac_area_id,
        stored=line.amount,
        viewer=viewer,
        contract_no=line.contract_no,
        recalculation=recalculation,
    )
    assert found.reproduced, found.as_dict()
    answer = json.loads(json.dumps(LineExplainSerializer(found).data))
    return answer, stated(answer) | _page(found, line)


def _page(found, line):
    """Return the numbers in the cells of the page that shows an explanation."""
    request = RequestFactory().get("/")
    page = render(
        request,
        "settlements/explain.html",
        {"e": found, "run": line.run, "statement": line.statement, "line": line},
    ).content.decode()
    cells = re.findall(
        r'<td class="num[^"]*">(.*?)</td>|<div class="sum">(.*?)</div>|<p class="intro">(.*?)</p>',
        page,
        re.S,
    )
    text = " ; ".join(re.sub(r"<[^>]*>", " ", part) for cell in cells for part in cell)
    return numbers_of(text.replace("\N{NO-BREAK SPACE}", " "))


def _cells(book):
    return {cell: MWH.from_scaled(mwh) for cell, mwh in book["md"].cells.items() if mwh}


def owners(book, line):
    """Return the numbers behind a shared line that are its owner's, by what they are."""
    found = next((r for r in book["rmr"] if r.contract.resource_id == line.resource_id), None)
    if found is None or found.contract.sc_id == line.statement.sc_id:
        return {}, {}
    capacity, price = found.capacity, found.contract.price
    terms = {Decimal(price)} if price is not None else set()
    terms |= set(capacity.mw_by_type.values()) | set(capacity.tac_mw.values())
    market = {capacity.base_pay_usd}
    cents = [found.lines.cap, found.lines.adder, found.lines.excess]
    cents += [r.cents for r in found.recoveries]
    market |= {abs(cents_to_usd(c)) for c in cents}
    for (key, _), day in book["netted"].items():
        if key == line.resource_id:
            for amount in (day.cost, day.adders, day.revenue, day.own_cost, day.own_revenue):
                market.add(Decimal(amount.numerator) / Decimal(amount.denominator))
    return {n for n in terms if n}, {n for n in market if n and n >= LEAST}


def known_to(book, line, answer):
    """Return the numbers an SC has anyway: its own, sums of many, and what is shared out."""
    sc = line.statement.sc.code
    own = [mwh for (who, _), mwh in _cells(book).items() if who == sc]
    found = {*own, sum(own), abs(line.amount)}
    found |= {Decimal(n) for n in range(3)}
    rows = [r["value"].replace(",", "") for r in answer["rows"] if r["unit"] == "MWh"]
    found |= {Decimal(v) for v in rows}
    found |= {Decimal(r[name]) for r in answer["rows"] for name in ("line_no", "version")}
    for p in answer["parameters"]:
        found |= numbers_of(p["value"])
    for n in answer["formula"]["numbers"]:
        if n["symbol"] in ("Total", "All", "Rate", "Rank", "Left", "Own"):
            found |= numbers_of(n["text"])
    return found


def demand_is_not_another_s(book, line, answer):
    """What is told of all less one's own is never the demand of one other SC."""
    sc = line.statement.sc.code
    text = {n["symbol"]: n["text"] for n in answer["formula"]["numbers"]}
    others = {mwh for (who, _), mwh in _cells(book).items() if who != sc}
    by_sc = {}
    for (who, _), mwh in _cells(book).items():
        by_sc[who] = by_sc.get(who, Decimal(0)) + mwh
    others |= {mwh for who, mwh in by_sc.items() if who != sc}
    if "All" in text:
        rest = Fraction(text["All"]) - Fraction(text["Own"])
        assert rest not in {Fraction(mwh) for mwh in others}, text
    else:
        assert "Total" not in text


def _others_quantities(book, sc):
    """Return each single quantity of another SC by which something of the day may be shared."""
    cells = {cell: mwh for cell, mwh in _cells(book).items() if cell[0] != sc}
    by_sc = {}
    for (who, _), mwh in cells.items():
        by_sc[who] = by_sc.get(who, Decimal(0)) + mwh
    base = book.get("ed_base", NO_BASE)
    held = [base.measured, *base.owners.values()]
    shares = {MWH.from_scaled(n) for one in held for who, n in one.items() if who != sc}
    return {*cells.values(), *by_sc.values(), *shares}


def a_sum_in_a_document_is_not_another_s(book, line, determinants):
    """What a document tells of all less one's own is never the quantity of one other SC."""
    others = _others_quantities(book, line.statement.sc.code)
    told = {d.name: Decimal(d.value) for d in determinants}
    for name, own in told.items():
        symbol, of, _ = name.partition("(sc")
        if of and symbol in told:
            rest = told[symbol] - own
            assert rest not in others, (line.charge_code, line.statement.sc.code, told)


def lines_that_are_shared(run):
    """Return the lines of shared charges that stand on statements of a run."""
    rows = StatementLine.objects.filter(run=run, charge_code__in=list(SHARES)).exclude(amount=0)
    return rows.select_related("statement__sc", "run").order_by("pk")


def an_sc_is_told_its_share_and_no_more(run, recalculation):
    """No owner's number and no other's demand is in page, API, kit or document; return how many."""
    book, _ = recalculation.calculated()
    looked = 0
    for line in lines_that_are_shared(run):
        answer, told = explained(line, sc_viewer(line.statement.sc_id), recalculation)
        demand_is_not_another_s(book, line, answer)
        terms, market = owners(book, line) or (set(), set())
        theirs = (set(terms) | set(market)) - known_to(book, line, answer)
        told |= _kit_line(line, recalculation) | _document_line(line, book)
        assert not theirs & told, (line.charge_code, line.statement.sc.code, theirs & told)
        assert not [r for r in answer["rows"] if r["dataset"] == "RMR contract terms"] or not terms
        looked += len(theirs)
    return looked


def _kit_line(line, recalculation):
    kit = kit_values(line.statement, recalculation=recalculation)
    told = next(one for one in kit["lines"] if one["line_no"] == line.line_no)
    return every_number(told.get("numbers", {}))


def _document_line(line, book):
    one = next(x for x in document_of(line.statement).lines if x.line_no == line.line_no)
    a_sum_in_a_document_is_not_another_s(book, line, one.determinants)
    if line.charge_code == "ED-TR-ALLOC" and line.resource_id:
        own = one.determinants[0]
        assert (own.name, own.unit) == ("RevenueRequirement(sc)", "$")
    return {abs(Decimal(d.value)) for d in one.determinants}


def _rows_read(contract_no, viewer):
    """Return whether a viewer reads the uploaded rows of a contract, and the contract on lists."""
    term = CapacityByTac.objects.filter(contract_no=contract_no).first()
    try:
        uploaded_row(viewer=viewer, version_id=term.dataset_version_id, line_no=term.line_no)
        row = True
    except RowNotYours:
        row = False
    listed = contracts.contracts(viewer=viewer).filter(contract_no=contract_no).exists()
    assert row == listed == contracts.prices(viewer=viewer).filter(contract_no=contract_no).exists()
    return row


def decide(contract_no, kind, person, first=date(2020, 1, 1)):
    """Open or close a contract by two people."""
    case = designations.propose_disclosure(
        given=designations.DisclosureInput(contract_no, kind, first, "public at FERC", "ER25-1"),
        actor=person("iso.contracts"),
        at=timezone.now(),
    )
    return designations.disclosure_approve(
        case_id=case.pk, actor=person("iso.approver"), at=timezone.now()
    )


def an_opened_contract_is_told(run, recalculation, person):
    """Rows and explanation open together where a contract is opened, and close together again."""
    book, _ = recalculation.calculated()
    done = set()
    for line in lines_that_are_shared(run).filter(charge_code="RMR-ALLOC"):
        terms, _ = owners(book, line)
        found = next(r for r in book["rmr"] if r.contract.resource_id == line.resource_id)
        contract_no, viewer = found.contract.contract_no, sc_viewer(line.statement.sc_id)
        if not terms or contract_no in done:
            continue
        done.add(contract_no)
        assert not _rows_read(contract_no, viewer)
        decide(contract_no, "OPEN", person)
        answer, told = explained(line, viewer, recalculation)
        assert terms <= told, (terms, told)
        assert _rows_read(contract_no, viewer)
        links = {r["link"] for r in answer["rows"] if r["dataset"] == "RMR contract terms"}
        assert links
        assert "" not in links
        kit = kit_values(line.statement, recalculation=recalculation)
        assert all(one.agrees for one in replay(json.loads(json.dumps(kit))))
        decide(contract_no, "CLOSE", person)
        answer, told = explained(line, viewer, recalculation)
        assert not _rows_read(contract_no, viewer)
        assert not (terms - known_to(book, line, answer)) & told
    return done
