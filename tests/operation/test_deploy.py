"""What deploy/ offers: units that systemd takes, programs that exist, settings that are known."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from rmrcpm import await_database

ROOT = Path(__file__).resolve().parents[2]
SYSTEMD = ROOT / "deploy" / "systemd"
SERVICES = sorted(SYSTEMD.glob("*.service"))
LONG_RUNNING = ("web", "worker", "beat")
COMPOSE = ROOT / "deploy" / "container" / "compose.yaml"
PLACE = "/srv/rmrcpm/"


def unit(path):
    """Return what a unit says: (section, key) to the values in their order."""
    found, section = {}, ""
    for line in path.read_text().splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif "=" in line and not line.startswith("#"):
            key, _, value = line.partition("=")
            found.setdefault((section, key), []).append(value)
    return found


def commands(path):
    """Return every command of a unit as words."""
    said = unit(path)
    keys = ("ExecStartPre", "ExecStart", "ExecStopPost")
    return [shlex.split(c) for key in keys for c in said.get(("Service", key), [])]


def known_settings():
    return set(re.findall(r"^\| `([A-Z_]+)`", (ROOT / "docs" / "environment.md").read_text(), re.M))


def test_every_program_is_kept_running():
    for name in LONG_RUNNING:
        said = unit(SYSTEMD / f"rmrcpm-{name}.service")
        assert said["Service", "Restart"] == ["always"]
        assert int(said["Service", "RestartSec"][0]) <= 2
        assert said["Unit", "StartLimitIntervalSec"] == ["600"]
        wanted = unit(SYSTEMD / "rmrcpm.target")["Unit", "Wants"][0]
        assert f"rmrcpm-{name}.service" in wanted.split()
    services = yaml.safe_load(COMPOSE.read_text())["services"]
    assert {n for n, s in services.items() if s.get("restart") == "always"} == {
        "database",
        "queue",
        "web",
        "worker",
        "beat",
    }


def test_a_database_that_is_up_late_does_not_leave_the_site_down():
    """What requires the preparation waits with it: a unit that fails makes them fail for good."""
    said = unit(SYSTEMD / "rmrcpm-prepare.service")
    (first,) = said["Service", "ExecStartPre"]
    assert first.endswith("python -m rmrcpm.await_database")
    assert said["Service", "TimeoutStartSec"] == ["infinity"]
    assert said["Service", "Restart"] == ["on-failure"]
    assert said["Unit", "StartLimitIntervalSec"] == ["0"]
    assert said["Service", "RestartPreventExitStatus"] == ["2"]  # of another version: for people
    for name in LONG_RUNNING:
        needs = unit(SYSTEMD / f"rmrcpm-{name}.service")
        assert needs["Unit", "Requires"] == ["rmrcpm-prepare.service"]


def test_the_wait_ends_when_the_database_takes_a_connection(monkeypatch, capsys):
    from django.db import OperationalError, connection

    answers = iter([OperationalError("the database system is starting up")] * 16)

    def connect():
        trouble = next(answers, None)
        if trouble is not None:
            raise trouble

    monkeypatch.setattr(connection, "ensure_connection", connect)
    monkeypatch.setattr(connection, "close", lambda: None)
    monkeypatch.setattr(await_database, "EVERY", 0)
    assert await_database.main() == 0
    told = capsys.readouterr().out.splitlines()
    assert told == ["waiting for the database: the database system is starting up"] * 2


def test_a_stop_is_asked_of_the_program_and_not_of_what_reads_its_files():
    """Else a file that is being read is lost while its request or its job goes on."""
    for name in ("web", "worker"):
        assert unit(SYSTEMD / f"rmrcpm-{name}.service")["Service", "KillMode"] == ["mixed"]


def test_every_command_of_a_unit_is_a_program_of_ours():
    for path in SERVICES:
        for program, *words in commands(path):
            assert program.startswith(PLACE), path
            ours = ROOT / program.removeprefix(PLACE)
            assert ours.exists(), program
            if words[:1] == ["-m"]:
                assert (ROOT / (words[1].replace(".", "/") + ".py")).exists(), words


def test_units_and_containers_run_the_same_commands():
    services = yaml.safe_load(COMPOSE.read_text())["services"]
    for name in ("worker", "beat"):
        (start,) = unit(SYSTEMD / f"rmrcpm-{name}.service")["Service", "ExecStart"]
        said = " ".join(services[name]["command"])
        assert start.removeprefix(f"{PLACE}.venv/bin/") in said
        assert f"python -m rmrcpm.stops {name}" in said
    (web,) = unit(SYSTEMD / "rmrcpm-web.service")["Service", "ExecStart"]
    file = (COMPOSE.parent / "Containerfile").read_text()
    (words,) = re.findall(r"^CMD (\[.*\])$", file, re.M)
    inside = [w.replace("0.0.0.0", "127.0.0.1") for w in yaml.safe_load(words)]
    assert shlex.split(web.removeprefix(f"{PLACE}.venv/bin/")) == inside


def test_only_settings_that_are_known_are_set():
    given = re.findall(r"^([A-Z_]+)=", (ROOT / "deploy" / "rmrcpm.env").read_text(), re.M)
    composed = yaml.safe_load(COMPOSE.read_text())["x-program"]["environment"]
    assert set(given) | set(composed) <= known_settings()
    assert {"DATABASE_URL", "DJANGO_SECRET_KEY", "RMRCPM_HOME"} <= set(given)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not here")
def test_systemd_takes_the_units(tmp_path):
    for path in [*SERVICES, SYSTEMD / "rmrcpm.target"]:
        text = path.read_text().replace(PLACE, f"{ROOT}/").replace("/srv/rmrcpm", str(ROOT))
        (tmp_path / path.name).write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, sorted(tmp_path.glob("rmrcpm*")))],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in done.stderr.splitlines() if "rmrcpm" in line]
    assert (done.returncode, ours) == (0, [])
