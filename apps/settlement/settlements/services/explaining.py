"""Why a settlement line is what it is: computed anew from what the run read."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.urls import reverse

from apps.platform.accounts.models import Party
from apps.platform.accounts.rules import Viewer
from apps.platform.accounts.services import bypass_rls
from apps.platform.core.effective import ParameterSet
from apps.platform.core.explanation import CalculationStep, Explanation, Operand, SourceRow
from apps.platform.core.formula import Formula
from apps.platform.core.money import cents_to_usd
from apps.platform.core.quantity import MW, MWH, SHARE, USD, USD_PER_MW_DAY
from apps.platform.runs.hooks import RUN_KINDS
from apps.platform.runs.models import Run
from apps.reliability.designations.codes import CONTRACT_TERMS
from apps.reliability.designations.selectors import ContractOnDay, on_day
from apps.settlement.settlements.codes import ChargeCode
from apps.settlement.settlements.rules import CapacityDay, Load
from apps.settlement.settlements.rules.chain import Book, DayOfChain
from apps.settlement.settlements.rules.formulas import formula_of
from apps.settlement.settlements.rules.nodes.reliability import RmrDay
from apps.settlement.settlements.rules.telling import EVERYTHING, Telling
from apps.settlement.settlements.services.disclosing import disclosed_today
from apps.settlement.settlements.services.explaining_charges import (
    Asked,
    Unexplained,
    demand_sources,
    explain_charge,
    used_parameters,
)
from apps.settlement.settlements.services.explaining_holds import (
    explain_held,
    over_holds,
    why_held,
)
from apps.settlement.settlements.services.explaining_shares import (
    shared_operands,
    shared_steps,
    told_by_rate,
    withheld_words,
)
from apps.settlement.settlements.services.recalculating import Recalculation


def explain_line(
    *,
    run: Run,
    charge_code: str,
    resource_id: int | None,
    sc_id: int,
    tac_area_id: int | None,
    stored: Decimal,
    viewer: Viewer,
    contract_no: str = "",
    recalculation: Recalculation | None = None,
) -> Explanation:
    """Explain one line of a run: formula, numbers, rounding, parameters, uploaded rows.

    Everything is read as known at the run's moment and computed anew by the rule that settled it;
    ``reproduced`` says whether that gave the stored amount. The caller has checked that the line is
    the viewer's to see. An SC is told the net amount that is shared: of another's contract nothing
    more unless it is open, of another's resource nothing, and no sum that would tell another's
    demand (see ``disclosed_today``). recalculation: of the same run, where more than
    one of its lines is explained. A line that ended because an input of it is missing or outdated
    is told as held. Raises Unexplained where the run has no such line for another reason.
    """
    asked = Asked(run, charge_code, sc_id, resource_id, tac_area_id, contract_no, stored, viewer)
    with bypass_rls("a share is explained with the load of all SCs in it, never one by one"):
        return _explained(asked, recalculation or Recalculation(run))


def _explained(asked: Asked, recalculation: Recalculation) -> Explanation:
    resource_id = asked.resource_id
    book, day = recalculation.calculated({resource_id} if resource_id else set())
    viewer, telling = asked.viewer, EVERYTHING
    if not viewer.is_iso:
        telling = disclosed_today().telling(asked.line, book, viewer.sees_party)
    held = [] if asked.stored else why_held(asked, book)
    try:
        told = _told(asked, book, day, telling)
    except Unexplained:
        if not held:
            raise
        told = explain_held(asked, book, held)
    formula = None if told.held else formula_of(asked.line, book, day, telling)
    agrees = told.reproduced and (formula is None or formula.worked_out() == asked.stored)
    sentence = " ".join([told.sentence, *over_holds(asked)])
    return replace(told, sentence=sentence, formula=formula, reproduced=agrees)


def _told(asked: Asked, book: Book, day: DayOfChain, telling: Telling) -> Explanation:
    run, resource_id, params = asked.run, asked.resource_id, day.params
    if asked.charge_code not in (ChargeCode.RMR_CAP, ChargeCode.RMR_ALLOC):
        return explain_charge(asked, book, day, telling)
    held = next(
        (c for c in on_day(run.trade_date, run.known_at) if c.contract.resource_id == resource_id),
        None,
    )
    found = next((r for r in book["rmr"] if r.contract.resource_id == resource_id), None)
    if held is None or found is None:
        raise Unexplained("There is no RMR contract behind this line.")
    if not found.settled and not asked.stored:
        raise Unexplained(found.capacity.sentence)
    if asked.charge_code == ChargeCode.RMR_CAP:
        return _capacity(run, held, found.capacity, params, asked.stored)
    load = book["md"]
    codes = {key: code for code, key in load.tac_keys.items()}
    cell = (Party.objects.get(pk=asked.sc_id).code, codes.get(asked.tac_area_id or 0, ""))
    if cell not in found.parts:
        raise Unexplained("The run has no such allocation line.")
    keys = (asked.sc_id, asked.tac_area_id)
    told = _allocation(run, held, found, load, cell, params, asked.stored, keys)
    formula = formula_of(asked.line, book, day, telling)
    if formula is None or (telling.terms and not told_by_rate(formula)):
        return told
    return _told_apart(told, found, telling, formula)


def _told_apart(
    told: Explanation, found: RmrDay, telling: Telling, formula: Formula
) -> Explanation:
    """Return an allocation without what its reader may not know."""
    terms = [*_capacity_steps(found.capacity), *_net_steps(found)] if telling.terms else []
    rows = told.rows
    if not telling.terms:
        rows = [r for r in rows if r.dataset != CONTRACT_TERMS.title]
    return replace(
        told,
        sentence=f"{told.sentence} {withheld_words(telling, formula)}",
        operands=shared_operands(formula),
        steps=[*terms, *shared_steps(formula, "BRQ-1230")],
        rows=rows,
    )


def _contract_rows(held: ContractOnDay, result: CapacityDay) -> list[SourceRow]:
    rows: list[tuple[str, Any, str, str]] = []
    if held.price is not None:
        rows.append(
            (
                "Contract price",
                held.price,
                USD_PER_MW_DAY.text(held.price.price),
                USD_PER_MW_DAY.unit,
            )
        )
    bound = ", bounded by a smaller Pmax" if held.owed_mw < held.filed_mw else ""
    for row in held.capacity:
        label = f"Capacity {row.tac_area.code} {row.obligation_type}{bound}"
        rows.append((label, row, MW.text(row.mw), MW.unit))
    return [
        SourceRow(
            label,
            CONTRACT_TERMS.title,
            term.dataset_version.version,
            term.line_no,
            value,
            unit,
            reverse("uploaded-row", args=[term.dataset_version_id, term.line_no]),
        )
        for label, term, value, unit in rows
        if term.dataset_version is not None
    ]


def _capacity_operands(held: ContractOnDay, result: CapacityDay) -> list[Operand]:
    operands = [
        Operand(f"MW({name})", f"{name} capacity, summed over TAC areas", MW.text(value), "MW")
        for name, value in sorted(result.mw_by_type.items())
    ]
    if held.price is not None:
        price = USD_PER_MW_DAY.text(held.price.price)
        operands.append(Operand("Price", "Contract price", price, "$/MW-day", held.price.reference))
    return operands


def _capacity_steps(result: CapacityDay) -> list[CalculationStep]:
    sums = ", ".join(MW.text(v) for _, v in sorted(result.mw_by_type.items()))
    added = "+" in result.obligation_type
    name = "sum" if added else "max"
    return [
        CalculationStep(
            "Capacity paid",
            "CapMW = max over obligation types of Σ MW over TAC areas"
            if not added
            else "CapMW = Σ MW over TAC areas and obligation types",
            f"{name}({sums})",
            MW.text(result.capacity_mw),
            "MW",
            f"{result.obligation_type} sets it.",
            "BRQ-1210",
        ),
        CalculationStep(
            "Base amount, exact",
            "BasePay = CapMW × Price",
            f"{MW.text(result.capacity_mw)} MW × {USD_PER_MW_DAY.text(result.price)} $/MW-day",
            _plain(result.base_pay_usd),
            "$",
            "",
            "BRQ-1225",
        ),
        CalculationStep(
            "Rounded once",
            "RMR-CAP = −BasePay, half up to cents",
            f"−{_plain(result.base_pay_usd)}",
            USD.text(cents_to_usd(result.amount_cents)),
            "$",
            "Negative: paid to the resource's SC.",
            "BRQ-1225",
        ),
    ]


def _capacity(
    run: Run, held: ContractOnDay, result: CapacityDay, params: ParameterSet, stored: Decimal
) -> Explanation:
    amount = cents_to_usd(result.amount_cents)
    resource = held.contract.resource.code
    return Explanation(
        title=f"RMR capacity payment, {resource}, {run.trade_date}",
        sentence=f"{resource} is paid its contract capacity times its contract price for the day.",
        amount=USD.text(stored),
        unit="$",
        operands=_capacity_operands(held, result),
        steps=_capacity_steps(result),
        parameters=used_parameters(
            params, {"rmr.new_tariff_cutoff", "settlements.capacity_mw_basis"}
        ),
        rows=_contract_rows(held, result),
        requirements=["BRQ-1210", "BRQ-1225"],
        reproduced=amount == stored,
    )


def _allocation(
    run: Run,
    held: ContractOnDay,
    found: RmrDay,
    load: Load,
    cell: tuple[str, str],
    params: ParameterSet,
    stored: Decimal,
    keys: tuple[int, int | None],
) -> Explanation:
    sc, tac = cell
    result, parts = found.capacity, found.parts
    resource, local = held.contract.resource.code, held.contract.scope == "LOCAL"
    own = load.cells[cell]
    base = load.by_area[tac] if local else sum(load.cells.values())
    net = found.cost
    mw_here = result.tac_mw.get(tac, Decimal(0))
    mw_all = sum(result.tac_mw.values(), Decimal(0))
    share = Fraction(own, base) * (Fraction(mw_here) / Fraction(mw_all) if local else 1)
    exact_usd = Fraction(net, 100) * share
    numbers = _allocation_numbers(net, own, base, mw_here, mw_all, local)
    where = f"in {tac}" if local else "in all TAC areas"
    return Explanation(
        title=f"RMR cost allocation, {resource}, {sc} in {tac}, {run.trade_date}",
        sentence=f"{sc} bears its load ratio share of the net capacity cost of {resource}, "
        f"a {held.contract.scope} designation shared by the load {where}.",
        amount=USD.text(stored),
        unit="$",
        operands=numbers,
        steps=[
            *_capacity_steps(result),
            *_net_steps(found),
            CalculationStep(
                "Share",
                "MW(tac) / ΣMW × MD(sc, tac) / MD(tac)" if local else "MD(sc, tac) / MD(sys)",
                (f"{MW.text(mw_here)} / {MW.text(mw_all)} × " if local else "")
                + f"{_mwh(own)} / {_mwh(base)}",
                f"{_decimal(share, 10)}",
                SHARE.unit,
                "Shown with 10 decimals; the calculation keeps it exact.",
                "BRQ-1230",
            ),
            CalculationStep(
                "Cost share, exact",
                "Net × Share",
                f"{USD.text(cents_to_usd(net))} × {_decimal(share, 10)}",
                _decimal(exact_usd, 8),
                "$",
                "",
                "BRQ-1230",
            ),
            CalculationStep(
                "Rounded by largest remainder",
                "whole cents, the rest to the largest remainders, ties to the lower SC",
                f"{len(parts)} parts add up to {USD.text(cents_to_usd(sum(parts.values())))}",
                USD.text(cents_to_usd(parts[cell])),
                "$",
                "So that all parts add up to the payment to the cent.",
                "BRQ-1230",
            ),
        ],
        parameters=used_parameters(params, {p.name for p in RUN_KINDS[run.kind].parameters}),
        rows=[*_contract_rows(held, result), *demand_sources(run, keys[0], [keys[1] or 0])],
        requirements=["BRQ-1230", "BRQ-1225", "BRQ-1210"],
        reproduced=cents_to_usd(parts[cell]) == stored,
    )


def _net_steps(found: RmrDay) -> list[CalculationStep]:
    lines = found.lines
    steps = []
    if lines.adder or lines.excess:
        parts = [USD.text(cents_to_usd(c)) for c in (lines.cap, lines.adder, lines.excess)]
        steps.append(
            CalculationStep(
                "Net capacity cost",
                "Net = −(RMR-CAP + RMR-ADDER + RMR-EXCESS)",
                f"−({' + '.join(parts)})",
                USD.text(cents_to_usd(lines.net)),
                "$",
                "What the markets already paid is taken off.",
                "BRQ-1225",
            )
        )
    if found.recoveries:
        parts = [USD.text(cents_to_usd(c.cents)) for c in found.recoveries]
        steps.append(
            CalculationStep(
                "Cost with recoveries",
                "Cost = Net + Σ recovered",
                " + ".join([USD.text(cents_to_usd(lines.net)), *parts]),
                USD.text(cents_to_usd(found.cost)),
                "$",
                f"Approved costs of {', '.join(c.label for c in found.recoveries)}.",
                "BRQ-1275",
            )
        )
    return steps


def _allocation_numbers(
    net: int, own: int, base: int, mw_here: Decimal, mw_all: Decimal, local: bool
) -> list[Operand]:
    found = [
        Operand(
            "Net", "Net capacity cost of the resource and day", USD.text(cents_to_usd(net)), "$"
        ),
        Operand("MD(sc, tac)", "The SC's metered demand in the TAC area", _mwh(own), "MWh"),
        Operand(
            "MD(tac)" if local else "MD(sys)",
            "Metered demand of all SCs " + ("in the TAC area" if local else "in all TAC areas"),
            _mwh(base),
            "MWh",
        ),
    ]
    if local:
        found += [
            Operand("MW(tac)", "Contract capacity in the TAC area", MW.text(mw_here), "MW"),
            Operand("ΣMW", "Contract capacity in all its TAC areas", MW.text(mw_all), "MW"),
        ]
    return found


def _mwh(scaled: int) -> str:
    return MWH.text(MWH.from_scaled(scaled))


def _decimal(value: Fraction, places: int) -> str:
    scaled = round(value * 10**places)
    sign, digits = ("−" if scaled < 0 else ""), f"{abs(scaled):0{places + 1}d}"
    return f"{sign}{int(digits[:-places]):,}.{digits[-places:]}"


def _plain(value: Decimal) -> str:
    """Write an exact decimal without trailing zeros beyond the cents."""
    whole, _, part = f"{value:,f}".partition(".")
    return f"{whole}.{part.rstrip('0'):0<2}"
