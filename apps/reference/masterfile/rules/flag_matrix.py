"""The matrix of Appendix 2: which flags a resource under an RMR contract carries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from apps.platform.core.rulebook import implements
from apps.platform.core.violations import Severity, Violation
from apps.reference.resources.codes import Vintage
from apps.reference.resources.rules import rmr_vintage

# vintage, MOO_QUALIFIED, RMR_FLAG, RMR_CD_TYPE, RAAIM, bid insertion
MATRIX = (
    ("RMRL (legacy)", "R", "Y", "1 or 2", "exempt", "never"),
    (
        "RMR (new tariff)",
        "R",
        "Y",
        "N/A",
        "not exempt",
        "where bids are missing or below the RMR capacity",
    ),
    ("RMR (new tariff)", "N (exception)", "Y", "N/A", "not exempt", "never"),
)


@dataclass(frozen=True)
class Flags:
    """What the Master File says of a resource; None where it says nothing."""

    resource: str
    moo_qualified: str | None
    rmr_flag: str
    rmr_cd_type: str | None
    contract_effective: date | None
    contract_end: date | None
    use_limited: bool
    conditionally_available: bool


@dataclass(frozen=True)
class ContractSaid:
    """What the contract on file says: its effective date, condition and last day."""

    effective_date: date
    condition: str | None
    last: date


@implements("BRQ-0035", "BRQ-0045", "APP-2", source="BRS 1.2 appendix 2")
def verify_flags(
    flags: Flags | None, contract: ContractSaid | None, *, cutoff: date, resource: str
) -> list[Violation]:
    """Return every mismatch between Master File and contract of one resource on one day.

    flags None: the file has no record. contract None: no RMR contract runs that day. cutoff: value
    of ``rmr.new_tariff_cutoff``. Source: Appendix 2, BRQ-0045, BRQ-0100.
    """
    if contract is None:
        return _without_contract(flags)
    if flags is None:
        return [
            Violation(
                "RMR-W-0100",
                "An active designation has no Master File record.",
                column="RESOURCE_ID",
                severity=Severity.WARNING,
                value=resource,
            )
        ]
    vintage = rmr_vintage(effective_date=contract.effective_date, cutoff=cutoff)
    legacy = vintage is Vintage.LEGACY
    conditions = ("1", "2") if legacy else (None, "N/A")
    expected = (contract.condition,) if legacy and contract.condition else conditions
    checks = (
        ("APP2-FLAG", "RMR_FLAG", flags.rmr_flag, ("Y",)),
        ("APP2-MOO", "MOO_QUALIFIED", flags.moo_qualified, ("R",) if legacy else ("R", "N")),
        ("APP2-CONDITION", "RMR_CD_TYPE", flags.rmr_cd_type, expected),
    )
    found = [
        Violation(
            code,
            f"{column} is {_said(value)}; {vintage.lower()} RMR carries "
            f"{' or '.join(dict.fromkeys(_said(a) for a in allowed))}.",
            column=column,
            value=value or "",
        )
        for code, column, value, allowed in checks
        if value not in allowed
    ]
    return found + _dates(flags, contract, vintage, cutoff) + _exceptions(flags, legacy)


def _said(value: str | None) -> str:
    return value if value not in (None, "N/A") else "N/A"


def _without_contract(flags: Flags | None) -> list[Violation]:
    if flags is None or flags.rmr_flag != "Y":
        return []
    return [
        Violation(
            "APP2-NO-CONTRACT",
            "RMR_FLAG is Y, but no RMR contract is on file for the day.",
            column="RMR_FLAG",
            value="Y",
        )
    ]


def _dates(flags: Flags, contract: ContractSaid, vintage: Vintage, cutoff: date) -> list[Violation]:
    found = []
    said = flags.contract_effective
    if said is not None and rmr_vintage(effective_date=said, cutoff=cutoff) is not vintage:
        found.append(
            Violation(
                "APP2-VINTAGE",
                f"CONTRACT_EFFECTIVE_DT {said} makes it another vintage than "
                f"the contract's {contract.effective_date}.",
                column="CONTRACT_EFFECTIVE_DT",
                value=said.isoformat(),
            )
        )
    elif said != contract.effective_date:
        found.append(
            Violation(
                "APP2-EFFECTIVE",
                f"CONTRACT_EFFECTIVE_DT is {said or 'blank'}; the contract "
                f"says {contract.effective_date}.",
                column="CONTRACT_EFFECTIVE_DT",
                severity=Severity.WARNING,
                value=said.isoformat() if said else "",
            )
        )
    if flags.contract_end is not None and flags.contract_end != contract.last:
        found.append(
            Violation(
                "APP2-END",
                f"CONTRACT_END_DT is {flags.contract_end}; the contract ends on {contract.last}.",
                column="CONTRACT_END_DT",
                severity=Severity.WARNING,
                value=flags.contract_end.isoformat(),
            )
        )
    return found


def _exceptions(flags: Flags, legacy: bool) -> list[Violation]:
    found = []
    if flags.use_limited and flags.conditionally_available:
        found.append(
            Violation(
                "APP2-CAR",
                "A resource is use-limited or conditionally available, not both.",
                column="CAR_FLAG",
                value="Y",
            )
        )
    exception = flags.use_limited or flags.conditionally_available
    if not legacy and flags.moo_qualified == "N" and not exception:
        found.append(
            Violation(
                "APP2-EXCEPTION",
                "MOO_QUALIFIED is N without an exception: the resource is "
                "neither use-limited nor conditionally available.",
                column="MOO_QUALIFIED",
                severity=Severity.WARNING,
                value="N",
            )
        )
    return found
