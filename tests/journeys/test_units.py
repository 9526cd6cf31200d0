"""deploy/ followed to the letter: each unit's commands, in the order systemd would run them.

In folders of its own (a mount namespace: /srv/rmrcpm is this repository, /var/lib/rmrcpm a new
folder), with nothing of this process's environment, against PostgreSQL by its URL and Redis. What
is not as on a server: the account (root here), the ports, and systemd itself.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request

import pytest

from rmrcpm.database import Server
from rmrcpm.product import die_with_parent
from tests.journeys.watching import free_port, until
from tests.operation.test_deploy import ROOT, SYSTEMD, unit

INTO = """
set -e
mount -t tmpfs none /srv && mkdir /srv/rmrcpm && mount --rbind "$1" /srv/rmrcpm
mount -t tmpfs none /var/lib && mkdir /var/lib/rmrcpm && mount --rbind "$2" /var/lib/rmrcpm
cd /srv/rmrcpm; shift 2; exec "$@"
"""
SYSTEMDS_OWN = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "LANG": "C.UTF-8",
    "USER": "rmrcpm",
    "LOGNAME": "rmrcpm",
    "HOME": "/var/lib/rmrcpm",
    "STATE_DIRECTORY": "/var/lib/rmrcpm",
}
NAMESPACE = ["unshare", "--mount", "--propagation", "private"]
MAY = (
    os.geteuid() == 0
    and shutil.which("unshare")
    and subprocess.run([*NAMESPACE, "true"], capture_output=True, check=False).returncode == 0
)


class Site:
    """What systemd is here: it knows the units and starts their commands."""

    def __init__(self, state, log, changes):
        self.state, self.log, self.changes = state, log, changes
        self.running = {}

    def environment(self, path):
        (file,) = unit(path)["Service", "EnvironmentFile"]
        assert file == "/etc/rmrcpm.env"
        lines = (ROOT / "deploy" / "rmrcpm.env").read_text().splitlines()
        given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
        return SYSTEMDS_OWN | given | self.changes

    def command(self, path, words, **more):
        said = [w.replace("127.0.0.1:8000", f"127.0.0.1:{self.port}") for w in words.split()]
        return subprocess.Popen(
            [*NAMESPACE, "sh", "-c", INTO, "sh", ROOT, self.state, *said],
            env=self.environment(path) | more,
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
            preexec_fn=die_with_parent,  # noqa: PLW1509
        )

    def start(self, name):
        path = SYSTEMD / f"rmrcpm-{name}.service"
        said = unit(path)
        for words in said.get(("Service", "ExecStartPre"), []):
            assert self.command(path, words).wait(120) == 0, words
        (words,) = said["Service", "ExecStart"]
        self.running[name] = self.command(path, words)
        if said["Service", "Type"] == ["oneshot"] if ("Service", "Type") in said else False:
            assert self.running.pop(name).wait(300) == 0, words

    def ended(self, name, result):
        """Do what follows when a unit has ended by itself, and start it again."""
        path = SYSTEMD / f"rmrcpm-{name}.service"
        self.running.pop(name).wait()
        for words in unit(path).get(("Service", "ExecStopPost"), []):
            assert self.command(path, words, SERVICE_RESULT=result).wait(60) == 0

    def ready(self):
        """Return the health page's status and words, as a probe inside the machine asks."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/health/ready", headers={"Host": "rmrcpm.example.org"}
        )
        try:
            with urllib.request.urlopen(request, timeout=5) as reply:
                return reply.status, json.load(reply)
        except urllib.error.HTTPError as answer:
            return answer.code, json.load(answer)

    def stop(self):
        for program in reversed(self.running.values()):
            program.terminate()
        for program in self.running.values():
            program.wait(60)


@pytest.fixture
def queue(tmp_path):
    """Start Redis where the machine has it; else the queue lives in the database."""
    if not shutil.which("redis-server"):
        yield {"CELERY_BROKER_URL": ""}
        return
    port = free_port()
    words = ["redis-server", "--port", port, "--dir", tmp_path, "--appendonly", "yes"]
    server = subprocess.Popen(
        [*map(str, words), "--appendfsync", "always"],
        stdout=subprocess.DEVNULL,
        preexec_fn=die_with_parent,  # noqa: PLW1509
    )
    yield {"CELERY_BROKER_URL": f"redis://localhost:{port}/0"}
    server.terminate()
    server.wait()


@pytest.fixture
def site(copied, tmp_path, queue):
    home = copied(tmp_path / "home")
    (tmp_path / "state").mkdir()
    server, port = Server(home / "postgres"), free_port()
    server.start(listen_addresses="127.0.0.1", port=str(port))
    changes = queue | {
        "DATABASE_URL": f"postgres://rmrcpm:a-password@localhost:{port}/rmrcpm",
        "DJANGO_SECRET_KEY": "k" * 30 + "0123456789abcdefghijklmnopqrstuvwxyz",
    }
    with (tmp_path / "log.txt").open("ab") as log:
        found = Site(tmp_path / "state", log, changes)
        found.port = free_port()
        try:
            yield found
        finally:
            found.stop()
            server.stop()


@pytest.mark.turns(10)
@pytest.mark.skipif(not MAY, reason="this machine gives no mount namespace")
def test_the_units_serve_a_site_and_a_killed_worker_is_told_and_works_again(site, tmp_path):
    for name in ("prepare", "web", "worker", "beat"):
        site.start(name)
    until(lambda: site.ready()[1]["worker"] == "ok", 120)
    worker, began = site.running["worker"].pid, time.monotonic()
    os.kill(worker, signal.SIGKILL)
    site.ended("worker", "signal")
    status, said = site.ready()
    assert (status, "the worker stopped at" in said["wrong"][0]) == (503, True)
    assert time.monotonic() - began < 15
    site.start("worker")
    until(lambda: site.ready()[0] == 200, 60)
    assert "messages given back to the queue" in (tmp_path / "log.txt").read_text()
