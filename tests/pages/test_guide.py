"""The guide: every page opens, every link leads somewhere, tours point at what is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from apps.site.guide.codes import PAGES, TOURS
from apps.site.guide.selectors import page_html, rules

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
WRITTEN = [*sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md"]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.slug)
def test_every_page_opens_and_its_links_lead_somewhere(page, client, as_user):
    body = client.get(f"/help/{page.slug}/").content.decode()
    assert page.title in body
    reader = as_user("iso.admin")
    html = page_html(page.slug)
    for address in set(re.findall(r'href="(/[^"]*)"', html)):
        assert reader.get(address).status_code == 200, address
    for picture in re.findall(r'src="/static/docs/([^"]+)"', html):
        assert (ROOT / "docs" / "pictures" / picture).exists(), picture


@pytest.mark.parametrize("name", ["sc.sunset", "sc.coast.reader", "iso.legal"])
def test_no_page_leads_anybody_to_what_is_not_theirs(name, as_user):
    client, opened = as_user(name), set()
    for page in PAGES:
        body = client.get(f"/help/{page.slug}/").content.decode()
        prose = body.split("<main")[1].split("</main>")[0]
        for address in set(re.findall(r'<a href="(/[^"]*)"', prose)) - opened:
            opened.add(address)
            assert client.get(address, follow=True).status_code == 200, (page.slug, address)
    assert len(opened) > 10


@pytest.mark.parametrize("path", WRITTEN, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_between_files_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text()):
        if "://" not in target and not target.startswith("/"):
            assert (path.parent / target).exists(), target


def test_files_named_in_the_documentation_exist():
    for path in WRITTEN:
        for name in re.findall(
            r"`((?:docs|apps|tests|rmrcpm|fixtures|static)/[\w./-]+)`", path.read_text()
        ):
            assert (ROOT / name).exists(), f"{path.name}: {name}"


def test_unknown_pages_are_not_found_and_no_file_is_read_by_its_name(client):
    for slug in ("nothing", "..", "%2e%2e%2fhouse"):
        assert client.get(f"/help/{slug}/").status_code == 404


def test_rules_are_told_in_their_own_words(client):
    found = rules()
    assert len(found) >= 5
    assert all(len(r.words) > 40 and r.brqs for r in found)
    assert found[0].words.split("\n")[0][:30] in client.get("/help/rules/").content.decode()


@pytest.mark.parametrize(("name", "tour"), [("iso.admin", "iso"), ("sc.bay", "sc")])
def test_a_tour_points_at_what_is_on_the_page(name, tour, as_user):
    client = as_user(name)
    steps = client.get("/help/tour.json").json()["steps"]
    assert [s["title"] for s in steps] == [s.title for s in TOURS[tour]]
    home = client.get("/").content.decode()
    for step in steps:
        link = re.search(r'href="([^"]+)"', step["target"])
        assert (link[1] in home) if link else True


def test_the_public_has_no_tour(client):
    assert client.get("/help/tour.json").json() == {"steps": []}
