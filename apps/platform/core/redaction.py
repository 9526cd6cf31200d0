"""Secrets are taken out of what is logged: passwords, tokens, keys, links that set a password."""

from __future__ import annotations

import re
from collections.abc import Iterable

HIDDEN = "[hidden]"
SHORTEST_KNOWN = 6  # a shorter secret is a word of everyday text as well
_NAMED = re.compile(
    r"(?i)\b(pass(?:word|wd|phrase)?\d?|new_password\d?|secret|client_secret|[a-z_]*token|"
    r"api[_-]?key|secret[_-]?key|session_?id|authorization|set-cookie|cookie|otp|totp)"
    r"(['\"]?\s*[=:]\s*)(?:(bearer|basic)\s+)?"
    r"(b?'[^'\n]*'|b?\"[^\"\n]*\"|[^\s'\",;&)}\]]+)"
)
_HEADER = re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{6,}")
_TOKEN = re.compile(r"\brmr_[A-Za-z0-9_-]{8,}")
# from the beginning of a word, else a long one is read anew from each of its letters
_USERINFO = re.compile(r"\b(\w+://[^/\s:@]*):[^/\s@]+@")
_LINKS = re.compile(
    r"(/accounts/join/|/accounts/password/reset/key/|/accounts/confirm-email/|"
    r"/accounts/login/code/|/calendar/)[^\s\"'?#]+"
)
# what the database says of a row it refused
_ROW = re.compile(r"(Failing row contains |Key \([^)\n]{1,300}\)=)\(([^\n]*)")
_LONG = re.compile(r"[A-Za-z0-9_=:.~+-]{20,}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def without_secrets(text: str, known: Iterable[str] = ()) -> str:
    """Return a text with ``[hidden]`` where a secret stood.

    Hidden are the values after names such as *password* and *token*, sign-in headers, tokens of
    this product, passwords in addresses, links that open an account or a calendar, rows that the
    database refused, and the ``known`` secrets of this site wherever they stand.
    """
    for secret in known:
        if len(secret) >= SHORTEST_KNOWN:
            text = text.replace(secret, HIDDEN)
    text = _LINKS.sub(rf"\1{HIDDEN}", text)
    text = _ROW.sub(_without_row, text)
    text = _USERINFO.sub(rf"\1:{HIDDEN}@", text)
    text = _NAMED.sub(rf"\1\2{HIDDEN}", text)
    text = _HEADER.sub(rf"\1 {HIDDEN}", text)
    return _TOKEN.sub(HIDDEN, text)


def _without_row(found: re.Match[str]) -> str:
    """Keep what the database says around the values of a row, which may hold brackets."""
    _, bracket, behind = found[2].rpartition(")")
    return found[1] + HIDDEN + (behind if bracket else "")


def path_for_log(path: str) -> str:
    """Return the path of a request as a log may hold it: what looks like a key is hidden.

    That is a part of 20 characters and more with letters and digits, known address or not, so
    that a mistyped link is hidden too. What was asked behind the path is never logged.
    """
    parts = [
        HIDDEN
        if _LONG.fullmatch(part) and re.search(r"\d", part) and re.search(r"[A-Za-z]", part)
        else part
        for part in path.split("/")
    ]
    return on_one_line(without_secrets("/".join(parts)))


def on_one_line(text: str) -> str:
    """Return a text with its control and direction characters written out: one line, no forging."""
    return _CONTROL.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
