"""Keep views of lists, and carry out an action on many rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, transaction
from django.http import QueryDict

from apps.platform.accounts.models import User
from apps.platform.audit.services import MoveRefused
from apps.platform.ui.models import SavedView
from apps.platform.ui.screens import BulkAction, Screen

NOT_KEPT = ("page", "view", "csrfmiddlewaretoken")
MOST_AT_ONCE = 500


class ViewRefused(ValueError):
    """A view cannot be kept; the message says why."""


class BulkRefused(ValueError):
    """An action on many rows cannot begin; the message says why."""


def kept_query(query: str) -> str:
    """Return the part of a list's address that a view keeps."""
    values = QueryDict(query, mutable=True)
    for name in NOT_KEPT:
        values.pop(name, None)
    return values.urlencode()


def view_save(
    *, screen: Screen, name: str, query: str, shared: bool, actor: User, at: datetime
) -> SavedView:
    """Keep a view under a name; the same name of the same person is replaced."""
    if not name.strip():
        raise ViewRefused("Give the view a name.")
    text = kept_query(query)
    if len(text) > 2000:
        raise ViewRefused("This view has too many filters to be kept.")
    try:
        with transaction.atomic():
            view, _ = SavedView.objects.update_or_create(
                screen=screen.name,
                owner=actor,
                name=name.strip()[:80],
                defaults={"query": text, "shared": shared, "saved_at": at},
            )
    except IntegrityError as trouble:
        raise ViewRefused("A view of this name is being saved at the moment.") from trouble
    return view


def view_drop(*, view: SavedView, actor: User) -> None:
    """Remove a view; only its owner may."""
    if view.owner_id != actor.pk:
        raise ViewRefused("Only who saved a view may remove it.")
    view.delete()


@dataclass
class BulkOutcome:
    """How an action on many rows ended: what was done, and each refusal with its row."""

    done: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)

    @property
    def sentence(self) -> str:
        """What to tell the person."""
        text = f"{len(self.done)} done"
        if self.refused:
            row, why = self.refused[0]
            text += f", {len(self.refused)} refused; no. {row}: {why}"
        return text + "."


def act_on_many(
    *, action: BulkAction, keys: Sequence[str], actor: User, at: datetime, reason: str, typed: str
) -> BulkOutcome:
    """Carry an action out row by row, each whole or not at all; refusals stop nothing else.

    An action that asks for it must be confirmed by typing the number of rows. Raises BulkRefused
    where nothing is chosen, too much is, the roles do not fit, or the number typed is another.
    """
    if not actor.viewer().may(action.roles):
        raise BulkRefused(f"Your roles do not allow you to {action.label.lower()}.")
    if not keys:
        raise BulkRefused("Choose at least one row.")
    if len(keys) > MOST_AT_ONCE:
        raise BulkRefused(f"Choose at most {MOST_AT_ONCE} rows at once.")
    if action.typed and typed.strip() != str(len(keys)):
        raise BulkRefused(f"Type {len(keys)}, the number of rows, to confirm.")
    outcome = BulkOutcome()
    for key in keys:
        try:
            with transaction.atomic():
                action.perform(key, actor, at, reason)
            outcome.done.append(key)
        except ObjectDoesNotExist:
            outcome.refused.append((key, "There is no such row."))
        except (MoveRefused, ValueError, LookupError) as trouble:
            outcome.refused.append((key, str(trouble)))
    return outcome
