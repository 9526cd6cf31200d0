"""A case desk: one declaration of how a kind of case is opened, shown and moved.

Page, API and command line are made from it, so that all three do the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django import forms
from django.db.models import Q
from django.urls import reverse

from apps.platform.accounts.codes import SC_ROLES
from apps.platform.accounts.rules import Viewer
from apps.platform.audit.models import Case
from apps.platform.audit.services import plain_move
from apps.platform.core.layouts import FileLayout
from apps.platform.core.registry import Registry
from apps.platform.core.states import Move
from apps.platform.core.words import plural


@dataclass(frozen=True)
class CaseFact:
    """One fact of a case: label and value, with a unit's code or an address to follow."""

    label: str
    value: Any
    unit: str = ""
    address: str = ""


@dataclass(frozen=True)
class Transition:
    """How a move is carried out: ``perform(case_id, actor, at, note, **form)``.

    ``form`` asks for more than a note and begins with ``prefill(case)``; ``note_needed``: the move
    says why. ``lacks(case)`` says what is missing before it can be made, such as a document, or
    nothing: the page then offers the way to add it instead of the move. ``doubts(case)`` says
    what looks unlikely in it: the move then needs a note, for which its service asks.
    """

    perform: Callable[..., Any]
    form: type[forms.Form] | None = None
    note_needed: bool = False
    prefill: Callable[[Any], Mapping[str, Any]] = lambda case: {}
    lacks: Callable[[Any], str] = lambda case: ""
    doubts: Callable[[Any], Sequence[str]] = lambda case: ()


def turning_down(model: type[Case]) -> dict[str, Transition]:
    """Return the two moves every proposal has: a second person rejects it, its side withdraws."""
    return {
        "reject": Transition(
            partial(plain_move, model=model, action="reject", decided=True), note_needed=True
        ),
        "withdraw": Transition(partial(plain_move, model=model, action="withdraw")),
    }


Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class CreateForm:
    """How a case is opened: ``perform(actor, at, **form)`` returns it.

    ``prefill(viewer, query)`` returns what the form begins with. ``intro`` stands above the form.
    ``files``: the form takes a file; documents are sent to the API apart. ``choices(viewer)`` are
    what a field's box offers this viewer: (value, text) by field. ``about``: what a page elsewhere
    may fill in, such as the resource it shows; such pages link to the form (see
    ``openings_about``). ``layouts``: of the files it takes; the page shows their columns.
    """

    title: str
    button: str
    form: type[forms.Form]
    perform: Callable[..., Any]
    roles: frozenset[Any]
    intro: str = ""
    files: bool = False
    prefill: Callable[[Viewer, Mapping[str, str]], Mapping[str, Any]] = lambda viewer, query: query
    example: Mapping[str, Any] = field(default_factory=dict)
    choices: Callable[[Viewer], Mapping[str, Choices]] = lambda viewer: {}
    about: tuple[str, ...] = ()
    layouts: tuple[FileLayout, ...] = ()


