"""Control totals: sums first, and beside those of the published run."""

from __future__ import annotations

from decimal import Decimal

from apps.platform.runs.rules import ControlTotal, control_totals

NOW = {
    "Allocation lines": "1,204",
    "RMR-CAP ($)": "-120.50",
    "Metered demand (MWh)": "31000.25",
    "Sum of the day ($)": "0.00",
    "Resources PAID": "3",
}


def test_sums_come_first_then_their_parts_then_quantities_then_counts():
    """GIVEN totals in any order THEN dollars before MWh before counts, the sum at the top."""
    assert [t.name for t in control_totals(NOW)] == [
        "Sum of the day ($)",
        "RMR-CAP ($)",
        "Metered demand (MWh)",
        "Allocation lines",
        "Resources PAID",
    ]


def test_beside_what_is_published_each_says_its_change():
    """GIVEN the published run's totals THEN each change is exact, and none is made up."""
    published = {"RMR-CAP ($)": "-120.25", "Allocation lines": "1,204", "BCR ($)": "7.00"}
    found = {t.name: t for t in control_totals(NOW, published)}
    assert found["RMR-CAP ($)"] == ControlTotal(
        "RMR-CAP ($)", "-120.50", "-120.25", Decimal("-0.25")
    )
    assert found["Allocation lines"].change == 0
    assert found["Sum of the day ($)"].change is None
    assert found["BCR ($)"] == ControlTotal("BCR ($)", "", "7.00", None)


def test_without_a_published_run_nothing_stands_beside():
    """GIVEN no other run THEN no total has a change."""
    assert {(t.published, t.change) for t in control_totals(NOW)} == {("", None)}
