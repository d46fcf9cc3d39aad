"""What both spaces promise, against their own exact scores."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpsr.types import Weights

from ..search.test_diversity import BOTH

WEIGHTS = st.one_of(st.just(0.5), st.floats(0, 1)).map(lambda text: Weights(text, 1 - text))


@BOTH
@settings(max_examples=30, deadline=None)
@given(count=st.integers(10, 60), weights=WEIGHTS, data=st.data())
def test_what_ranks_fast_ranks_as_the_exact_scores_do(make, count, weights, data) -> None:
    """The scan gives the scores; the index, where it can be asked, those times some factor."""
    space = make(count, count)
    rows = np.array(data.draw(st.lists(st.integers(0, count - 1), min_size=1, unique=True)))
    query = space.vectors[data.draw(st.integers(0, count - 1))]
    exact = space.score(query, rows, weights).total
    if np.isnan(exact).all():
        return
    scanned = space.scan(query, weights, rows)
    usable = ~np.isnan(exact)
    assert np.isneginf(scanned[~usable]).all()
    np.testing.assert_allclose(scanned[usable], exact[usable], atol=2e-5)
    asked = space.index_query(query, weights)
    if asked is not None:
        indexed, ranked = space.vectors[rows[usable]] @ asked, scanned[usable]
        np.testing.assert_allclose(
            indexed * np.linalg.norm(ranked), ranked * np.linalg.norm(indexed), atol=1e-5
        )


@BOTH
@pytest.mark.parametrize("text", [0.5, 0.3, 1.0])
def test_the_image_share_is_its_factor_times_the_inner_product(make, text: float) -> None:
    space, weights = make(30, 3), Weights(text, 1 - text)
    for row in (1, 2, 7):
        asked, found = space.blocks(space.vectors[4]), space.blocks(space.vectors[row])
        expected = space.score(space.vectors[4], np.array([row]), weights).image[0]
        assert space.image_factor(asked, found, weights) * (asked[1] @ found[1]) == pytest.approx(expected)


@BOTH
def test_equal_weights_ask_the_index_and_a_product_alone_keeps_its_weights(make) -> None:
    space = make(12, 1)
    assert space.index_query(space.vectors[0], Weights()) is not None
    for modality in ("product", "mixed"):
        assert space.effective_weights(Weights(0.7, 0.3), modality) == Weights(0.7, 0.3)


@BOTH
@pytest.mark.parametrize(("modality", "side"), [("text", 0), ("image", 1)])
def test_a_query_of_one_modality_leans_to_that_side_of_the_products(make, modality: str, side: int) -> None:
    found = make(12, 1).effective_weights(Weights(), modality)
    assert (found.text, found.image)[side] > 0.5
