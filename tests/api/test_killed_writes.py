"""A program that dies between what a write does and its answer: the same key does it once."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver

from apps.bidding.bids.models import BidFile
from apps.platform.accounts.models import User
from apps.platform.documents.models import Document
from apps.platform.sign_in.api import InviteApi
from apps.platform.sign_in.models import IdempotentReply
from apps.platform.sign_in.services import idempotency, mailing
from apps.platform.uploads.models import Upload
from tests.platform.documents.test_documents import PNG, paper
from tests.platform.sign_in.test_scopes import walk

pytestmark = pytest.mark.django_db
DEMAND = b"SC_ID,TAC_AREA,TRADE_DATE,HOUR_ENDING,MWH,SOURCE\nSYN_LSE_BAY,PGE-TAC,2025-02-02,1,2,x\n"


def file(name, content):
    return SimpleUploadedFile(name, content)


def upload_sent(as_user, key="a key of before"):
    body = {"kind": "metered-demand", "file": file("killed.csv", DEMAND)}
    return as_user("iso.operator").post(
        "/api/v1/uploads/send/", body, headers={"Idempotency-Key": key}
    )


@pytest.fixture
def writes(as_user, file_notice):
    """Writes that carry files or forms, by name: (send with a key, count what it makes)."""

    def upload(key):
        return upload_sent(as_user, key)

    def withdraw(key):
        kept = Upload.objects.filter(file_name="killed.csv").first()
        return as_user("iso.operator").post(
            f"/api/v1/uploads/{kept.pk}/withdraw/",
            {"reason": "wrong day"},  # as a form
            headers={"Idempotency-Key": key},
        )

    def attach(key):
        return as_user("sc.sunset").post(
            f"/api/v1/documents/retirement-notices/{notice.pk}/",
            {"document": paper(PNG, "killed.png")},
            headers={"Idempotency-Key": key},
        )

    def bids(key):
        return as_user("sc.sunset").post(
            "/api/v1/bid-files/new/",
            {"file": file("killed.csv", b"MARKET,RESOURCE_ID\nDA,NO_SUCH\n")},
            headers={"Idempotency-Key": key},
        )

    notice = file_notice()
    upload_sent(as_user)
    uploads = Upload.objects.filter(file_name="killed.csv")
    return {
        "upload": (upload, uploads),
        "withdraw": (withdraw, uploads.filter(state="WITHDRAWN")),
        "attach": (attach, Document.objects.filter(file_name="killed.png")),
        "bid file": (bids, BidFile.objects.filter(file_name="killed.csv")),
    }


@pytest.mark.parametrize("name", ["upload", "withdraw", "attach", "bid file"])
def test_what_was_done_without_its_answer_is_undone_and_done_once(writes, name, monkeypatch):
    """given a web process that dies before it keeps its answer; when the request comes again with
    its key; then it is done, once, and answered as if nothing had been"""

    def dies(*_, **__):
        raise SystemExit

    send, found = writes[name]
    before = found.count()
    with monkeypatch.context() as patch:
        patch.setattr(idempotency.KeyedWrite, "reply_keep", dies)
        with pytest.raises(SystemExit):
            send("k")
    assert found.count() == before
    done, again = send("k"), send("k")
    assert done.status_code in (200, 201), done.content
    assert "Idempotent-Replayed" not in done.headers
    assert (again.content, again["Idempotent-Replayed"]) == (done.content, "true")
    assert found.count() == before + 1


INVITED = {
    "username": "new.one",
    "first_name": "Me",
    "email": "me@example.com",
    "party": "ISO",
    "roles": ["ISO_LEGAL"],
}


def invited(as_user):
    return as_user("iso.admin").post(
        "/api/v1/users/invite/",
        INVITED,
        content_type="application/json",
        headers={"Idempotency-Key": "k"},
    )


def test_an_invitation_whose_mail_was_cut_off_is_answered_with_the_person(as_user, monkeypatch):
    """given a web process that dies over the mail; when the invitation comes again with its key;
    then the person is named, and that the mail may not have gone"""

    def dies(*_):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(mailing, "send_mail", dies)
        with pytest.raises(SystemExit):
            invited(as_user)
    again = invited(as_user)
    assert (again.status_code, again["Idempotent-Replayed"]) == (201, "true")
    made = User.objects.get(username="new.one")
    assert again.json()["person"]["id"] == made.pk
    assert again.json()["delivered"] is False
    assert f"/users/{made.pk}/" in again.json()["sent"]


def test_an_invitation_is_kept_with_what_became_of_its_mail(as_user):
    first, again = invited(as_user), invited(as_user)
    assert first.json()["delivered"] is again.json()["delivered"] is True
    assert first.json() == again.json()
    assert IdempotentReply.objects.count() == 1


def test_an_invitation_that_dies_before_its_answer_is_kept_made_nobody(as_user, monkeypatch):
    def dies(*_, **__):
        raise SystemExit

    monkeypatch.setattr(idempotency.KeyedWrite, "reply_keep", dies)
    with pytest.raises(SystemExit):
        invited(as_user)
    assert not User.objects.filter(username="new.one").exists()


def test_only_the_invitation_commits_before_its_answer_is_whole():
    """Any other would have to keep its answer itself, as that does."""
    operations = walk(get_resolver().url_patterns)
    apart = {view for _, view in operations if getattr(view, "mails_after_commit", False)}
    assert apart == {InviteApi}
