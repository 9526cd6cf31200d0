"""Resource IDs as people type them: which known resource an ID means, and what no ID can be.

An ID is written in capitals and digits, in parts between underscores, blanks, points or hyphens:
all 1,670 IDs of the public lists are, and no two of them differ only in case or in what stands
between the parts. So an ID that differs from a known one in nothing else is that one mistyped
(*Interpretation*: the BRS names no spelling).
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from apps.platform.core.suggestions import did_you_mean
from apps.platform.core.unseen import sign_of

ID_SHAPE = re.compile(r"(?=.*[_0-9])[A-Z0-9]+(?:[ _.\-][A-Z0-9]+)*")
KEPT = re.compile(r"[^A-Z0-9]")
# capital letters of other alphabets that look like Latin ones
LOOKALIKES = str.maketrans("АВЕЅІЈКМНОРСТХУΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABESIJKMHOPCTXYABEZHIKMNOPTYX")
SAME_SIGHT = (frozenset("0OQ"), frozenset("1IL"), frozenset("5S"), frozenset("2Z"), frozenset("8B"))


def same_form(code: str) -> str:
    """Return what stays of an ID without case, blanks, separators and invisible characters."""
    plain = unicodedata.normalize("NFKC", code).upper().translate(LOOKALIKES)
    return KEPT.sub("", plain)


def is_shaped(code: str) -> bool:
    """Whether a text is written as resource IDs are, such as ``OAK C_7_UNIT 1``."""
    return ID_SHAPE.fullmatch(code) is not None


def shown(code: str) -> str:
    """Return an ID with every character that is no plain ASCII written as ``[U+200B]``."""
    return "".join(c if " " <= c <= "~" else sign_of(c) for c in code[:80])


@dataclass(frozen=True)
class Meaning:
    """What an ID means: a known resource written another way, or one that it comes close to.

    ``former``: the ID is what ``same`` was called before it was renamed.
    """

    same: str = ""
    close: str = ""
    former: str = ""

    @property
    def question(self) -> str:
        """A sentence that asks for the known ID, with a blank before it, or nothing."""
        return did_you_mean(self.same or self.close, self.former)


class KnownIds:
    """The IDs on file, to be asked what another one means; ``former`` IDs with those of today."""

    def __init__(self, codes: Iterable[str], former: Mapping[str, str] | None = None) -> None:
        self._former = {same_form(old): (old, new) for old, new in (former or {}).items()}
        self._codes = frozenset(codes)
        self._by_form: dict[str, list[str]] = defaultdict(list)
        for code in sorted(self._codes):
            self._by_form[same_form(code)].append(code)
        self._near: dict[str, list[str]] | None = None

    def __contains__(self, code: object) -> bool:
        return code in self._codes

    def written_alike(self, code: str) -> list[str]:
        """Return the known IDs, this one included, that differ in case or separators only."""
        form = same_form(code)
        return list(self._by_form.get(form, ())) if form else []

    def meaning(self, code: str) -> Meaning:
        """Return what an ID that is not known means.

        ``same``: a known ID that differs in case, blanks, separators, invisible or look-alike
        characters only. ``close``: one that differs by one letter more, less or other, or by two
        neighbours swapped; a digit more or other names another unit and is not close. A former ID
        means the resource of today, before anything it looks like.
        """
        former = self._former.get(same_form(code))
        if former is not None and code not in self._codes:
            return Meaning(same=former[1], former=former[0])
        alike = [c for c in self.written_alike(code) if c != code]
        if alike:
            return Meaning(same=max(alike, key=lambda c: (is_shaped(c), c)))
        form = same_form(code)
        if len(form) < 4:
            return Meaning()
        near = self._index()
        found = {c for part in _without_one(form) for c in near.get(part, ()) if _one_slip(form, c)}
        names = sorted(self._by_form[f][0] for f in found)
        return Meaning(close=names[0]) if names else Meaning()

    def _index(self) -> dict[str, list[str]]:
        if self._near is None:
            self._near = defaultdict(list)
            for form in self._by_form:
                for part in _without_one(form):
                    self._near[part].append(form)
        return self._near


def _without_one(form: str) -> set[str]:
    return {form} | {form[:i] + form[i + 1 :] for i in range(len(form))}


def _one_slip(one: str, other: str) -> bool:
    """Whether two forms differ by one slip of the hand that names no other unit."""
    if abs(len(one) - len(other)) == 1:
        longer, shorter = sorted((one, other), key=len, reverse=True)
        return any(
            longer[i].isalpha() and longer[:i] + longer[i + 1 :] == shorter
            for i in range(len(longer))
        )
    unlike = [i for i in range(min(len(one), len(other))) if one[i] != other[i]]
    if len(one) != len(other) or len(unlike) > 2:
        return False
    if len(unlike) == 1:
        pair = frozenset((one[unlike[0]], other[unlike[0]]))
        return all(c.isalpha() for c in pair) or any(pair <= group for group in SAME_SIGHT)
    first, second = unlike
    return second == first + 1 and one[first] == other[second] and one[second] == other[first]


def question(code: str, known: Iterable[str]) -> str:
    """Return a question for the known ID that another one resembles, with a blank before it.

    For IDs of SCs, TAC areas and local areas, as ``did_you_mean`` is for resources. A digit more or
    other names another one.
    """
    return KnownIds(known).meaning(code).question if code else ""
