"""What an SC needs to work its statement out again: inputs, rules version, formulas."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import polars as pl

from apps.platform.accounts.models import Party
from apps.platform.accounts.services import bypass_rls
from apps.platform.core.money import usd_to_cents
from apps.platform.runs.models import Run
from apps.settlement.settlements.rules.causes import lines_of
from apps.settlement.settlements.rules.chain import DayOfChain
from apps.settlement.settlements.rules.formulas import formula_of
from apps.settlement.settlements.rules.replaying import FORMAT, FROM_INPUTS, book_out
from apps.settlement.settlements.services.disclosing import Disclosed, disclosed_today
from apps.settlement.settlements.services.recalculating import Recalculation


@dataclass(frozen=True)
class LineToPack:
    """What names a line of a statement, and its amount."""

    line_no: int
    charge_code: str
    resource_id: int | None
    tac_area_id: int | None
    contract_no: str
    amount: Any


def packed(
    run: Run,
    sc: Party,
    lines: Iterable[LineToPack],
    *,
    recalculation: Recalculation | None = None,
) -> dict[str, Any]:
    """Return a kit as plain values: own inputs, parameters with references, formula by line.

    Others' demand is in it as one sum a TAC area where enough SCs share it; of others' resources it
    holds what the explanation of a line tells the SC. recalculation: of the same run, where kits of
    several SCs are packed.
    """
    anew = recalculation or Recalculation(run)
    with bypass_rls("a kit holds the SC's own inputs, and of others what its shares tell"):
        book = anew.inputs()
        own = {key for key, holder in book["resources"].scs.items() if holder == sc.pk}
        today = disclosed_today()
        inputs = book_out(book, sc.code, own, today.fewest)
        book, day = anew.calculated()
    own_lines = lines_of(book).filter(pl.col("sc_id") == sc.pk)
    present = {
        (r["charge_code"], r["resource_id"], r["tac_area_id"], r["contract_no"])
        for r in own_lines.iter_rows(named=True)
    }
    return {
        "format": FORMAT,
        "sc": sc.code,
        "trade_date": run.trade_date.isoformat(),
        "version": run.version,
        "run_type": run.run_type,
        "code": run.code_version,
        "input_hash": run.input_hash,
        "result_hash": run.result_hash,
        "parameters": [
            {"name": v.name, "text": v.text, "reference": v.reference}
            for held in day.params.values.values()
            for v in held
        ],
        "manifest": [
            {
                "input": i.name,
                "version": str(i.dataset_version) if i.dataset_version else None,
                "content_hash": i.content_hash,
            }
            for i in run.inputs.select_related("dataset_version").order_by("name", "pk")
        ],
        "inputs": inputs,
        "lines": [_line(line, sc, book, day, present, today) for line in lines],
    }


def _line(
    line: LineToPack,
    sc: Party,
    book: dict[str, Any],
    day: DayOfChain,
    present: set[Any],
    today: Disclosed,
) -> dict[str, Any]:
    key = {
        "line_no": line.line_no,
        "charge_code": line.charge_code,
        "resource_id": line.resource_id,
        "contract_no": line.contract_no,
        "amount": str(line.amount),
    }
    place = (line.charge_code, line.resource_id, line.tac_area_id, line.contract_no)
    if place not in present:  # a line that ended stays on the statement with nothing
        return key | {"formula": "0", "numbers": {}}
    if line.charge_code in FROM_INPUTS:
        return key
    asked = key | {
        "sc_id": sc.pk,
        "tac_area_id": line.tac_area_id,
        "amount": usd_to_cents(line.amount),
    }
    told = formula_of(asked, book, day, today.telling(asked, book, lambda party: party == sc.pk))
    if told is None:
        return key | {"formula": "Amount", "numbers": {"Amount": str(line.amount)}}
    return key | {"formula": told.formula, "numbers": {n.symbol: n.text for n in told.numbers}}
