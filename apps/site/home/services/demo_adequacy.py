"""The demo's resource adequacy: files, credits given out, plans, substitutes, availability, CPM."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from apps.adequacy.availability.codes import DAILY
from apps.adequacy.cpm import services as cpm
from apps.adequacy.credits.codes import DISTRIBUTION
from apps.adequacy.plans import services as plans
from apps.adequacy.substitutions import services as substitutions
from apps.platform.runs import services as runs
from apps.platform.runs.models import Run
from apps.site.home.services.demo_costs import SENT, if_it_fits, run_day, user
from apps.site.home.services.loading import DEMO, load_file, read_yaml


def load_demo_adequacy(*, at: datetime) -> int:
    """Load the demo's adequacy and calculate it; return how many runs were sealed.

    Where availability was calculated before nothing is done.
    """
    if Run.objects.filter(kind=DAILY, state__in=["SEALED", "PUBLISHED"]).exists():
        return 0
    said = read_yaml(DEMO / "adequacy.yaml")
    for row in said["files"]:
        if_it_fits(load_file, SENT | row, at)
    done = [r for p in DISTRIBUTION.values() for r in _distributed(p, at)]
    for name, act in (("plans", _plan), ("substitutions", _substitute)):
        for row in said[name]:
            if_it_fits(act, row)
    for row in said["exemptions"]:
        if_it_fits(_exempt, row, at)
    for row in said["designations"]:
        if_it_fits(_designate, row, at)
    done += [run_day(DAILY, day, at) for day in said["days"]]
    return sum(run.state in ("SEALED", "PUBLISHED") for run in done)


def _distributed(kind: str, at: datetime) -> list[Run]:
    """Compute and publish the distributions that the files asked for."""
    found = []
    for asked in Run.objects.filter(kind=kind, state="REQUESTED").order_by("pk"):
        run = runs.execute(run_id=asked.pk, at=at)
        if run.state == "SEALED":
            run = runs.publish(run_id=run.pk, actor=user("iso.approver"), at=at)
        found.append(run)
    return found


def _plan(row: dict[str, Any]) -> None:
    file = BytesIO((DEMO / row["file"]).read_bytes())
    file.name = row["file"].rpartition("/")[2]
    given = plans.PlanInput("SUPPLY_PLAN", "GENERIC", "MONTHLY", str(row["period"]), row["sc"])
    plans.file_plan(given=given, actor=user(row["by"]), at=row["filed"], file=file)


def _substitute(row: dict[str, Any]) -> None:
    given = substitutions.SubstitutionInput(
        outage=row["outage"], substitute=row["substitute"], part="GENERIC", mw=Decimal(row["mw"])
    )
    substitutions.request_substitution(given=given, actor=user(row["by"]), at=row["asked"])


def _exempt(row: dict[str, Any], at: datetime) -> None:
    given = substitutions.ExemptionInput(row["outage"], row["ground"], row["reason"])
    substitutions.request_exemption(given=given, actor=user(row["by"]), at=at)


def _designate(row: dict[str, Any], at: datetime) -> None:
    first: date = row["first"]
    given = cpm.CpmDesignationInput(
        resource=row["resource"],
        type=row["type"],
        reason=row["reason"],
        mw=Decimal(row["mw"]),
        first_date=first,
        last_date=row["last"],
        text=row["text"],
    )
    case = cpm.propose_designation(given=given, actor=user("iso.operator"), at=at)
    cpm.offer_designation(case_id=case.pk, actor=user("iso.approver"), at=at)
