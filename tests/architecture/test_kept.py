"""The kept server: copied only where everything that furnishes it is what it was."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest

from rmrcpm import stamp
from tests.plugins import kept

DAY = datetime(2026, 9, 4, 18, tzinfo=UTC)


@pytest.fixture
def tree(tmp_path):
    """A tree with one file of each place that furnishes."""
    for name in kept.MADE_BY:
        file = tmp_path / name if "." in name.rpartition("/")[2] else tmp_path / name / "file.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("as it was")
    return tmp_path


def test_a_key_stays_the_same_until_something_that_furnishes_differs(tree, monkeypatch):
    first = kept.key(tree, DAY)
    monkeypatch.setenv("RMRCPM_TEST_SEED", "another")
    monkeypatch.setenv("RMRCPM_PGDATA", "/elsewhere")
    (tree / "tests" / "test_more.py").write_text("a test")
    assert kept.key(tree, DAY) == first


def test_what_prepares_a_product_and_writes_rows_is_in_the_key():
    collected = {"static", "docs/pictures", "package-lock.json", "manage.py"}
    assert set(stamp.READ) - collected <= set(kept.MADE_BY)
    assert {"tests/conftest.py", "tests/plugins/cluster.py"} <= set(kept.MADE_BY)


@pytest.mark.parametrize("name", kept.MADE_BY)
def test_a_changed_file_and_an_added_one_have_another_key(tree, name):
    first, place = kept.key(tree, DAY), tree / name
    changed = place / "file.py" if place.is_dir() else place
    changed.write_text("as it is now")
    second = kept.key(tree, DAY)
    (changed.parent / "rules").mkdir(exist_ok=True)
    if place.is_dir():
        (place / "rules" / "more.py").write_text("")
    keys = {first, second, kept.key(tree, DAY)}
    assert len(keys) == 2 + place.is_dir()


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 9, 5, 1, tzinfo=UTC),  # still the same day where the markets are
        datetime(2026, 9, 4, 6, tzinfo=UTC),  # still the day before there
        datetime(2026, 9, 5, 18, tzinfo=UTC),
    ],
)
def test_another_day_here_or_there_has_another_key(tree, at):
    assert kept.key(tree, at) != kept.key(tree, DAY)


def test_another_setting_has_another_key(tree, monkeypatch):
    first = kept.key(tree, DAY)
    monkeypatch.setenv("RMRCPM_POSTGRES", os.environ.get("RMRCPM_POSTGRES", "") or "embedded")
    monkeypatch.setenv("DJANGO_SECRET_KEY", "of this test")
    assert kept.key(tree, DAY) != first


def test_what_is_kept_is_copied_and_the_next_takes_its_place(tmp_path):
    folder, data = tmp_path / "kept", tmp_path / "data"
    data.mkdir()
    assert not kept.take(folder, "one", data)
    (data / "rows").write_text("of one")
    kept.keep(folder, "one", data)
    (data / "rows").write_text("what a test left")
    assert kept.take(folder, "one", data)
    assert (data / "rows").read_text() == "of one"
    kept.keep(folder, "two", data)
    assert not kept.take(folder, "one", data)
    assert sorted(p.name for p in folder.iterdir()) == ["lock", "two"]


def test_a_server_whose_copy_was_cut_short_is_no_kept_one(tmp_path):
    folder, data = tmp_path / "kept", tmp_path / "data"
    data.mkdir()
    (folder / "part").mkdir(parents=True)
    (folder / "part" / "rows").write_text("half")
    assert not kept.take(folder, "one", data)
    kept.keep(folder, "one", data)
    assert list((folder / "one").iterdir()) == []
