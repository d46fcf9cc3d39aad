"""One of a family, and maximal marginal relevance, against naive loops."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpsr.search.diversity import between, chosen, one_a_family
from mpsr.search.ranking import rank
from mpsr.search.spaces import Space, score
from mpsr.types import Weights

from .test_ranking import random_vectors, space_of


def blockwise_space(count: int, seed: int) -> Space:
    vectors = np.random.default_rng(seed).normal(size=(count, 10)).astype(np.float32)
    for half in (slice(0, 5), slice(5, None)):
        vectors[:, half] /= np.linalg.norm(vectors[:, half], axis=1, keepdims=True) * 2**0.5
    vectors[::7, 5:] = 0
    norms = np.full((count, 2), 0.5**0.5, np.float32)
    return Space("shared", vectors, norms, 5, None, blockwise=True)


def pair_score(space: Space, one: int, other: int, weights: Weights) -> float:
    found = score(space, space.vectors[one], np.array([other]), weights)
    return float(np.nan_to_num(found.text + found.image)[0])


def naive_value(space, pool, taken: list[int], n: int, weights: Weights, variety: float) -> float:
    """What choosing the nth of the pool next is worth, by the formula, pair by pair."""
    relevance = float(pool.text[n] + pool.image[n])
    if not taken:
        return relevance
    nearest = max(pair_score(space, pool.positions[t], pool.positions[n], weights) for t in taken)
    return (1 - variety) * relevance - variety * nearest


@pytest.mark.parametrize("blockwise", [False, True])
@settings(max_examples=25, deadline=None)
@given(st.integers(2, 25), st.integers(1, 12), st.floats(0, 1), st.floats(0, 1))
def test_mmr_takes_what_is_worth_most_each_time(blockwise, count, k, variety, words) -> None:
    space = blockwise_space(count, count) if blockwise else space_of(random_vectors(count, seed=count))
    weights = Weights(words, 1 - words)
    allowed = np.ones(count, dtype=bool)
    allowed[0] = False
    pool = rank(space, space.vectors[0], count, weights, allowed, np.arange(1, count))
    found = chosen(space, pool, k, weights, variety)
    place_of = {position: n for n, position in enumerate(pool.positions.tolist())}
    taken: list[int] = []
    assert len(found.positions) == min(k, len(pool.positions))
    for position in found.positions.tolist():
        left = [n for n in range(len(pool.positions)) if n not in taken]
        values = {n: naive_value(space, pool, taken, n, weights, variety) for n in left}
        assert values[place_of[position]] >= max(values.values()) - 1e-7  # equal ones in any order
        taken.append(place_of[position])
    assert found.positions[:1].tolist() == pool.positions[:1].tolist()


@pytest.mark.parametrize("blockwise", [False, True])
def test_without_variety_it_is_the_ranking_itself(blockwise: bool) -> None:
    space = blockwise_space(30, 1) if blockwise else space_of(random_vectors(30))
    pool = rank(space, space.vectors[3], 30, Weights(), None, np.arange(30))
    found = chosen(space, pool, 8, Weights(), 0.0)
    np.testing.assert_array_equal(found.positions, pool.positions[:8])


@pytest.mark.parametrize("words", [0.0, 0.3, 0.5, 1.0])
@pytest.mark.parametrize("blockwise", [False, True])
def test_scores_among_results_are_the_scores_of_pairs(blockwise: bool, words: float) -> None:
    space = blockwise_space(12, 4) if blockwise else space_of(random_vectors(12))
    weights, positions = Weights(words, 1 - words), np.arange(12)
    expected = [[pair_score(space, one, other, weights) for other in positions] for one in positions]
    np.testing.assert_allclose(between(space, positions, weights), expected, atol=1e-7)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 60), st.integers(1, 20), st.integers(1, 30))
def test_one_of_a_family_is_the_best_of_it(count: int, k: int, families: int) -> None:
    space = space_of(random_vectors(count, seed=count))
    family = np.random.default_rng(k).integers(0, families, count)
    asked: list[int] = []

    def best(n: int):
        asked.append(n)
        return rank(space, space.vectors[0], n, Weights())

    whole = rank(space, space.vectors[0], count, Weights()).positions.tolist()
    expected, seen = [], set()
    for place in whole:
        if family[place] not in seen:
            expected.append(place)
            seen.add(family[place])
    assert one_a_family(best, k, family, count).positions.tolist() == expected[:k]
    assert max(asked) <= count
