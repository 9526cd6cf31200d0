"""Splitting cents: no cent is lost, whatever the weights."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.platform.core.shares import NothingToShareBy, split_cents

WEIGHTS = st.dictionaries(
    st.text(alphabet="ABCDEFG", min_size=1, max_size=3), st.integers(0, 10**12), min_size=1
).filter(lambda w: any(w.values()))
TOTALS = st.integers(-(10**13), 10**13)


def oracle(total, weights):
    """Slow and obvious: exact fractions, floors, then one cent at a time to the largest rest."""
    whole = sum(weights.values())
    exact = {k: Fraction(abs(total) * w, whole) for k, w in weights.items()}
    parts = {k: int(e) for k, e in exact.items()}
    while sum(parts.values()) < abs(total):
        behind = min(parts, key=lambda k: (parts[k] - exact[k], k))
        parts[behind] += 1
    return {k: -v if total < 0 else v for k, v in parts.items()}


@pytest.mark.brq("BRQ-1230")
@given(TOTALS, WEIGHTS)
def test_parts_add_up_to_the_whole(total, weights):
    assert sum(split_cents(total, weights).values()) == total


@given(TOTALS, WEIGHTS)
def test_a_part_is_within_a_cent_of_its_exact_share(total, weights):
    whole = sum(weights.values())
    for key, part in split_cents(total, weights).items():
        assert abs(Fraction(part) - Fraction(total * weights[key], whole)) < 1


@given(TOTALS, WEIGHTS)
def test_a_reversal_mirrors_its_original(total, weights):
    back = split_cents(-total, weights)
    assert {k: -v for k, v in back.items()} == split_cents(total, weights)


@given(st.integers(-10_000, 10_000), WEIGHTS)
def test_the_slow_oracle_agrees(total, weights):
    assert split_cents(total, weights) == oracle(total, weights)


@given(TOTALS, WEIGHTS, st.randoms(use_true_random=False))
def test_the_order_of_keys_does_not_matter(total, weights, chance):
    keys = list(weights)
    chance.shuffle(keys)
    assert split_cents(total, {k: weights[k] for k in keys}) == split_cents(total, weights)


def test_nothing_to_share_by_is_refused():
    with pytest.raises(NothingToShareBy):
        split_cents(1, {"A": 0})
    with pytest.raises(ValueError, match="negative"):
        split_cents(1, {"A": -1, "B": 2})
