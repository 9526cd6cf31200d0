"""Saved views, order of columns and sorts, chips, search, actions on many rows, exports."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import polars as pl
import pytest

from apps.platform.audit.models import AuditEvent
from apps.platform.core.tradetime import PACIFIC, TradeDay
from apps.platform.jobs.models import Job
from apps.platform.jobs.services import carry_out
from apps.platform.notifications.models import Notification
from apps.platform.runs.models import Run
from apps.platform.ui import choices
from apps.platform.ui.choices import SeveralFilter
from apps.platform.ui.models import SavedView
from apps.platform.ui.screens import SCREENS
from apps.platform.ui.selectors import filtered
from apps.platform.ui.tables import leading
from apps.platform.uploads.models import Upload
from tests.platform.uploads.test_hostile import HEAD, ROWS, text

pytestmark = pytest.mark.django_db


def heads(page):
    return [c.header for c in page.context["table"].columns]


def test_columns_stand_in_the_order_asked_for_on_page_and_in_export(as_user, settle):
    settle()
    client = as_user("iso.admin")
    query = "cols=total&cols=trade_date&cols=sc__code&cols=nonsense&cols=total"
    page = client.get(f"/statements/?{query}")
    assert heads(page) == ["Total ($)", "Trade date", "SC"]
    rows = csv.reader(io.StringIO(b"".join(client.get(f"/statements.csv?{query}")).decode()))
    assert next(rows) == ["Total ($)", "Trade date", "SC"]


def test_every_cell_of_a_list_names_its_column_for_cards_on_a_phone(as_user, settle):
    settle()
    page = as_user("iso.admin").get("/statements/?cols=trade_date&cols=total").content.decode()
    row = re.search(r"<tbody><tr>(.*?)</tr>", page, re.DOTALL)[1]
    assert re.findall(r'<td[^>]*data-name="([^"]*)"', row) == ["Trade date", "Total ($)"]


def test_a_list_sorts_by_several_columns(as_user, settle):
    settle()
    client = as_user("iso.admin")
    page = client.get("/allocation-lines/?sort=tac_area__code&sort=-amount&per_page=500")
    data = page.context["table"].page.object_list.data
    rows = [(r["tac_area__code"], r["amount"]) for r in data]
    assert rows == sorted(rows, key=lambda r: (r[0], -r[1]))
    assert "<sup>1</sup>" in page.content.decode()
    assert "<sup>2</sup>" in page.content.decode()
    assert 'aria-sort="descending"' in page.content.decode()


def test_each_chip_names_its_filter_and_leads_to_the_list_without_it(as_user, settle):
    settle()
    client = as_user("iso.admin")
    page = client.get("/runs/?state=PUBLISHED&q=test&sort=trade_date&page=2")
    chips = {label: (value, without) for label, value, without in page.context["active"]}
    assert chips["State"] == ("PUBLISHED", "?q=test&sort=trade_date")
    assert chips["Search"] == ("test", "?state=PUBLISHED&sort=trade_date")


def test_a_view_is_kept_shared_replaced_and_removed(as_user):
    client = as_user("iso.operator")
    words = {"name": "My files", "query": "state=READY&sort=-id&page=3&view=9"}
    done = client.post("/uploads/view/", words)
    assert done["Location"] == "/uploads/?state=READY&sort=-id"
    view = SavedView.objects.get()
    assert (view.query, view.shared) == ("state=READY&sort=-id", False)
    assert client.get(f"/uploads/?view={view.pk}")["Location"] == done["Location"]
    other = as_user("iso.analyst")
    assert other.get(f"/uploads/?view={view.pk}").status_code == 404
    client = as_user("iso.operator")
    client.post("/uploads/view/", words | {"shared": "on", "query": "state=REFUSED"})
    assert SavedView.objects.get().query == "state=REFUSED"
    other = as_user("iso.analyst")
    assert "My files" in other.get("/uploads/").content.decode()
    other.post("/uploads/view/", {"drop": view.pk})
    assert SavedView.objects.exists()
    as_user("iso.operator").post("/uploads/view/", {"drop": view.pk})
    assert not SavedView.objects.exists()


def test_a_shared_view_stays_inside_its_organisation(as_user):
    as_user("sc.bay").post(
        "/statements/view/", {"name": "Bay only", "query": "", "shared": "on"}, follow=True
    )
    view = SavedView.objects.get()
    for name in ("sc.sunset", "iso.admin"):
        client = as_user(name)
        assert "Bay only" not in client.get("/statements/").content.decode()
        assert client.get(f"/statements/?view={view.pk}").status_code == 404
    assert "Bay only" in as_user("sc.bay.admin").get("/statements/").content.decode()


@pytest.mark.parametrize("words", [{"name": " "}, {"name": "x", "query": "q=" + "y" * 3000}])
def test_a_view_that_cannot_be_kept_is_refused_gently(as_user, words):
    page = as_user("iso.admin").post("/runs/view/", {"query": "", **words}, follow=True)
    assert page.status_code == 200
    assert not SavedView.objects.exists()


def test_the_search_finds_across_lists_and_only_what_a_list_would_show(as_user, settle):
    settle()
    page = as_user("iso.admin").get("/search/?q=sunset").content.decode()
    assert "SYN_GEN_SUNSET" in page
    assert "SUNSET_2_UNITS" in page
    bay = as_user("sc.bay").get("/search/?q=sunset").content.decode()
    assert "SYN_GEN_SUNSET" not in bay
    assert "at least two" in as_user("sc.bay").get("/search/?q=s").content.decode()
    assert as_user("sc.bay").get("/search/", {"q": "\x00" * 5}).status_code == 200
    nothing = as_user("sc.bay").get("/search/?q=zzzzzz").content.decode()
    assert "Nothing you may see" in nothing


def test_a_list_too_long_to_be_searched_at_once_is_named(as_user, monkeypatch):
    from apps.platform.ui import selectors

    real = selectors._quickly
    monkeypatch.setattr(
        selectors,
        "_quickly",
        lambda rows: None if "nqc" in rows.model._meta.db_table else real(rows),
    )
    page = as_user("iso.admin").get("/search/?q=sunset").content.decode()
    assert "All matches in Public NQC list" in page or "All matches in Net qualifying" in page


def ready(send, count=3):
    days = [f"2024-10-{d:02}" for d in range(1, count + 1)]
    return [
        send("metered-demand", text([HEAD, *([*r[:2], d, *r[3:]] for r in ROWS)])) for d in days
    ]


def test_many_files_are_confirmed_by_a_second_person_who_types_how_many(send, as_user):
    uploads = ready(send)
    keys = [u.pk for u in uploads]
    client = as_user("iso.approver")
    words = {"action": "confirm", "row": keys, "reason": "checked", "query": "state=READY"}
    page = client.post("/uploads/bulk/", words | {"typed": "2"}, follow=True)
    assert "Type 3, the number of rows" in page.content.decode()
    page = client.post("/uploads/bulk/", words | {"typed": "3"}, follow=True)
    assert "3 done" in page.content.decode()
    assert set(Upload.objects.filter(pk__in=keys).values_list("state", flat=True)) == {"CONFIRMED"}


def test_the_sender_confirms_none_of_their_own_in_bulk_either(send, as_user, person):
    uploads = ready(send, 2)
    own = send("tac-load", b"x", sender="iso.admin")
    client = as_user("iso.operator")
    words = {"action": "confirm", "row": [u.pk for u in uploads], "typed": "2", "query": ""}
    page = client.post("/uploads/bulk/", words, follow=True)
    assert "Your roles do not allow" in page.content.decode()
    mixed = {
        "action": "confirm",
        "row": [uploads[0].pk, own.pk, 999999],
        "typed": "3",
        "reason": "x",
        "query": "",
    }
    page = as_user("iso.admin").post("/uploads/bulk/", mixed, follow=True)
    assert "1 done, 2 refused" in page.content.decode()
    uploads[1].refresh_from_db()
    assert uploads[1].state == "READY"


def test_nothing_chosen_too_much_chosen_and_unknown_actions_are_refused(as_user):
    client = as_user("iso.admin")
    page = client.post("/uploads/bulk/", {"action": "withdraw", "query": ""}, follow=True)
    assert "Choose at least one row" in page.content.decode()
    many = {"action": "withdraw", "row": list(range(501)), "query": ""}
    assert "at most 500" in client.post("/uploads/bulk/", many, follow=True).content.decode()
    assert client.post("/uploads/bulk/", {"action": "delete"}).status_code == 404
    assert client.post("/statements/bulk/", {"action": "confirm"}).status_code == 404


def test_sealed_runs_are_published_together(settle, as_user):
    from datetime import date

    runs = [settle(day, publish=False) for day in (date(2024, 9, 4), date(2024, 9, 5))]
    words = {"action": "publish", "row": [r.pk for r in runs], "typed": "2", "query": ""}
    page = as_user("iso.analyst").post("/runs/bulk/", words, follow=True)
    assert "Your roles do not allow" in page.content.decode()
    as_user("iso.approver").post("/runs/bulk/", words)
    assert Run.objects.filter(state="PUBLISHED").count() == 2


def test_parquet_holds_exact_numbers_and_real_dates(as_user, settle):
    settle()
    client = as_user("iso.admin")
    content = client.get("/statements.parquet").content
    frame = pl.read_parquet(io.BytesIO(content))
    assert frame.schema["Total ($)"] == pl.Decimal(38, 2)
    assert frame.schema["Trade date"] == pl.Date
    assert frame["Total ($)"].sum() == Decimal(0)
    empty = pl.read_parquet(io.BytesIO(client.get("/runs.parquet?q=zzzz").content))
    assert empty.height == 0
    assert empty.width > 5


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
def test_a_large_export_is_made_by_a_worker_with_its_askers_eyes(
    form, as_user, settle, monkeypatch, settings
):
    settle()
    settings.CELERY_TASK_ALWAYS_EAGER = False
    monkeypatch.setattr("apps.platform.ui.views.DIRECT_ROWS", 3)
    client = as_user("sc.bay")
    if form != "csv":
        page = client.get(f"/metered-demand.{form}?hour_ending=1")
        assert "made in the background" in page.content.decode()
    done = client.post("/metered-demand/export/", {"form": form, "query": "sort=-mwh"})
    job = Job.objects.latest("pk")
    assert done["Location"] == f"/jobs/{job.pk}/"
    assert carry_out(job_id=job.pk, at=datetime.now(UTC)).state == "DONE"
    content = b"".join(client.get(f"/jobs/{job.pk}/file/"))
    if form == "parquet":
        assert set(pl.read_parquet(io.BytesIO(content))["SC"]) == {"SYN_LSE_BAY"}
    elif form == "csv":
        rows = list(csv.DictReader(io.StringIO(content.decode())))
        assert {r["SC"] for r in rows} == {"SYN_LSE_BAY"}
        assert len(rows) == 24 * 2
    else:
        assert content[:2] == b"PK"
    assert Notification.objects.filter(topic="export-ready", user__username="sc.bay").exists()
    assert as_user("sc.sunset").get(f"/jobs/{job.pk}/file/").status_code == 404


def test_a_worker_may_begin_an_export_the_moment_it_is_queued(as_user, settle, monkeypatch):
    settle()
    monkeypatch.setattr(
        "apps.platform.jobs.services.working._hand_over",
        lambda job_id: carry_out(job_id=job_id, at=datetime.now(UTC)),
    )
    as_user("sc.bay").post("/statements/export/", {"form": "csv", "query": ""})
    job = Job.objects.latest("pk")
    assert (job.state, job.error) == ("DONE", "")


def test_an_export_asked_for_by_somebody_who_lost_their_roles_is_not_made(
    as_user, settings, person
):
    settings.CELERY_TASK_ALWAYS_EAGER = False
    as_user("sc.bay").post("/statements/export/", {"form": "csv", "query": ""})
    person("sc.bay").memberships.all().delete()
    job = carry_out(job_id=Job.objects.latest("pk").pk, at=datetime.now(UTC))
    assert (job.state, job.error) == ("FAILED", "This list is no longer yours to see.")


def test_times_are_pacific_and_tell_utc(as_user):
    page = as_user("iso.admin").get("/uploads/").content.decode()
    assert '<time datetime="' in page
    assert ' UTC">' in page


def test_a_window_of_moments_takes_both_its_days_whole(as_user, settle):
    settle()
    client = as_user("iso.admin")
    last = TradeDay(AuditEvent.objects.latest("at").at.astimezone(PACIFIC).date())
    held = AuditEvent.objects.filter(at__gte=last.start, at__lt=last.end).count()

    def found(**asked):
        return client.get("/api/v1/events/", asked).json()["count"]

    assert found(at_from=last.day, at_to=last.day) == held > 0
    assert found(at_from=last.day + timedelta(days=1)) == 0
    assert found(at_to=last.day) == AuditEvent.objects.count()
    assert found(at_from="0001-01-01") == found(at_to="9999-12-31") == AuditEvent.objects.count()


def test_a_list_leads_to_the_api_with_its_filters_and_nothing_the_api_lacks(as_user, settle):
    settle()
    client = as_user("iso.admin")
    query = "cols=total&sort=total&per_page=50&version=1"
    page = client.get(f"/statements/?{query}").content.decode()
    address = re.search(r'href="([^"]*)">JSON<', page)[1].replace("&amp;", "&")
    assert address == "/api/v1/statements/?version=1"
    assert client.get(address).status_code == 200


def test_states_and_kinds_are_chosen_several_at_once_with_their_counts(send, as_user):
    for number in range(3):
        send("metered-demand", text([HEAD, *ROWS[: 5 + number]]))
    send("metered-demand", "NOTHING\n1\n")
    client = as_user("iso.operator")
    page = client.get("/uploads/")
    said = page.content.decode()
    held = Counter(Upload.objects.values_list("state", flat=True))
    for state, count in held.items():
        assert f'value="{state}"' in said
        assert f"{state} ({count})" in said
    main = said.split('id="filters"')[1].split('<summary class="muted small">Filters')[0]
    assert 'name="state"' in main  # in sight, and a plain form: it works without script
    assert 'name="kind"' in main

    def states(query):
        rows = client.get(f"/uploads/?{query}").context["table"].data
        return Counter(row["state"] for row in rows)

    assert states("state=REFUSED") == {"REFUSED": held["REFUSED"]}
    assert states("state=refused&state=READY") == {s: held[s] for s in ("READY", "REFUSED")}
    assert states("state=REFUS") == {"REFUSED": held["REFUSED"]}  # a part, as before
    assert states("state=NOBODY") == {}
    sent = Upload.objects.filter(kind="metered-demand").count()
    assert f"Metered demand ({sent})" in main  # in the words of the cells, not the code of programs
    chips = client.get("/uploads/?state=READY&state=REFUSED").context["active"]
    assert [without for _, _, without in chips] == ["?state=REFUSED", "?state=READY"]
    answer = client.get("/api/v1/uploads/?state=READY&state=REFUSED").json()
    assert answer["count"] == held["READY"] + held["REFUSED"]


def test_a_value_of_few_is_exact_where_another_holds_it(send):
    """READY would be found inside ALREADY: what is the value of a row is that value alone."""
    wanted = SeveralFilter(field_name="state", choices=())
    send("metered-demand", text([HEAD, *ROWS]))
    sql = str(wanted.filter(Upload.objects.all(), ["READY"]).query)
    assert "%READY%" not in sql


def test_a_card_on_a_phone_begins_with_the_day_and_the_amount():
    assert leading(SCREENS["statements"]) == ["trade_date", "total"]
    assert leading(SCREENS["charge-lines"]) == ["trade_date", "amount"]
    assert leading(SCREENS["uploads"]) == []


@pytest.mark.parametrize(("most", "counted"), [(200_000, True), (-2, False)])
def test_a_large_table_is_not_counted_for_its_filters(person, monkeypatch, most, counted):
    """given a list whose table is large; when it is opened; then its values stand without counts"""
    monkeypatch.setattr(choices, "MOST_COUNTED", most)
    viewer, seen = person("iso.admin").viewer(), 0
    for screen in SCREENS:
        found = filtered(screen, viewer=viewer, query={})
        for name in choices.offer_values(screen, viewer, found):
            if screen.field(found.filters[name].field_name).choices:
                for value, words in found.form.fields[name].choices:
                    assert bool(re.search(r" \([\d,]+\)$", words)) == counted, (screen.name, value)
                    seen += 1
    assert seen > 0
