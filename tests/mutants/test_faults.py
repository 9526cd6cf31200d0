"""The faults that are put in: at the right place, and nothing that is no behaviour."""

from __future__ import annotations

from tests.mutants.__main__ import changed_lines, drawn, equivalents
from tests.mutants.faults import faults_of, sources
from tests.mutants.mapping import looking_at
from tests.mutants.running import ROOT

SOURCE = '''"""A module; 3 < 4."""

LEAST = 2


def share(amount: int = 7, parts=(), viewer=None) -> bool:
    """Share it; not a fault: 5."""
    if not parts:
        raise ValueError(f"{amount} + 1")
    rows = Row.objects.filter(day=amount, party=viewer)  # a < b
    log.info("read", 9)
    note(rows)
    return min(parts) <= amount - LEAST and True
'''


def found(tmp_path):
    (tmp_path / "share.py").write_text(SOURCE)
    return faults_of(tmp_path, "share.py")


def test_every_kind_of_fault_is_found_where_behaviour_is(tmp_path):
    assert {(f.kind, " ".join(f.old.split()), f.new) for f in found(tmp_path)} == {
        ("number", "2", "3"),
        ("guard left out", "not parts", "False"),
        ("not or sign left out", "not", ""),
        ("query condition", "party=viewer", ""),
        ("statement left out", "note(rows)", "pass"),
        ("and, or", "and", "or"),
        ("comparison", "<=", "<"),
        ("function", "min", "max"),
        ("reckoning", "-", "+"),
        ("switch", "True", "False"),
    }


def test_a_fault_changes_its_own_bytes_only(tmp_path):
    for fault in found(tmp_path):
        bent = fault.put_into(SOURCE.encode()).decode()
        assert bent != SOURCE
        assert len(bent) - len(SOURCE) == len(fault.new) - len(fault.old)
        assert bent.splitlines()[0] == SOURCE.splitlines()[0]


def test_the_same_seed_draws_the_same_faults_from_every_area():
    faults = [f for file in list(sources(ROOT))[::40] for f in faults_of(ROOT, file)]
    first, again, other = (drawn(faults, 12, seed) for seed in (5, 5, 6))
    assert first == again
    assert first != other
    assert len({f.file for f in first}) > 4


def test_files_are_looked_at_by_their_own_tests_first():
    chosen = looking_at(ROOT, "apps/settlement/clearing/rules/default.py")
    assert chosen[0].startswith("tests/settlement/clearing/") or chosen[0].startswith(
        "tests/cases/"
    )
    assert not [name for name in chosen if "/journeys/" in name]


def test_a_new_file_is_changed_in_all_its_lines():
    assert changed_lines("tests/mutants/no_such_file.py") is None


def test_each_fault_that_nobody_could_notice_has_a_reason():
    assert all(reason.strip() for reason in equivalents().values())
