"""What a mistyped name may mean: one phrase, written here and found again here."""

from __future__ import annotations

import re

PHRASE = re.compile(r"Did you mean ([^?]{1,80}?)(?:, which was called [^?]*)?\?")


def did_you_mean(name: str, former: str = "") -> str:
    """Return a question for a known name, with a blank before it; nothing where there is no name.

    former: what the named one was called before, where that is what was written.
    """
    before = f", which was called {former}" if former else ""
    return f" Did you mean {name}{before}?" if name else ""


def meant(sentence: str) -> str:
    """Return the name that a sentence asks for by ``did_you_mean``, or nothing."""
    found = PHRASE.search(sentence)
    return found[1] if found else ""
