"""The stamp: what is in place is not prepared again, and nothing that is missing is passed over."""

from __future__ import annotations

import json

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from rmrcpm import env, stamp
from rmrcpm.stamp import Stamp
from tests.operation.conftest import admin, dropped

NAME = "stamped"
TABLES = """
create table django_migrations (id int, app text, name text, applied timestamptz default now());
insert into django_migrations values (1, 'parties', '0001_initial'), (2, 'parties', '0002_more');
create table party (id int primary key, code text not null);
insert into party select n, n::text from generate_series(1, 3) n;
create table spare (id int);
create function refuse() returns trigger language plpgsql as $$ begin return null; end $$;
create trigger append_only before delete on spare for each row execute function refuse();
create policy party_reads on party for select using (id > 1);
"""
CODE = (
    "apps/a/models.py",
    "apps/a/migrations/0001_initial.py",
    "fixtures/people.yaml",
    "static/css/app.css",
    "rmrcpm/settings.py",
)
HOME = (
    "static/app.1.css",
    "static/staticfiles.json",
    *(f"machines/{n}" for n in ("authority.key", "authority.pem", "server.key", "server.pem")),
)


def write(folder, names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"this is {name}")


def make_database():
    dropped(NAME)
    with admin() as server:
        server.execute(f"create database {NAME}")
        info = server.info
        address = make_conninfo(
            host=info.host, port=info.port, user=info.user, password=info.password, dbname=NAME
        )
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(TABLES)
    return address


