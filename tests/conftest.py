"""The house the tests live in: reference data and the demo's people and files, loaded once."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from hypothesis import settings

from tests import acts
from tests.plugins.cluster import dropped, own_copy

# machines here are noisy: a slow example is no failure
settings.register_profile("house", deadline=None)
settings.load_profile("house")

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data"
DAY = acts.DAY


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
    return acts.now()


@pytest.fixture
def person(db):
    return acts.person


@pytest.fixture
def settle(db):
    """Request, compute and, unless told not to, publish a trade date; return the run."""
    return acts.settle


@pytest.fixture
def calculate(db):
    """Request and compute a calculation of some trade dates, as the analyst; return the runs."""
    return acts.calculate


@pytest.fixture
def send(db):
    """Send a file's text as a kind and read it; return the upload."""
    return acts.send


@pytest.fixture
def load(db):
    """Send a file and have the approver confirm it; return the dataset versions."""
    return acts.load


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
    from tests.reliability.retirements.papers import paper

    def go(who="sc.sunset", *, document=True, **change):
        given = {
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
            given=services.NoticeInput(**given),
            actor=person(who),
            document=sent,
            at=min(now, datetime.combine(given["notice_date"], time(20), UTC)),
        )

    return go
