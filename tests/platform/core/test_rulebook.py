"""Regimes by date stand side by side and are chosen by trade date."""

from datetime import date

import pytest

from apps.platform.core import rulebook


@pytest.fixture
def empty():
    with rulebook.IMPLEMENTATIONS.replaced():
        yield


def test_the_regime_of_the_trade_date_is_chosen(empty):
    @rulebook.implements("RMR-CPM-BRQ-0116", until="2020-01-01")
    def before():
        return "RMR"

    @rulebook.implements("BRQ-0116", since="2020-01-01")
    def after():
        return "RMRL"

    assert rulebook.choose("BRQ-0116", date(2019, 12, 31)) is before
    assert rulebook.choose("RMR-CPM-BRQ-0116", date(2020, 1, 1)) is after
    assert {i.brq for i in rulebook.IMPLEMENTATIONS} == {"BRQ-0116"}
    with pytest.raises(rulebook.NoRuleForDate):
        rulebook.choose("BRQ-9999", date(2020, 1, 1))
