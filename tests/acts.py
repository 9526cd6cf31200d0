"""What people do in many tests: sign in, send and confirm files, settle a day.

Fixtures of the same names hand these to a test; a world that several tests share calls them itself.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

DAY = date(2024, 9, 4)


def now():
    """Return this moment."""
    return datetime.now(UTC)


def person(name):
    """Return a person of the demo."""
    from apps.platform.accounts.models import User

    return User.objects.get(username=name)


def settle(day=DAY, *, publish=True, reason="test", answered=""):
    """Request, compute and, unless told not to, publish a trade date; return the run.

    answered: the approver's reason where everything has its amount and something is answered for.
    """
    from apps.platform.runs import services as runs
    from apps.settlement.settlements.services import request_day

    run, _ = request_day(trade_date=day, actor=person("iso.analyst"), at=now(), reason=reason)
    run = runs.execute(run_id=run.pk, at=now())
    if publish and run.state == "SEALED":
        asked = any(h.get("effect") == "REASON" for h in run.holds)
        why = answered if asked else ""
        run = runs.publish(run_id=run.pk, actor=person("iso.approver"), at=now(), answered_for=why)
    return run


def calculate(kind, *days):
    """Request and compute a calculation of some trade dates, as the analyst; return the runs."""
    from apps.platform.runs import services as runs

    found = []
    for day in days:
        run, _ = runs.request(
            kind_code=kind,
            trade_date=day,
            actor=person("iso.analyst"),
            at=now(),
            reason="test",
        )
        run = runs.execute(run_id=run.pk, at=now())
        assert run.state == "SEALED", run.error
        found.append(run)
    return found


def send(kind, text, *, sender="iso.operator", name="file.csv", options=None):
    """Send a file's text as a kind and read it; return the upload."""
    from apps.platform.uploads import services

    content = text if isinstance(text, bytes) else text.encode()
    upload = services.receive(
        kind_code=kind,
        file_name=name,
        content=content,
        actor=person(sender),
        at=now(),
        options=options or {},
    )
    return services.read(upload_id=upload.pk, actor=person(sender), at=now())


def load(kind, text, *, sender="iso.operator", options=None):
    """Send a file and have the approver confirm it; return the dataset versions."""
    from apps.platform.uploads import services

    upload = send(kind, text, sender=sender, options=options)
    assert upload.state == "READY", list(upload.violations.values_list("line", "message"))
    _, versions = services.confirm(
        upload_id=upload.pk,
        actor=person("iso.approver"),
        at=now(),
        reason="test",
        acknowledged=services.one_reason(upload, "test"),
    )
    return versions


def give_value(name, text, first=date(2020, 1, 1)):
    """Give a parameter a value from a day on, by two people."""
    from apps.platform.parameters import services

    case = services.propose(
        name=name,
        text=text,
        first_date=first,
        last_date=None,
        reference="test",
        reason="test",
        actor=person("iso.admin"),
        at=now(),
    )
    return services.approve(proposal_id=case.pk, actor=person("iso.approver"), at=now())
