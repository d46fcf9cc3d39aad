"""One of a family, and maximal marginal relevance, against naive loops."""

from collections.abc import Sequence
from typing import NoReturn

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpsr.search.diversity import diversified
from mpsr.search.index import build_index
from mpsr.search.ranking import rank
from mpsr.space.learned import BLOCK_NORM, LearnedSpace
from mpsr.space.paper import PaperSpace
from mpsr.space.space import Space
from mpsr.types import Weights

from .test_ranking import random_vectors, space_of


def learned_space(count: int, seed: int, emphasis: Sequence[float] = (1, 1, 1, 1, 1)) -> LearnedSpace:
    """Random vectors; every seventh product has no image, and the eighth no text."""
    vectors = np.random.default_rng(seed).normal(size=(count, 10)).astype(np.float32)
    for half in (slice(0, 5), slice(5, None)):
        vectors[:, half] *= BLOCK_NORM / np.linalg.norm(vectors[:, half], axis=1, keepdims=True)
    vectors[::7, 5:] = 0
    vectors[8:9, :5] = 0
    index = build_index(vectors, "exact")
    return LearnedSpace("learned", vectors, 5, index, no_towers, np.array(emphasis, np.float32))


def no_towers() -> NoReturn:
    raise AssertionError("nothing is encoded here")


def paper_space(count: int, seed: int) -> PaperSpace:
    return space_of(random_vectors(count, seed))


BOTH = pytest.mark.parametrize("make", [learned_space, paper_space])


def pair_score(space: Space, one: int, other: int, weights: Weights) -> float:
    found = space.score(space.vectors[one], np.array([other]), weights)
    return float(np.nan_to_num(found.total)[0])


def naive_value(space, pool, taken: list[int], n: int, weights: Weights, diversity: float) -> float:
    """What choosing the nth of the pool next is worth, by the formula, pair by pair."""
    relevance = float(pool.total[n])
    if not taken:
        return relevance
    nearest = max(pair_score(space, pool.rows[t], pool.rows[n], weights) for t in taken)
    return (1 - diversity) * relevance - diversity * nearest


@BOTH
@settings(max_examples=25, deadline=None)
@given(st.integers(2, 25), st.integers(1, 12), st.floats(0, 1), st.floats(0, 1))
def test_mmr_takes_what_is_worth_most_each_time(make, count, k, diversity, words) -> None:
    space = make(count, count)
    weights = Weights(words, 1 - words)
    allowed = np.ones(count, dtype=bool)
    allowed[0] = False
    pool = rank(space, space.vectors[0], count, weights, allowed, np.arange(1, count))
    found = diversified(space, pool, k, weights, diversity)
    place_of = {position: n for n, position in enumerate(pool.rows.tolist())}
    taken: list[int] = []
    assert len(found.rows) == min(k, len(pool.rows))
    for position in found.rows.tolist():
        left = [n for n in range(len(pool.rows)) if n not in taken]
        values = {n: naive_value(space, pool, taken, n, weights, diversity) for n in left}
        assert values[place_of[position]] >= max(values.values()) - 1e-7  # equal ones in any order
        taken.append(place_of[position])
    assert found.rows[:1].tolist() == pool.rows[:1].tolist()


@BOTH
def test_without_diversity_it_is_the_ranking_itself(make) -> None:
    space = make(30, 1)
    pool = rank(space, space.vectors[3], 30, Weights(), None, np.arange(30))
    found = diversified(space, pool, 8, Weights(), 0.0)
    np.testing.assert_array_equal(found.rows, pool.rows[:8])


@pytest.mark.parametrize("words", [0.0, 0.3, 0.5, 1.0])
@BOTH
def test_scores_among_results_are_the_scores_of_pairs(make, words: float) -> None:
    space = make(12, 4)
    weights, rows = Weights(words, 1 - words), np.arange(12)
    expected = [[pair_score(space, one, other, weights) for other in rows] for one in rows]
    np.testing.assert_allclose(space.pairwise(rows, weights), expected, atol=1e-7)
