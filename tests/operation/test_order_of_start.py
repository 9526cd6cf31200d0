"""In which order a start does what: the first page, then what works in the background."""

from __future__ import annotations

import pytest

from rmrcpm import launch, product


class Recorder:
    """Notes every call."""

    def __init__(self, calls, **known):
        self.calls, self.known = calls, known
        self.home, self.address = "home", "address"

    def __getattr__(self, name):
        def call(*words, **_):
            self.calls.append(name)
            return self.known.get(name)

        return call


@pytest.fixture
def calls(monkeypatch):
    found = []
    monkeypatch.setattr(launch, "say", lambda text: None)
    monkeypatch.setattr(launch, "show", lambda port: found.append("show"))
    monkeypatch.setattr(launch, "free_port", lambda given: found.append("free_port") or given)
    monkeypatch.setattr(launch, "manage", lambda *words: found.append(" ".join(words)))
    monkeypatch.setattr(launch, "Supervisor", lambda *_, **__: Recorder(found))
    return found


def start(calls, monkeypatch, *, why, demo="1"):
    monkeypatch.setenv("RMRCPM_DEMO", demo)
    monkeypatch.setenv("RMRCPM_MACHINES", "1")
    monkeypatch.setattr(launch, "Stamp", lambda *_: Recorder(calls, missing=why))
    launch.serve(Recorder(calls), Recorder(calls, begin=False))
    return calls


def test_what_is_prepared_is_left_and_the_web_answers_before_anything_else_starts(
    calls, monkeypatch
):
    assert start(calls, monkeypatch, why="") == [
        "web",
        "begin",
        "database",
        "finish",
        "missing",
        "free_port",
        "listen",
        "wait_for_web",
        "background",
        "free_port",
        "machines",
        "show",
        "run",
    ]


@pytest.mark.parametrize(("demo", "words"), [("1", "prepare --demo"), ("0", "prepare")])
def test_what_is_not_prepared_is_prepared_before_the_web_listens(calls, monkeypatch, demo, words):
    found = start(calls, monkeypatch, why="the code has changed", demo=demo)
    assert found[4:10] == ["missing", "drop", words, "keep", "free_port", "listen"]


def test_a_preparation_that_fails_leaves_no_stamp_and_no_listener(calls, monkeypatch):
    def fails(*words):
        raise SystemExit("failed")

    monkeypatch.setattr(launch, "manage", fails)
    with pytest.raises(SystemExit, match="failed"):
        start(calls, monkeypatch, why="the code has changed")
    assert calls == ["web", "begin", "database", "finish", "missing", "drop"]


def test_programs_keep_compiled_code_whatever_our_own_environment_says(monkeypatch):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("RMRCPM_HOME", "/somewhere")
    found = product.environment()
    assert "PYTHONDONTWRITEBYTECODE" not in found
    assert found["RMRCPM_HOME"] == "/somewhere"


def test_what_a_command_refuses_is_said_without_its_inner_workings(monkeypatch, tmp_path):
    monkeypatch.setattr(launch.env, "BASE", tmp_path)
    (tmp_path / "manage.py").write_text(
        "import sys\nprint('CommandError: Move that folder aside.', file=sys.stderr)\n"
        "sys.exit(int(sys.argv[1]))\n"
    )
    with pytest.raises(SystemExit) as refused:
        launch.manage("2")
    assert refused.value.code == "Move that folder aside."
    with pytest.raises(SystemExit, match=r"manage.py 1 failed:\nCommandError: Move"):
        launch.manage("1")
