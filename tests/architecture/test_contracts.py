"""Each import contract is broken on purpose in a copy of the tree, and must be seen to fail."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT = Path(sys.executable).parent / "lint-imports"

BREAKS = {
    "floors": (
        "apps/reference/resources/selectors/reading.py", "from apps.settlement.settlements.selectors import outcomes"
    ),
    "rooms": ("apps/reference/market/models.py", "from apps.reference.market.services import check_demand"),
    "pure": ("apps/settlement/settlements/rules/allocation.py", "import django.conf"),
    "roof": ("apps/site/home/views.py", "import rmrcpm.env"),
    "doors": ("apps/settlement/settlements/services/settling.py",
              "from apps.reliability.designations.models import RmrContract"),
}  # fmt: skip


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    target = tmp_path_factory.mktemp("tree")
    for name in ("apps", "rmrcpm", "tests"):
        shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", target)
    return target


def lint(folder):
    done = subprocess.run(
        [LINT, "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin", "TERM": "dumb"},
    )
    lines = re.findall(r"^(\w+): .* (KEPT|BROKEN)", done.stdout, re.M)
    return done.returncode, {name.lower(): verdict for name, verdict in lines}


def test_the_tree_keeps_all_five(copy):
    code, verdicts = lint(copy)
    assert code == 0
    assert verdicts == dict.fromkeys(BREAKS, "KEPT")


@pytest.mark.parametrize("contract", BREAKS)
def test_a_broken_contract_is_seen(copy, contract):
    name, line = BREAKS[contract]
    path = copy / name
    before = path.read_text()
    try:
        path.write_text(
            before.replace("from __future__", f"{line}\nfrom __future__", 1)
            if "from __future__" in before
            else f"{line}\n{before}"
        )
        code, verdicts = lint(copy)
    finally:
        path.write_text(before)
    assert code != 0
    assert verdicts[contract] == "BROKEN"
