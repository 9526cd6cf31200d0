"""``manage.py write_demo_files DATA``: write fixtures/demo from the public data and a fixed seed.

Public figures (MW, areas, vintage, hourly TAC load) are carried over with their source in each row;
SC shares of load, 2024 contract prices and everything else that is not public are drawn from the
seed and say SYNTHETIC. The files are in the product's own upload layouts.
"""

from __future__ import annotations

import csv
import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.platform.core.quantity import MWH
from apps.platform.core.shares import split_cents
from apps.platform.core.tradetime import trade_hour
from apps.reference.market.codes import WHOLE_ISO
from apps.site.home.services import DEMO
from apps.site.home.services.demo_world import CNOG, CONTRACTS, LSES, RESOURCES

SEED = 20240904
OASIS = (
    "INTERVALSTARTTIME_GMT",
    "INTERVALENDTIME_GMT",
    "LOAD_TYPE",
    "OPR_DT",
    "OPR_HR",
    "OPR_INTERVAL",
    "MARKET_RUN_ID",
    "TAC_AREA_NAME",
    "LABEL",
    "XML_DATA_ITEM",
    "POS",
    "MW",
    "EXECUTION_TYPE",
    "GROUP",
)


class Command(BaseCommand):
    """Write the demo files anew; the same data and seed give the same bytes."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Where the public data lie."""
        parser.add_argument("data", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write every file."""
        chance = random.Random(SEED)
        self._resources()
        self._contracts(chance)
        self._nqc(chance)
        load = _load(options["data"] / "load" / "tac_load_hourly_2024-09-04_05.csv")
        self._load(load)
        for day in sorted({d for d, _, _ in load}):
            self._demand(day, load, chance)

    def _write(self, name: str, head: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
        with (DEMO / name).open("w", newline="") as target:
            writer = csv.writer(target, lineterminator="\n")
            writer.writerow(head)
            writer.writerows(rows)
        self.stdout.write(f"{name}: {len(rows)} rows")

    def _resources(self) -> None:
        self._write(
            "resources.csv",
            (
                "RESOURCE_ID",
                "RESOURCE_NAME",
                "PMAX_MW",
                "TAC_AREA",
                "LOCAL_AREA",
                "SC_ID",
                "EFFECTIVE_FROM",
                "SOURCE",
            ),
            [
                (
                    r,
                    name,
                    mw,
                    tac,
                    local,
                    sc,
                    "2024-01-01",
                    source if source.startswith("SYNTHETIC") else f"{source}; SC_ID is SYNTHETIC",
                )
                for r, name, mw, tac, local, sc, source in RESOURCES
            ],
        )

    def _contracts(self, chance: random.Random) -> None:
        rows = []
        for no, resource, effective, condition, scope, local, capacity, source in CONTRACTS:
            price = "" if condition else f"{Decimal(chance.randint(150_00, 350_00)) / 100}"
            rows += [
                (
                    no,
                    resource,
                    effective,
                    condition,
                    "2024-01-01",
                    "2024-12-31",
                    scope,
                    local,
                    price,
                    tac,
                    kind,
                    mw,
                    source,
                )
                for tac, kind, mw in capacity
            ]
        self._write(
            "contract_terms.csv",
            (
                "CONTRACT_ID",
                "RESOURCE_ID",
                "EFFECTIVE_DATE",
                "CONDITION",
                "START_DATE",
                "END_DATE",
                "RELIABILITY_SCOPE",
                "LOCAL_AREA",
                "PRICE_USD_PER_MW_DAY",
                "TAC_AREA",
                "OBLIGATION_TYPE",
                "MW",
                "SOURCE",
            ),
            rows,
        )

    def _nqc(self, chance: random.Random) -> None:
        listed = {"SUNSET_2_UNITS": ("231.00", ""), "GRNLF2_1_UNIT": ("49.20", "SIERRA")}
        rows = []
        for resource, (nqc, local) in listed.items():
            efc = "30.00" if resource == "GRNLF2_1_UNIT" else ""
            for month in range(1, 13):
                rows.append(
                    (
                        resource,
                        2024,
                        month,
                        nqc,
                        efc,
                        "1" if efc else "",
                        local,
                        f"{CNOG} (NQC 2024-09, carried to all months)"
                        + ("; EFC and category SYNTHETIC" if efc else ""),
                    )
                )
        self._write(
            "rmr_nqc_efc_2024.csv",
            (
                "RESOURCE_ID",
                "RA_YEAR",
                "RA_MONTH",
                "NQC_MW",
                "EFC_MW",
                "FLEX_CATEGORY",
                "LOCAL_AREA",
                "SOURCE",
            ),
            rows,
        )

    def _load(self, load: dict[tuple[date, int, str], tuple[datetime, str]]) -> None:
        rows = []
        for (day, hour, area), (start, mw) in load.items():
            end = start + timedelta(hours=1)
            rows.append(
                (
                    start.strftime("%Y-%m-%dT%H:%M:%S-00:00"),
                    end.strftime("%Y-%m-%dT%H:%M:%S-00:00"),
                    "0",
                    day,
                    hour,
                    "0",
                    "ACTUAL",
                    area,
                    "Total Actual Hourly Integrated Load",
                    "SYS_FCST_ACT_MW",
                    "3.8",
                    mw,
                    "ACTUAL",
                    "1",
                )
            )
        self._write("tac_load_2024-09-04_05.csv", OASIS, rows)

    def _demand(
        self,
        day: date,
        load: dict[tuple[date, int, str], tuple[datetime, str]],
        chance: random.Random,
    ) -> None:
        rows = []
        for (trade_date, hour, area), (_, mw) in load.items():
            if trade_date != day or area == WHOLE_ISO:
                continue
            weights = {
                sc: shares[area] * 1000 + chance.randint(-400, 400)
                for sc, shares in sorted(LSES.items())
                if area in shares
            }
            for sc, part in split_cents(MWH.to_scaled(mw), weights).items():
                rows.append(
                    (
                        sc,
                        area,
                        day,
                        hour,
                        f"{MWH.from_scaled(part):f}",
                        "SYNTHETIC share of the public TAC area load",
                    )
                )
        rows.sort(key=lambda r: (r[0], r[1], r[3]))
        self._write(f"metered_demand_{day}.csv", DEMAND, rows)
        if day == date(2024, 9, 4):
            self._correction(rows)

    def _correction(self, rows: list[tuple[Any, ...]]) -> None:
        """A corrected file: one SC's meter read 5 % low in the evening peak."""
        fixed = [
            (*row[:4], f"{Decimal(row[4]) * Decimal('1.05'):.4f}", "SYNTHETIC meter correction")
            if row[0] == "SYN_LSE_BAY" and row[3] in range(17, 22)
            else row
            for row in rows
        ]
        self._write("try/metered_demand_2024-09-04_corrected.csv", DEMAND, fixed)
        broken: dict[int, tuple[Any, ...]] = dict(enumerate(rows[:40]))
        broken[3] = ("SYN_LSE_NOBODY", *broken[3][1:])
        broken[7] = (*broken[7][:4], "12,5", broken[7][5])
        broken[11] = (*broken[11][:3], 26, *broken[11][4:])
        broken[15] = broken[14]
        self._write("try/metered_demand_with_errors.csv", DEMAND, list(broken.values()))


DEMAND = ("SC_ID", "TAC_AREA", "TRADE_DATE", "HOUR_ENDING", "MWH", "SOURCE")


def _load(path: Path) -> dict[tuple[date, int, str], tuple[datetime, str]]:
    """Return the public hourly load by (trade date, hour ending, TAC area), in file order."""
    found: dict[tuple[date, int, str], tuple[datetime, str]] = {}
    with path.open() as source:
        for row in csv.DictReader(source):
            start = datetime.fromisoformat(row["interval_start_utc"]).astimezone(UTC)
            day, hour = trade_hour(start)
            found[day, hour, row["tac_area"]] = (start, row["mw"])
    return found
