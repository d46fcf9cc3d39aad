"""Scores in the learned space: w_t·cos_text + w_i·cos_image, a missing block counting nothing."""

import numpy as np
import pytest

from mpsr.search.index import build_index
from mpsr.search.ranking import rank
from mpsr.space.learned import BLOCK_NORM, LearnedSpace
from mpsr.types import Weights


@pytest.fixture
def space():
    random = np.random.default_rng(0)
    blocks = [random.normal(size=(300, 8)) for _ in range(2)]
    blocks = [block / np.linalg.norm(block, axis=1, keepdims=True) for block in blocks]
    blocks[1][::5] = 0  # every fifth product has no picture
    vectors = np.concatenate(blocks, axis=1).astype(np.float32) * np.float32(BLOCK_NORM)
    return LearnedSpace("learned", vectors, 8, build_index(vectors, "exact"), None, np.ones(8, np.float32))


@pytest.mark.parametrize("weights", [Weights(), Weights(0.8, 0.2), Weights(0, 1), Weights(1, 0)])
def test_score_is_the_weighted_sum_of_the_cosines(space, weights):
    found = space.score(space.vectors[1], np.arange(300), weights)
    text = space.vectors[:, :8] @ space.vectors[1, :8] * 2
    image = space.vectors[:, 8:] @ space.vectors[1, 8:] * 2
    np.testing.assert_allclose(found.text, weights.text * text, atol=1e-6)
    np.testing.assert_allclose(found.image, weights.image * image, atol=1e-6)


def test_a_product_without_a_picture_has_only_the_text_share(space):
    found = space.score(space.vectors[1], np.arange(0, 300, 5), Weights(0.3, 0.7))
    assert (found.image == 0).all()
    assert np.abs(found.text).max() <= 0.3 + 1e-6


@pytest.mark.parametrize("weights", [Weights(), Weights(0.9, 0.1)])
def test_ranking_agrees_with_a_plain_sort(space, weights):
    allowed = np.ones(300, bool)
    allowed[1] = False
    found = rank(space, space.vectors[1], 20, weights, allowed)
    total = np.where(allowed, space.score(space.vectors[1], np.arange(300), weights).total, -np.inf)
    np.testing.assert_array_equal(found.rows, np.argsort(-total, kind="stable")[:20])
