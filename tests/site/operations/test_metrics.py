"""Metrics: who may read them, that they are well formed, and that the figures are right."""

from __future__ import annotations

import json
import os
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError
from django.test import Client

from apps.platform.jobs.models import Job
from apps.site.home import services as home
from apps.site.operations.codes import SECONDS, MetricFamily
from apps.site.operations.rules import Tally, exposition
from apps.site.operations.selectors.processes import began
from apps.site.operations.services import OwnCounts

pytestmark = pytest.mark.django_db
TOKEN = "scrape-" + "0123456789" * 3
SAMPLE = re.compile(r'([a-z_]+)(?:\{((?:[a-z]+="(?:[^"\\]|\\.)*",?)*)\})? (\S+)')
LABEL = re.compile(r'([a-z]+)="((?:[^"\\]|\\.)*)"')


def parsed(text):
    """Return the samples of a text by name and labels; refuse a line that is not well formed."""
    found, typed = {}, {}
    assert text.endswith("\n")
    for line in text.splitlines():
        if line.startswith("# "):
            _, word, name, rest = line.split(" ", 3)
            if word == "TYPE":
                assert name not in typed
                typed[name] = rest
            continue
        match = SAMPLE.fullmatch(line)
        assert match, line
        name, labels, value = match.groups()
        family = re.sub(r"_(bucket|sum|count)$", "", name)
        assert name in typed or typed[family] == "histogram", line
        key = (name, *sorted(LABEL.findall(labels or "")))
        assert key not in found, line
        found[key] = float(value)
    return found


def scraped(client=None, **meta):
    answer = (client or Client()).get("/metrics", **meta)
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
    return parsed(answer.content.decode())


