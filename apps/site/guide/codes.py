"""The pages of the guide and the steps of its tours."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class GuidePage:
    """One page: its name in the address, its title, and for whom it is."""

    slug: str
    title: str
    about: str


PAGES = (
    GuidePage("iso-staff", "For the ISO's people", "files, runs, publication, parameters"),
    GuidePage("scheduling-coordinator", "For scheduling coordinators", "statements and why"),
    GuidePage("auditor", "For auditors", "who did what, who saw what, how a number came about"),
    GuidePage("administrator", "For administrators", "people, machines, jobs, a site of one's own"),
    GuidePage("api", "For programs", "tokens, the API, its errors, a client"),
    GuidePage("developer", "For developers", "add a kind of file, a parameter, a charge code"),
)


@dataclass(frozen=True)
class TourStep:
    """One step of a tour: where to look on the page, and what to know about it.

    ``target`` is a selector; where the step is about a link ``in_menu``, the name of its address.
    """

    target: str
    title: str
    text: str
    in_menu: bool = False


_COMMON = (
    TourStep(
        "#everywhere",
        "Search everything",
        "Resources, files, statements, people: one box. Press / to get here from anywhere.",
    ),
    TourStep(".bell", "Your inbox", "What waits for you and what became of what you sent."),
)
TOURS: dict[str, tuple[TourStep, ...]] = {
    "iso": (
        TourStep(
            ".tiles, .note.good",
            "What waits for you",
            "Files to confirm, days to settle, runs to publish: by your roles.",
        ),
        TourStep(
            "upload-kinds",
            "Upload",
            "Drop it, see errors by row, correct them in place. Nothing loads before a second "
            "person confirms.",
            in_menu=True,
        ),
        TourStep(
            "trade-dates",
            "Trade dates",
            "Each day with its load, its run, and whether inputs have changed since.",
            in_menu=True,
        ),
        TourStep(
            "runs",
            "Runs",
            "The same inputs give the same result, always. Publishing asks for another person.",
            in_menu=True,
        ),
        *_COMMON,
    ),
    "sc": (
        TourStep(
            "statements",
            "Your statements",
            "One a trade date and version. Open a line and you see the formula, its numbers and "
            "the uploaded rows they rest on.",
            in_menu=True,
        ),
        TourStep(
            "metered-demand",
            "Your metered demand",
            "The rows your share of a cost is computed from.",
            in_menu=True,
        ),
        TourStep(
            "api-tokens",
            "Programs of yours",
            "A token lets them read what you read, for as long as you say.",
            in_menu=True,
        ),
        *_COMMON,
    ),
}
