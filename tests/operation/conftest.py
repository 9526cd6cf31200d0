"""A database that really commits: a copy of the tests' own, thrown away afterwards.

Rows of ours are never deleted or emptied, so a test that commits needs a database of its own.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import connections


def admin():
    """Return a connection to the server's own database."""
    from django.db import connection

    s = connection.settings_dict
    return psycopg.connect(
        host=s["HOST"],
        port=s["PORT"] or None,
        user=s["USER"],
        password=s["PASSWORD"],
        dbname="postgres",
        autocommit=True,
    )


def dropped(name):
    """Drop a database once nobody is in it: the server's own cleaning may be, for a moment."""
    for _ in range(60):
        try:
            with admin() as server:
                server.execute(f'drop database if exists "{name}"')
            return
        except (psycopg.errors.ObjectInUse, psycopg.errors.InsufficientPrivilege):
            time.sleep(0.25)
    raise AssertionError(f"{name} is still in use")


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    """Work in a copy of the database in which every transaction commits; return its name."""
    with django_db_blocker.unblock():
        settings = connections["default"].settings_dict
        name = settings["NAME"]
        copy = f"{name}_committed"
        connections["default"].close()
        dropped(copy)
        with admin() as server:
            server.execute(f'create database "{copy}" template "{name}"')
        settings["NAME"] = copy
        try:
            yield copy
        finally:
            connections.close_all()
            settings["NAME"] = name
            dropped(copy)


@pytest.fixture
def _django_db_helper(committed):
    """Give every test here that database instead of a transaction that is undone."""


@pytest.fixture
def user(committed):
    """Return a person of the committed database."""
    from apps.platform.accounts.models import User

    return lambda name: User.objects.get(username=name)


@pytest.fixture
def browser(committed):
    """Return a signed-in browser of a person."""
    from django.test import Client

    from apps.platform.accounts.models import User

    def go(name):
        client = Client(raise_request_exception=False)
        client.force_login(User.objects.get(username=name))
        return client

    return go


def at_once(*actions):
    """Do several things at the same moment, each on a connection of its own; return what came."""
    gate = threading.Barrier(len(actions))

    def go(action):
        try:
            gate.wait(timeout=20)
            return action()
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(len(actions)) as pool:
        return [f.result() for f in [pool.submit(go, a) for a in actions]]


@pytest.fixture
def waiting_request(user):
    """A cost recovery request that the analyst recommended and that waits for its decision."""
    from decimal import Decimal

    from apps.settlement.cost_recovery import services
    from tests.reliability.retirements.papers import PAPER

    sunset, analyst, at = user("sc.sunset"), user("iso.analyst"), datetime.now(UTC)
    case = services.file_request(
        given=services.RecoveryInput(
            "REPAIR", "SUNSET_2_UNITS", "2024-09-04 4000.50 seal", "broke"
        ),
        actor=sunset,
        at=at,
    )
    services.document_for(case=case, file_name="a.pdf", content=PAPER, actor=sunset, at=at)
    services.submit(case_id=case.pk, actor=sunset, at=at)
    services.review(case_id=case.pk, actor=analyst, at=at)
    return services.recommend(
        case_id=case.pk, actor=analyst, at=at, note="agrees", basis=Decimal(1)
    )