@pytest.mark.parametrize(
    "meta",
    [
        {"REMOTE_ADDR": "10.0.0.7"},
        {"REMOTE_ADDR": "fe80::1"},
        {"REMOTE_ADDR": ""},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.9"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_FORWARDED": "for=203.0.113.9"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_REAL_IP": "203.0.113.9"},
        {"REMOTE_ADDR": "10.0.0.7", "HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"REMOTE_ADDR": "10.0.0.7", "HTTP_AUTHORIZATION": "Bearer "},
    ],
)
def test_without_a_token_only_this_machine_reads_them(client, meta):
    answer = client.get("/metrics", **meta)
    assert answer.status_code == 403
    assert b"rmrcpm_" not in answer.content
    assert scraped(REMOTE_ADDR="127.0.0.1")
    assert scraped(REMOTE_ADDR="::1")


def test_behind_a_proxy_nobody_is_on_this_machine(client, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert client.get("/metrics", REMOTE_ADDR="127.0.0.1").status_code == 403


def test_with_a_token_only_who_sends_it_reads_them(client, as_user, settings):
    settings.METRICS_TOKEN = TOKEN
    for header in ("", TOKEN, f"Bearer {TOKEN}x", f"Basic {TOKEN}", f"Bearer {TOKEN[:-1]}"):
        answer = client.get("/metrics", headers={"Authorization": header})
        assert answer.status_code == 403, header
    assert as_user("iso.admin").get("/metrics").status_code == 403
    assert scraped(REMOTE_ADDR="10.0.0.7", HTTP_AUTHORIZATION=f"Bearer {TOKEN}")


def test_a_token_that_can_be_guessed_is_refused_at_the_start(monkeypatch):
    from rmrcpm import env

    monkeypatch.setenv("RMRCPM_METRICS_TOKEN", "short")
    with pytest.raises(ValueError, match="20 characters"):
        env.metrics_token()


def test_only_reads_are_served(client):
    assert client.post("/metrics").status_code == 405


def test_figures_are_those_of_the_database(person):
    now = datetime.now(UTC)
    before = scraped()
    for state, minutes in (("QUEUED", 7), ("QUEUED", 3), ("FAILED", 1)):
        Job.objects.create(
            kind="export",
            title="x",
            actor=person("iso.admin"),
            state=state,
            queued_at=now - timedelta(minutes=minutes),
            ended_at=now if state == "FAILED" else None,
        )
    home.beat(name="worker", at=now - timedelta(seconds=30))
    after = scraped()

    def grew(*key):
        return after[key] - before.get(key, 0)

    queued = (("kind", "export"), ("state", "QUEUED"))
    assert grew("rmrcpm_jobs", *queued) == 2
    assert after["rmrcpm_job_oldest_seconds", *queued] == pytest.approx(420, abs=20)
    assert (
        grew(
            "rmrcpm_jobs_failed_last_day",
        )
        == 1
    )
    assert after["rmrcpm_worker_seen_seconds",] == pytest.approx(30, abs=20)
    assert after["rmrcpm_alarms", ("name", "jobs_failed")] == 1
    assert after["rmrcpm_database_up",] == 1
    assert after["rmrcpm_database_size_bytes",] > 1_000_000
    assert sum(v for k, v in after.items() if k[0] == "rmrcpm_database_connections") >= 1
    assert after["rmrcpm_database_connections_max",] > 10
    assert any(k[0] == "rmrcpm_disk_free_bytes" for k in after)


def test_runs_are_told_by_state_and_staleness(settle):
    from apps.platform.runs.models import StaleMark

    run = settle()
    state = (("kind", run.kind), ("state", "PUBLISHED"))
    told = scraped()
    assert told["rmrcpm_runs", *state] >= 1
    stale = ("rmrcpm_runs_stale", ("kind", run.kind))
    assert told.get(stale, 0) == 0
    for is_stale, count in ((True, 1), (False, 0), (True, 1)):
        StaleMark.objects.create(run=run, at=datetime.now(UTC), stale=is_stale, cause="x")
        assert scraped().get(stale, 0) == count


def test_a_backup_is_told_with_its_age_and_whether_it_was_proved(tmp_path):
    now = datetime.now(UTC)
    assert ("rmrcpm_backup_age_seconds",) not in scraped()
    made = {"sha256": "ab" * 32, "bytes": 4711, "publications": 3}
    home.note_backup(manifest=made, name="daily.dump", at=now - timedelta(hours=2))
    told = scraped()
    assert told["rmrcpm_backup_age_seconds",] == pytest.approx(7200, abs=30)
    assert (told["rmrcpm_backup_size_bytes",], told["rmrcpm_backup_proved",]) == (4711, 0)
    dump = tmp_path / "daily.dump"
    dump.write_bytes(b"dump")
    import hashlib

    sha = hashlib.sha256(b"dump").hexdigest()
    (tmp_path / "daily.dump.json").write_text(json.dumps({"sha256": sha}))
    home.note_backup(manifest=made | {"sha256": sha}, name="daily.dump", at=now)
    home.note_proof(backup=dump, found=home.Restored(3, 3, 0, ("broken",)), at=now)
    assert scraped()["rmrcpm_backup_proved",] == 0
    home.note_proof(backup=dump, found=home.Restored(3, 3, 0, ()), at=now)
    assert scraped()["rmrcpm_backup_proved",] == 1
    home.note_backup(manifest=made, name="next.dump", at=now + timedelta(seconds=1))
    assert scraped()["rmrcpm_backup_proved",] == 0  # of the newest alone


def test_while_the_database_is_away_the_machine_is_still_told(monkeypatch):
    def away(*_, **__):
        raise OperationalError("connection refused")

    monkeypatch.setattr("apps.site.operations.selectors.figures.jobs_by_state", away)
    told = scraped()
    assert told["rmrcpm_database_up",] == 0
    assert told["rmrcpm_alarms", ("name", "database")] == 1
    assert not any(k[0] == "rmrcpm_jobs" for k in told)


def test_requests_are_counted_by_declared_address_and_durations_add_up(client, settings, tmp_path):
    settings.METRICS_FOLDER = tmp_path / "metrics"
    for _ in range(3):
        client.get("/help/api/")
    client.get("/nowhere/1/")
    client.get("/nowhere/2/")
    client.generic("FOO", "/nowhere/3/")
    told = scraped(client)
    me = ("process", str(os.getpid()))

    def count(method, route, status):
        return told["rmrcpm_requests_total", ("method", method), me, ("route", route), status]

    assert count("GET", "/help/<slug:slug>/", ("status", "200")) >= 3
    assert count("GET", "none", ("status", "404")) >= 2
    assert not any(("method", "FOO") in k for k in told)
    of = ("route", "/help/<slug:slug>/")
    ends = [*map(str, SECONDS), "+Inf"]
    counts = [told["rmrcpm_request_seconds_bucket", ("le", end), me, of] for end in ends]
    assert counts == sorted(counts)
    assert counts[-1] == told["rmrcpm_request_seconds_count", me, of] >= 3
    assert told["rmrcpm_request_seconds_sum", me, of] > 0
    assert (settings.METRICS_FOLDER.stat().st_mode & 0o777) == 0o700


def test_each_process_tells_its_own_and_one_that_ended_is_forgotten(settings, tmp_path):
    settings.METRICS_FOLDER = tmp_path
    other = {"pid": os.getppid(), "began": began(os.getppid()), "started": 1.0}
    tally = Tally()
    tally.add(method="GET", route="/x/", status=200, seconds=0.01)
    (tmp_path / "1.json").write_text(json.dumps(other | tally.as_json()))
    gone = {"pid": os.getpid(), "began": "0", "started": 1.0}  # the number of another, before
    (tmp_path / "2.json").write_text(json.dumps(gone | tally.as_json()))
    (tmp_path / "3.json").write_text('{"pid": 1')
    told = scraped()
    pids = {dict(k[1:])["process"] for k in told if k[0] == "rmrcpm_requests_total"}
    assert pids == {str(os.getppid()), str(os.getpid())}
    assert not (tmp_path / "2.json").exists()


def test_a_fork_begins_its_own_counts_and_a_full_disk_loses_none(settings, tmp_path, monkeypatch):
    settings.METRICS_FOLDER = tmp_path
    counts = OwnCounts()
    counts.add(method="GET", route="/x/", status=200, seconds=1)

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr("pathlib.Path.write_text", full)
        counts.write()
    counts.write()
    assert json.loads((tmp_path / f"{os.getpid()}.json").read_text())["answered"] == [
        ["GET", "/x/", 200, 1]
    ]
    monkeypatch.setattr("os.getpid", lambda: 1)
    counts.add(method="GET", route="/y/", status=200, seconds=1)
    assert list(counts.tally.counts) == [("GET", "/y/", 200)]


def test_labels_are_written_so_that_nothing_is_read_amiss():
    text = exposition([MetricFamily("m", "a\nb", "gauge", (("", {"a": 'q"\\\n'}, 1.5),))])
    assert text == '# HELP m a\\nb\n# TYPE m gauge\nm{a="q\\"\\\\\\n"} 1.5\n'
    assert parsed(text)
    assert exposition([MetricFamily("m", "x", "gauge")]) == "\n"
