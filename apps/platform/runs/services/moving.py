"""Which inputs of runs moved on since they were requested."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from apps.platform.runs.hooks import RUN_KINDS
from apps.platform.runs.models import Run, RunInput
from apps.platform.runs.selectors import Manifest, manifest, manifests


def has_moved_on(run: Run, moment: datetime) -> bool:
    """Whether a run of the same day, asked for at a moment, would read something else."""
    return bool(what_moved_on(run, moment))


def what_moved_on(run: Run, moment: datetime) -> list[str]:
    """Return the names of the inputs that a run of the same day would read anew at a moment.

    *Interpretation*: an input that the code of the run did not ask for moves nothing, as a new
    release alone makes no trade date due. One that it asked for and found none of counts once there
    is one, and one that it read counts once it is changed or gone.
    """
    now = manifest(RUN_KINDS[run.kind], run.trade_date, moment)
    return _moved(run, now, _inputs([run]) if now.input_hash != run.input_hash else {})


def what_moved_over(runs: Iterable[Run], moment: datetime) -> dict[int, list[str]]:
    """Return what_moved_on by run, of runs of one kind and different trade dates.

    What the trade dates read is asked in one reading where the kind knows how.
    """
    of_day = {run.trade_date: run for run in runs}
    if not of_day:
        return {}
    wanted = RUN_KINDS[next(iter(of_day.values())).kind]
    now = [(of_day[day], read) for day, read in manifests(wanted, of_day, moment)]
    inputs = _inputs(run for run, read in now if read.input_hash != run.input_hash)
    return {run.pk: _moved(run, read, inputs) for run, read in now}


def moved_between(runs: Iterable[Run], before: datetime, moment: datetime) -> dict[int, list[str]]:
    """Return by run the inputs that became known between two moments and that it does not hold.

    Of runs of one kind and different trade dates. What had moved on before and stayed as it was is
    left out.
    """
    of_day = {run.trade_date: run for run in runs}
    if not of_day:
        return {}
    wanted = RUN_KINDS[next(iter(of_day.values())).kind]
    was = dict(manifests(wanted, of_day, before))
    inputs = _inputs(of_day.values())
    found = {}
    for day, now in manifests(wanted, of_day, moment):
        new = {name for name, *_ in _lines(was[day]) ^ _lines(now)}
        if was[day].parameter_hash != now.parameter_hash:
            new.add("parameters")
        run = of_day[day]
        found[run.pk] = [name for name in _moved(run, now, inputs) if name in new] if new else []
    return found


Line = tuple[str, str, str]
"""A line of a manifest: its name, the period of a dataset version, and its fingerprint."""


def _inputs(runs: Iterable[Run]) -> dict[int, set[Line]]:
    """Return the manifests of runs, by run; one query."""
    rows = RunInput.objects.filter(run__in=[run.pk for run in runs])
    found: dict[int, set[Line]] = {}
    for run, *line in rows.values_list("run_id", "name", "dataset_version__period", "content_hash"):
        name, period, words = line
        found.setdefault(run, set()).add((name, period or "", words))
    return found


def _lines(read: Manifest) -> set[Line]:
    dated_inputs = {(t.name, "", t.content_hash) for t in read.dated_inputs}
    return dated_inputs | {(name, v.period, v.content_hash) for name, v in read.versions}


def _moved(run: Run, now: Manifest, inputs: dict[int, set[Line]]) -> list[str]:
    if now.input_hash != run.input_hash:
        then = inputs.get(run.pk, set())
        known = _known(run, {name for name, *_ in then})
        found = {line for line in _lines(now) if line[0] in known}
        if moved := {name for name, *_ in then ^ found}:
            return sorted(moved)
    return ["parameters"] if _parameters_moved(run, now) else []


def _known(run: Run, read: set[str]) -> set[str]:
    """Return the names of the inputs that the code of a run asked for, whether it read any or not.

    read: those in its manifest. A run of before they were kept is taken to have asked for all that
    a manifest may lack: of what it always holds, a name that is not there was not asked for.
    """
    return read | set(run.asked_for or RUN_KINDS[run.kind].may_lack)


def _parameters_moved(run: Run, now: Manifest) -> bool:
    if now.parameter_hash == run.parameter_hash or not run.parameters:
        return now.parameter_hash != run.parameter_hash
    # what a later release asks for besides moves nothing: only values the run knew count
    asked = {p["name"] for p in run.parameters}
    then = sorted((p["name"], p["text"]) for p in run.parameters)
    held = [v for name in asked & set(now.params.values) for v in now.params.values[name]]
    return sorted((v.name, v.text) for v in held) != then
