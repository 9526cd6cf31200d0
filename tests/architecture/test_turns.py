"""Tables run in turns leave nothing out for good, and say what they left out."""

from __future__ import annotations

import pytest

from tests.plugins import sampling, sharing, times

CASES = [f"case {n}" for n in range(71)]


@pytest.mark.parametrize("days", [2, 3, 4])
def test_as_many_days_in_a_row_run_every_case_once(days):
    for first in (1, 250, 365):
        turns = [sampling.has_turn(CASES, days, (), first + n) for n in range(days)]
        assert sorted(c for turn in turns for c in turn) == sorted(CASES)
        assert max(map(len, turns)) - min(map(len, turns)) <= 1


def test_neighbours_are_mixed_and_a_seed_gives_the_same_again():
    today = sampling.has_turn(CASES, 3, (), 40)
    assert today == sampling.has_turn(reversed(CASES), 3, (), 40)
    assert today != set(CASES[1::3])


def test_some_cases_are_never_left_out():
    for number in range(3):
        assert {"case 0", "case 1"} <= sampling.has_turn(CASES, 3, ("case 0", "case 1"), number)


def test_inside_a_test_the_whole_is_asked_where_all_is_run(monkeypatch):
    monkeypatch.setenv(sampling.SEED, "7")
    monkeypatch.delenv(sampling.WHOLE, raising=False)
    assert len(sampling.in_turn(CASES, days=4)) in (17, 18)
    monkeypatch.setenv(sampling.WHOLE, "1")
    assert sampling.in_turn(CASES, days=4) == CASES


@pytest.mark.parametrize(
    ("nodeid", "group"),
    [
        ("tests/journeys/test_launch.py::test_a", "launch"),
        ("tests/journeys/test_supervised.py::test_a", "supervised"),
        ("tests/journeys/test_bids.py::test_a", "journeys of the desk"),
        ("tests/journeys/test_looks.py::test_a[x]", "journeys of the desk"),
        ("tests/journeys/test_walk.py::test_a[x]", "journeys"),
        ("tests/pages/test_isolation.py::test_a[x]", "tests/pages/test_isolation.py::test_a[x]"),
        (
            "tests/any/wing/scenarios/test_s.py::test_a",
            "tests/any/wing/scenarios/test_s.py::test_a",
        ),
        ("tests/any/wing/test_two_at_once.py::test_a", "committing"),
        (
            "tests/operation/designations/test_a.py::test_a",
            "tests/operation/designations/test_a.py",
        ),
    ],
)
def test_what_stays_together_is_told_by_names_wherever_it_stands(nodeid, group):
    assert sharing.group(nodeid) == group


def test_times_are_added_up_by_folder():
    class Report:
        def __init__(self, nodeid, own, wall, when="call"):
            self.nodeid, self.duration, self.when = nodeid, wall, when
            self.user_properties = [(times.TOOK, own)]

    reports = [
        Report("tests/a/test_x.py::test_1", 1.0, 2.0, "setup"),
        Report("tests/a/test_x.py::test_1", 0.5, 1.0),
        Report("tests/b/test_y.py::test_1", 0.25, 0.5),
    ]
    assert times.by_folder(reports) == {"tests/a": [1.5, 3.0, 1], "tests/b": [0.25, 0.5, 1]}
