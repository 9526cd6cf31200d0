"""Characters that nobody sees: those that turn text around, have no width, or control a terminal.

Somebody who reads a name, a reason or a file name has to see what stands there. So whatever shows
texts of people, pages and feeds, mails and PDF documents, writes such a character as its code,
``[U+202E]``; and a text cell of a file that controls or turns text is refused. One without width
is left to the checks of ids, which say what was meant. What programs read (the API, CSV, XLSX) has
texts as they are.
"""

from __future__ import annotations

import re

UNSEEN_PATTERN = (
    "["
    r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # controls, without tab and line ends
    "\u00ad\u034f\u061c\u070f\u115f\u1160\u17b4\u17b5\u180e"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f"
    "]"
)
UNSEEN = re.compile(UNSEEN_PATTERN)
# those of them that control, or turn text around
TURNING_PATTERN = (
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f" "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
TURNING = re.compile(TURNING_PATTERN)
BLANK_OF_DOTS = "\u2800"  # a sign of Braille without a dot: it has a width and shows nothing
# the code of one, as a form that was shown it sends it back
CODE_PATTERN = r"\[U\+[0-9A-F]{4,6}\]"
CODE = re.compile(CODE_PATTERN)


def sign_of(character: str) -> str:
    """Return how an unseen character is shown."""
    return f"[U+{ord(character):04X}]"


def seen_text(text: str) -> str:
    """Return a text without blanks at its ends; "" for one in which nothing is seen.

    A reason, a note or an answer is judged by it: one of blanks and signs without width is none.
    """
    return text.strip() if UNSEEN.sub("", text).replace(BLANK_OF_DOTS, "").strip() else ""


def shown(text: str) -> str:
    """Return a text with every unseen character written as its code."""
    return UNSEEN.sub(lambda found: sign_of(found[0]), text)
