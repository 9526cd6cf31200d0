"""An ISO-size trade date from a seed: every figure in it is synthetic."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from apps.platform.accounts.models import User
from apps.platform.accounts.services import party_ensure
from apps.platform.core.tradetime import TradeDay
from apps.platform.uploads import services as uploads
from apps.platform.uploads.models import DatasetVersion

SEED = 20241001
SC_COUNT, RMR_COUNT, RESOURCE_COUNT = 180, 40, 1200
AREAS = {
    "PGE-TAC": "SIERRA",
    "SCE-TAC": "LA_BASIN",
    "SDGE-TAC": "SAN_DIEGO_IV",
    "VEA-TAC": "LA_BASIN",
    "MWD-TAC": "LA_BASIN",
}
LOCAL_HOME = {"SIERRA": "PGE-TAC", "LA_BASIN": "SCE-TAC", "SAN_DIEGO_IV": "SDGE-TAC"}
SOURCE = f"SYNTHETIC seed {SEED}"


@dataclass(frozen=True)
class LargeDay:
    """The files of an ISO-size day, as texts in the product's own layouts."""

    trade_date: date
    scs: list[str]
    resources: str
    contracts: str
    demand: str


def large_day(
    *, trade_date: date, days: int = 1, rmr: int = RMR_COUNT, resources: int = RESOURCE_COUNT
) -> LargeDay:
    """Return files of 180 SCs in 5 TAC areas, 1,200 resources and 40 RMR contracts.

    days: how many trade dates of metered demand, 21,600 rows each. The same arguments give the
    same bytes.
    """
    chance = random.Random(SEED)
    scs = [f"LGE_SC_{n:03d}" for n in range(1, SC_COUNT + 1)]
    listed = [_resource(n, scs, chance) for n in range(1, resources + 1)]
    head = "RESOURCE_ID,RESOURCE_NAME,PMAX_MW,TAC_AREA,LOCAL_AREA,SC_ID,EFFECTIVE_FROM,SOURCE\n"
    text = head + "".join(",".join(row) + "\n" for row in listed)
    return LargeDay(
        trade_date,
        scs,
        text,
        _contracts(listed[:rmr], trade_date.year, chance),
        _demand(scs, trade_date, days, chance),
    )


def _resource(number: int, scs: list[str], chance: random.Random) -> tuple[str, ...]:
    local = sorted(LOCAL_HOME)[number % 3]
    pmax = f"{chance.randint(1000, 90000) / 100:.2f}"
    code = f"LGE_{number:04d}_UNIT {number % 7}"
    return (
        code,
        f"Large demo {number}",
        pmax,
        LOCAL_HOME[local],
        local,
        scs[number % len(scs)],
        "2020-01-01",
        SOURCE,
    )


def _contracts(listed: list[tuple[str, ...]], year: int, chance: random.Random) -> str:
    head = (
        "CONTRACT_ID,RESOURCE_ID,EFFECTIVE_DATE,CONDITION,START_DATE,END_DATE,RELIABILITY_SCOPE,"
        "LOCAL_AREA,PRICE_USD_PER_MW_DAY,TAC_AREA,OBLIGATION_TYPE,MW,SOURCE\n"
    )
    rows = []
    for number, (code, _, pmax, tac, local, *_rest) in enumerate(listed):
        scope = "SYSTEM" if number % 4 == 0 else "LOCAL"
        price = f"{chance.randint(150_000_000, 350_000_000) / 1_000_000:.6f}"
        parts = [(tac, pmax)]
        if number % 5 == 0:  # some contracts are shared by two TAC areas
            other = next(a for a in AREAS if a != tac)
            half = f"{float(pmax) / 2:.2f}"
            parts = [(tac, half), (other, f"{float(pmax) - float(half):.2f}")]
        for area, mw in parts:
            rows.append(
                f"LGE-{number:04d},{code},2022-01-01,,{year}-01-01,{year}-12-31,{scope},{local},"
                f"{price},{area},GENERIC,{mw},{SOURCE}\n"
            )
    return head + "".join(rows)


def _demand(scs: list[str], first: date, days: int, chance: random.Random) -> str:
    rows = ["SC_ID,TAC_AREA,TRADE_DATE,HOUR_ENDING,MWH\n"]
    for offset in range(days):
        day = first + timedelta(days=offset)
        rows += [
            f"{sc},{area},{day},{hour},{chance.randint(1, 9_999_999) / 10_000:.4f}\n"
            for sc in scs
            for area in AREAS
            for hour in TradeDay(day).hours
        ]
    return "".join(rows)


INVENTED = "large demo, SYNTHETIC"


def load_large_day(
    *, day: LargeDay, sender: User, approver: User, at: datetime
) -> list[DatasetVersion]:
    """Send the files of a large day through the upload door; a second person confirms each."""
    for code in day.scs:
        party_ensure(code=code, name=f"Synthetic {code}", is_synthetic=True)
    versions: list[DatasetVersion] = []
    for kind, text in (
        ("resources", day.resources),
        ("contract-terms", day.contracts),
        ("metered-demand", day.demand),
    ):
        upload = uploads.receive(
            kind_code=kind,
            file_name=f"large-{kind}.csv",
            content=text.encode(),
            actor=sender,
            at=at,
            options={"hours": "PLACE"},
            note=INVENTED,
        )
        upload = uploads.read(upload_id=upload.pk, actor=sender, at=at)
        if upload.state != "READY":
            first = upload.violations.first()
            raise RuntimeError(f"{kind} was refused: {first.message if first else ''}")
        _, made = uploads.confirm(
            upload_id=upload.pk,
            actor=approver,
            at=at,
            reason=INVENTED,
            acknowledged=uploads.one_reason(upload, INVENTED),
        )
        versions += made
    return versions
