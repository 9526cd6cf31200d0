"""Look at a page as a browser has drawn it: barriers that axe finds, and what moves."""

from __future__ import annotations

import os

from axe_playwright_python.sync_playwright import Axe

from tests.plugins.sampling import WHOLE

SHIFT = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => {
    for (const e of list.getEntries()) if (!e.hadRecentInput) sum += e.value;
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 60);
})"""
# Of children of one parent that are made and drawn alike, down to their colours, two are looked
# at. What may differ: what is written, where links lead, names and keys.
ALIKE = """() => {
  const told = ["class", "type", "role", "style", "fill", "lang", "scope", "tabindex"];
  const drawn = (e) => {
    const s = getComputedStyle(e);
    return [s.color, s.backgroundColor, s.fontSize, s.fontWeight, s.opacity, s.display].join();
  };
  const own = (e) => [
    e.tagName,
    ...[...e.attributes].map((a) =>
      told.includes(a.name) || a.name.startsWith("aria-") ? a.name + "=" + a.value
        : a.name + (a.value ? "" : "=")),
    e.childElementCount || e.textContent.trim() ? "" : "empty",
    drawn(e),
  ].join("|");
  const kind = (e) => own(e) + "(" + [...new Set([...e.children].map(kind))].join() + ")";
  for (const parent of document.querySelectorAll("main tbody, main ul, main ol, main dl, select")) {
    const seen = new Map();
    for (const child of parent.children) {
      const made = kind(child), count = seen.get(made) || 0;
      seen.set(made, count + 1);
      if (count > 1) child.setAttribute("data-alike", "");
    }
  }
}"""
# nothing is fetched beside what a page has: sounds alone, of which there are none, would be
OPTIONS = {"resultTypes": ["violations"], "preload": {"assets": ["media"]}}
BAD = ("serious", "critical", "moderate")


def barriers(page):
    """Return what keeps people from using a page: (rule, where it shows first)."""
    context = None
    if not os.environ.get(WHOLE):
        page.evaluate(ALIKE)
        context = {"exclude": [["[data-alike]"]]}
    found = Axe().run(page, context=context, options=OPTIONS).response["violations"]
    return [(v["id"], v["nodes"][0]["html"][:140]) for v in found if v["impact"] in BAD]
