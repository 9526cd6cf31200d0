"""What kinds of paper are taken, and how large."""

from __future__ import annotations

from dataclasses import dataclass

MOST_BYTES = 10 * 1024 * 1024
MOST_OF_A_CASE = 20


@dataclass(frozen=True)
class PaperKind:
    """A kind of paper: its ending, media type and the bytes it starts with."""

    ending: str
    media_type: str
    starts: bytes


PAPER_KINDS = (
    PaperKind("pdf", "application/pdf", b"%PDF-"),
    PaperKind("png", "image/png", b"\x89PNG\r\n\x1a\n"),
    PaperKind("jpg", "image/jpeg", b"\xff\xd8\xff"),
    PaperKind(
        "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK\x03\x04"
    ),
)
TAKEN = "PDF, PNG, JPEG or XLSX"
PAPER_HELP = f"{TAKEN}, at most {MOST_BYTES // 1024 // 1024} MB"
