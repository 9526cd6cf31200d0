"""What a fact of public record is good for at the desk."""

from __future__ import annotations

USES = (
    ("retirement or mothball notice", "A notice: file it with its date and its source."),
    ("extension", "A renewal: propose it for its RA year, from the designation before."),
    ("revenue requirement", "A revenue requirement: enter it with contract terms or as a price."),
    ("capital item", "Kept as evidence: capital items are no part of the contract price here."),
    ("contract accepted", "A contract: its effective date decides the vintage."),
    ("settlement", "A revenue requirement: enter it with contract terms or as a price."),
    ("designation", "A designation: propose it with a notice and a study finding."),
    ("allowed", "Kept as evidence: whether a contract was signed is not stated."),
)


def use_of_fact(event: str) -> str:
    """Return in a sentence what the desk makes of a fact, by its event."""
    text = event.casefold()
    return next((use for word, use in USES if word in text), "Kept as evidence.")
