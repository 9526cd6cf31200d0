"""Every case desk: its form is reached by a link, and what ends a case is asked about first."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from apps.platform.accounts.codes import SIGNED_IN
from apps.platform.accounts.models import Party, User
from apps.platform.ui.row_editor import RowEditor
from apps.platform.ui.workflow import WORKFLOWS
from tests.pages.addresses import ADDRESSED

pytestmark = pytest.mark.django_db
OPENED = [d for d in WORKFLOWS if d.opening is not None]
ENDS = {
    "withdraw",
    "discard",
    "cancel",
    "terminate",
    "rescind",
    "reject",
    "deny",
    "refuse",
    "decline",
    "dismiss",
    "lapse",
    "reverse",
    "release",
}
GONE = {
    "WITHDRAWN",
    "DISCARDED",
    "CANCELLED",
    "TERMINATED",
    "REJECTED",
    "DENIED",
    "REFUSED",
    "DECLINED",
    "DISMISSED",
    "LAPSED",
    "REVERSED",
    "RELEASED",
    "CLOSED_NO_ACTION",
}


@pytest.fixture
def with_role(db):
    """Sign somebody in who has one role and no other."""

    def go(role):
        party = Party.objects.filter(kind=role.partition("_")[0]).order_by("pk")[0]
        user = User.objects.create_user(f"only.{role}".lower(), party=party)
        user.memberships.create(role=role, set_up=True)
        client = Client()
        client.force_login(user)
        return client, user.viewer()

    return go


@pytest.mark.turns(3, of=ADDRESSED)
@pytest.mark.parametrize("role", sorted(SIGNED_IN))
def test_every_form_is_reached_from_its_list_by_each_role_that_may_open_it_and_no_other(
    with_role, role
):
    client, viewer = with_role(role)
    for desk in OPENED:
        answer = client.get(f"/{desk.name}/?per_page=10")
        may = viewer.may(desk.opening.roles)
        assert answer.status_code == 200 or not may, desk.name
        page = answer.content.decode()
        links = re.findall(rf'<a class="button primary" href="/{desk.name}/new/">([^<]+)</a>', page)
        assert len(links) == (1 if may else 0), desk.name
        assert client.get(f"/{desk.name}/new/").status_code == (200 if may else 403), desk.name


def test_every_move_that_ends_a_case_says_so():
    seen = 0
    for desk in WORKFLOWS:
        for move in desk.model.STATES.moves:
            if move.action not in desk.steps or not move.roles:
                continue
            ending = move.action in ENDS or move.target in GONE
            assert move.ends == ending, (desk.name, move.action)
            seen += ending
    assert seen > 40


def test_rows_of_a_form_have_boxes_of_their_own_kind():
    found = [
        (desk.name, name)
        for desk in WORKFLOWS
        for form in [desk.opening and desk.opening.form, *(s.form for s in desk.steps.values())]
        if form
        for name, field in form.base_fields.items()
        if isinstance(field.widget, RowEditor)
    ]
    assert ("cost-recovery-requests", "items") in found
