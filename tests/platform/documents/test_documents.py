"""Papers of cases: told by content, limited, kept whole, sent back so that nothing runs."""

import hashlib
import io
import zipfile

import pytest
from django.db import transaction

from apps.platform.core.violations import ValidationFailed
from apps.platform.documents.codes import MOST_BYTES, MOST_OF_A_CASE
from apps.platform.documents.models import Document, DocumentContent
from apps.platform.documents.services import attach, paper_kind
from tests.reliability.retirements.papers import PAPER, paper

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


def book(*names):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        for name in names:
            parts.writestr(name, "x")
    return out.getvalue()


XLSX = book("[Content_Types].xml", "xl/workbook.xml")


@pytest.mark.parametrize(
    ("content", "ending"),
    [
        (PAPER, "pdf"),
        (PNG, "png"),
        (b"\xff\xd8\xff\xe0" + b"x" * 9, "jpg"),
        (XLSX, "xlsx"),
        (b"MZ\x90\x00", None),
        (b"<html><script>", None),
        (b"PK\x03\x04 broken", None),
        (book("a.txt"), None),
        (book("[Content_Types].xml", "word/document.xml"), None),
        (book("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"), None),
        (b"%pdf-", None),
        (b"\x00", None),
    ],
)
def test_the_bytes_alone_tell_what_a_paper_is(content, ending):
    found = paper_kind(content)
    assert (found.ending if found else None) == ending


@pytest.fixture
def give(person, now):
    def go(content=PAPER, name="a.pdf", case_id=1):
        return attach(
            desk="retirement-notices",
            case_id=case_id,
            party_id=None,
            file_name=name,
            content=content,
            actor=person("iso.contracts"),
            at=now,
        )

    return go


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "DOC-EMPTY"), (PAPER + b"x" * MOST_BYTES, "DOC-SIZE"), (b"MZ", "DOC-TYPE")],
)
def test_what_is_not_taken_is_refused_and_not_kept(give, content, code):
    with pytest.raises(ValidationFailed) as trouble:
        give(content)
    assert trouble.value.violations[0].code == code
    assert not Document.objects.exists()


def test_the_same_paper_is_kept_once_and_a_case_holds_so_many(give):
    give()
    with pytest.raises(ValidationFailed, match="DOC-TWICE"):
        give()
    for number in range(MOST_OF_A_CASE - 1):
        give(PAPER + str(number).encode())
    with pytest.raises(ValidationFailed, match="DOC-MANY"):
        give(PAPER + b"one too many")


def test_a_paper_is_kept_byte_for_byte_and_never_changes(give):
    kept = give()
    assert kept.sha256 == hashlib.sha256(PAPER).hexdigest()
    assert bytes(kept.content.content) == PAPER
    for change in (
        lambda: DocumentContent.objects.update(content=b""),
        Document.objects.all().delete,
    ):
        with pytest.raises(Exception, match=r"Cannot (update|delete)"), transaction.atomic():
            change()


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", 'a"; x="b.pdf', "a\r\nSet-Cookie: x.pdf", "é\u202e.exe", "", "." * 300],
)
def test_a_name_cannot_reach_beyond_the_header_or_the_folder(give, as_user, name):
    kept = give(name=name)
    assert kept.file_name.endswith(".pdf")
    answer = as_user("iso.contracts").get(f"/documents/{kept.pk}/")
    said = answer["Content-Disposition"]
    assert said == f'attachment; filename="{kept.file_name}"'
    assert not set('/\\"\r\n') & set(kept.file_name)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]


def test_only_the_party_and_the_iso_fetch_a_paper_or_add_one(as_user, file_notice):
    notice = file_notice()
    kept = Document.objects.get(desk="retirement-notices", case_id=notice.pk)
    for who, status in (("sc.sunset", 200), ("iso.monitor", 200), ("sc.bay", 404)):
        assert as_user(who).get(f"/documents/{kept.pk}/").status_code == status
        assert as_user(who).get(f"/api/v1/documents/{kept.pk}/").status_code == status
    for who, status in (("sc.bay", 404), ("iso.monitor", 403), ("sc.sunset", 201)):
        sent = as_user(who).post(
            f"/api/v1/documents/retirement-notices/{notice.pk}/", {"document": paper(PNG, "p.png")}
        )
        assert sent.status_code == status, sent.content
    wrong = as_user("sc.sunset").post(
        f"/api/v1/documents/retirement-notices/{notice.pk}/", {"document": paper(b"MZ", "p.png")}
    )
    assert wrong.status_code == 400
    assert wrong.json()["code"] == "DOC-TYPE"
    assert (
        as_user("sc.sunset")
        .post("/api/v1/documents/price-changes/1/", {"document": paper()})
        .status_code
        == 404
    )
