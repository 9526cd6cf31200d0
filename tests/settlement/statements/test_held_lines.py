"""A line held by a missing input says so to its owner and the ISO, and to nobody else which."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import xmlschema
from django.urls import reverse

from apps.platform.accounts.rules import THE_ISO
from apps.platform.runs import services as runs
from apps.platform.runs.hooks import READINESS, Hold, ReadinessCheck
from apps.reference.market.models import MeteredDemand
from apps.reference.resources.models import Resource
from apps.settlement.clearing.services import file_of, issue_invoices
from apps.settlement.settlements.codes import DAILY
from apps.settlement.settlements.services import explain_line, request_day
from apps.settlement.statements import services
from apps.settlement.statements.models import Statement, StatementLine
from tests.acts import load, person, settle
from tests.conftest import DAY
from tests.pdfs import Pdf, number
from tests.scenarios.files import of_day, spread, written
from tests.settlement.statements.test_documents import NS, XSD
from tests.settlement.statements.test_replay import run_kit

pytestmark = [pytest.mark.django_db, pytest.mark.brq("BRQ-1225", "BRQ-1206")]
REASON = "The costs of the day follow."
LACKS = "SUNSET_2_UNITS: its test input is missing."
OVER = "Version 2 was published over 2 missing or outdated inputs."
OTHER = "SYN_MESA_2_CC: its test input is missing."
OWN_LINES = [
    *("BCR-IFM", "BCR-RTM"),
    *("RMR-CAP", "RMR-ADDER", "RMR-EXCESS", "RMR-COSTREC", "RMR-PENALTY"),
]
SHARES = ["RMR-ALLOC", "RMR-PEN-ALLOC", "BCR-ALLOC-IFM", "BCR-ALLOC-RTM"]
OF_OTHERS = (
    "Resources of other SCs: 2 inputs are missing or outdated; what these resources are charged or "
    "paid is in no share."
)
HOURS = {
    "RESOURCE_ID": "SUNSET_2_UNITS",
    "HOUR_ENDING": "8-17",
    "DA_MWH": "100",
    "SELF_MWH": "0",
    "MIN_LOAD_MWH": "40",
    "BID_COST_USD": "1920",
    "SELF_COST_USD": "0",
    "DA_LMP": "10",
}


def find(day, known_at):
    keys = dict(Resource.objects.values_list("code", "pk"))
    return [
        Hold("TEST-GONE", keys[said.partition(":")[0]], said.partition(":")[0], said)
        for said in (LACKS, OTHER)
    ]


def now():
    return datetime.now(UTC)


@pytest.fixture(scope="module", autouse=True)
def held(world):
    """Settle a day, then seal it again over holds of two resources that were paid."""
    with world():
        load("market-hours", written(spread(of_day([HOURS], DAY))))
        settle()
        check = ReadinessCheck(DAILY, "test", "Test input", find, ("market-hours",))
        with READINESS.replaced(*READINESS, check):
            run, _ = request_day(
                trade_date=DAY, actor=person("iso.analyst"), at=now(), reason="again"
            )
            run = runs.execute(run_id=run.pk, at=now())
            yield run


@pytest.fixture
def published(held):
    return runs.publish(run_id=held.pk, actor=person("iso.approver"), at=now(), over_holds=REASON)


def told(client, run, code, sc):
    """Return the page and the answer of the API that explain a line of a resource."""
    line = StatementLine.objects.get(
        run=run, charge_code=code, resource__code="SUNSET_2_UNITS", statement__sc__code=sc
    )
    assert line.amount == 0
    place = [line.statement_id, line.line_no]
    page = client.get(reverse("statement-line", args=place)).content.decode()
    answer = client.get("/api/v1/statements/{}/lines/{}/explain/".format(*place))
    assert answer.status_code == 200
    return page.replace("&#x27;", "'"), answer.json()


@pytest.mark.parametrize("code", ["RMR-CAP", "BCR-IFM"])
@pytest.mark.parametrize("who", ["iso.analyst", "sc.sunset"])
def test_a_held_line_names_its_input_and_claims_no_difference(published, as_user, code, who):
    page, answer = told(as_user(who), published, code, "SYN_GEN_SUNSET")
    assert "DIFFERS" not in page
    assert "ended with this version" not in page
    assert "HELD" in page
    assert LACKS in page
    assert answer["held"] == [LACKS]
    assert (answer["amount"], answer["reproduced"], answer["formula"]) == ("0.00", True, None)
    assert LACKS in answer["sentence"]
    assert "in a later version, once that is made good" in answer["sentence"]


def test_who_shares_a_held_cost_is_not_told_what_the_owner_lacks(published, as_user):
    page, answer = told(as_user("sc.bay"), published, "RMR-ALLOC", "SYN_LSE_BAY")
    assert "HELD" in page
    assert "test input" not in page + str(answer)
    assert "another SC's" in answer["sentence"]


def test_a_line_says_over_how_many_inputs_its_version_was_published(published, as_user):
    _, answer = told(as_user("iso.analyst"), published, "RMR-CAP", "SYN_GEN_SUNSET")
    assert "published over 2 missing or outdated inputs, because" in answer["sentence"]
    published.holds = published.holds[:1]
    line = StatementLine.objects.filter(run=published, amount__lt=0).select_related("statement")[0]
    one = explain_line(
        run=published,
        charge_code=line.charge_code,
        resource_id=line.resource_id,
        sc_id=line.statement.sc_id,
        tac_area_id=line.tac_area_id,
        stored=line.amount,
        viewer=THE_ISO,
    )
    assert "published over 1 missing or outdated input, because" in one.sentence


@pytest.mark.parametrize("who", ["iso.analyst", "sc.sunset"])
def test_a_statement_names_what_is_held_of_its_own_resources(published, as_user, who):
    client = as_user(who)
    own = Statement.objects.get(run=published, sc__code="SYN_GEN_SUNSET")
    page = client.get(reverse("statement", args=[own.pk])).content.decode()
    assert "Not complete: without 1 held line." in page
    assert "Total, without 1 held line" in page
    assert (f"inputs, because: {REASON}" in page) == (who == "iso.analyst")
    assert OVER.removesuffix(".") in page
    assert LACKS in page
    assert OTHER not in page
    answer = client.get(f"/api/v1/statements/{own.pk}/").json()
    assert answer["held"] == [
        {
            "resource": "SUNSET_2_UNITS",
            "charge_codes": OWN_LINES,
            "sentence": LACKS,
            "until": "the input is on file",
        }
    ]


def test_who_shares_what_is_held_is_told_how_many_inputs_lack_and_not_which(published, as_user):
    client = as_user("sc.bay")
    own = Statement.objects.get(run=published, sc__code="SYN_LSE_BAY")
    page = client.get(reverse("statement", args=[own.pk])).content.decode()
    answer = client.get(f"/api/v1/statements/{own.pk}/").json()["held"]
    assert "Not complete: without 1 held line." in page
    assert [(h["resource"], h["charge_codes"], h["sentence"]) for h in answer] == [
        (None, SHARES, OF_OTHERS)
    ]
    for said in (page, str(answer), *forms_of(own)):
        assert OF_OTHERS in said
        assert "test input" not in said


def test_a_statement_that_shares_nothing_and_lacks_nothing_is_complete(published, as_user):
    loads = set(MeteredDemand.objects.values_list("sc_id", flat=True))
    complete = 0
    for own in Statement.objects.filter(run=published):
        document = services.document_of(own)
        concerned = own.sc.code in ("SYN_GEN_SUNSET", "SYN_GEN_SOUTH") or own.sc_id in loads
        assert bool(document.held) == bool(document.without) == concerned, own.sc.code
        if concerned or complete:
            continue
        complete += 1
        client = as_user("iso.analyst")
        page = client.get(reverse("statement", args=[own.pk])).content.decode()
        assert "Not complete" not in page
        assert client.get(f"/api/v1/statements/{own.pk}/").json()["held"] == []
        body, xml, table, words = forms_of(own)
        assert json.loads(body)["held_lines"] == []
        assert "<heldCount>0</heldCount>" in xml
        assert "HELD\r\n" not in table.split("\r\n", 1)[1]
        assert "not complete" not in words
    assert complete


def forms_of(statement):
    """Return the statement as JSON, XML, CSV and as the words of its PDF."""
    written_out = ("".join(services.written(statement, f)[1]) for f in ("json", "xml", "csv"))
    return [*written_out, Pdf(services.pdf_of(statement)).text]


def test_every_form_names_what_is_held_and_leaves_it_out_of_its_sums(published):
    own = Statement.objects.get(run=published, sc__code="SYN_GEN_SUNSET")
    body, xml, table, _ = forms_of(own)
    expected = ("SUNSET_2_UNITS", OWN_LINES, LACKS, "the input is on file")
    told = json.loads(body)
    (held,) = told["held_lines"]
    assert tuple(held.values()) == expected
    assert told["trailer"]["held_count"] == 1
    assert told["trailer"]["published_over"] == OVER

    XSD.validate(xml)
    root = xmlschema.XMLResource(xml).root
    (element,) = root.findall(f"{NS}heldLine")
    assert element.findtext(f"{NS}resourceId") == expected[0]
    assert [e.text for e in element.findall(f"{NS}chargeCode")] == expected[1]
    assert (element.findtext(f"{NS}because"), element.findtext(f"{NS}until")) == expected[2:]
    assert root.find(f"{NS}trailer").findtext(f"{NS}heldCount") == "1"

    rows = list(csv.DictReader(io.StringIO(table)))
    (last,) = [r for r in rows if r["STATE"] == "HELD"]
    assert last == rows[-1]
    assert (last["LINE_NO"], last["CHARGE_CODE"], last["AMOUNT_FULL"]) == ("", "", "")
    assert (last["RESOURCE_ID"], last["HELD_CHARGES"].split()) == expected[:2]
    assert (last["HELD_BECAUSE"], last["HELD_UNTIL"]) == expected[2:]
    settled = [r for r in rows if r["STATE"] == "SETTLED"]
    assert [r["LINE_NO"] for r in settled] == [str(n + 1) for n in range(own.line_count)]
    assert sum(Decimal(r["AMOUNT_FULL"]) for r in settled) == own.total

    paper = Pdf(services.pdf_of(own))
    (line,) = paper.table("Held", "Charges without an amount", "Because", "Until")
    assert (line["Held"], line["Charges without an amount"].split()) == expected[:2]
    assert (line["Because"], line["Until"]) == expected[2:]
    assert "This statement is not complete" in paper.text
    assert OVER in paper.text
    assert OVER in xml
    sums = paper.table("Charge", "Lines", "Full ($)", "Previous ($)", "Billed now ($)")
    (total,) = [r for r in sums if r["Charge"] == "Total, without 1 held line"]
    assert number(total["Full ($)"]) == own.total


def test_the_kit_names_what_is_held_and_its_runner_says_so(published, tmp_path):
    own = Statement.objects.get(run=published, sc__code="SYN_GEN_SUNSET")
    content = services.kit_of(own)
    done = run_kit(content, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    kit = json.loads((tmp_path / "kit.json").read_text())
    assert [h["because"] for h in kit["held_lines"]] == [LACKS]
    assert "This statement is not complete: 1 held line" in (tmp_path / "README.txt").read_text()
    assert f"HELD SUNSET_2_UNITS {' '.join(OWN_LINES)}: {LACKS}" in done.stdout
    assert f"{own.line_count} of {own.line_count} lines agree, without 1 held" in done.stdout


def test_the_month_and_the_invoices_name_what_is_held(published, as_user):
    client = as_user("sc.sunset")
    page = client.get(reverse("statement-months")).content.decode()
    assert "the month as it stands now, without 1 held line" in page
    assert LACKS in page
    assert OTHER not in page
    month = client.get("/api/v1/statement-months/SYN_GEN_SUNSET/2024-09/").json()
    (held,) = month["held"]
    assert (held["trade_date"], held["version"]) == (str(DAY), published.version)
    assert (held["resource"], held["charge_codes"]) == ("SUNSET_2_UNITS", OWN_LINES)
    assert held["sentence"] == LACKS
    assert LACKS in client.get(reverse("invoice-weeks")).content.decode()
    weeks = client.get("/api/v1/invoice-weeks/SYN_GEN_SUNSET/").json()
    assert [h["version"] for w in weeks for h in w["held"]] == [published.version]


def test_an_invoice_names_what_is_held_of_its_statements(published, as_user):
    late = now() + timedelta(days=15)
    issued = issue_invoices(actor=person("iso.admin"), at=late)
    (invoice,) = [i for i in issued if i.sc.code == "SYN_GEN_SUNSET"]
    paper = Pdf(file_of(invoice, "pdf")[2])
    headings = ("Trade date", "Held", "Charges without an amount", "Because, until")
    (held,) = paper.table(*headings)
    assert held["Trade date"] == f"{DAY} v{published.version}"
    assert held["Because, until"].startswith(LACKS)
    sums = paper.table("Charge", "Charges ($)", "Payments ($)", "Net ($)")
    assert "Total, without 1 held line" in [row["Charge"] for row in sums]
    table = csv.DictReader(io.StringIO(file_of(invoice, "csv")[2].decode()))
    assert {row["held_lines"] for row in table} <= {"1"}
    client = as_user("sc.sunset")
    assert LACKS in client.get(reverse("invoice", args=[invoice.pk])).content.decode()
    told = client.get(f"/api/v1/invoices/{invoice.pk}/").json()["held"]
    assert [h["sentence"] for h in told] == [LACKS]


def test_a_statement_sent_back_as_ones_own_figures_agrees_without_its_held_lines(published):
    own = Statement.objects.get(run=published, sc__code="SYN_GEN_SUNSET")
    table = "".join(services.written(own, "csv")[1])
    found = services.shadow(statement=own, content=table.encode())
    assert (found.shown, found.same) == ([], own.line_count)


def test_what_is_named_as_held_is_what_the_chain_leaves_out(published):
    """Every line that a held resource had in the version before and has no longer is named."""
    rows = StatementLine.objects.filter(run=published, resource__code="SUNSET_2_UNITS")
    own = rows.filter(statement__sc__code="SYN_GEN_SUNSET").exclude(previous_amount=0)
    gone = set(own.filter(amount=0).values_list("charge_code", flat=True))
    assert {"RMR-CAP", "BCR-IFM"} <= gone <= set(OWN_LINES)
    shares = rows.exclude(statement__sc__code="SYN_GEN_SUNSET").exclude(previous_amount=0)
    assert set(shares.filter(amount=0).values_list("charge_code", flat=True)) <= set(SHARES)


def test_a_refused_publication_keeps_what_was_typed(held, as_user):
    typed = {"note": "Seen by both desks.", "over_holds": REASON}
    address = reverse("run-publish", args=[held.pk])
    answer = as_user("iso.approver").post(address, typed | {"confirm": "nonsense"}, follow=True)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "to confirm that this version is to be published" in page
    assert f'value="{typed["note"]}"' in page
    assert f'value="{REASON}"' in page
    held.refresh_from_db()
    assert held.state == "SEALED"
    late = typed | {"confirm": f"{DAY} v{held.version}", "over_holds": " "}
    page = as_user("iso.approver").post(address, late, follow=True).content.decode()
    assert f'value="{typed["note"]}"' in page
