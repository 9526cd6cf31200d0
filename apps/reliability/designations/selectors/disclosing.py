"""Which contracts' terms every SC is told, on the day somebody reads."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from apps.platform.accounts.rules import Viewer
from apps.platform.clock.selectors import site_today  # noqa: TID251  (it happens now)
from apps.platform.core.effective import ParameterMissing
from apps.platform.core.rulebook import implements
from apps.platform.parameters.selectors import value_on
from apps.reliability.designations.codes import Disclosure
from apps.reliability.designations.models import ContractDisclosure
from apps.reliability.designations.rules import TERMS_TOLD


def reading_day() -> date:
    """Return the day (Pacific) on which what may be told is decided: today.

    *Interpretation*: a decision holds for whoever reads from its day on, whatever the trade date.
    """
    return site_today()  # it is read now


def told_of_every_contract() -> bool:
    """Whether ``rmr.terms_told`` lets every SC read the terms of every contract today.

    Without a value it does not.
    """
    try:
        return bool(value_on(TERMS_TOLD, reading_day()) == "TERMS")
    except ParameterMissing:
        return False


@implements("BRQ-1230", "BRQ-1210", source="ADR 0029 (choice of the site)")
def open_contracts() -> set[str]:
    """Return the contracts that a decision in force today opens: the last approved one says so."""
    rows = ContractDisclosure.objects.filter(state="APPROVED", first_date__lte=reading_day())
    last = rows.order_by("contract_no", "-pk").distinct("contract_no")
    return {no for no, kind in last.values_list("contract_no", "kind") if kind == Disclosure.OPEN}


def terms_open(contract_no: str) -> bool:
    """Whether every SC is told the terms of a contract today.

    The row policy of contracts (``models.contracts.open_now``) says the same.
    """
    return told_of_every_contract() or contract_no in open_contracts()


def disclosures(*, viewer: Viewer) -> QuerySet[ContractDisclosure]:
    """Return decisions to tell contracts' terms, which the ISO's people see."""
    rows = ContractDisclosure.objects.select_related("opened_by", "decided_by")
    return rows if viewer.is_iso else rows.none()
