"""Ranking: exact scores, exact split, stated order of ties, weights, filters."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpsr.search import similar
from mpsr.search.index import KINDS, build_index
from mpsr.search.similar import Space, rank
from mpsr.types import Weights

SPLIT = 5


def space_of(vectors: np.ndarray, kind: str = "exact") -> Space:
    norms = np.stack(
        [np.linalg.norm(vectors[:, :SPLIT], axis=1), np.linalg.norm(vectors[:, SPLIT:], axis=1)], axis=1
    ).astype(np.float32)
    return Space("paper", vectors, norms, SPLIT, build_index(vectors, kind))


def unit(vectors: np.ndarray) -> np.ndarray:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def random_vectors(count: int = 300, seed: int = 0) -> np.ndarray:
    return unit(np.random.default_rng(seed).normal(size=(count, 12)))


def oracle(vectors: np.ndarray, query: np.ndarray, weights: Weights) -> np.ndarray:
    scale = np.sqrt(np.r_[np.full(SPLIT, weights.text), np.full(12 - SPLIT, weights.image)])
    a, b = vectors.astype(float) * scale, query.astype(float) * scale
    return a @ b / np.linalg.norm(a, axis=1) / np.linalg.norm(b)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("narrow", [0, 10_000])
@pytest.mark.parametrize("words", [0.5, 0.9, 0.2, 1.0, 0.0])
def test_scores_are_the_weighted_cosine(kind: str, narrow: int, words: float, monkeypatch) -> None:
    monkeypatch.setattr(similar, "NARROW", narrow)
    vectors, weights = random_vectors(), Weights(words, 1 - words)
    space = space_of(vectors, kind)
    expected = oracle(vectors, vectors[3], weights)
    found = rank(space, vectors[3], 10, weights)
    np.testing.assert_allclose(found.text + found.image, np.sort(expected)[::-1][:10], atol=1e-6)
    np.testing.assert_array_equal(found.positions, np.argsort(-expected, kind="stable")[:10])


def test_shares_are_those_of_the_blocks() -> None:
    vectors = random_vectors()
    found = rank(space_of(vectors), vectors[0], 5, Weights())
    text = vectors[found.positions, :SPLIT].astype(float) @ vectors[0, :SPLIT].astype(float)
    np.testing.assert_allclose(found.text, text, atol=1e-6)


@pytest.mark.parametrize("narrow", [0, 10_000])
def test_equal_scores_come_in_catalogue_order(narrow: int, monkeypatch) -> None:
    monkeypatch.setattr(similar, "NARROW", narrow)
    vectors = np.concatenate([random_vectors(20), np.repeat(random_vectors(1, seed=8), 200, axis=0)])
    allowed = np.ones(len(vectors), dtype=bool)
    allowed[150] = False
    found = rank(space_of(vectors), vectors[150], 6, Weights(), allowed)
    assert found.positions.tolist() == [20, 21, 22, 23, 24, 25]


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 60), st.integers(1, 70), st.floats(0, 1), st.randoms(use_true_random=False))
def test_filters_and_k_hold_for_any_question(count: int, k: int, words: float, chance) -> None:
    vectors = random_vectors(count, seed=count)
    allowed = np.array([chance.random() < 0.5 for _ in range(count)])
    found = rank(space_of(vectors), vectors[0], k, Weights(words, 1 - words), allowed)
    assert len(found.positions) == min(k, allowed.sum())
    assert allowed[found.positions].all()
    assert len(set(found.positions.tolist())) == len(found.positions)
    total = found.text + found.image
    assert (np.diff(total) <= 0).all()
    assert (np.abs(total) <= 1 + 1e-9).all()


def test_a_product_without_picture_is_left_out_when_only_pictures_count() -> None:
    vectors = random_vectors(10)
    vectors[4, SPLIT:] = 0
    found = rank(space_of(unit(vectors)), vectors[0], 10, Weights(0, 1))
    assert 4 not in found.positions
    assert len(found.positions) == 9
