"""What a score is worth, against all pairs one by one."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpsr.search.background import FLOOR, Chance
from mpsr.search.spaces import Space, score
from mpsr.types import Weights

from .test_diversity import blockwise_space
from .test_ranking import random_vectors, space_of

SPACES = {
    "paper": space_of(random_vectors(40)),
    "shared": blockwise_space(40, 2),
    "louder": replace(blockwise_space(40, 3), emphasis=np.array([0.2, 0.2, 0.5, 0.5, 3], np.float32)),
}


def speaking(space: Space, place: int, voice: str) -> np.ndarray:
    """The product as a query of that voice: its own vector, or one side of it in both blocks."""
    vector = space.vectors[place].copy()
    if voice == "words":
        vector[:5] *= 1 if space.emphasis is None else space.emphasis
        vector[5:] = vector[:5]
    if voice == "picture":
        vector[:5] = vector[5:]
    return vector


def one_by_one(space: Space, weights: Weights, voice: str) -> np.ndarray:
    if voice == "mixed":
        return np.sort(np.concatenate([one_by_one(space, weights, v) for v in ("words", "picture")]))
    found = []
    for one, other in combinations(range(len(space.vectors)), 2):
        query = speaking(space, one, voice)
        if query.any():
            scored = score(space, query, np.array([other]), weights)
            found.append(float(scored.text[0] + scored.image[0]))
    return np.sort(np.array(found)[~np.isnan(found)])


@pytest.mark.parametrize("words", [0.5, 0.8, 1.0, 0.0])
@pytest.mark.parametrize(
    ("name", "voice"),
    [
        ("paper", "both"),
        ("shared", "both"),
        ("shared", "words"),
        ("shared", "picture"),
        ("shared", "mixed"),
        ("louder", "both"),
        ("louder", "words"),
        ("louder", "picture"),
        ("louder", "mixed"),
    ],
)
def test_the_scores_are_those_of_all_pairs_of_a_small_catalogue(name: str, voice: str, words: float) -> None:
    weights = Weights(words, 1 - words)
    found = Chance(SPACES[name]).scores(weights, voice)
    np.testing.assert_allclose(found, one_by_one(SPACES[name], weights, voice), atol=1e-6)


@settings(deadline=None)
@given(st.lists(st.floats(-1, 1), min_size=2, max_size=20))
def test_percentiles_rise_with_the_score_and_stay_within_bounds(scores: list[float]) -> None:
    ordered = np.sort(scores)
    for space in SPACES.values():
        found = Chance(space).percentile(ordered, Weights(), "both")
        assert (np.diff(found) >= 0).all()
        assert found.min() >= 0
        assert found.max() <= 1


def test_a_percentile_is_the_share_of_pairs_below() -> None:
    chance = Chance(SPACES["paper"])
    pairs = chance.scores(Weights(), "both")
    found = chance.percentile(np.array([-2.0, pairs[100], 2.0]), Weights(), "both")
    np.testing.assert_allclose(found, [0, 100 / len(pairs), 1])


@pytest.mark.parametrize("voice", ["both", "words"])
def test_the_floor_is_the_score_that_its_share_of_pairs_stays_below(voice: str) -> None:
    chance = Chance(SPACES["shared"])
    floor = chance.floor(Weights(), voice)
    pairs = chance.scores(Weights(), voice)
    assert (pairs < floor).mean() == pytest.approx(FLOOR, abs=1 / len(pairs))


def test_the_same_products_are_drawn_each_time_and_answers_are_kept() -> None:
    space = space_of(random_vectors(1500))
    one, other = Chance(space), Chance(space)
    assert one.floor(Weights(), "both") == other.floor(Weights(), "both")
    assert one.scores(Weights(), "both") is one.scores(Weights(), "both")
    assert len(one.scores(Weights(), "both")) == 1000 * 999 // 2


def test_a_catalogue_of_one_product_has_no_pairs() -> None:
    chance = Chance(space_of(random_vectors(1)))
    assert chance.floor(Weights(), "both") == -1
    assert chance.percentile(np.array([0.3]), Weights(), "both").tolist() == [0]