@dataclass(frozen=True)
class Workflow:
    """One kind of case. ``name`` is also the name of its list screen.

    ``select(viewer)`` scopes the rows; ``facts(case, viewer)`` are shown and given by the API.
    ``panels(case, viewer)`` returns templates with their context for what more a page shows.
    ``links(case, viewer)`` lead on from the case. ``takes_documents(case, file_name, content,
    actor, at)`` keeps a document of a case for ``document_roles``, where the kind has documents.
    ``state_of`` says what state a viewer is told. ``violations(case)`` is what a check of the case
    said, row by row, where a case may be refused after it is opened; the API answers with it.
    """

    name: str
    noun: str
    model: type[Case]
    select: Callable[..., Any]
    roles: frozenset[Any]
    heading: Callable[[Any], str]
    facts: Callable[[Any, Viewer], list[CaseFact]]
    steps: Mapping[str, Transition]
    opening: CreateForm | None = None
    panels: Callable[[Any, Viewer], list[tuple[str, dict[str, Any]]]] = lambda case, viewer: []
    takes_documents: Callable[..., Any] | None = None
    document_roles: frozenset[Any] = frozenset()
    links: Callable[[Any, Viewer], list[tuple[str, str]]] = lambda case, viewer: []
    state_of: Callable[[Any, Viewer], str] = lambda case, viewer: str(case.state)
    violations: Callable[[Any], list[dict[str, Any]]] | None = None
    implements: tuple[str, ...] = ()

    def get(self, *, case_id: int, viewer: Viewer) -> Any:
        """Return a case that is the viewer's to see; raises the model's DoesNotExist."""
        return self.select(viewer=viewer).get(pk=case_id)

    def open_moves(self, case: Case, viewer: Viewer) -> list[tuple[Move, Transition]]:
        """Return the moves this viewer may make now, each with how it is carried out."""
        own = case.opened_by_id == viewer.user_id
        moves = case.STATES.open_to(state=case.state, roles=viewer.roles)
        return [
            (m, self.steps[m.action])
            for m in moves
            if m.action in self.steps
            and not (m.second_person and own)
            and not (m.not_by and getattr(case, f"{m.not_by}_id") == viewer.user_id)
        ]

    def waiting(self, viewer: Viewer) -> Q:
        """Return which cases wait for a move of this viewer.

        Moves that give a case up or that nobody waits for do not count.
        """
        found = Q(pk__in=[])
        for move in self.model.STATES.moves:
            counts = move.action in self.steps and not (move.ends or move.optional)
            if counts and move.roles & viewer.roles:
                theirs = Q(state=move.source)
                if move.second_person:
                    theirs &= ~Q(opened_by_id=viewer.user_id)
                if move.not_by:
                    theirs &= ~Q(**{f"{move.not_by}_id": viewer.user_id})
                found |= theirs
        return found

    def waits_for_second(self, case: Case, viewer: Viewer) -> bool:
        """Whether the viewer opened the case and somebody else has to decide it."""
        own = case.opened_by_id == viewer.user_id
        return own and any(m.second_person for m in case.STATES.moves if m.source == case.state)

    def doubts_by_move(self, case: Case) -> dict[str, Sequence[str]]:
        """Return what looks unlikely in a case, by each move that has to answer for it now."""
        sources = {m.action for m in case.STATES.moves if m.source == case.state}
        found = {name: self.steps[name].doubts(case) for name in sources & set(self.steps)}
        return {name: said for name, said in found.items() if said}

    def may_move(self, action: str, viewer: Viewer) -> bool:
        """Whether an action is within a viewer's roles, whatever state a case is in."""
        roles = {r for m in self.model.STATES.moves if m.action == action for r in m.roles}
        return viewer.may(frozenset(roles))

    @property
    def plural(self) -> str:
        """What several of its cases are called."""
        return plural(self.noun)

    @property
    def of_parties(self) -> bool:
        """Whether scheduling coordinators have such cases, so that a look at one is noted."""
        return bool(self.roles & SC_ROLES)


WORKFLOWS = Registry(
    "ui.workflows",
    meaning="Kinds of case: each gets a page, an API and a command.",
    of=Workflow,
    key=lambda desk: desk.name,
    order=lambda desk: desk.name,
)


def opening_of(name: str, viewer: Viewer) -> tuple[str, str] | None:
    """Return label and address of the form that opens a case of a list, where the viewer may."""
    desk = WORKFLOWS.get(name)
    if desk is None or desk.opening is None or not viewer.may(desk.opening.roles):
        return None
    return desk.opening.title, reverse(f"{name}-new")


def openings_about(viewer: Viewer, **about: str) -> list[tuple[str, str]]:
    """Return label and address of the forms a viewer may open from a page about something.

    about: what the page knows, such as ``resource`` and ``trade_date``; the form begins with it.
    Left out are forms that offer the viewer nothing to choose, or not what the page is about.
    """
    found = []
    for desk in WORKFLOWS:
        opening = desk.opening
        if opening is None or not opening.about or not set(about) <= set(opening.about):
            continue
        if viewer.may(opening.roles) and all(
            offered and (name not in about or about[name] in dict(offered))
            for name, offered in opening.choices(viewer).items()
        ):
            found.append((opening.title, reverse(f"{desk.name}-new", query=about)))
    return found


Panel = tuple[str, dict[str, Any]]
PAPERS: Registry[Callable[[Workflow, Any, Viewer], Panel | None]] = Registry(
    "ui.papers",
    meaning="Asked (desk, case, viewer) for the documents of a case, where its desk takes any.",
    limit=1,
)


def panels_of(desk: Workflow, case: Any, viewer: Viewer) -> list[Panel]:
    """Return what a case's page shows besides its facts: the desk's panels, then its documents."""
    papers = [panel(desk, case, viewer) for panel in PAPERS if desk.takes_documents is not None]
    return [*desk.panels(case, viewer), *(p for p in papers if p is not None)]
