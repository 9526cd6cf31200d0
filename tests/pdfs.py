"""Read a PDF back: its words in order, and its tables row by row, by the tags readers use.

It reads what the product writes (PDF 1.7 with plain objects, Flate streams, two-byte fonts that say
which character each glyph is), and refuses what it does not know rather than leave out.
"""

from __future__ import annotations

import re
import zlib
from decimal import Decimal

OBJECT = re.compile(rb"(?m)^(\d+) 0 obj\s*(.*?)\s*^endobj", re.DOTALL)
MARKED = re.compile(rb"/\w+\s*<<[^<>]*?/MCID (\d+)[^<>]*?>>\s*BDC(.*?)EMC", re.DOTALL)
INNER = rb"\((?:\\.|[^\\()])*\)"  # parentheses that come in pairs need no backslash
STRING = rb"\((?:\\.|[^\\()]|" + INNER + rb")*\)"
SHOWN = re.compile(
    rb"/(f\d+) [\d.]+ Tf|\[((?:" + STRING + rb"|[^\]\\(])*)\]\s*TJ|(" + STRING + rb")\s*Tj",
    re.DOTALL,
)
TEXT = re.compile(STRING, re.DOTALL)
ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
REFERENCE = re.compile(rb"(\d+) 0 R")


class Pdf:
    """A PDF of the product's, read."""

    def __init__(self, content):
        assert content.startswith(b"%PDF-1.7"), content[:20]
        self.objects = {int(m[1]): m[2] for m in OBJECT.finditer(content)}
        self.words = {}  # (page, number of the marked piece) -> its text
        for number, body in self.objects.items():
            if re.match(rb"<<\s*/Type\s*/Page\b", body):
                self._read_page(number, body)

    @property
    def text(self):
        """Return all words of the document, pieces in the order of its tags."""
        (root,) = (b for b in self.objects.values() if b.startswith(b"<</Type/StructTreeRoot"))
        return " ".join(self._pieces(_kids(root), None))

    def rows(self):
        """Return the rows of all tables, each the texts of its cells."""
        found = []
        for body in self.objects.values():
            if b"/StructElem/S/TR/" in body:
                found.append([self._cell(int(n)) for n in REFERENCE.findall(_kids(body))])
        return found

    def table(self, *headings):
        """Return the rows below some headings as dictionaries, up to the next row of headings."""
        rows = self.rows()
        start = rows.index(list(headings))
        below = []
        for row in rows[start + 1 :]:
            if len(row) != len(headings) or row == list(headings):
                break
            below.append(dict(zip(headings, row, strict=True)))
        return below

    def _cell(self, number):
        body = self.objects[number]
        return " ".join(self._pieces(_kids(body), _page(body)))

    def _pieces(self, kids, page):
        for piece in re.finditer(rb"<<.*?>>|(\d+) 0 R|(\d+)", kids):
            elsewhere = re.search(rb"/MCID (\d+)", piece[0])
            if elsewhere:  # a piece of a cell that goes on over the page
                yield self.words.get((_page(piece[0]) or page, int(elsewhere[1])), "")
            elif piece[1]:
                body = self.objects[int(piece[1])]
                yield from self._pieces(_kids(body), _page(body) or page)
            elif piece[2]:
                yield self.words.get((page, int(piece[2])), "")

    def _read_page(self, number, body):
        fonts = self._fonts(int(re.search(rb"/Resources (\d+) 0 R", body)[1]))
        stream = self._stream(int(re.search(rb"/Contents (\d+) 0 R", body)[1]))
        for mark, drawn in MARKED.findall(stream):
            font, text = {}, ""
            for name, several, one in SHOWN.findall(drawn):
                if name:
                    font = fonts[name]
                glyphs = b"".join(_plain(t[1:-1]) for t in TEXT.findall(several or one))
                text += "".join(font[glyphs[n : n + 2]] for n in range(0, len(glyphs), 2))
            self.words[number, int(mark)] = text.strip()

    def _fonts(self, resources):
        found = {}
        listed = re.search(rb"/Font\s*<<(.*?)>>", self.objects[resources])
        for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", listed[1] if listed else b""):
            told = re.search(rb"/ToUnicode (\d+) 0 R", self.objects[int(number)])
            pairs = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>\n", self._stream(int(told[1])))
            found[name] = {
                bytes.fromhex(g.decode()): bytes.fromhex(c.decode()).decode("utf-16-be")
                for g, c in pairs
            }
        return found

    def _stream(self, number):
        head, _, rest = self.objects[number].partition(b"stream")
        length = int(re.search(rb"/Length (\d+)", head)[1])
        content = rest.lstrip(b"\r\n")[:length]
        return zlib.decompress(content) if b"/FlateDecode" in head else content


def number(text):
    """Return the number a cell shows; a typographic minus is a minus. Raises for any other text."""
    return Decimal(text.replace("\N{MINUS SIGN}", "-").replace(",", ""))


def _kids(body):
    found = re.search(rb"/K\s*(\[(?:[^\[\]]|\[[^\]]*\])*\]|\d+(?: 0 R)?)", body)
    return found[1] if found else b""


def _page(body):
    found = re.search(rb"/Pg (\d+) 0 R", body)
    return int(found[1]) if found else None


def _plain(text):
    def one(m):
        word = m[1]
        return bytes([int(word, 8)]) if word.isdigit() else ESCAPES.get(word, word)

    return ESCAPED.sub(one, text)
