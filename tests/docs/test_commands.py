"""Every command that README and docs show exists and takes these options; harmless ones run."""

from __future__ import annotations

import importlib.util
import io
import json
import re
import sys

import pytest
import yaml
from django.core.management import CommandError, call_command, get_commands, load_command_class

from apps.platform.ui.workflow import WORKFLOWS
from apps.platform.uploads.hooks import kind as upload_kind
from tests.docs.shell import Command, commands, inline, split
from tests.docs.written import ROOT, SHELL, WRITTEN, blocks, named

SHOWN = commands()
INLINE = inline()
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
PEOPLE = yaml.safe_load((ROOT / "fixtures" / "demo" / "people.yaml").read_text())["users"]
PROGRAMS = {"cd", "cp", "curl", "echo", "git", "make", "python3", "."}
OURS = re.compile(r"\.venv/bin/([\w-]+)")
RUN = (
    "upload --list",
    "upload metered-demand --template",
    "calculate --list",
    "calculate cost-shares",
    "parameter list",
    "case desks",
    "case fields price-changes",
    "verify_publications",
    "clearing balance --as iso.analyst",
    "trace",
)


def parsed(words: list[str]):
    """Return the options of a command line as the command's own parser reads them."""
    command = load_command_class(get_commands()[words[0]], words[0])
    return command.create_parser("manage.py", words[0]).parse_args(words[1:])


def test_commands_are_found():
    assert len(SHOWN) > 40
    assert len([c for c in SHOWN if c.manage]) > 35


@pytest.mark.parametrize("command", SHOWN, ids=str)
def test_the_program_of_a_command_is_one_of_ours_or_of_every_machine(command):
    program = command.words[0]
    ours = OURS.fullmatch(program)
    assert program in PROGRAMS or ours, f"{command}: is {program} on every machine?"
    if ours:
        assert (ROOT / program).exists(), command
    if ours and ours[1] == "python" and command.words[1] == "-m":
        assert importlib.util.find_spec(command.words[2]), command
    for word in command.words[1:]:
        if re.match(r"(apps|docs|fixtures|rmrcpm|tests)/", word):
            assert (ROOT / word.split("::")[0]).exists(), f"{command}: {word}"


@pytest.mark.parametrize("command", [c for c in SHOWN + INLINE if c.words[0] == "make"], ids=str)
def test_make_has_the_target(command):
    assert command.words[1] in TARGETS


@pytest.mark.django_db
@pytest.mark.parametrize("command", [c for c in SHOWN if c.manage], ids=str)
def test_a_management_command_takes_what_is_shown(command):
    options = vars(parsed(command.manage))
    names = {person["username"] for person in PEOPLE}
    for option in ("actor", "user", "username", "confirm_as", "publish_as"):
        if options.get(option) and command.manage[0] != "person":
            assert options[option] in names, f"{command}: who is {options[option]}?"
    if command.manage[0] == "upload" and options.get("kind"):
        upload_kind(options["kind"])
    if command.manage[0] == "case" and options["desk"]:
        of_a_desk(options["what"], options["desk"], options["words"])


def of_a_desk(what: str, desk: str, words: list[str]) -> None:
    """Hold the fields and moves that are shown for a kind of case against its declaration."""
    found = WORKFLOWS[desk]
    if what == "open":
        given = dict(word.split("=", 1) for word in words)
        form = found.opening.form(given)
        assert set(given) <= set(form.fields)
        assert form.errors == {}
    elif what == "move":
        assert words[1] in found.steps


@pytest.mark.parametrize("command", [c for c in INLINE if c.manage], ids=str)
def test_a_management_command_named_in_passing_exists_with_its_options(command):
    name, *words = command.manage
    assert name in get_commands(), command
    parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
    known = {o for action in parser._actions for o in action.option_strings}
    assert {w for w in words if w.startswith("--")} <= known, command


@pytest.mark.django_db
@pytest.mark.parametrize("words", RUN)
def test_harmless_commands_run(words, monkeypatch):
    wanted = [c for c in SHOWN if c.manage == words.split()]
    assert wanted, f"{words} is not shown any more; take it off the list"
    told = next((c for c in SHOWN if c.words[0] == "echo" and c.line == wanted[0].line), None)
    given = (told.words[1] if told else "").encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
    out = io.StringIO()
    call_command(*words.split(), stdout=out)
    assert out.getvalue().strip()
    if words == "calculate cost-shares":
        assert json.loads(out.getvalue()) == {"shares": {"A": "33.33", "B": "66.67"}}


@pytest.mark.parametrize("page", WRITTEN, ids=named)
def test_blocks_with_commands_say_that_they_are(page):
    for block in blocks(page):
        if re.search(r"^(\S*python )?(manage\.py|make) ", block.text, re.MULTILINE):
            assert block.language in SHELL, f"{named(page)}:{block.line}"


def test_a_line_is_cut_into_its_commands():
    assert split("A=1 make run  # installs; really") == [["make", "run"]]
    assert split("echo '{\"a\": 1}' | x y ; z") == [["echo", '{"a": 1}'], ["x", "y"], ["z"]]


def test_a_wrong_option_is_noticed():
    with pytest.raises(CommandError, match="unrecognized arguments: --now"):
        parsed(["settle", "2024-09-04", "--as", "iso.analyst", "--now"])
    command = Command(ROOT / "README.md", 1, [".venv/bin/python", "manage.py", "settle", "--x"])
    assert command.manage == ["settle", "--x"]
