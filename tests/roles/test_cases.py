"""Every kind of case: opened and given papers by whom the table names, on pages and by API."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from apps.platform.accounts.models import User
from apps.platform.documents.selectors import attachable
from apps.platform.ui.workflow import WORKFLOWS
from tests import acts
from tests.pages.casework import casework
from tests.pages.test_every_address import HOURS, invoiced
from tests.roles.written import ROLES, written_of

pytestmark = pytest.mark.django_db
DESKS = [desk.name for desk in WORKFLOWS]


@pytest.fixture(scope="module")
def cases(staff, world):
    """A case at every desk, of the SC whose people there are."""
    with world():
        acts.load("market-hours", HOURS, sender="iso.admin")
        acts.settle()
        invoiced(staff["SC_USER"], acts.now())
        found, _ = casework(acts.person, acts.now())
        yield found


@pytest.fixture(scope="module")
def strangers(staff, world):
    """For each role one more person, who has opened and decided nothing anywhere."""
    from apps.platform.accounts.models import Membership

    with world():
        found = {}
        for role, model in staff.items():
            made = User.objects.create(username=f"other.{role.lower()}", party=model.party)
            Membership.objects.create(user=made, role=role, set_up=True)
            found[role] = made
        yield found


@pytest.mark.parametrize("role", ROLES)
def test_papers_are_added_by_whom_the_table_names(role, cases, strangers):
    """A desk without papers has no such address."""
    viewer, taken = strangers[role].viewer(), set()
    for name in DESKS:
        try:
            attachable(viewer=viewer, desk=name, case_id=cases[name])
        except (PermissionDenied, Http404):
            continue
        taken.add(name)
    assert taken == {
        name for name, roles in written_of("papers of a case").items() if role in roles
    }


@pytest.mark.parametrize("role", ROLES)
def test_a_case_is_opened_by_whom_the_table_names_on_its_page_and_by_api(role, client, staff):
    """An empty form is refused for what is missing, or for the roles."""
    client.force_login(staff[role])
    by_page, by_api, written = set(), set(), written_of("open a case")
    for name in written:
        page = client.post(f"/{name}/new/", {})
        assert page.status_code in (200, 400, 403), (name, page.status_code)
        by_page |= {name} if page.status_code != 403 else set()
        answer = client.post(f"/api/v1/{name}/new/", {}, content_type="application/json")
        assert answer.status_code in (400, 403), (name, answer.status_code, answer.content[:200])
        by_api |= {name} if answer.status_code == 400 else set()
    expected = {name for name, roles in written.items() if role in roles}
    assert (by_page, by_api) == (expected, expected)
