"""The page of rules and gates: each rule names tests or scenarios that there are."""

from __future__ import annotations

import re

from tests.docs.test_links import TEST, is_a_test
from tests.docs.written import ROOT, table

PAGE = ROOT / "docs" / "algorithms" / "gates.md"
SCENARIO = re.compile(r"`(given_\w+)`")
RULES = table(PAGE, "Rule")


def test_each_rule_is_held_by_a_test_or_a_scenario_that_there_is():
    for rule, requirements, held_by in RULES:
        tests, scenarios = TEST.findall(held_by), SCENARIO.findall(held_by)
        assert tests or scenarios, rule
        assert [name for name in tests if not is_a_test(name)] == []
        missing = [s for s in scenarios if not (ROOT / "tests" / "scenarios" / s).is_dir()]
        assert missing == [], rule
        assert re.fullmatch(r"BRQ-\d{4}(, BRQ-\d{4})*", requirements), rule


def test_each_decision_of_the_rule_book_on_what_reaches_the_engine_has_its_rule():
    told = {number for rule, *_ in RULES for number in re.findall(r"G(\d+)", rule)}
    assert told == {str(n) for n in range(31, 37)}
