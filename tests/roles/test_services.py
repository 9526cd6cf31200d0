"""Every service that asks for roles, called as everybody: it lets through whom the table names.

What is given is of no matter: whoever may not is refused before it is looked at, and whoever may
is stopped by what is given.
"""

from __future__ import annotations

import ast
import importlib
import inspect
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.db import transaction

from apps.platform.accounts.models import User
from apps.platform.uploads import services as uploads
from apps.platform.uploads.models import Upload
from tests import acts
from tests.roles.written import ROLES, actions, written_of

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
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
            "party": sunset,
            "notice": notice.pk,
            "certificate": SimpleNamespace(party_id=sunset.pk),
            "request_pem": signing_request(),
            "pem": own_certificate(acts.now()),
            "papers": SimpleNamespace(sc_id=sunset.pk),
            "roles": ["SC_USER"],
            "trade_date": acts.DAY,
            "run_type": "",
        }


GIVEN = {  # what is real, by service; everything else is unread
    "renew_link": ("user",),
    "invite": ("party", "roles"),
    "request_day": ("trade_date", "run_type"),
    "set_roles": ("user",),
    "deactivate": ("user",),
    "activate": ("user",),
    "issue_certificate": ("user", "request_pem"),
    "register_certificate": ("user", "pem"),
    "revoke_certificate": ("certificate",),
    "affidavit_open": ("notice",),
    "refer": ("notice",),
}
OF_A_CASE = ("notice_document", "affidavit_document")


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


def asking(path):
    """Return the public functions of a file of services that ask for roles, directly or not."""
    functions = [n for n in ast.parse(path.read_text()).body if isinstance(n, ast.FunctionDef)]
    calls = {
        f.name: {ast.unparse(c.func) for c in ast.walk(f) if isinstance(c, ast.Call)}
        for f in functions
    }
    asks = {n for n, said in calls.items() if any(c.endswith((".may", "may_manage")) for c in said)}
    asks |= {n for n, said in calls.items() if said & {a for a in asks if a.startswith("_")}}
    return {n for n in asks if not n.startswith("_")}


# who is asked here is no actor, or the table of steps, files or lists stands for it
ELSEWHERE = {
    "admit_filer": "by the documents of notices and affidavits",
    "act_on_many": "by the actions on lists",
    "receive": "by the kinds of files",
    "transition": "by the steps of cases",
    "withdraw": "by the kinds of files",
    "confirm": "by the kinds of files",
    "certificate_user": "of whom the certificate is",
    "recognise": "which kinds are offered, no action",
    "link_for_operator": "who runs the site's machine, on its command line",
    "other_kinds": "which kinds are offered, no action",
    "send_link": "whether a link is shown to an administrator",
}


def test_every_service_that_asks_for_roles_stands_in_the_table():
    written = {name.rpartition(".")[2] for name, _, _ in SERVICES}
    found = {}
    for path in sorted((ROOT / "apps").rglob("*.py")):
        if "services" in path.parts or path.stem == "services":
            found |= dict.fromkeys(asking(path) - written - set(ELSEWHERE), str(path))
    assert found == {}


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


@pytest.fixture(scope="module")
def waiting(staff, world):
    """A file of each kind that waits to be confirmed; somebody else has sent it."""
    with world():
        sent = {}
        for kind in written_of("confirm a file"):
            sent[kind] = Upload.objects.create(
                state=Upload.STATES.initial,
                kind=kind,
                file_name="x.csv",
                sha256="0" * 64,
                size_bytes=1,
                opened_by=User.objects.get(username="masterfile"),
                opened_at=acts.now(),
            ).pk
        Upload.objects.filter(pk__in=sent.values()).update(state="READY")
        yield sent


@pytest.mark.parametrize("role", ROLES)
def test_files_are_confirmed_and_withdrawn_by_whom_the_table_names(role, staff, waiting):
    """Nothing of the files is kept, so nobody who may confirm one comes to its end."""
    confirming, withdrawing = set(), set()
    for kind, upload in waiting.items():
        known = {"upload_id": upload, "actor": staff[role], "at": acts.now(), "reason": "why"}
        if "Your roles do not allow" not in said_to(lambda k=known: uploads.confirm(**k)):
            confirming.add(kind)
        if "Only the sender or an approver" not in said_to(lambda k=known: uploads.withdraw(**k)):
            withdrawing.add(kind)
    expected = {n for n, roles in written_of("confirm a file").items() if role in roles}
    assert (confirming, withdrawing) == (expected, expected)


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
