"""The site's clock: the machine's, or a simulated one that begins at a moment and goes on."""

from __future__ import annotations

import ast
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse

from apps.platform.audit.models import KnowledgeClock
from apps.platform.audit.services import knowledge_moment
from apps.platform.clock import selectors
from apps.platform.clock.models import ClockLead
from apps.platform.clock.services import ClockRefused, begin_clock, go_on
from apps.site.home.management.commands import prepare
from rmrcpm import env, exposure
from tests.sources import ROOT, nodes, python_of, text_of

STARTS = datetime(2024, 9, 6, 15, 0, tzinfo=UTC)
SOON = timedelta(seconds=30)


@pytest.fixture
def simulated(db, settings):
    """Let a new home begin at STARTS."""
    settings.CLOCK_STARTS = STARTS
    selectors.forget()
    KnowledgeClock.objects.all().delete()  # a new home holds nothing yet
    begin_clock(starts=STARTS, at=selectors.machine_now())
    yield
    selectors._Kept.ahead = timedelta()
    selectors.forget()


def test_without_a_simulation_it_is_the_machines_clock_and_nothing_is_looked_up(
    db, django_assert_num_queries
):
    """GIVEN no RMRCPM_CLOCK THEN now is now, at no query."""
    with django_assert_num_queries(0):
        assert abs(selectors.site_now() - datetime.now(UTC)) < SOON


def test_it_begins_where_it_is_told_and_goes_on(simulated):
    """GIVEN a clock that begins on 6 September 2024 THEN that is now, and later is later."""
    first = selectors.site_now()
    assert STARTS <= first < STARTS + SOON
    assert selectors.site_now() > first
    assert selectors.site_today().isoformat() == "2024-09-06"
    assert abs(selectors.machine_now() - datetime.now(UTC)) < SOON


def test_it_begins_once(simulated):
    """GIVEN a clock that runs WHEN it is begun again THEN it stays as it is."""
    later = STARTS + timedelta(days=9)
    assert begin_clock(starts=later, at=selectors.machine_now()) is False
    assert selectors.site_now() < STARTS + SOON
    assert ClockLead.objects.count() == 1


def test_after_a_stop_it_goes_on_from_where_it_was_seen_last(simulated):
    """GIVEN last seen 08:00 and started again three days later THEN it goes on from 08:00."""
    three_days = timedelta(days=3)
    seen = selectors.site_now()
    at = selectors.machine_now() + three_days
    ClockLead.objects.create(ahead=selectors.ahead() + three_days, reason="three days go by")
    selectors.forget()
    assert selectors.site_now() > seen + three_days - SOON
    pause = go_on(stopped=seen, at=at - three_days)
    assert three_days - SOON < pause < three_days + SOON
    assert seen <= selectors.site_now() < seen + SOON


def test_it_never_goes_back_before_what_became_known(simulated):
    """GIVEN something known at 09:00 and a last sign of life at 08:00 THEN 09:00 it is."""
    with transaction.atomic():
        known = knowledge_moment(at=selectors.site_now() + timedelta(hours=1))
    ClockLead.objects.create(ahead=selectors.ahead() + timedelta(days=1), reason="a day goes by")
    selectors.forget()
    go_on(stopped=STARTS, at=selectors.machine_now())
    assert known <= selectors.site_now() < known + SOON


