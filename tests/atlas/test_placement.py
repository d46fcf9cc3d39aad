"""Where something new belongs: with the neighbours that count, not in the sea between them."""

from __future__ import annotations

import numpy as np
import pytest

from mpsr.atlas.placement import place_out_of_sample
from tests.atlas.test_layout import laid_out, planted


def test_what_equals_a_product_lands_on_it():
    coordinates = np.array([[0.3, 0.4], [0.9, 0.9], [-0.5, 0.1]], np.float32)
    assert place_out_of_sample(coordinates, np.array([1.0, 0.8, 0.7])) == pytest.approx((0.3, 0.4), abs=1e-4)


def test_between_two_islands_the_heavier_one_is_chosen():
    coordinates = np.array([[-0.8, 0], [-0.78, 0], [-0.79, 0.01], [0.9, 0], [0.91, 0]])
    x, _ = place_out_of_sample(coordinates, np.full(5, 0.6))
    assert x < -0.7


def test_nearer_neighbours_count_more():
    coordinates = np.array([[0.0, 0.0], [1.0, 0.0]])
    x, _ = place_out_of_sample(coordinates, np.array([0.9, 0.5]))
    assert x < 0.05


def test_neighbours_without_a_place_are_passed_over():
    coordinates = np.array([[np.nan, np.nan], [0.2, 0.1]])
    assert place_out_of_sample(coordinates, np.array([0.99, 0.5])) == pytest.approx((0.2, 0.1))
    assert place_out_of_sample(coordinates[:1], np.array([0.99])) is None
    assert place_out_of_sample(np.empty((0, 2)), np.empty(0)) is None


def test_products_left_out_are_placed_among_their_kind():
    vectors, kinds = planted(300)
    coordinates = laid_out(vectors)
    scores = vectors @ vectors.T
    np.fill_diagonal(scores, -1)
    for row in range(0, 300, 7):
        near = np.argsort(-scores[row])[:15]
        x, y = place_out_of_sample(coordinates[near], scores[row, near])
        nearest = np.hypot(coordinates[:, 0] - x, coordinates[:, 1] - y).argmin()
        assert kinds[nearest] == kinds[row]
