"""Services that ask for roles, called as everybody: it lets through whom the table names.

What is given is of no matter: whoever may not is refused before it is looked at, and whoever may
is stopped by what is given.
"""

from __future__ import annotations

import importlib
import inspect
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.db import transaction

from apps.platform.accounts.models import User
from apps.platform.uploads import services as uploads
from tests import acts
from tests.roles.written import ROLES, actions, written_of

pytestmark = pytest.mark.django_db
SERVICES = actions("service")


class LookedAtError(Exception):
    """What was given has been looked at."""


class Unread:
    """Something given to a service, which stops whoever looks at it."""

    def _stop(self, *args, **kwargs):
        raise LookedAtError

    __getattr__ = __bool__ = __iter__ = __len__ = __eq__ = __str__ = __call__ = _stop
    __hash__ = __index__ = __int__ = __getitem__ = __contains__ = __lt__ = __gt__ = _stop
    __le__ = __ge__ = __add__ = __sub__ = __format__ = __fspath__ = _stop


def signing_request():
    """Return a request for a certificate, in PEM form."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "machine")])
    asked = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
    return asked.public_bytes(serialization.Encoding.PEM).decode()


def own_certificate(at):
    """Return a certificate that signs itself, in PEM form."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "machine")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(7)
    made = made.public_key(key.public_key()).not_valid_before(at - timedelta(days=1))
    made = made.not_valid_after(at + timedelta(days=9)).sign(key, hashes.SHA256())
    return made.public_bytes(serialization.Encoding.PEM).decode()


@pytest.fixture(scope="module")
def stands(staff, world):
    """What has to stand there before a service comes to the roles."""
    from apps.reliability.retirements import services as retirements
    from tests.reliability.retirements.papers import paper

    with world():
        sunset = staff["SC_USER"].party
        other = User.objects.create(username="sunset.other", party=sunset, email="b@example.org")
        given = retirements.NoticeInput(
            resource="SUNSET_2_UNITS",
            state_before="OPERATING",
            state_requested="RETIRED",
            notice_date=date(2024, 1, 2),
            requested_date=date(2024, 12, 1),
            owner="An owner",
            reason="age",
        )
        notice = retirements.file_notice(
            given=given, actor=staff["ISO_CONTRACTS"], at=acts.now(), document=paper()
        )
        yield {
            "user": other,
            "notice": notice.pk,
            "certificate": SimpleNamespace(party_id=sunset.pk),
            "request_pem": signing_request(),
            "pem": own_certificate(acts.now()),
            "papers": SimpleNamespace(sc_id=sunset.pk),
        }


GIVEN = {  # what is real, by service; everything else is unread
    "renew_link": ("user",),
    "set_roles": ("user",),
    "deactivate": ("user",),
    "activate": ("user",),
    "issue_certificate": ("user", "request_pem"),
    "register_certificate": ("user", "pem"),
    "revoke_certificate": ("certificate",),
    "affidavit_open": ("notice",),
    "refer": ("notice",),
}
OF_A_CASE = ("notice_document",)


def said_to(call):
    """Return what stopped a call, in words; what it did is undone."""
    try:
        with transaction.atomic():
            call()
            transaction.set_rollback(True)
    except LookedAtError:
        return "went on"
    except Exception as trouble:  # noqa: BLE001  (whatever else stops it, it is told apart by its words)
        codes = [v.code for v in getattr(trouble, "violations", ())]
        return " ".join([*codes, str(trouble)])
    return "went on"


def called_by(name, actor, stands):
    """Return a call of a service by somebody, with what it needs."""
    module, _, short = name.rpartition(".")
    service = getattr(importlib.import_module(module), short)
    real = {key: stands[key] for key in GIVEN.get(short, ())}
    if short in OF_A_CASE:
        real["case"] = stands["papers"]
    known = {"actor": actor, "at": acts.now(), **real}
    wanted = inspect.signature(service).parameters
    given = {p: known.get(p, Unread()) for p in wanted}
    return lambda: service(**given)


@pytest.mark.parametrize(("name", "refused", "roles"), SERVICES, ids=[s[0] for s in SERVICES])
def test_a_service_lets_through_whom_the_table_names(name, refused, roles, staff, stands):
    may = {
        role
        for role in ROLES
        if refused not in said_to(called_by(name, User.objects.get(pk=staff[role].pk), stands))
    }
    assert {"too many": may - roles, "too few": roles - may} == {
        "too many": set(),
        "too few": set(),
    }


@pytest.mark.parametrize("role", ROLES)
def test_files_are_taken_from_whom_the_table_names(role, staff):
    """An empty file is refused for being empty, and for the roles where they do not fit."""
    written = written_of("send a file")
    may = set()
    for kind in written:
        with pytest.raises(uploads.UploadRefused) as refused:
            uploads.receive(
                kind_code=kind, file_name="x.csv", content=b"", actor=staff[role], at=acts.now()
            )
        codes = [v.code for v in refused.value.violations]
        assert "UP-NOTHING" in codes
        if "UP-ROLE" not in codes:
            may.add(kind)
    assert may == {kind for kind, roles in written.items() if role in roles}


def test_the_actions_on_lists_are_done_by_whom_the_table_names(staff):
    from apps.platform.ui.screens import SCREENS
    from apps.platform.ui.services import act_on_many

    may = {name: set() for name in written_of("action on a list")}
    for screen in SCREENS:
        for action in screen.actions:
            for role, actor in staff.items():
                given = {"keys": [], "actor": actor, "at": acts.now(), "reason": "", "typed": ""}
                said = said_to(lambda a=action, g=given: act_on_many(action=a, **g))
                if "Choose at least one row" in said:
                    may[f"{screen.name} {action.code}"].add(role)
                else:
                    assert "Your roles do not allow" in said
    assert may == written_of("action on a list")
