"""Who holds a key for another account does not decide what that account opened."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client

from apps.platform.accounts.models import Membership, User
from apps.platform.audit.models import AuditEvent
from apps.platform.audit.services import not_independent
from apps.platform.notifications.models import Notification
from apps.platform.sign_in import services
from apps.platform.sign_in.models import ApiToken, PartyCertificate
from apps.platform.sign_in.services.certificates import certificate_user
from apps.reference.masterfile.services.retrieving import ensure_accounts
from tests.conftest import ROOT
from tests.platform.sign_in.test_machines import request_of
from tests.platform.sign_in.test_two_people import JSON, REFUSED, approve, given, proposal_of, state

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _own_home(settings, tmp_path):
    settings.HOME = tmp_path


def issued(client, name):
    answer = client.post(
        "/api/v1/certificates/issue/",
        {"acts_as": name, "request_pem": request_of()[0]},
        content_type=JSON,
    )
    assert answer.status_code == 201, answer.content
    return PartyCertificate.objects.get(pk=answer.json()["id"])


def der_of(kept):
    found = x509.load_pem_x509_certificate(kept.pem.encode())
    return found.public_bytes(serialization.Encoding.DER)


def machine(kept, path, body):
    """Send a request as the machine that holds a certificate."""
    socket = SimpleNamespace(getpeercert=lambda binary_form: der_of(kept))
    return Client().post(path, body, content_type=JSON, **{"gunicorn.socket": socket})


def roles_of(name):
    return sorted(Membership.objects.filter(user__username=name).values_list("role", flat=True))


def tied(one, other, at):
    one, other = (User.objects.get(username=n).pk for n in (one, other))
    return bool(not_independent(one_id=one, other_id=other, at=at))


def test_who_had_a_certificate_issued_confirms_no_file_that_its_machine_sent(as_user, send):
    admin = as_user("iso.admin")
    issued(admin, "iso.operator")
    text = (ROOT / "fixtures/demo/metered_demand_2024-09-04.csv").read_text()
    upload = send("metered-demand", text, sender="iso.operator")
    assert (upload.state, upload.second_person) == ("READY", True)
    path = f"/api/v1/uploads/{upload.pk}/confirm/"
    answer = admin.post(path, {"reason": "test"}, content_type=JSON)
    assert answer.status_code in (400, 409)
    assert REFUSED in answer.content.decode()
    page = admin.post(f"/uploads/{upload.pk}/confirm/", {"reason": "test"}, follow=True)
    assert REFUSED in page.content.decode()
    assert state(upload) == "READY"
    true = as_user("iso.approver").post(path, {"reason": "test"}, content_type=JSON)
    assert (true.status_code, state(upload)) == (200, "CONFIRMED")


def test_nor_any_case_that_its_machine_opened_nor_lets_it_open_one_to_approve(as_user):
    kept = issued(as_user("iso.admin"), "iso.analyst")
    body = {
        "name": "rmr.pmax_tolerance_mw",
        "text": "0.02",
        "first_date": "2030-01-01",
        "reference": "test",
        "reason": "test",
    }
    assert machine(kept, "/api/v1/parameter-proposals/new/", body).status_code == 201
    proposal = AuditEvent.objects.filter(actor__username="iso.analyst").latest("pk")
    answer = as_user("iso.admin").post(
        f"/api/v1/parameter-proposals/{proposal.subject_id}/approve/", {}, content_type=JSON
    )
    assert (answer.status_code, REFUSED in answer.content.decode()) == (409, True)
    other = proposal_of(as_user("iso.analyst"))
    assert approve(as_user("iso.admin"), other).status_code == 409
    assert state(other) == "PROPOSED"
    assert approve(as_user("iso.approver"), other).status_code == 200


def test_the_tie_lasts_as_long_as_the_certificate_and_thirty_days(as_user, person):
    kept = issued(as_user("iso.admin"), "iso.operator")
    for later, expected in ((0, True), (364, True), (365 + 29, True), (365 + 31, False)):
        assert tied("iso.admin", "iso.operator", kept.registered_at + later * DAY) is expected
    assert not tied("iso.approver", "iso.operator", kept.registered_at)
    revoked = kept.registered_at + 100 * DAY
    services.revoke_certificate(
        certificate=kept, actor=person("iso.admin"), at=revoked, reason="sold"
    )
    for later, expected in ((29, True), (31, False)):
        assert tied("iso.operator", "iso.admin", revoked + later * DAY) is expected
    again = issued(as_user("iso.admin"), "iso.operator")
    assert tied("iso.admin", "iso.operator", again.registered_at + 364 * DAY)


def test_a_certificate_of_another_authority_ties_who_registered_it(as_user, person):
    kept = issued(as_user("iso.admin"), "iso.operator")
    pem = kept.pem
    PartyCertificate.objects.all().delete()
    assert not tied("iso.admin", "iso.operator", datetime.now(UTC))
    services.register_certificate(
        pem=pem, user=person("iso.operator"), actor=person("iso.admin"), at=datetime.now(UTC)
    )
    assert tied("iso.admin", "iso.operator", datetime.now(UTC))


def test_the_tie_goes_over_somebody_in_between(as_user, person):
    services.renew_link(
        user=person("sc.bay.admin"),
        actor=person("iso.admin"),
        at=datetime.now(UTC),
        root="http://x/",
    )
    issued(as_user("sc.bay.admin"), "sc.bay")
    assert tied("iso.admin", "sc.bay", datetime.now(UTC))


def test_it_is_on_record_at_the_person_who_is_told(as_user, person):
    issued(as_user("iso.admin"), "iso.operator")
    operator = person("iso.operator")
    event = AuditEvent.objects.get(action="sign_in.person.certificate_made")
    assert (event.subject, event.subject_id) == ("accounts.User", str(operator.pk))
    assert event.actor == person("iso.admin")
    title = "A machine certificate acts as you"
    assert Notification.objects.filter(user=operator, title=title).count() == 1


def test_an_account_of_a_machine_is_given_no_role_that_approves(as_user, person):
    admin = as_user("iso.admin")
    kept = issued(admin, "iso.operator")
    operator, before = person("iso.operator"), roles_of("iso.operator")
    wanted = [*before, "ISO_APPROVER"]
    page = admin.post(f"/users/{operator.pk}/", {"roles": wanted}, follow=True)
    assert "a machine never approves" in page.content.decode()
    answer = admin.patch(f"/api/v1/users/{operator.pk}/", {"roles": wanted}, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (409, "PERSON-REFUSED")
    with pytest.raises(CommandError, match="a machine never approves"):
        call_command("person", "iso.operator", "--party", "ISO", "--role", "ISO_ADMIN")
    assert roles_of("iso.operator") == before
    admin.post(f"/users/{operator.pk}/", {"roles": [*before, "ISO_LEGAL"]})  # others it may have
    assert roles_of("iso.operator") == sorted([*before, "ISO_LEGAL"])
    services.revoke_certificate(
        certificate=kept, actor=person("iso.admin"), at=datetime.now(UTC), reason="sold"
    )
    admin.post(f"/users/{operator.pk}/", {"roles": wanted})
    given("iso.operator")
    assert roles_of("iso.operator") == sorted(wanted)


def test_a_machine_of_somebody_who_has_come_to_approve_is_refused(as_user, person):
    kept = issued(as_user("iso.admin"), "iso.operator")
    assert certificate_user(der=der_of(kept), at=datetime.now(UTC)) == kept
    Membership.objects.create(user=person("iso.operator"), role="ISO_APPROVER", set_up=True)
    assert certificate_user(der=der_of(kept), at=datetime.now(UTC)) is None
    answer = machine(kept, "/api/v1/api-tokens/make/", {"name": "n", "scopes": ["read"]})
    assert answer.status_code == 401


def test_a_machine_makes_no_key_that_outlives_its_certificate(as_user, person):
    kept = issued(as_user("iso.admin"), "sc.bay.admin")
    token = machine(kept, "/api/v1/api-tokens/make/", {"name": "n", "scopes": ["read"]})
    assert (token.status_code, token.json()["code"]) == (403, "TOKEN-REFUSED")
    body = {"acts_as": "sc.bay", "request_pem": request_of()[0]}
    other = machine(kept, "/api/v1/certificates/issue/", body)
    assert (other.status_code, other.json()["code"]) == (403, "CERT-REFUSED")
    assert ApiToken.objects.count() == 0
    assert list(PartyCertificate.objects.all()) == [kept]


def token_of(person, name):
    _, secret = services.token_make(
        user=person(name),
        name="n",
        scopes=["read"],
        days=300,
        actor=person(name),
        at=datetime.now(UTC),
    )
    return secret


def status_with(secret):
    return Client().get("/api/v1/whoami/", HTTP_AUTHORIZATION=f"Bearer {secret}").status_code


def test_a_new_password_link_ends_the_tokens_made_before(as_user, person):
    secret, of_another = token_of(person, "iso.operator"), token_of(person, "sc.bay")
    assert status_with(secret) == 200
    as_user("iso.admin").post(f"/users/{person('iso.operator').pk}/link/")
    assert (status_with(secret), status_with(of_another)) == (401, 200)
    told = Notification.objects.get(title="A password link was made for you")
    assert "Your API tokens are revoked" in told.body


def test_so_does_a_password_chosen_by_mail(person):
    bay = person("sc.bay")
    bay.email = "bay@example.com"
    bay.save()
    secret = token_of(person, "sc.bay")
    client = Client()
    client.post("/accounts/password/reset/", {"email": "bay@example.com"})
    link = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", mail.outbox[-1].body)
    form = client.get(link[1], follow=True).redirect_chain[-1][0]
    assert status_with(secret) == 200
    client.post(form, {"password1": "all-new-one-77", "password2": "all-new-one-77"})
    assert User.objects.get(pk=bay.pk).check_password("all-new-one-77")
    assert status_with(secret) == 401


@pytest.mark.parametrize("name", ["masterfile", "masterfile.check"])
def test_nobody_gets_a_key_for_an_account_of_the_product(as_user, person, name):
    ensure_accounts()
    page = as_user("iso.admin").post(f"/users/{person(name).pk}/link/", follow=True)
    assert f"{name} acts for the product; nobody signs in with it." in page.content.decode()
    answer = as_user("iso.admin").post(
        "/api/v1/certificates/issue/",
        {"acts_as": name, "request_pem": request_of()[0]},
        content_type=JSON,
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "CERT-REFUSED")
    assert PartyCertificate.objects.count() == 0
    assert mail.outbox == []
    assert not AuditEvent.objects.filter(action="sign_in.person.link_made").exists()
