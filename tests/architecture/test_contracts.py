"""Each import contract is broken on purpose in a copy of the tree, and must be seen to fail."""

import re
import shutil
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT = Path(sys.executable).parent / "lint-imports"

# contract -> the file that breaks it, and the line that does
BREAKS = {
    "wings": (
        "apps/reference/masterfile/views.py",
        "from apps.site.guide.selectors import guides",
    ),
    "rooms": (
        "apps/reference/market/models.py",
        "from apps.reference.market.services import check_demand",
    ),
    "pure": ("apps/settlement/settlements/rules/allocation.py", "import django.conf"),
    "roof": ("apps/site/home/views/__init__.py", "import rmrcpm.env"),
    "doors": (
        "apps/settlement/settlements/services/settling.py",
        "from apps.reliability.designations.models import RmrContract",
    ),
    "edges": (
        "apps/platform/uploads/management/commands/upload.py",
        "from apps.platform.uploads.views import kind_or_404",
    ),
}
# the same for the floors of each wing: an app that imports from a higher one of its wing
FLOORS = {
    "platform": (
        "apps/platform/jobs/selectors.py",
        "from apps.platform.uploads.selectors import current_version",
    ),
    "reference": (
        "apps/reference/resources/selectors/reading.py",
        "from apps.reference.market.selectors import holidays_known",
    ),
    "reliability": (
        "apps/reliability/designations/selectors/reading.py",
        "from apps.reliability.verification.selectors import verification",
    ),
    "adequacy": (
        "apps/adequacy/plans/selectors.py",
        "from apps.adequacy.credits.selectors import credits",
    ),
    "bidding": (
        "apps/bidding/costs/selectors.py",
        "from apps.bidding.bids.selectors import bids",
    ),
    "settlement": (
        "apps/settlement/cost_recovery/selectors.py",
        "from apps.settlement.statements.selectors import statements",
    ),
    "site": ("apps/site/guide/selectors.py", "from apps.site.home.selectors import home"),
}
NAMES = {*BREAKS, *FLOORS}


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    target = tmp_path_factory.mktemp("tree")
    for name in ("apps", "rmrcpm", "tests"):
        shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", target)
    return target


def broken_in(folder):
    """Return the names of the broken contracts; every contract has to have been looked at."""
    done = subprocess.run(
        [LINT, "--cache-dir", folder / ".read"],  # of the copy: what has not changed is read once
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin", "TERM": "dumb"},
    )
    verdicts = dict(re.findall(r"^(\w+): .* (KEPT|BROKEN)", done.stdout, re.M))
    assert {name.lower() for name in verdicts} == NAMES, done.stdout + done.stderr
    broken = {name.lower() for name, verdict in verdicts.items() if verdict == "BROKEN"}
    assert (done.returncode != 0) == bool(broken)
    return broken


def broken_by(folder, breaks):
    """Return what the lines break, each put on top of its file for as long as this takes."""
    before = {name: (folder / name).read_text() for name, _ in breaks}
    try:
        for name, line in breaks:
            (folder / name).write_text(f"{line}\n{before[name]}")
        return broken_in(folder)
    finally:
        for name, text in before.items():
            (folder / name).write_text(text)


def test_the_tree_keeps_all_of_them(copy):
    assert broken_in(copy) == set()


@pytest.mark.parametrize("contract", BREAKS)
def test_a_broken_contract_is_seen(copy, contract):
    assert broken_by(copy, [BREAKS[contract]]) == {contract}


def test_registries_are_pure_and_stand_below_rules(copy):
    breaks = [
        ("apps/platform/runs/hooks.py", "from apps.platform.runs.rules import FIRST"),
        ("apps/platform/uploads/hooks.py", "import django.conf"),
    ]
    assert broken_by(copy, breaks) == {"rooms", "pure"}


def test_an_import_up_the_floors_of_a_wing_is_seen_in_every_wing(copy):
    assert broken_by(copy, list(FLOORS.values())) == set(FLOORS)


def test_an_app_without_a_floor_and_a_wing_without_a_place_are_refused(copy):
    strays = [copy / "apps" / "stray", copy / "apps" / "adequacy" / "stray"]
    try:
        for folder in strays:
            folder.mkdir()
            (folder / "__init__.py").write_text("")
        assert broken_in(copy) == {"wings", "adequacy"}
    finally:
        for folder in strays:
            shutil.rmtree(folder)


def test_no_imports_run_in_a_circle():
    graph = grimp.build_graph("rmrcpm", "apps")
    imports = {m: graph.find_modules_directly_imported_by(m) for m in graph.modules}
    assert len(imports) > 700
    TopologicalSorter(imports).prepare()  # CycleError names the modules of a circle
