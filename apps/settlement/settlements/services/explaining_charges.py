"""Why a line of any charge code is what it is: told from the declarations of the chain."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

import polars as pl
from django.urls import reverse

from apps.platform.accounts.models import Party
from apps.platform.accounts.rules import Viewer
from apps.platform.core.effective import ParameterSet, declared_parameter
from apps.platform.core.explanation import (
    CalculationStep,
    Explanation,
    Operand,
    SourceRow,
    UsedParameter,
)
from apps.platform.core.formula import written
from apps.platform.core.money import cents_to_usd, usd_to_cents
from apps.platform.core.quantity import MWH, USD
from apps.platform.runs.models import Run
from apps.platform.runs.selectors import version_read
from apps.reference.market.codes import (
    DISPATCH_SHARES,
    MEASURED_DEMAND,
    METERED_DEMAND,
    RESULT_DATASETS,
    TRANSMISSION_OWNER,
)
from apps.reference.market.selectors import demand_rows, shares_of
from apps.reference.resources.selectors import resource_codes
from apps.settlement.settlements.rules.chain import Book, DayOfChain, Node, charge_codes
from apps.settlement.settlements.rules.dispatch_shares import Sharing, sharing
from apps.settlement.settlements.rules.share_formulas import SHARES
from apps.settlement.settlements.rules.telling import Telling
from apps.settlement.settlements.selectors import stored_lines
from apps.settlement.settlements.services.describing import ancestors, row_words, steps_of
from apps.settlement.settlements.services.explaining_shares import (
    shared_operands,
    shared_steps,
    withheld_words,
)
from apps.settlement.settlements.services.inputs import PORTS

MOST_ROWS = 80
BY_CONTRACT = ("RMR-PEN-ALLOC",)


class Unexplained(LookupError):
    """The run holds no such line."""


@dataclass(frozen=True)
class Asked:
    """The line that is explained, and who asks."""

    run: Run
    charge_code: str
    sc_id: int
    resource_id: int | None
    tac_area_id: int | None
    contract_no: str
    stored: Decimal
    viewer: Viewer

    @property
    def line(self) -> dict[str, Any]:
        """What names the line."""
        return {
            "charge_code": self.charge_code,
            "sc_id": self.sc_id,
            "resource_id": self.resource_id,
            "tac_area_id": self.tac_area_id,
            "contract_no": self.contract_no,
        }


def explain_charge(asked: Asked, book: Book, day: DayOfChain, telling: Telling) -> Explanation:
    """Explain a line from its node: what the nodes before it gave, the formula, and the rows.

    book: the chain calculated for the line's resource alone. telling: what an SC is told of others
    in a share; the ISO is told the sums it is made of. Lines of another charge code that the
    node shares are taken as the run has stored them, as they concern every resource.
    """
    node = charge_codes().get(asked.charge_code)
    if node is None:
        raise Unexplained(f"The chain has no charge code {asked.charge_code}.")
    totals = [port for port, unit in node.reads.items() if unit == "cents"]
    for port in totals:
        if port in charge_codes():
            book[port] = stored_lines(asked.run, port)
    book.update(node.version(day.date).compute(book, day))
    line = _line(asked, book[node.code])
    open_to = shown(asked, book)
    of = _shared_by(node, line, book)
    rows = share_sources(asked, line, of) if of else []
    if not rows:
        rows = _rows(asked, book, line) if open_to else demand_sources(asked.run, asked.sc_id, [])
    sc = Party.objects.get(pk=asked.sc_id).code
    names = resource_codes({asked.resource_id}) if asked.resource_id else {}
    whose = ", ".join([*names.values(), *([asked.contract_no] if asked.contract_no else []), sc])
    shared = None
    if not asked.viewer.is_iso and node.code in SHARES:
        shared = SHARES[node.code](asked.line, book, day, telling)
    words = f"{node.code}: {node.direction or 'a charge of the chain'}."
    if shared is not None:
        told = (
            telling
            if asked.contract_no and node.code in BY_CONTRACT
            else replace(telling, terms=True)
        )
        words = f"{words} {withheld_words(told, shared)}".strip()
    last = (
        shared_steps(shared, ", ".join(node.requirements))
        if shared
        else [_last(node, line, day, of)]
    )
    return Explanation(
        title=f"{node.title}, {whose}, {asked.run.trade_date}",
        sentence=words,
        amount=USD.text(asked.stored),
        unit="$",
        operands=shared_operands(shared) if shared else _operands(node, book, line, of),
        steps=[*(_before(node, asked, book, day) if open_to else []), *last],
        parameters=used_parameters(
            day.params,
            {p for n in (*ancestors(node.code), node) for p in (q.name for q in n.parameters)},
        ),
        rows=rows,
        requirements=list(node.requirements),
        reproduced=int(line["amount"]) == usd_to_cents(asked.stored),
    )


def _line(asked: Asked, lines: pl.DataFrame) -> dict[str, Any]:
    wanted = {
        "sc_id": asked.sc_id,
        "resource_id": asked.resource_id,
        "tac_area_id": asked.tac_area_id,
    }
    found = lines
    for column, value in wanted.items():
        found = found.filter(pl.col(column).eq_missing(pl.lit(value)))
    if asked.contract_no:
        found = found.filter(pl.col("contract_no") == asked.contract_no)
    if found.is_empty():
        raise Unexplained("The run has no such line.")
    return found.row(0, named=True)


def shown(asked: Asked, book: Book) -> bool:
    """Whether the asker may see what the line's resource did; a shared line has no resource."""
    if asked.resource_id is None:
        return False
    return asked.viewer.sees_party(book["resources"].scs.get(asked.resource_id))


