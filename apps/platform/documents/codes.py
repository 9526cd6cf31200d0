"""What kinds of document are taken, and how large."""

from __future__ import annotations

from dataclasses import dataclass

MOST_BYTES = 10 * 1024 * 1024
MOST_OF_A_CASE = 20


@dataclass(frozen=True)
class DocumentKind:
    """A kind of document: its ending, media type and the bytes it starts with."""

    ending: str
    media_type: str
    starts: bytes


PAPER_KINDS = (
    DocumentKind("pdf", "application/pdf", b"%PDF-"),
    DocumentKind("png", "image/png", b"\x89PNG\r\n\x1a\n"),
    DocumentKind("jpg", "image/jpeg", b"\xff\xd8\xff"),
    DocumentKind(
        "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK\x03\x04"
    ),
)
TAKEN = "PDF, PNG, JPEG or XLSX"
PAPER_HELP = f"{TAKEN}, at most {MOST_BYTES // 1024 // 1024} MB"
