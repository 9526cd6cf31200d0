"""What a scenario needs beside uploads: calculations and cases that other desks hand over."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import polars as pl

from apps.adequacy.availability.models import AvailabilityHour
from apps.adequacy.cpm.models import CpmDesignation, CpmPrice
from apps.bidding.costs.codes import ADDER_UNITS, AdderKind
from apps.bidding.costs.models import (
    CommitmentCostLine,
    CostAdder,
    ReferenceLevelRequest,
    TransitionCost,
)
from apps.platform.accounts.codes import Role
from apps.platform.accounts.models import Membership, Party, User
from apps.platform.audit.services import knowledge_moment, supersede
from apps.platform.core.quantity import COST, MW, USD
from apps.platform.core.tradetime import Span, last_of_month
from apps.platform.parameters import services as parameters
from apps.platform.runs import services as runs
from apps.platform.runs.hooks import RUN_KINDS, Computed
from apps.reference.resources.models import Resource
from apps.reference.resources.selectors import sc_of
from apps.settlement.cost_recovery import services as recovery
from apps.settlement.settlements import services
from tests.registries import put
from tests.reliability.retirements.papers import PAPER
from tests.scenarios.files import days_between, spread


def now():
    return datetime.now(UTC)


def keys():
    return dict(Resource.objects.values_list("code", "pk"))


def sealed(monkeypatch, code, day, writes, person):
    """Seal a run of another calculation with rows as they are given."""
    stub = replace(
        RUN_KINDS[code],
        reads=(),
        dated_inputs=lambda day, at: [],
        dated_inputs_over=None,
        parameters=(),
        calendar=None,
        compute=lambda context: Computed(writes, {}, []),
    )
    put(monkeypatch, RUN_KINDS, stub)
    run, _ = runs.request(
        kind_code=code, trade_date=day, actor=person("iso.analyst"), at=now(), reason="given"
    )
    run = runs.execute(run_id=run.pk, at=now())
    assert run.state == "SEALED", run.error


def numbered(rows, day):
    return (
        pl.DataFrame(rows)
        .with_row_index("line_no", 1)
        .with_columns(pl.lit(day).alias("trade_date"))
    )


def costs(rows, transitions, day, person, monkeypatch):
    """Seal the costs of the day: proxy costs and MMA of transitions."""
    at, writes = keys(), []
    if rows:
        writes.append(
            (
                CommitmentCostLine,
                numbered(
                    [
                        {
                            "resource_id": at[r["RESOURCE_ID"]],
                            "unit": r["RESOURCE_ID"],
                            "cost_type": r["COST_TYPE"],
                            "config": r["CONFIG"],
                            "to_config": r["TO_CONFIG"],
                            "fuel": 0,
                            "ghg": 0,
                            "power": 0,
                            "om": 0,
                            "mma": 0,
                            "oc": 0,
                            "amount": USD.to_scaled(r["AMOUNT_USD"]),
                        }
                        for r in rows
                    ],
                    day,
                ),
            )
        )
    if transitions:
        writes.append(
            (
                TransitionCost,
                numbered(
                    [
                        {
                            "resource_id": at[r["RESOURCE_ID"]],
                            "unit": r["RESOURCE_ID"],
                            "from_config": r["FROM_CONFIG"],
                            "to_config": r["TO_CONFIG"],
                            "from_pmax": 0,
                            "to_pmax": 1,
                            "mma_from": 0,
                            "mma_to": 0,
                            "mma": COST.to_scaled(r["MMA_USD"]) if r["MMA_USD"] else None,
                            "broadcast": bool(r["MMA_USD"]),
                        }
                        for r in transitions
                    ],
                    day,
                ),
            )
        )
    sealed(monkeypatch, "costs.daily", day, writes, person)


def set_parameters(rows, day, person):
    """Let parameters hold from the day on, as one person proposes and another approves."""
    for row in rows:
        proposal = parameters.propose(
            name=row["NAME"],
            text=row["VALUE"],
            first_date=day,
            last_date=None,
            reference="scenario",
            reason="given",
            actor=person("iso.admin"),
            at=now(),
        )
        parameters.approve(proposal_id=proposal.pk, actor=person("iso.approver"), at=now())


def adders(rows, person):
    """Put cost adders in force, as the costs desk does once it has found them eligible."""
    at = keys()
    for row in rows:
        key = {
            "resource_id": at[row["RESOURCE_ID"]],
            "kind": row["ADDER"],
            "config": row["CONFIG_ID"],
            "to_config": row["TO_CONFIG"],
        }
        unit = ADDER_UNITS[AdderKind(row["ADDER"])]
        values = {"amount": Decimal(row["AMOUNT_USD"]), "unit": unit, "origin": row["ORIGIN"]}
        supersede(
            model=CostAdder,
            key=key,
            values=values,
            span=Span(date.fromisoformat(row["EFFECTIVE_FROM"])),
            known_from=knowledge_moment(at=now()),
            reference="scenario",
            proposed_by=person("iso.contracts"),
            approved_by=person("iso.approver"),
        )


def availability(rows, last, person, monkeypatch):
    """Seal the availability of every day that the rows name.

    At the end of a month also of its other days, without an assessed hour: the month is measured.
    """
    month = Span.through(last.replace(day=1), last) if last == last_of_month(last) else ()
    at, by_day = keys(), {day: [] for day in month}
    for row in rows:
        for day in days_between(row):
            by_day.setdefault(day, []).extend(spread([row], ("HOURS",)))
    for day, hours in sorted(by_day.items()):
        scs = {a.resource_id: a.sc_id for a in sc_of(day, now())}
        found = [
            {
                "resource_id": at[r["RESOURCE_ID"]],
                "unit": r["RESOURCE_ID"],
                "sc_id": scs[at[r["RESOURCE_ID"]]],
                "ra_type": r["RA_TYPE"],
                "category": None,
                "source": r["SOURCE"],
                "hour_ending": int(r["HOURS"]),
                "pmax_mw": 0,
                "obligation_mw": MW.to_scaled(r["OBLIGATION_MW"]),
                "curtailed_mw": MW.to_scaled(r["CURTAILED_MW"]),
                "exempt_mw": 0,
                "substituted_mw": 0,
            }
            for r in hours
        ]
        writes = [(AvailabilityHour, numbered(found, day))] if found else []
        sealed(monkeypatch, "availability.daily", day, writes, person)


def designate(rows, person):
    """Put CPM designations in force with their prices."""
    for row in rows:
        resource = Resource.objects.get(code=row["RESOURCE_ID"])
        first, last = (date.fromisoformat(row[n]) for n in ("FIRST_DATE", "LAST_DATE"))
        sc = next(a.sc for a in sc_of(last, now()) if a.resource_id == resource.pk)
        case = CpmDesignation.objects.create(
            state="PROPOSED",
            opened_by=person("iso.contracts"),
            opened_at=now(),
            resource=resource,
            sc=Party.objects.get(pk=sc.pk),
            type="SIGNIFICANT_EVENT",
            reason=row.get("REASON") or "RELIABILITY",
            mw=Decimal(row["MW"]),
            first_date=first,
            last_date=last,
            text="scenario",
            designated_at=now(),
        )
        CpmDesignation.objects.filter(pk=case.pk).update(state="DESIGNATED")
        price(case, row, person)


def price(case, row, person):
    first, last = (date.fromisoformat(row[n]) for n in ("FIRST_DATE", "LAST_DATE"))
    supersede(
        model=CpmPrice,
        key={"designation": case},
        values={"price": Decimal(row["PRICE"])},
        span=Span.through(first, last),
        known_from=knowledge_moment(at=now()),
        reference=f"scenario {row['PRICE']}",
        proposed_by=person("iso.contracts"),
        approved_by=person("iso.approver"),
    )


def deficits(rows):
    """Name the designation that rows of deficiencies are about."""
    return [{"DESIGNATION": CpmDesignation.objects.get().pk} | row for row in rows]


def change_price(rows, person):
    for row in rows:
        price(CpmDesignation.objects.get(), row, person)


def penalise(rows, day, person):
    """Have penalties proposed and approved."""
    for row in rows:
        given = services.PenaltyInput(row["CONTRACT_ID"], day, Decimal(row["AMOUNT_USD"]), "given")
        case = services.propose_penalty(given=given, actor=person("iso.contracts"), at=now())
        services.approve_penalty(case_id=case.pk, actor=person("iso.approver"), at=now())


def owner_of(resource, day):
    """Return a person of a resource's SC."""
    sc = next(a.sc for a in sc_of(day, now()) if a.resource.code == resource)
    user, made = User.objects.get_or_create(username=f"of.{sc.code.lower()}", party=sc)
    if made:
        Membership.objects.create(user=user, role=Role.SC_USER)
    return user


