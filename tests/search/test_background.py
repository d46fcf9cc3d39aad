"""What a score is worth, against all pairs one by one."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpsr.search.background import MATCH_PERCENTILE, BackgroundDistribution
from mpsr.search.index import build_index
from mpsr.space.learned import BLOCK_NORM, LearnedSpace
from mpsr.space.space import Space
from mpsr.types import Weights

from .test_diversity import learned_space, no_towers
from .test_ranking import random_vectors, space_of

SPACES = {
    "paper": space_of(random_vectors(40)),
    "learned": learned_space(40, 2),
    "emphasised": learned_space(40, 3, (0.2, 0.2, 0.5, 0.5, 3)),
}


def asking(space: LearnedSpace, row: int, modality: str) -> np.ndarray:
    """The product as a query of that modality: its own vector, or one block of it in both places."""
    vector = space.vectors[row].copy()
    if modality == "text":
        vector[:5] *= space.emphasis
        vector[5:] = vector[:5]
    if modality == "image":
        vector[:5] = vector[5:]
    return vector


def one_by_one(space: Space, weights: Weights, modality: str) -> np.ndarray:
    if modality == "mixed":
        return np.sort(np.concatenate([one_by_one(space, weights, one) for one in ("text", "image")]))
    found = []
    for one, other in combinations(range(len(space.vectors)), 2):
        query = space.vectors[one] if modality == "product" else asking(space, one, modality)
        if query.any():
            found.append(float(space.score(query, np.array([other]), weights).total[0]))
    return np.sort(np.array(found)[~np.isnan(found)])


@pytest.mark.parametrize("words", [0.5, 0.8, 1.0, 0.0])
@pytest.mark.parametrize(
    ("name", "modality"),
    [("paper", "product")]
    + [(name, one) for name in ("learned", "emphasised") for one in ("product", "text", "image", "mixed")],
)
def test_the_scores_are_those_of_all_pairs_of_a_small_catalogue(
    name: str, modality: str, words: float
) -> None:
    weights = Weights(words, 1 - words)
    found = BackgroundDistribution(SPACES[name]).scores(weights, modality)
    np.testing.assert_allclose(found, one_by_one(SPACES[name], weights, modality), atol=1e-6)


def test_the_modality_of_a_query_changes_nothing_in_the_papers_space_but_its_weights() -> None:
    background = BackgroundDistribution(SPACES["paper"])
    expected = background.scores(Weights(0.7, 0.3), "product")
    for modality in ("text", "image", "mixed"):
        np.testing.assert_array_equal(background.scores(Weights(0.7, 0.3), modality), expected)


@settings(deadline=None)
@given(st.lists(st.floats(-1, 1), min_size=2, max_size=20))
def test_percentiles_rise_with_the_score_and_stay_within_bounds(scores: list[float]) -> None:
    ordered = np.sort(scores)
    for space in SPACES.values():
        found = BackgroundDistribution(space).percentile(ordered, Weights(), "product")
        assert (np.diff(found) >= 0).all()
        assert found.min() >= 0
        assert found.max() <= 1


def test_a_percentile_is_the_share_of_pairs_below() -> None:
    background = BackgroundDistribution(SPACES["paper"])
    pairs = background.scores(Weights(), "product")
    found = background.percentile(np.array([-2.0, pairs[100], 2.0]), Weights(), "product")
    np.testing.assert_allclose(found, [0, 100 / len(pairs), 1])


@pytest.mark.parametrize("modality", ["product", "text"])
def test_the_match_threshold_is_the_score_that_its_share_of_pairs_stays_below(modality: str) -> None:
    one_each = np.arange(40)  # of these random vectors no score tells the type
    background = BackgroundDistribution(SPACES["learned"], one_each)
    threshold = background.match_threshold(Weights(), modality)
    pairs = background.scores(Weights(), modality)
    assert threshold.percentile == pytest.approx(MATCH_PERCENTILE, abs=1 / len(pairs))
    assert threshold.percentile == (pairs < threshold.score).mean()


def clustered(kinds: int, each: int) -> tuple[Space, np.ndarray]:
    """Products of some types, each around a direction of its own, and the codes of their types."""
    random = np.random.default_rng(5)
    codes = np.repeat(np.arange(kinds), each)
    halves = np.eye(5)[codes] + 0.1 * random.normal(size=(kinds * each, 5))
    halves *= BLOCK_NORM / np.linalg.norm(halves, axis=1, keepdims=True)
    vectors = np.concatenate([halves, halves], axis=1).astype(np.float32)
    index = build_index(vectors, "exact")
    return LearnedSpace("learned", vectors, 5, index, no_towers, np.ones(5, np.float32)), codes


@pytest.mark.parametrize("kinds", [2, 3, 5])
def test_where_types_are_told_apart_all_pairs_of_one_type_are_good_matches(kinds: int) -> None:
    space, codes = clustered(kinds, 12)
    background = BackgroundDistribution(space, codes)
    threshold = background.match_threshold(Weights(), "product")
    for row in range(len(codes)):
        others = np.delete(np.arange(len(codes)), row)
        scores = space.score(space.vectors[row], others, Weights()).total
        good = others[scores >= threshold.score - 1e-6]
        assert (codes[good] == codes[row]).mean() > 0.9
        assert len(good) >= 10


@pytest.mark.parametrize("space", [clustered(1, 60)[0], space_of(random_vectors(60))])
def test_in_a_shop_of_one_type_the_threshold_is_as_low_as_the_space_allows(space: Space) -> None:
    threshold = BackgroundDistribution(space, np.zeros(60, int)).match_threshold(Weights(), "product")
    assert threshold.percentile == pytest.approx(space.lowest_match_percentile, abs=0.001)


@pytest.mark.parametrize(("count", "percentile"), [(5, 0.9), (61, 1 - 5 / 60), (101, 0.95), (600, 0.98)])
def test_without_types_a_small_shop_has_five_good_matches_a_product(count: int, percentile: float) -> None:
    space = space_of(random_vectors(count))
    for kinds in (None, np.full(count, -1)):
        found = BackgroundDistribution(space, kinds).match_threshold(Weights(), "product")
        assert found.percentile == pytest.approx(percentile, abs=2 / (count * (count - 1) / 2))


def test_the_same_products_are_drawn_each_time_and_answers_are_kept() -> None:
    space = space_of(random_vectors(1500))
    one, other = BackgroundDistribution(space), BackgroundDistribution(space)
    assert one.match_threshold(Weights(), "product") == other.match_threshold(Weights(), "product")
    assert one.scores(Weights(), "product") is one.scores(Weights(), "product")
    assert len(one.scores(Weights(), "product")) == 1000 * 999 // 2


def test_a_catalogue_of_one_product_has_no_pairs() -> None:
    background = BackgroundDistribution(space_of(random_vectors(1)))
    assert background.match_threshold(Weights(), "product") == (-1, 0)
    assert background.percentile(np.array([0.3]), Weights(), "product").tolist() == [0]


@pytest.mark.parametrize("name", ["paper", "emphasised"])
def test_with_a_lexical_weight_random_pairs_have_their_lexical_share(name: str) -> None:
    space, random = SPACES[name], np.random.default_rng(5)
    lexical = random.random((40, 40)).astype(np.float32)
    background = BackgroundDistribution(space, lexical=lambda rows: lexical[np.ix_(rows, rows)])
    weights = Weights(0.7, 0.3)
    expected = []
    for one, other in combinations(range(40), 2):
        query = asking(space, one, "text") if name == "emphasised" else space.vectors[one]
        cosine = float(space.score(query, np.array([other]), weights).total[0])
        if query.any() and not np.isnan(cosine):
            expected.append(0.6 * cosine + 0.4 * lexical[one, other])
    np.testing.assert_allclose(background.scores(weights, "text", 0.4), np.sort(expected), atol=1e-5)
    without = BackgroundDistribution(space)
    np.testing.assert_array_equal(background.scores(weights, "text"), without.scores(weights, "text"))
