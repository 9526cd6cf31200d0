"""The calculator of bid insertion for one resource and hour."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from apps.bidding.bids.rules.bid_checks import check_curve
from apps.bidding.bids.rules.insertion import Filled, Hour, Service, Step, Submitted, Unit, fill_bid
from apps.bidding.bids.terms import SERVICES
from apps.platform.kernel.calculator import Calculator, Document, Port
from apps.platform.kernel.quantity import plain

ZERO = Decimal(0)
KNOWN = (
    "vintage",
    "moo",
    "flag",
    "market",
    "pmax_mw",
    "pmin_mw",
    "outage_mw",
    "cost_segments",
    "certified_as_mw",
    "submitted",
)


def _positive(document: Document, name: str) -> Decimal:
    return document.number(document.get(name), name, minimum=ZERO)


def _steps(document: Document, rows: Any, name: str) -> list[Step]:
    if not isinstance(rows, list):
        document.findings.add("CALC-SHAPE", f"{name} must be a JSON list.", column=name)
        return []
    found = []
    for number, row in enumerate(rows, 1):
        at = f"{name}[{number}]"
        if not isinstance(row, dict):
            document.findings.add("CALC-SHAPE", f"{at} must be a JSON object.", column=at)
            continue
        found.append(
            Step(
                document.number(row.get("from_mw"), f"{at}.from_mw", minimum=ZERO),
                document.number(row.get("to_mw"), f"{at}.to_mw", minimum=ZERO),
                document.number(row.get("usd_mwh"), f"{at}.usd_mwh"),
            )
        )
    return found


def _submitted(document: Document, body: Mapping[str, Any]) -> Submitted:
    for name in body:
        if name not in ("energy", "ruc_mw", "as"):
            document.findings.add(
                "CALC-UNKNOWN", f"submitted has no field {str(name)[:60]!r}.", column="submitted"
            )
    services = []
    rows = body.get("as", [])
    if not isinstance(rows, list):
        document.findings.add("CALC-SHAPE", "submitted.as must be a JSON list.", column="as")
        rows = []
    for number, row in enumerate(rows, 1):
        at = f"submitted.as[{number}]"
        if not isinstance(row, dict) or row.get("product") not in SERVICES:
            document.findings.add(
                "CALC-CHOICE", f"{at}.product must be one of {', '.join(SERVICES)}.", column=at
            )
            continue
        services.append(
            Service(
                str(row["product"]),
                document.number(row.get("mw"), f"{at}.mw", minimum=ZERO),
                document.number(row.get("usd_mw"), f"{at}.usd_mw", minimum=ZERO),
            )
        )
    ruc = body.get("ruc_mw")
    return Submitted(
        _steps(document, body.get("energy", []), "submitted.energy"),
        None if ruc is None else document.number(ruc, "submitted.ruc_mw", minimum=ZERO),
        services,
    )


def bid_insertion(body: Mapping[str, Any]) -> dict[str, Any]:
    """Fill the bid of one resource and hour (see ``fill_bid``)."""
    document = Document.open(body, known=KNOWN)
    hour = Hour(
        vintage=document.choice("vintage", ("NEW", "LEGACY")),
        moo=document.choice("moo", ("R", "N")),
        flag=document.choice("flag", ("Y", "N")),
        market=document.choice("market", ("DA", "RT")),
        pmax_mw=_positive(document, "pmax_mw"),
        outage_mw=_positive(document, "outage_mw"),
    )
    pmin = _positive(document, "pmin_mw")
    cost = _steps(document, document.get("cost_segments"), "cost_segments")
    certified = [
        (product, document.number(mw, f"certified_as_mw.{product}", minimum=ZERO))
        for product, mw in document.mapping("certified_as_mw").items()
    ]
    for product, _ in certified:
        if product not in SERVICES:
            document.findings.add(
                "CALC-CHOICE",
                f"certified_as_mw names {str(product)[:40]!r}; the services are "
                f"{', '.join(SERVICES)}.",
                column="certified_as_mw",
            )
    bid = _submitted(document, document.mapping("submitted"))
    if not document.findings.rows:
        if pmin > hour.pmax_mw:
            document.findings.add("CALC-RANGE", "pmin_mw exceeds pmax_mw.", column="pmin_mw")
        document.findings.extend(check_curve(bid.energy, pmax_mw=Decimal(10) ** 15))
        document.findings.extend(check_curve(cost, pmax_mw=Decimal(10) ** 15))
    document.close()
    return _answer(hour, fill_bid(hour, Unit(pmin, hour.pmax_mw, cost), bid, certified))


def _answer(hour: Hour, done: Filled) -> dict[str, Any]:
    return {
        "ra_obligation_mw": plain(hour.obligation_mw),
        "energy": [
            {
                "from_mw": plain(s.from_mw),
                "to_mw": plain(s.to_mw),
                "usd_mwh": f"{s.price:f}",
                "source": s.source,
            }
            for s in done.energy
        ],
        "ruc": None
        if done.ruc is None
        else {"mw": plain(done.ruc[0]), "usd_mw": "0", "source": done.ruc[1]},
        "as": [
            {"product": s.product, "mw": plain(s.mw), "usd_mw": f"{s.price:f}", "source": s.source}
            for s in done.services
        ],
        "shortfall_mw": plain(done.shortfall_mw),
        "reason": done.reason,
    }


BID_INSERTION = Calculator(
    name="bid-insertion",
    title="Bid insertion",
    meaning="What the ISO adds to the bid of an RMR resource in an hour, what is owed, and why.",
    inputs=(
        Port("vintage", "NEW or LEGACY", "", "By the contract's effective date."),
        Port("moo", "R or N", "", "Must-offer code of the Master File."),
        Port("flag", "Y or N", "", "Bid insertion flag of the application."),
        Port("market", "DA or RT", "", "Day-ahead or real-time."),
        Port("pmax_mw", "decimal string", "MW", "RMR capacity."),
        Port("pmin_mw", "decimal string", "MW", "Least output."),
        Port("outage_mw", "decimal string", "MW", "Out of service in the hour."),
        Port("cost_segments", "list", "", "from_mw, to_mw, usd_mwh of the cost curve."),
        Port("certified_as_mw", "object", "MW", "Certified MW by ancillary service."),
        Port("submitted", "object", "", "energy, ruc_mw or null, as: what the SC bid."),
    ),
    outputs=(
        Port("ra_obligation_mw", "decimal string", "MW", "Pmax less outage."),
        Port("energy", "list", "", "All segments, each of the SC or the ISO."),
        Port("ruc", "object or null", "", "RUC availability, at 0 $/MW."),
        Port("as", "list", "", "All ancillary services, each of the SC or the ISO."),
        Port("shortfall_mw", "decimal string", "MW", "What the SC left out of its obligation."),
        Port("reason", "text", "", "Why this was inserted, or nothing."),
    ),
    example={
        "vintage": "NEW",
        "moo": "R",
        "flag": "Y",
        "market": "DA",
        "pmax_mw": "49.2",
        "pmin_mw": "10",
        "outage_mw": "0",
        "cost_segments": [{"from_mw": "10", "to_mw": "49.2", "usd_mwh": "41.20"}],
        "certified_as_mw": {"SPIN": "15", "REGUP": "8"},
        "submitted": {
            "energy": [{"from_mw": "10", "to_mw": "30", "usd_mwh": "39.00"}],
            "ruc_mw": None,
            "as": [],
        },
    },
    compute=bid_insertion,
    requirements=("BRQ-0260", "BRQ-0520", "MSIM-2000"),
)
