"""Ranking: exact scores, exact split, stated order of ties, weights, filters."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpsr.search import index
from mpsr.search.index import KINDS, WIDTH, build_index, half_index, search_index
from mpsr.search.lexical_shares import LexicalShares
from mpsr.search.ranking import rank
from mpsr.space.paper import PaperSpace
from mpsr.types import Weights

SPLIT = 5


def space_of(vectors: np.ndarray, kind: str = "exact") -> PaperSpace:
    norms = np.stack(
        [np.linalg.norm(vectors[:, :SPLIT], axis=1), np.linalg.norm(vectors[:, SPLIT:], axis=1)], axis=1
    ).astype(np.float32)
    searched = half_index(vectors) if kind == "half" else build_index(vectors, kind)
    return PaperSpace("paper", vectors, SPLIT, searched, norms, dict, {})


def unit(vectors: np.ndarray) -> np.ndarray:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def random_vectors(count: int = 300, seed: int = 0) -> np.ndarray:
    return unit(np.random.default_rng(seed).normal(size=(count, 12)))


def oracle(vectors: np.ndarray, query: np.ndarray, weights: Weights) -> np.ndarray:
    scale = np.sqrt(np.r_[np.full(SPLIT, weights.text), np.full(12 - SPLIT, weights.image)])
    a, b = vectors.astype(float) * scale, query.astype(float) * scale
    return a @ b / np.linalg.norm(a, axis=1) / np.linalg.norm(b)


@pytest.mark.parametrize("kind", [*KINDS, "half"])
@pytest.mark.parametrize("words", [0.5, 0.9, 0.2, 1.0, 0.0])
def test_scores_are_the_weighted_cosine(kind: str, words: float) -> None:
    vectors, weights = random_vectors(), Weights(words, 1 - words)
    space = space_of(vectors, kind)
    expected = oracle(vectors, vectors[3], weights)
    found = rank(space, vectors[3], 10, weights)
    np.testing.assert_allclose(found.text + found.image, np.sort(expected)[::-1][:10], atol=1e-6)
    np.testing.assert_array_equal(found.rows, np.argsort(-expected, kind="stable")[:10])


def test_shares_are_those_of_the_blocks() -> None:
    vectors = random_vectors()
    found = rank(space_of(vectors), vectors[0], 5, Weights())
    text = vectors[found.rows, :SPLIT].astype(float) @ vectors[0, :SPLIT].astype(float)
    np.testing.assert_allclose(found.text, text, atol=1e-6)


@pytest.mark.parametrize("kind", ["exact", "half"])
def test_equal_scores_come_in_catalogue_order(kind: str) -> None:
    vectors = np.concatenate([random_vectors(20), np.repeat(random_vectors(1, seed=8), 200, axis=0)])
    allowed = np.ones(len(vectors), dtype=bool)
    allowed[150] = False
    found = rank(space_of(vectors, kind), vectors[150], 6, Weights(), allowed)
    assert found.rows.tolist() == [20, 21, 22, 23, 24, 25]


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 60), st.integers(1, 70), st.floats(0, 1), st.randoms(use_true_random=False))
def test_filters_and_k_hold_for_any_question(count: int, k: int, words: float, chance) -> None:
    vectors = random_vectors(count, seed=count)
    allowed = np.array([chance.random() < 0.5 for _ in range(count)])
    found = rank(space_of(vectors), vectors[0], k, Weights(words, 1 - words), allowed)
    assert len(found.rows) == min(k, allowed.sum())
    assert allowed[found.rows].all()
    assert len(set(found.rows.tolist())) == len(found.rows)
    total = found.text + found.image
    assert (np.diff(total) <= 0).all()
    assert (np.abs(total) <= 1 + 1e-9).all()


def test_a_product_without_picture_is_left_out_when_only_pictures_count() -> None:
    vectors = random_vectors(10)
    vectors[4, SPLIT:] = 0
    found = rank(space_of(unit(vectors)), vectors[0], 10, Weights(0, 1))
    assert 4 not in found.rows
    assert len(found.rows) == 9


def clustered(count: int = 4000, seed: int = 2) -> tuple[np.ndarray, np.ndarray]:
    """Vectors in forty groups, and the group of each."""
    chance = np.random.default_rng(seed)
    group = chance.integers(0, 40, count)
    return unit(chance.normal(size=(40, 12))[group] + 0.3 * chance.normal(size=(count, 12))), group


@pytest.mark.parametrize("kind", [*KINDS, "half"])
@pytest.mark.parametrize(
    "share", ["half", "tenth", "hundredth", "own group only", "other groups only", "far group"]
)
def test_a_filter_never_loses_recall(kind: str, share: str) -> None:
    """Filters spread evenly, and filters that have to do with the query: its own kind, or anything but its kind."""
    vectors, group = clustered()
    space, chance = space_of(vectors, kind), np.random.default_rng(3)
    hits = asked = 0
    for query in chance.choice(len(vectors), 40, replace=False):
        scores = oracle(vectors, vectors[query], Weights())
        far = group[np.argmin(scores)]
        allowed = {
            "half": chance.random(len(vectors)) < 0.5,
            "tenth": chance.random(len(vectors)) < 0.1,
            "hundredth": chance.random(len(vectors)) < 0.01,
            "own group only": group == group[query],
            "other groups only": group != group[query],
            "far group": group == far,
        }[share]
        allowed[query] = False
        found = rank(space, vectors[query], 5, Weights(), allowed)
        assert allowed[found.rows].all()
        assert len(found.rows) == min(5, allowed.sum())
        best = np.flatnonzero(allowed)[np.argsort(-scores[allowed], kind="stable")[:5]]
        hits, asked = hits + len(set(best) & set(found.rows)), asked + len(best)
    assert hits / asked >= (0.99 if kind == "ivf" else 1)


def test_the_scan_in_half_precision_stays_within_its_error() -> None:
    vectors = random_vectors(500)
    scores, found = search_index(half_index(vectors), vectors[:50], 500)
    true = np.take_along_axis(vectors[:50].astype(float) @ vectors.T.astype(float), found, 1)
    assert np.abs(scores - true).max() <= index.HALF_ERROR
    assert half_index(vectors).d % WIDTH == 0  # what makes it fast
    assert vectors.shape[1] % WIDTH


@pytest.mark.parametrize("spread", [1e-3, 1e-5])
def test_scores_nearer_than_half_precision_can_tell_come_in_their_true_order(spread: float) -> None:
    """Three hundred vectors so near each other that half precision confuses them."""
    vectors = unit(random_vectors(1) + spread * random_vectors(300, seed=6))
    expected = np.argsort(-oracle(vectors, vectors[7], Weights()), kind="stable")[:10]
    found = rank(space_of(vectors, "half"), vectors[7], 10, Weights())
    np.testing.assert_array_equal(found.rows, expected)


@pytest.mark.parametrize("allowed", [None, 0.5])
@pytest.mark.parametrize(
    "spread", [0.0, 0.02, 0.5]
)  # 0: all lexical shares are equal, so that no list is enough
def test_lexical_shares_are_ranked_as_a_full_scan_ranks_them(spread: float, allowed: float | None) -> None:
    random = np.random.default_rng(3)
    vectors = random_vectors(5000)
    lexical = (0.1 + spread * random.random(5000)).astype(np.float32)
    mask = None if allowed is None else random.random(5000) < allowed
    expected = 0.6 * oracle(vectors, vectors[3], Weights()) + lexical
    if mask is not None:
        expected[~mask] = -np.inf
    found = rank(
        space_of(vectors, "half"), vectors[3], 10, Weights(), mask, words=LexicalShares(0.6, lexical)
    )
    np.testing.assert_array_equal(found.rows, np.argsort(-expected, kind="stable")[:10])
    np.testing.assert_allclose(found.total, np.sort(expected)[::-1][:10], atol=1e-6)


@pytest.mark.parametrize("words", [0.5, 0.9, 1.0])
def test_a_scan_gives_the_scores_themselves(words: float) -> None:
    vectors, weights, rows = random_vectors(), Weights(words, 1 - words), np.arange(300)
    query = np.concatenate([vectors[3, :SPLIT], np.zeros(12 - SPLIT, np.float32)])
    space = space_of(vectors)
    np.testing.assert_allclose(
        space.scan(query, weights, rows), space.score(query, rows, weights).total, atol=1e-5
    )
