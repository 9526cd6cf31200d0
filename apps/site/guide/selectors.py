"""Read the guide's pages and the rules' own words."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.templatetags.static import static
from django.urls import get_script_prefix, resolve, reverse
from markdown_it import MarkdownIt

from apps.platform.accounts.rules import Viewer
from apps.platform.core.rulebook import IMPLEMENTATIONS
from apps.platform.ui.selectors import may_open
from apps.site.guide.codes import TOURS, TourStep

DOCS = Path(__file__).resolve().parents[3] / "docs"
PICTURE = re.compile(r'src="\.\./pictures/([\w.-]+)"')
OF_EVERYBODY = {"api-whoami", "help", "help-page", "help-rules", "home", "notice-preferences"}
LINK = re.compile(r'<a href="(/[^"#?]*)[^"]*">(.*?)</a>', re.DOTALL)
OTHER_PAGE = re.compile(r'href="([\w-]+)\.md(#[\w-]+)?"')


@dataclass(frozen=True)
class Rule:
    """A rule as the code tells it: name, requirement ids, source, and its own words."""

    name: str
    brqs: tuple[str, ...]
    source: str
    words: str


def page_html(slug: str) -> str:
    """Return a page of the guide as HTML; the file is ours, and raw HTML in it stays text.

    The files write addresses as if the site were mounted at the root; here they become its own.
    """
    return _page_html(slug, get_script_prefix())


def page_for(slug: str, viewer: Viewer) -> str:
    """Return a page of the guide as HTML with links to what a viewer may open alone.

    What else it names stands there without a link. Who is not signed in keeps every link, which
    then asks to sign in.
    """
    html = page_html(slug)
    if viewer.user_id is None:
        return html
    return LINK.sub(lambda m: m[0] if _opens(m[1], viewer) else m[2], html)


def _opens(path: str, viewer: Viewer) -> bool:
    if not path.endswith("/"):  # a file, such as a schema or a picture
        return True
    name = resolve(path).url_name or ""
    return name in OF_EVERYBODY or may_open(name, viewer)


@cache
def _page_html(slug: str, root: str) -> str:
    text = (DOCS / "guide" / f"{slug}.md").read_text()
    html = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    html = re.sub(r"<h([23])>(.*?)</h\1>", _with_anchor, html)
    html = html.replace("<table>", '<div class="scroll" tabindex="0"><table>')
    html = html.replace("</table>", "</table></div>")
    html = html.replace('href="/', f'href="{root}')
    html = OTHER_PAGE.sub(lambda m: f'href="{reverse("help-page", args=[m[1]])}{m[2] or ""}"', html)
    return PICTURE.sub(_picture, html)


def _picture(found: re.Match[str]) -> str:
    """Say a picture's size, so that the page stands still while it loads."""
    head = (DOCS / "pictures" / found[1]).read_bytes()[16:24]
    width, height = int.from_bytes(head[:4]), int.from_bytes(head[4:])
    return f'src="{static(f"docs/{found[1]}")}" width="{width}" height="{height}"'


def _with_anchor(found: re.Match[str]) -> str:
    plain = re.sub(r"<[^>]+>", "", found[2])
    anchor = re.sub(r"[^a-z0-9]+", "-", plain.casefold()).strip("-")
    return f'<h{found[1]} id="{anchor}">{found[2]}</h{found[1]}>'


def rules() -> list[Rule]:
    """Return every rule that answers a requirement, with the words of its docstring."""
    found: dict[str, tuple[list[str], str, Any]] = {}
    for each in IMPLEMENTATIONS:
        brqs, source, _ = found.setdefault(each.target, ([], each.source, each.what))
        brqs.append(each.brq)
        found[each.target] = (brqs, source or each.source, each.what)
    return [
        Rule(name, tuple(sorted(set(brqs))), source, inspect.getdoc(target) or "")
        for name, (brqs, source, target) in sorted(found.items())
    ]


def tour(viewer: Viewer) -> tuple[TourStep, ...]:
    """Return the steps that show a viewer around."""
    if viewer.is_iso:
        return TOURS["iso"]
    return TOURS["sc"] if viewer.is_sc else ()
