"""The real product, started as a newcomer starts it, and a real Chromium beside it."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rmrcpm.database import socket_folder
from rmrcpm.product import die_with_parent

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "walk-the-line-2024"


def chromium():
    return next(
        (p for n in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(n))),
        None,
    )


def port(first):
    """Return a port of this process's own: two that start at once both find the same one free."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    return str(first + 10 * int(worker))


class Product:
    """A running ``rmrcpm.launch`` in a home of its own."""

    def __init__(self, home, **env):
        self.home = home
        others = {"RMRCPM_PGDATA", "DJANGO_SETTINGS_MODULE", "DATABASE_URL"}
        kept = {k: v for k, v in os.environ.items() if k not in others}
        self.env = (
            kept | {"RMRCPM_HOME": str(home), "PORT": port(8600), "PYTHONUNBUFFERED": "1"} | env
        )
        self.process = None
        self.text = ""

    def start(self, limit=300):
        log = self.home.parent / "launch.txt"
        began, self.began_at = time.monotonic(), datetime.now(UTC).isoformat()
        with log.open("w") as told:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "rmrcpm.launch"],
                cwd=ROOT,
                env=self.env,
                stdout=told,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent,  # noqa: PLW1509  (a killed run leaves nothing behind)
            )
        while time.monotonic() - began < limit:
            self.text = log.read_text()
            if "started in" in self.text or self.process.poll() is not None:
                break
            time.sleep(0.2)
        assert "started in" in self.text, self.text
        self.url = re.search(r"http://localhost:\d+", self.text)[0]
        took = time.monotonic() - began
        self.wait_for_the_demo(began + limit)
        return took

    def database(self):
        """Connect to the database of this home as its owner."""
        import psycopg

        host = str(socket_folder(self.home / "postgres"))
        return psycopg.connect(host=host, user="rmrcpm", dbname="rmrcpm", autocommit=True)

    def wait_for_the_demo(self, until):
        """Wait until the worker has settled the demo, which it does after the start."""
        with self.database() as connection:
            while True:
                jobs = "select state, error from jobs_job where kind = 'settle-demo'"
                found = connection.execute(jobs).fetchall()
                if found and all(state == "DONE" for state, _ in found):
                    return
                assert time.monotonic() < until, found
                assert all(state != "FAILED" for state, _ in found), found
                time.sleep(0.2)

    def stop(self, number=signal.SIGINT):
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)
            self.process.wait(timeout=60)

    def left_behind(self):
        """Return the command lines of processes that still speak of this home."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                settings = (entry / "environ").read_bytes().decode(errors="replace")
            except OSError:
                continue
            if str(self.home) in words + settings and int(entry.name) != os.getpid():
                found.append(words)
        return found


@pytest.fixture(scope="session")
def settled_home(tmp_path_factory):
    """A home that holds the settled demo, not running: others start from copies of it.

    The first process of a run that asks starts the product in a bare folder; the others wait.
    """
    kept = Path(os.environ["RMRCPM_TEST_FURNISHED"]).with_suffix(".home")
    with kept.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            first = Product(tmp_path_factory.mktemp("first") / "home")
            first.home.mkdir()
            first.start()
            first.stop()
            assert first.process.returncode == 0
            first.home.rename(kept)
    return kept


@pytest.fixture(scope="session")
def copied(settled_home):
    """Copy the settled home to a place; return the place."""

    def to(place):
        shutil.copytree(settled_home, place, ignore=shutil.ignore_patterns("launch.lock", "log"))
        return place

    return to


@pytest.fixture(scope="package")  # it ends with the journeys, and leaves the machine to the rest
def product(tmp_path_factory, copied):
    running = Product(copied(tmp_path_factory.mktemp("product") / "home"))
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def home(tmp_path_factory, copied):
    """A home, started once, that the tests of a file start from, one after the other.

    What one leaves behind, killed or not, is what the next one starts with.
    """
    return copied(tmp_path_factory.mktemp("launched") / "home")


@pytest.fixture(scope="module")
def launched(home):
    product = Product(home, PORT=port(8700))
    yield product
    product.stop()


@pytest.fixture
def own(launched):
    """The product, not running: for those who look at how it starts."""
    launched.stop()
    return launched


@pytest.fixture
def running(launched):
    """The product, running since another test or from now on: what dies is started again."""
    if launched.process is None or launched.process.poll() is not None:
        launched.start()
    return launched


@pytest.fixture(scope="package")
def browser():
    path = chromium()
    if path is None:
        pytest.skip("no Chromium is installed (package chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened
        opened.close()


def waits_for_the_page_that_follows(page):
    """Have a click end when the page it leads to is whole, so that what is read next is all of it.

    Playwright's own click ends as soon as the next page begins.
    """
    click = page.click

    def whole(*where, **how):
        click(*where, **how)
        page.wait_for_load_state("domcontentloaded")

    page.click = whole
    return page


def sign_in(page, name):
    """Sign a person in by the form."""
    page.goto("/accounts/login/")
    page.fill("#id_login", name)
    page.fill("#id_password", PASSWORD)
    page.click("main button.primary")


def again(page):
    """Give the password once more, where changing how one signs in asks for it."""
    if "reauthenticate" in page.url:
        page.fill("#id_password", PASSWORD)
        page.click("main button.primary")


@pytest.fixture(scope="package")
def sessions():
    """The cookies of who has signed in by the form, who comes again with them."""
    return {}


@pytest.fixture
def visit(product, browser, sessions):
    """Have a person come, signed in; the page collects console errors in ``page.faults``.

    at: the page to begin on; without it the first one is whatever the journey opens. Who looks at
    signing in or out itself comes with a session of their ``own``.
    """
    contexts = []

    def go(name=None, width=1280, scheme="light", at=None, own=False):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, base_url=product.url
        )
        contexts.append(context)
        page = waits_for_the_page_that_follows(context.new_page())
        page.faults = []
        page.on("console", lambda m: page.faults.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: page.faults.append(str(e)))
        page.on(
            "request",
            lambda r: (
                page.faults.append(r.url) if not r.url.startswith((product.url, "data:")) else None
            ),
        )
        if name in sessions and not own:
            context.add_cookies(sessions[name])
        elif name:
            sign_in(page, name)
            if not own:
                page.wait_for_selector("header button:has-text('Sign out')", state="attached")
                sessions[name] = context.cookies()
        if at:
            page.goto(at)
        return page

    yield go
    for context in contexts:
        context.close()
