"""Writes through pages, API and commands that no kind of case declares, tried by every role."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from apps.platform.accounts.models import User
from tests.roles.written import ROLES, actions

pytestmark = pytest.mark.django_db
PAGES, CALLS, COMMANDS = actions("page"), actions("api"), actions("command")
CLOSED = (403, 404)
# what an address asks for before it asks who comes
GIVEN = {"/market-view/": {"day": "2024-09-04"}}


@pytest.fixture(scope="module")
def rows(staff, world):
    """Return the numbers that addresses are filled with."""
    from django_celery_beat.models import IntervalSchedule, PeriodicTask

    with world():
        party = staff["SC_USER"].party
        other = User.objects.create(username="sunset.other", party=party, email="b@example.org")
        every, _ = IntervalSchedule.objects.get_or_create(every=5, period="minutes")
        task = PeriodicTask.objects.create(name="a task", task="x", interval=every)
        yield {"party": party.pk, "user": other.pk, "task": task.pk}


def let_through(client, staff, address, **how):
    """Return the roles whose empty POST is not refused for who they are."""
    found = set()
    verb, _, address = address.rpartition(" ")
    ask = client.patch if verb == "PATCH" else client.post
    for role in ROLES:
        client.force_login(staff[role])
        with transaction.atomic():
            status = ask(address, GIVEN.get(address, {}), **how).status_code
            transaction.set_rollback(True)
        assert status < 500 or status == 503, (role, status)
        assert status != 405, address
        found |= {role} if status not in CLOSED else set()
    return found


@pytest.mark.parametrize(("address", "refused", "roles"), PAGES, ids=[p[0] for p in PAGES])
def test_a_page_takes_a_write_from_whom_the_table_names(
    address, refused, roles, client, staff, rows
):
    assert let_through(client, staff, address.format(**rows)) == roles


@pytest.mark.parametrize(("address", "refused", "roles"), CALLS, ids=[c[0] for c in CALLS])
def test_the_api_takes_a_write_from_whom_the_table_names(
    address, refused, roles, client, staff, rows
):
    found = let_through(client, staff, address.format(**rows), content_type="application/json")
    assert found == roles


@pytest.mark.parametrize(("words", "refused", "roles"), COMMANDS, ids=[c[0] for c in COMMANDS])
def test_a_command_is_obeyed_for_whom_the_table_names(words, refused, roles, staff):
    found = set()
    for role in ROLES:
        said = ""
        try:
            with transaction.atomic():
                call_command(*words.split(), "--as", staff[role].username, stdout=StringIO())
                transaction.set_rollback(True)
        except CommandError as trouble:
            said = str(trouble)
        if not any(w in said for w in ("roles do not allow", "Only people of the ISO")):
            found.add(role)
    assert found == roles
