"""The house the tests live in: reference data and the demo's people and files, loaded once."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from hypothesis import settings

from tests.plugins.cluster import dropped, own_copy

# machines here are noisy: a slow example is no failure
settings.register_profile("house", deadline=None)
settings.load_profile("house")

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data"
DAY = date(2024, 9, 4)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    """A database of this process's own with reference data, the demo's people and its files."""
    from django.db import connection

    with django_db_blocker.unblock():
        plain = own_copy(furnish)
    yield
    with django_db_blocker.unblock():
        connection.close()
        mine, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], plain
        dropped(mine)
        connection.close()


def furnish():
    from apps.site.home import services

    now = datetime.now(UTC)
    services.load_reference(at=now)
    services.load_demo_people(password="demo")
    services.load_demo_files(at=now)


@pytest.fixture
def now():
    return datetime.now(UTC)


@pytest.fixture
def person(db):
    from apps.platform.accounts.models import User

    return lambda name: User.objects.get(username=name)


@pytest.fixture
def settle(person):
    """Request, compute and, unless told not to, publish a trade date; return the run."""
    from apps.platform.runs import services as runs
    from apps.settlement.settlements.services import request_day

    def go(day=DAY, *, publish=True, reason="test"):
        run, _ = request_day(
            trade_date=day, actor=person("iso.analyst"), at=datetime.now(UTC), reason=reason
        )
        run = runs.execute(run_id=run.pk, at=datetime.now(UTC))
        if publish and run.state == "SEALED":
            run = runs.publish(run_id=run.pk, actor=person("iso.approver"), at=datetime.now(UTC))
        return run

    return go


@pytest.fixture
def calculate(person):
    """Request and compute a calculation of some trade dates, as the analyst; return the runs."""
    from apps.platform.runs import services as runs

    def go(kind, *days):
        found = []
        for day in days:
            run, _ = runs.request(
                kind_code=kind,
                trade_date=day,
                actor=person("iso.analyst"),
                at=datetime.now(UTC),
                reason="test",
            )
            run = runs.execute(run_id=run.pk, at=datetime.now(UTC))
            assert run.state == "SEALED", run.error
            found.append(run)
        return found

    return go


@pytest.fixture
def send(person):
    """Send a file's text as a kind and read it; return the upload."""
    from apps.platform.uploads import services

    def go(kind, text, *, sender="iso.operator", name="file.csv", options=None):
        content = text if isinstance(text, bytes) else text.encode()
        upload = services.receive(
            kind_code=kind,
            file_name=name,
            content=content,
            actor=person(sender),
            at=datetime.now(UTC),
            options=options or {},
        )
        return services.read(upload_id=upload.pk, actor=person(sender), at=datetime.now(UTC))

    return go


@pytest.fixture
def load(send, person):
    """Send a file and have the approver confirm it; return the dataset versions."""
    from apps.platform.uploads import services

    def go(kind, text, *, sender="iso.operator", options=None):
        upload = send(kind, text, sender=sender, options=options)
        assert upload.state == "READY", list(upload.findings.values_list("line", "message"))
        _, versions = services.confirm(
            upload_id=upload.pk, actor=person("iso.approver"), at=datetime.now(UTC), reason="test"
        )
        return versions

    return go


@pytest.fixture
def served(db):
    """The application for callers outside the test client; it keeps the test's connection."""
    from django.core.signals import request_finished, request_started
    from django.db import close_old_connections

    from rmrcpm.wsgi import application

    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield application
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def as_user(client, person):
    def go(name):
        client.force_login(person(name))
        return client

    return go


@pytest.fixture
def file_notice(person, now):
    """File a notice; announced where a paper is given."""
    from apps.reliability.retirements import services
    from tests.retirements.papers import paper

    def go(who="sc.sunset", *, document=True, **change):
        wish = {
            "resource": "SUNSET_2_UNITS",
            "state_before": "OPERATING",
            "state_requested": "RETIRED",
            "notice_date": date(2024, 3, 3),
            "requested_date": date(2024, 12, 1),
            "owner": "Synthetic Sunset Generation",
            "reason": "age of plant",
        } | change
        sent = paper() if document else None
        return services.file_notice(
            wish=services.NoticeWish(**wish),
            actor=person(who),
            document=sent,
            at=min(now, datetime.combine(wish["notice_date"], time(20), UTC)),
        )

    return go
