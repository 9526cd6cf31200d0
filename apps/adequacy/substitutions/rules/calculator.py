"""The calculator of a substitution."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Any

from pydantic import model_validator

from apps.adequacy.substitutions.rules.checks import (
    Outaged,
    SubstituteOffer,
    check_substitution,
    needed_mw,
)
from apps.platform.core.calculator import (
    Calculator,
    Flag,
    Inputs,
    NotNegative,
    OneOf,
    Outputs,
    ReadBy,
    Row,
    Text,
    Violation,
    field,
    wrong,
)

ZERO = Decimal(0)


def category_of(value: Any) -> int | None:
    """Read a flexible category 1 to 3, in quotes or not; nothing where there is none."""
    if value in (None, ""):
        return None
    if isinstance(value, bool) or str(value) not in ("1", "2", "3"):
        raise wrong("CALC-CHOICE", "must be 1, 2 or 3.")
    return int(value)


def area_of(value: Any) -> str:
    """Read a local area; nothing where there is none."""
    if value is not None and not isinstance(value, str):
        raise wrong("CALC-TEXT", "must be a text or null.")
    return value.strip() if isinstance(value, str) else ""


Category = Annotated[
    int | None,
    ReadBy(
        category_of, {"anyOf": [{"type": "integer", "minimum": 1, "maximum": 3}, {"type": "null"}]}
    ),
]
Area = Annotated[str, ReadBy(area_of, {"anyOf": [{"type": "string"}, {"type": "null"}]})]


class OutagedGiven(Row, extra="forbid"):
    """The RMR resource that is out."""

    resource: Text = field("Resource ID.")
    vintage: Annotated[str, OneOf("NEW", "LEGACY")] = field("By the contract's effective date.")
    local_area: Area = field("Local area, null where none.", default="")
    efc_mw: NotNegative | None = field("EFC, null where none.", unit="MW", default=None)
    flex_category: Category = field("Goes with an EFC.", default=None)
    pmax_mw: NotNegative = field("Pmax.", unit="MW")
    outage_mw: NotNegative = field("What is out.", unit="MW")


class OfferGiven(Row, extra="forbid"):
    """The resource that may stand in."""

    resource: Text = field("Resource ID.")
    rmr: Flag = field("Whether it is RMR itself.")
    local_area: Area = field("Local area, null where none.", default="")
    spare_nqc_mw: NotNegative | None = field(
        "Spare NQC; needed for GENERIC.", unit="MW", default=None
    )
    spare_efc_mw: NotNegative | None = field("Spare EFC; needed for FLEX.", unit="MW", default=None)
    flex_category: Category = field("Of its EFC.", default=None)
    mw: NotNegative = field("What it offers.", unit="MW")


class SubstitutionCheckInputs(Inputs):
    """A resource that is out, one that may stand in, and for which part."""

    outaged: OutagedGiven = field("The RMR resource that is out.", unit="MW")
    offer: OfferGiven = field("The resource that may stand in.", unit="MW")
    part: Annotated[str, OneOf("GENERIC", "FLEX")] = field("Which obligation.")

    @model_validator(mode="before")
    @classmethod
    def only_the_spare_of_the_part(cls, body: Any) -> Any:
        """Pass over the spare capacity of the other part."""
        if isinstance(body, dict) and isinstance(offer := body.get("offer"), dict):
            other = "spare_nqc_mw" if body.get("part") == "FLEX" else "spare_efc_mw"
            return {**body, "offer": {name: offer[name] for name in offer if name != other}}
        return body

    def check(self) -> Iterable[Violation]:
        """Return whether the spare of the part, or a category that goes with an EFC, is missing."""
        spare = "spare_efc_mw" if self.part == "FLEX" else "spare_nqc_mw"
        if getattr(self.offer, spare) is None:
            yield Violation(
                "CALC-MISSING",
                f'offer.{spare} is blank: what is spare is not known. Give the MW, "0" where '
                "nothing is.",
                column=f"offer.{spare}",
            )
        if (self.outaged.efc_mw or ZERO) > 0 and self.outaged.flex_category is None:
            yield Violation(
                "CALC-MISSING",
                "outaged.flex_category goes with an EFC.",
                column="outaged.flex_category",
            )


class SubstitutionCheckOutputs(Outputs):
    """Whether it may stand in, and why not."""

    accepted: Flag = field("Whether nothing stands against it.")
    codes: list[Text] = field(
        "What does: RMR-E-0210 legacy, 0211 RMR substitute, 0210A local area, 0210B category, "
        "0210C more than is out, 0210D more than is spare."
    )


def substitution_check(given: SubstitutionCheckInputs) -> dict[str, Any]:
    """Check a substitution (see ``check_substitution``)."""
    out, offer, flex = given.outaged, given.offer, given.part == "FLEX"
    obligation = (out.efc_mw or ZERO) if flex else out.pmax_mw
    mine = Outaged(
        out.resource,
        out.vintage,
        out.local_area,
        out.flex_category,
        needed_mw(given.part, out=out.outage_mw, pmax=out.pmax_mw, obligation=obligation),
    )
    theirs = SubstituteOffer(
        offer.resource,
        offer.rmr,
        offer.local_area,
        offer.flex_category,
        (offer.spare_efc_mw if flex else offer.spare_nqc_mw) or ZERO,
        offer.mw,
    )
    codes = [f.code for f in check_substitution(mine, theirs, given.part)]
    return {"accepted": not codes, "codes": codes}


SUBSTITUTION_CHECK = Calculator(
    name="substitution-check",
    title="Substitution check",
    meaning="Whether a resource may stand in for an RMR resource that is out.",
    inputs=SubstitutionCheckInputs,
    outputs=SubstitutionCheckOutputs,
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
