"""The calculator of a substitution."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from apps.adequacy.substitutions.rules.checks import Offer, Outaged, check_substitution, needed_mw
from apps.platform.kernel.calculator import Calculator, Document, Port

ZERO = Decimal(0)
OUTAGED = ("resource", "vintage", "local_area", "efc_mw", "flex_category", "pmax_mw", "outage_mw")
OFFER = ("resource", "rmr", "local_area", "spare_nqc_mw", "spare_efc_mw", "flex_category", "mw")


def _part(document: Document, name: str, known: tuple[str, ...]) -> Mapping[str, Any]:
    found = document.mapping(name)
    for key in found:
        if key not in known:
            document.findings.add(
                "CALC-UNKNOWN", f"{name} has no field {str(key)[:60]!r}.", column=name
            )
    return found


def _mw(document: Document, row: Mapping[str, Any], at: str, name: str) -> Decimal:
    if row.get(name) is None:  # flexible figures may be left out where there are none
        return ZERO
    return document.number(row[name], f"{at}.{name}", minimum=ZERO)


def _category(document: Document, row: Mapping[str, Any], at: str) -> int | None:
    value = row.get("flex_category")
    if value in (None, ""):
        return None
    text = str(value)
    if isinstance(value, bool) or text not in ("1", "2", "3"):
        document.findings.add(
            "CALC-CHOICE", f"{at}.flex_category must be 1, 2 or 3.", column=f"{at}.flex_category"
        )
        return None
    return int(text)


def _area(document: Document, row: Mapping[str, Any], at: str) -> str:
    value = row.get("local_area")
    if value is not None and not isinstance(value, str):
        document.findings.add(
            "CALC-TEXT", f"{at}.local_area must be a text or null.", column=f"{at}.local_area"
        )
    return value.strip() if isinstance(value, str) else ""


def substitution_check(body: Mapping[str, Any]) -> dict[str, Any]:
    """Check a substitution (see ``check_substitution``)."""
    document = Document.open(body, known=("outaged", "offer", "part"))
    part = document.choice("part", ("GENERIC", "FLEX"))
    out, offer = _part(document, "outaged", OUTAGED), _part(document, "offer", OFFER)
    vintage = out.get("vintage")
    if "outaged" in body and vintage not in ("NEW", "LEGACY"):
        document.findings.add(
            "CALC-CHOICE", "outaged.vintage must be NEW or LEGACY.", column="outaged.vintage"
        )
    if "offer" in body and not isinstance(offer.get("rmr"), bool):
        document.findings.add("CALC-CHOICE", "offer.rmr must be true or false.", column="offer.rmr")
    for name in ("pmax_mw", "outage_mw"):
        if "outaged" in body and out.get(name) is None:
            document.findings.add(
                "CALC-MISSING", f"outaged.{name} is missing.", column=f"outaged.{name}"
            )
    pmax, efc = _mw(document, out, "outaged", "pmax_mw"), _mw(document, out, "outaged", "efc_mw")
    outage = _mw(document, out, "outaged", "outage_mw")
    category = _category(document, out, "outaged")
    if efc > 0 and category is None and out.get("flex_category") in (None, ""):
        document.findings.add(
            "CALC-MISSING",
            "outaged.flex_category goes with an EFC.",
            column="outaged.flex_category",
        )
    obligation = efc if part == "FLEX" else pmax
    mine = Outaged(
        document.text(out, "resource", "outaged"),
        str(vintage),
        _area(document, out, "outaged"),
        category,
        needed_mw(part, out=outage, pmax=pmax, obligation=obligation),
    )
    if "offer" in body and offer.get("mw") is None:
        document.findings.add("CALC-MISSING", "offer.mw is missing.", column="offer.mw")
    spare = "spare_efc_mw" if part == "FLEX" else "spare_nqc_mw"
    theirs = Offer(
        document.text(offer, "resource", "offer"),
        bool(offer.get("rmr")),
        _area(document, offer, "offer"),
        _category(document, offer, "offer"),
        _mw(document, offer, "offer", spare),
        _mw(document, offer, "offer", "mw"),
    )
    document.close()
    codes = [f.code for f in check_substitution(mine, theirs, part)]
    return {"accepted": not codes, "codes": codes}


SUBSTITUTION_CHECK = Calculator(
    name="substitution-check",
    title="Substitution check",
    meaning="Whether a resource may stand in for an RMR resource that is out.",
    inputs=(
        Port("outaged", "object", "MW", ", ".join(OUTAGED) + "; vintage NEW or LEGACY."),
        Port("offer", "object", "MW", ", ".join(OFFER) + "; rmr true or false."),
        Port("part", "text", "", "GENERIC or FLEX."),
    ),
    outputs=(
        Port("accepted", "boolean", "", "Whether nothing stands against it."),
        Port(
            "codes",
            "list",
            "",
            "What does: RMR-E-0210 legacy, 0211 RMR substitute, 0210A local "
            "area, 0210B category, 0210C more than is out, 0210D more than is spare.",
        ),
    ),
    example={
        "outaged": {
            "resource": "RMR_1",
            "vintage": "NEW",
            "local_area": "LA_BASIN",
            "efc_mw": "30",
            "flex_category": 1,
            "pmax_mw": "45",
            "outage_mw": "40",
        },
        "offer": {
            "resource": "GEN_A",
            "rmr": False,
            "local_area": "LA_BASIN",
            "spare_nqc_mw": "25",
            "spare_efc_mw": "10",
            "flex_category": 1,
            "mw": "25",
        },
        "part": "GENERIC",
    },
    compute=substitution_check,
    requirements=("BRQ-0210", "BRQ-0211"),
)
