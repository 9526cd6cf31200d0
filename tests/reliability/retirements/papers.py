"""A paper to attach to a case."""

from io import BytesIO

PAPER = b"%PDF-1.7\n% an affidavit\n"


def paper(content=PAPER, name="affidavit.pdf"):
    sent = BytesIO(content)
    sent.name = name
    return sent
