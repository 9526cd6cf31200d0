"""A reason for what is held speaks for nothing that is settled, and the other way round."""

from __future__ import annotations

import pytest

from apps.platform.runs.services import counted_holds, held_words, lacking_reasons

HELD = {"code": "A", "sentence": "S_MSG: no costs."}
ASKED = {"code": "B", "sentence": "S_RMR: no result.", "effect": "REASON"}


@pytest.mark.brq("BRQ-1225")
@pytest.mark.parametrize(
    ("holds", "over_holds", "answered_for", "lacking"),
    [
        ([HELD, ASKED], "costs follow", "", {"answered_for": [ASKED]}),
        ([HELD], "\u200b", "", {"over_holds": [HELD]}),
        ([HELD, ASKED], " ", "off all day", {"over_holds": [HELD]}),
        ([HELD, ASKED], "costs follow", "off all day", {}),
        ([HELD], "", "off all day", {"over_holds": [HELD]}),
        ([ASKED], "costs follow", "", {"answered_for": [ASKED]}),
        ([], "", "", {}),
    ],
)
def test_each_effect_takes_a_reason_of_its_own(holds, over_holds, answered_for, lacking):
    found = lacking_reasons(holds, over_holds=over_holds, answered_for=answered_for)
    assert found == lacking


@pytest.mark.brq("BRQ-1225")
def test_both_effects_are_counted_apart():
    assert counted_holds([HELD, ASKED, HELD, ASKED]) == (
        "2 parts of this run are held without an amount, 2 parts of it are settled in full and to "
        "be answered for"
    )
    assert counted_holds([ASKED]) == (
        "1 part of this run is settled in full and to be answered for"
    )
    assert held_words([HELD, ASKED], most=1) == "S_MSG: no costs. And 1 more."
