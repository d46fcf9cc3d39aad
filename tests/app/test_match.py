"""What a match is called follows from its percentile alone, within stated bounds."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpsr.service import open_service
from mpsr.ui.match import closeness, match_label

BEST_FIRST = ["Very similar", "Similar", "Somewhat similar", "Weak match"]


@pytest.mark.parametrize(
    ("percentile", "label"),
    [
        (1.0, "Very similar"), (0.999, "Very similar"), (0.99899, "Similar"), (0.99, "Similar"),
        (0.98999, "Somewhat similar"), (0.98, "Somewhat similar"), (0.97999, "Weak match"), (0.0, "Weak match"),
    ],
)  # fmt: skip
def test_the_bounds_are_exact(percentile: float, label: str) -> None:
    assert match_label(percentile, 0.98) == label


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.5, 0.98))
def test_a_better_percentile_never_has_a_worse_label(one: float, other: float, match: float) -> None:
    low, high = sorted((one, other))
    assert BEST_FIRST.index(match_label(high, match)) <= BEST_FIRST.index(match_label(low, match))
    assert (match_label(low, match) == "Weak match") == (low < match)


@pytest.mark.parametrize("percentile", [-0.1, 1.1, float("nan")])
def test_what_is_no_percentile_is_refused(percentile: float) -> None:
    with pytest.raises(ValueError, match="percentile"):
        match_label(percentile, 0.98)


@given(st.floats(0, 1, exclude_max=True))
def test_the_number_never_claims_more_than_there_is(percentile: float) -> None:
    told = float(re.search(r"([\d.]+)", closeness(percentile))[1])
    assert told <= 100 * percentile < told + 1.0000001


def test_a_weak_match_is_what_lies_below_the_threshold(tiny_store) -> None:
    """The label and the rule that hides weaker matches are two computations of one claim."""
    service = open_service(tiny_store)
    for product in service.ids[:10]:
        found = service.similar(product, k=29)
        weak = {
            item.id
            for item in found.neighbours
            if match_label(item.percentile, found.match_percentile) == "Weak match"
        }
        assert weak == {item.id for item in found.neighbours} - {item.id for item in found.good}