class Place:
    """A tree of code, a home and a database, all prepared and stamped."""

    def __init__(self, folder):
        self.code, self.home = folder / "code", folder / "home"
        self.clock = 1_800_000_000.0
        write(self.code, CODE)
        write(self.home, HOME)
        self.address = make_database()

    def sql(self, *statements):
        with psycopg.connect(self.address, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def stamp(self):
        return Stamp(self.home, self.address)

    def missing(self):
        return self.stamp().missing()

    def keep(self):
        kept = self.stamp()
        kept.missing()
        kept.keep()


@pytest.fixture
def place(tmp_path, monkeypatch):
    found = Place(tmp_path)
    monkeypatch.setattr(env, "BASE", found.code)
    monkeypatch.setattr(stamp.time, "time", lambda: found.clock)
    found.keep()
    assert found.missing() == ""
    yield found
    dropped(NAME)


def changed(name):
    return lambda place: (place.code / name).write_text("another")


def added(name):
    return lambda place: write(place.code, [name])


def lost(name):
    return lambda place: (place.home / name).unlink()


def did(*statements):
    return lambda place: place.sql(*statements)


def replaced(place):
    place.address = make_database()


CODE_CHANGED = "the code or its fixtures have changed"
SCHEMA = "tables, triggers or policies have changed"
MIGRATED = "other migrations have been applied"
CERTIFICATES = "the certificates of the second listener are not the ones made"
CHANGES = {
    "a model": (changed("apps/a/models.py"), CODE_CHANGED),
    "a setting in code": (changed("rmrcpm/settings.py"), CODE_CHANGED),
    "a migration": (added("apps/a/migrations/0002_more.py"), CODE_CHANGED),
    "a fixture": (changed("fixtures/people.yaml"), CODE_CHANGED),
    "a new fixture": (added("fixtures/more/files.yaml"), CODE_CHANGED),
    "a static file": (changed("static/css/app.css"), CODE_CHANGED),
    "a file moved": (
        lambda place: (place.code / CODE[0]).rename(place.code / "apps/a/others.py"),
        CODE_CHANGED,
    ),
    "a collected file lost": (lost("static/app.1.css"), "collected files are missing"),
    "a certificate lost": (lost("machines/server.pem"), CERTIFICATES),
    "a key lost": (lost("machines/authority.key"), CERTIFICATES),
    "a migration undone": (did("delete from django_migrations where id = 2"), MIGRATED),
    "a migration applied": (
        did("insert into django_migrations values (3, 'a', '0003')"),
        MIGRATED,
    ),
    "all tables dropped": (
        did("drop schema public cascade", "create schema public"),
        "the database has no tables",
    ),
    "a table emptied": (did("truncate party"), "rows are missing: party"),
    "a row deleted": (did("delete from party where id = 2"), "rows are missing: party"),
    "a column dropped": (did("alter table party drop column code"), SCHEMA),
    "a table dropped": (did("drop table spare"), SCHEMA),
    "a trigger dropped": (did("drop trigger append_only on spare"), SCHEMA),
    "a trigger switched off": (did("alter table spare disable trigger append_only"), SCHEMA),
    "a policy changed": (did("alter policy party_reads on party using (true)"), SCHEMA),
    "the database replaced": (replaced, "it is another database"),
    "the database gone": (
        lambda place: admin().execute(f"drop database {NAME} with (force)"),
        "the database has no tables",
    ),
    "the stamp lost": (lost("prepared.json"), "it has not been prepared yet"),
    "the stamp cut off": (
        lambda place: (place.home / "prepared.json").write_text('{"at": 1'),
        "it has not been prepared yet",
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_everything_is_prepared_again_where_something_differs(place, what):
    change, why = CHANGES[what]
    change(place)
    assert place.missing() == why


def test_more_rows_and_compiled_code_are_no_reason(place):
    place.sql("insert into party values (9, '9')", "insert into spare values (1)")
    write(place.code, ["apps/a/__pycache__/models.cpython-311.pyc"])
    assert place.missing() == ""


@pytest.mark.parametrize("name", ["DATABASE_URL", "RMRCPM_DEMO", "DJANGO_SECRET_KEY"])
def test_another_environment_is_a_reason(place, monkeypatch, name):
    monkeypatch.setenv(name, "0")
    assert place.missing() == "the settings have changed"


def test_where_the_home_is_is_no_reason(place, monkeypatch, tmp_path):
    monkeypatch.setenv("RMRCPM_HOME", str(tmp_path / "elsewhere"))
    assert place.missing() == ""


def test_other_packages_are_a_reason(place, monkeypatch, tmp_path):
    packages = tmp_path / "site-packages"
    (packages / "django-9.9.dist-info").mkdir(parents=True)
    monkeypatch.syspath_prepend(str(packages))
    assert place.missing() == "other packages are installed"


@pytest.mark.parametrize(
    ("seconds", "why"),
    [
        (stamp.HOLDS_FOR - 1, ""),
        (stamp.HOLDS_FOR, "it was prepared more than a week ago"),
        (-1, "it was prepared more than a week ago"),
    ],
)
def test_a_stamp_holds_for_a_week_as_the_list_of_revoked_certificates_ages(place, seconds, why):
    place.clock += seconds
    assert place.missing() == why


def test_what_changes_while_it_is_prepared_is_not_passed_over(place):
    changed("apps/a/models.py")(place)
    kept = place.stamp()
    assert kept.missing() == CODE_CHANGED
    kept.drop()
    assert place.missing() == "it has not been prepared yet"  # a start that fails leaves no stamp
    changed("fixtures/people.yaml")(place)  # while the preparation goes on
    kept.keep()
    assert place.missing() == CODE_CHANGED


def test_a_database_that_cannot_be_looked_at_is_prepared_at_each_start(place):
    place.stamp().drop()
    place.sql("drop table django_migrations")
    place.keep()
    assert not (place.home / "prepared.json").exists()
    assert place.missing() == "it has not been prepared yet"


def test_large_tables_are_not_counted_to_the_end(place):
    place.sql("insert into spare select generate_series(1, 5000)")
    place.keep()
    rows = json.loads((place.home / "prepared.json").read_text())["rows"]
    assert rows == {"django_migrations": 2, "party": 3, "spare": stamp.MOST_COUNTED}