def recover(rows, day, person):
    """Have costs asked for, reviewed and approved: rows of one REQUEST are its items."""
    for number in dict.fromkeys(r["REQUEST"] for r in rows):
        mine = [r for r in rows if r["REQUEST"] == number]
        items = [
            f"{day} HE{r['FIRST_HOUR']}-HE{r['LAST_HOUR']} {r['CLAIMED_USD']} given" for r in mine
        ]
        sc, iso = owner_of("S_RMR", day), person("iso.analyst")
        case = recovery.file_request(
            given=recovery.RecoveryInput(
                mine[0]["COST"], mine[0]["RESOURCE_ID"], "\n".join(items), "given"
            ),
            actor=sc,
            at=now(),
        )
        recovery.document_for(case=case, file_name="a.pdf", content=PAPER, actor=sc, at=now())
        recovery.submit(case_id=case.pk, actor=sc, at=now())
        recovery.review(case_id=case.pk, actor=iso, at=now())
        basis = mine[0]["BASIS"]
        recovery.recommend(
            case_id=case.pk,
            actor=iso,
            at=now(),
            note="checked",
            basis=Decimal(basis) if basis else None,
        )
        granted = "\n".join(f"{n} {r['APPROVED_USD']}" for n, r in enumerate(mine, 1))
        recovery.approve(case_id=case.pk, actor=person("iso.approver"), at=now(), granted=granted)


def approve_costs(rows, day, person):
    """Put approved actual costs on file."""
    at = keys()
    for row in rows:
        case = ReferenceLevelRequest.objects.create(
            state="SUBMITTED",
            opened_by=person("sc.sunset"),
            opened_at=now(),
            resource_id=at[row["RESOURCE_ID"]],
            sc=next(a.sc for a in sc_of(day, now()) if a.resource.code == row["RESOURCE_ID"]),
            timing="EX_POST",
            trade_date=day,
            market=row["MARKET"],
            first_hour=int(row["FIRST_HOUR"]),
            last_hour=int(row["LAST_HOUR"]),
            cost_type=row["COST_TYPE"],
            requested=Decimal(row["APPROVED_USD"]),
            approved=Decimal(row["APPROVED_USD"]),
            unit="$",
            reason="given",
        )
        ReferenceLevelRequest.objects.filter(pk=case.pk).update(
            state="APPROVED",
            decided_by=person("iso.approver"),
            decided_at=knowledge_moment(at=now()),
        )