def test_a_home_that_knows_of_later_refuses_it(db, settings):
    """GIVEN knowledge of 2026 WHEN a clock is to begin in 2024 THEN it is refused."""
    settings.CLOCK_STARTS = STARTS
    with transaction.atomic():
        knowledge_moment(at=datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(ClockRefused, match="Begin with a home of its own"):
        begin_clock(starts=STARTS, at=selectors.machine_now())


def test_a_database_of_a_simulated_clock_does_not_start_without_it(db):
    """GIVEN a lead on file and no RMRCPM_CLOCK WHEN the start prepares THEN it is refused."""
    ClockLead.objects.create(ahead=timedelta(days=-800), reason="before")
    with pytest.raises(CommandError, match="RMRCPM_CLOCK") as refused:
        call_command("prepare")
    assert refused.value.returncode == 2


def test_the_database_takes_the_same_moment(simulated):
    """GIVEN the clock of 2024 THEN conditions of the database itself are of that day."""
    with connection.cursor() as cursor:
        cursor.execute("select rmrcpm_now()")
        (found,) = cursor.fetchone()
    assert abs(found - selectors.site_now()) < SOON


def test_a_lead_is_never_changed(simulated):
    """GIVEN a lead WHEN it is changed or deleted THEN the database refuses."""
    for change in (lambda: ClockLead.objects.update(reason="x"), ClockLead.objects.all().delete):
        with pytest.raises(ProgrammingError, match="clocklead"), transaction.atomic():
            change()


def test_every_page_says_that_the_clock_is_simulated(simulated, client):
    """GIVEN the clock of 2024 THEN a page shows its moment and says so; without it nothing does."""
    page = client.get(reverse("account_login")).content.decode()
    assert "2024-09-06 08:0" in page
    assert "simulated clock" in page


def test_without_it_no_page_says_so(db, client):
    """GIVEN the machine's clock THEN no page speaks of a simulated one."""
    assert "simulated clock" not in client.get(reverse("account_login")).content.decode()


@pytest.mark.parametrize("name", ["RMRCPM_HTTPS", "RMRCPM_BIND"])
def test_it_is_refused_where_others_reach_the_site(monkeypatch, name):
    """GIVEN HTTPS or another address WHEN a clock is named THEN the start is refused."""
    monkeypatch.setenv("RMRCPM_CLOCK", "2024-09-06T08:00")
    exposure.clock_starts()
    monkeypatch.setenv(name, "1" if name.endswith("HTTPS") else "0.0.0.0")
    with pytest.raises(exposure.Exposed, match=name):
        exposure.clock_starts()


def test_a_moment_without_a_zone_is_pacific(monkeypatch):
    """GIVEN 08:00 in summer THEN it is 15:00 UTC; given no moment THEN it says what one is."""
    monkeypatch.setenv("RMRCPM_CLOCK", "2024-09-06T08:00")
    assert env.clock() == STARTS
    monkeypatch.setenv("RMRCPM_CLOCK", "yesterday")
    with pytest.raises(ValueError, match="is a moment such as"):
        env.clock()
    monkeypatch.delenv("RMRCPM_CLOCK")
    assert env.clock() is None


def test_a_home_keeps_it_for_commands_beside_the_product(monkeypatch, tmp_path):
    """GIVEN a home that has begun WHEN a command runs without the variable THEN it knows."""
    monkeypatch.setenv("RMRCPM_HOME", str(tmp_path))
    monkeypatch.delenv("RMRCPM_CLOCK", raising=False)
    assert env.clock() is None
    env.clock_file().write_text("2024-09-06T08:00:00-07:00")
    assert env.clock() == STARTS


def test_a_home_prepared_again_goes_on_too(simulated, settings, monkeypatch, tmp_path):
    """GIVEN a stop of three days WHEN the start prepares anew THEN it goes on from the stop."""
    settings.CLOCK_FILE = tmp_path / "clock"
    seen = selectors.site_now()
    monkeypatch.setattr(prepare, "last_seen", lambda: seen)
    ClockLead.objects.create(ahead=selectors.ahead() + timedelta(days=3), reason="a stop")
    selectors.forget()
    prepare._set_clock()
    assert seen <= selectors.site_now() < seen + SOON
    leads = ClockLead.objects.count()
    prepare._set_clock()  # beside a product that runs: no pause, and nothing goes back
    assert ClockLead.objects.count() == leads


def test_a_new_home_keeps_when_it_began(db, settings, tmp_path):
    """GIVEN a new home WHEN it is prepared THEN it keeps its moment."""
    settings.CLOCK_STARTS, settings.CLOCK_FILE = STARTS, tmp_path / "clock"
    KnowledgeClock.objects.all().delete()
    prepare._set_clock()
    assert datetime.fromisoformat(settings.CLOCK_FILE.read_text()) == STARTS
    selectors._Kept.ahead = timedelta()
    selectors.forget()


def test_beat_hands_out_by_the_sites_clock(simulated):
    """GIVEN a task of 08:00 last run the day before, by the site's clock THEN it is due there."""
    from django_celery_beat.models import CrontabSchedule, PeriodicTask

    from rmrcpm.beat import SiteEntry

    hour = selectors.site_now().astimezone(selectors.PACIFIC).hour
    clock = CrontabSchedule.objects.create(
        minute="0", hour=str(hour), timezone="America/Los_Angeles"
    )
    task = PeriodicTask.objects.create(name="t", task="t", crontab=clock)
    task.last_run_at = STARTS - timedelta(days=1)
    assert SiteEntry(task).is_due().is_due
    task.last_run_at = selectors.site_now()
    due = SiteEntry(task).is_due()
    assert not due.is_due
    task.last_run_at = datetime.now(UTC)  # of before the clock was simulated
    assert SiteEntry(task).last_run_at < STARTS + SOON


def test_one_place_asks_the_machine_what_time_it_is():
    """No module of the apps reads the machine's clock but the clock's own selectors."""
    found = []
    for path in python_of("apps"):
        if path.parent.name == "clock":
            continue
        for node in nodes(text_of(path)):
            if isinstance(node, ast.Attribute) and ast.unparse(node) in (
                "timezone.now",
                "timezone.localdate",
                "datetime.now",
                "date.today",
            ):
                found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert found == []