def _before(node: Node, asked: Asked, book: Book, day: DayOfChain) -> list[CalculationStep]:
    key = asked.resource_id or 0
    return [s for n in ancestors(node.code) for s in steps_of(n, book, key, day.date)]


def _shared_by(node: Node, line: dict[str, Any], book: Book) -> Sharing | None:
    """Return the quantities by which a line of exceptional dispatch is shared, if not demand."""
    if "ed_base" not in node.reads:
        return None
    found = sharing(node.code.removesuffix("-ALLOC"), line["resource_id"], book)
    return None if found.weights is book["md_sc"] else found


def _last(node: Node, line: dict[str, Any], day: DayOfChain, of: Sharing | None) -> CalculationStep:
    cents = cents_to_usd(int(line["amount"]))
    note = "Rounded half up to cents, once."
    numbers = ""
    if line["part"] is not None:
        part, whole = MWH.from_scaled(line["part"]), MWH.from_scaled(line["whole"])
        numbers = f"{MWH.text(part)} / {MWH.text(whole)} {of.unit if of else 'MWh'}"
        share = Fraction(line["part"], line["whole"])
        note = f"Share {written(share, 10)}. Whole cents by largest remainder: the parts add up."
    return CalculationStep(
        f"{node.code} {node.title}",
        node.version(day.date).formula,
        numbers,
        USD.text(cents),
        "$",
        note,
        ", ".join(node.requirements),
    )


def _operands(node: Node, book: Book, line: dict[str, Any], of: Sharing | None) -> list[Operand]:
    found = []
    for port, unit in node.reads.items():
        if unit == "cents" and isinstance(book.get(port), pl.DataFrame) and port in charge_codes():
            total = cents_to_usd(int(book[port]["amount"].sum() or 0))
            found.append(Operand(f"Σ {port}", charge_codes()[port].title, USD.text(total), "$"))
    if of is not None:
        part, whole = MWH.from_scaled(line["part"]), MWH.from_scaled(line["whole"])
        found += [
            Operand("Own", f"The SC's {of.by}", MWH.text(part), of.unit),
            Operand("All", f"{of.by} of all who share it", MWH.text(whole), of.unit),
        ]
    elif line["part"] is not None:
        found += [
            Operand(
                "MD(sc)", "The SC's metered demand", MWH.text(MWH.from_scaled(line["part"])), "MWh"
            ),
            Operand(
                "MD",
                "Metered demand of all who share it",
                MWH.text(MWH.from_scaled(line["whole"])),
                "MWh",
            ),
        ]
    return found


def _rows(asked: Asked, book: Book, line: dict[str, Any]) -> list[SourceRow]:
    if line["part"] is not None:
        areas = [asked.tac_area_id] if asked.tac_area_id else []
        return demand_sources(asked.run, asked.sc_id, areas)
    found: list[SourceRow] = []
    for dataset in RESULT_DATASETS:
        version = version_read(asked.run, dataset.name)
        frame = book[PORTS[dataset.name]]
        if version is None or "line_no" not in frame.columns:
            continue
        own = frame.filter(pl.col("resource_id") == asked.resource_id)
        found += [
            SourceRow(
                f"Hour ending {row['hour_ending']}",
                dataset.title,
                version.version,
                row["line_no"],
                row_words(row),
                "",
                reverse("uploaded-row", args=[version.pk, row["line_no"]]),
            )
            for row in own.head(MOST_ROWS).iter_rows(named=True)
        ]
    return found


def share_sources(asked: Asked, line: dict[str, Any], of: Sharing) -> list[SourceRow]:
    """Return the uploaded rows of what an SC bears a line of exceptional dispatch by."""
    version = version_read(asked.run, DISPATCH_SHARES.name)
    basis = MEASURED_DEMAND if of.resource_id is None else TRANSMISSION_OWNER
    rows = [r for r in shares_of(version, asked.sc_id) if r[1] == basis]
    own = [r for r in rows if r[2] == of.resource_id] or [r for r in rows if r[2] is None]
    return [
        SourceRow(
            of.by,
            DISPATCH_SHARES.title,
            version.version,
            line_no,
            MWH.text(MWH.from_scaled(steps)),
            of.unit,
            reverse("uploaded-row", args=[version.pk, line_no]),
        )
        for line_no, _, _, _, steps in own
        if version is not None
    ]


def demand_sources(run: Run, sc_id: int, areas: Iterable[int]) -> list[SourceRow]:
    """Return the uploaded rows of an SC's metered demand, in some TAC areas or (none) in all."""
    version = version_read(run, METERED_DEMAND.name)
    if version is None:
        return []
    return [
        SourceRow(
            f"Hour ending {row.hour_ending}",
            METERED_DEMAND.title,
            version.version,
            row.line_no,
            MWH.text(row.mwh),
            "MWh",
            reverse("uploaded-row", args=[version.pk, row.line_no]),
        )
        for row in demand_rows(version=version, sc_id=sc_id, tac_area_ids=list(areas))
    ]


def used_parameters(params: ParameterSet, names: Iterable[str]) -> list[UsedParameter]:
    """Return the values of parameters that were asked for, each with its page."""
    wanted = set(names)
    return [
        UsedParameter(
            value.name,
            declared_parameter(value.name).title,
            value.text,
            value.reference,
            reverse("parameter", args=[value.name]) + "?" + urlencode({"value": value.id}),
        )
        for value in params.used()
        if value.name in wanted
    ]
