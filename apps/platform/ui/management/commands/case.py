"""``manage.py case open|show|move DESK ... --as USER``: every case desk on the command line."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.platform.accounts.models import User
from apps.platform.audit.services import MoveRefused
from apps.platform.clock.selectors import site_now
from apps.platform.core.unseen import seen_text
from apps.platform.core.violations import Severity, ValidationFailed
from apps.platform.ui.case_api import filled, shown
from apps.platform.ui.workflow import WORKFLOWS, Workflow


class Command(BaseCommand):
    """Open a case, show one, or make a move; exit status 2 where what is opened is refused."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do, at which desk, with which fields."""
        parser.add_argument("what", choices=("desks", "fields", "open", "show", "move"))
        parser.add_argument("desk", nargs="?", default="")
        parser.add_argument("words", nargs="*", help="a case number and an action, field=value")
        parser.add_argument("--as", dest="user", default="", help="the acting person")
        parser.add_argument("--note", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and print the case."""
        if options["what"] == "desks":
            for desk in WORKFLOWS:
                self.stdout.write(f"{desk.name}: {', '.join(desk.steps)}")
            return
        desk = _desk(options["desk"])
        if options["what"] == "fields":
            self.fields(desk)
            return
        user = _person(options["user"])
        try:
            case = getattr(self, options["what"])(desk, user, options)
        except ValidationFailed as trouble:
            raise CommandError(
                "\n".join(
                    f"{f.column + ': ' if f.column else ''}{f.message} ({f.code})"
                    for f in trouble.violations
                )
            ) from trouble
        except MoveRefused as trouble:
            raise CommandError(str(trouble)) from trouble
        except desk.model.DoesNotExist:
            raise CommandError("There is no such case, or it is not yours to see.") from None
        told = shown(desk, case, user.viewer())
        self.stdout.write(json.dumps(told, indent=1))
        if options["what"] == "open" and _is_refused(told):
            sys.exit(2)

    def fields(self, desk: Workflow) -> None:
        """Print what opening a case asks for."""
        for name, field in (desk.opening.form.base_fields if desk.opening else {}).items():
            need = "needed" if field.required else "may be left out"
            words = ", ".join(str(value) for value, _ in getattr(field, "choices", ()) if value)
            if isinstance(field, forms.FileField):
                words = "the path of a file"
            said = [f"{field.label or name}, {need}", str(field.help_text).rstrip("."), words]
            self.stdout.write(f"{name}: {'. '.join(part for part in said if part)}.")

    def open(self, desk: Any, user: User, options: dict[str, Any]) -> Any:
        """Open a case with field=value words."""
        if desk.opening is None or not user.viewer().may(desk.opening.roles):
            raise CommandError(f"{user.username} may not open a {desk.noun}.")
        form = filled(desk.opening.form, _fields(options["words"], desk.opening.form))
        return desk.opening.perform(actor=user, at=site_now(), **form.cleaned_data)

    def show(self, desk: Any, user: User, options: dict[str, Any]) -> Any:
        """Find a case by its number."""
        return desk.get(case_id=_number(options["words"]), viewer=user.viewer())

    def move(self, desk: Any, user: User, options: dict[str, Any]) -> Any:
        """Make a move: number, action, field=value."""
        number = _number(options["words"])
        action = options["words"][1] if len(options["words"]) > 1 else ""
        step = desk.steps.get(action)
        if step is None:
            raise CommandError(f"The moves are {', '.join(desk.steps)}.")
        desk.get(case_id=number, viewer=user.viewer())
        if step.note_needed and not seen_text(options["note"]):
            raise CommandError("Say why with --note.")
        words = options["words"][2:]
        data = filled(step.form, _fields(words, step.form)).cleaned_data if step.form else {}
        return step.perform(case_id=number, actor=user, at=site_now(), note=options["note"], **data)


def _person(name: str) -> User:
    try:
        return User.objects.get(username=name)
    except User.DoesNotExist:
        raise CommandError(f"There is no person {name!r}; say --as NAME.") from None


def _is_refused(told: dict[str, Any]) -> bool:
    """Whether what was opened is kept and refused, as a file with an error is."""
    return any(v["severity"] == Severity.ERROR for v in told.get("violations", ()))


def _desk(name: str) -> Workflow:
    try:
        return WORKFLOWS[name]
    except KeyError:
        known = ", ".join(d.name for d in WORKFLOWS)
        raise CommandError(f"There is no desk {name!r}; there are {known}.") from None


def _number(words: list[str]) -> int:
    if not words or not words[0].isdecimal():
        raise CommandError("Give the number of the case.")
    return int(words[0])


def _fields(words: list[str], form: type[forms.Form]) -> dict[str, Any]:
    """Return the fields of field=value words; where a form takes a file, the value is its path."""
    found: dict[str, Any] = {}
    for word in words:
        name, sign, value = word.partition("=")
        if not sign:
            raise CommandError(f"{word!r} is not written field=value.")
        if name not in form.base_fields:
            known = ", ".join(form.base_fields)
            raise CommandError(f"There is no field {name!r}; the fields are {known}.")
        is_file = isinstance(form.base_fields[name], forms.FileField)
        found[name] = _file(value) if is_file and value else value
    return found


def _file(path: str) -> SimpleUploadedFile:
    try:
        return SimpleUploadedFile(Path(path).name, Path(path).read_bytes())
    except OSError:
        raise CommandError(f"There is no file {path}.") from None
