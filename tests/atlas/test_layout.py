"""Positions: near in the space is near on the map, and every catalogue gets a map, however small or odd."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.manifold import trustworthiness

from mpsr.atlas.layout import LayoutSettings, lay_out
from mpsr.search.graph import neighbour_graph
from mpsr.search.index import build_index

KINDS = 6


def planted(count: int, seed: int = 1, width: int = 24) -> tuple[np.ndarray, np.ndarray]:
    """Unit vectors around ``KINDS`` directions, and which direction each is of."""
    random = np.random.default_rng(seed)
    kinds = np.arange(count) % KINDS
    vectors = 6 * random.normal(size=(KINDS, width))[kinds] + random.normal(size=(count, width))
    return unit(vectors), kinds


def unit(vectors: np.ndarray) -> np.ndarray:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(norms > 0, norms, 1)).astype(np.float32)


def laid_out(vectors: np.ndarray, settings: LayoutSettings | None = None) -> np.ndarray:
    return lay_out(neighbour_graph(build_index(vectors, "exact"), vectors), vectors, settings)


@pytest.fixture(scope="module")
def crowd() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    vectors, kinds = planted(400)
    return vectors, kinds, laid_out(vectors)


def test_planted_kinds_stay_apart_and_neighbours_near(crowd):
    vectors, kinds, coordinates = crowd
    distances = np.linalg.norm(coordinates[:, None] - coordinates[None], axis=2)
    np.fill_diagonal(distances, np.inf)
    assert (kinds[distances.argmin(1)] == kinds).mean() > 0.99
    assert trustworthiness(vectors, coordinates, n_neighbors=12) > 0.9
    assert (
        trustworthiness(vectors, np.random.default_rng(0).normal(size=coordinates.shape), n_neighbors=12)
        < 0.6
    )


def test_positions_fill_the_frame_and_come_again_byte_for_byte(crowd):
    vectors, _, coordinates = crowd
    assert coordinates.dtype == np.float32
    assert np.abs(coordinates).max() == pytest.approx(1, abs=1e-6)
    assert laid_out(vectors).tobytes() == coordinates.tobytes()
    assert laid_out(vectors, LayoutSettings(seed=1)).tobytes() != coordinates.tobytes()


@pytest.mark.parametrize("count", [1, 2, 3, 5, 15, 21, 30, 50, 51, 60])
def test_every_size_of_catalogue_has_a_map(count):
    vectors, _ = planted(count)
    coordinates = laid_out(vectors)
    assert coordinates.shape == (count, 2)
    assert np.isfinite(coordinates).all()


@pytest.mark.parametrize("count", [4, 80])
def test_equal_products_have_a_map(count):
    vectors = unit(np.ones((count, 8)))
    assert np.isfinite(laid_out(vectors)).all()


def test_products_in_pieces_that_know_nothing_of_each_other():
    """Three groups on orthogonal axes, each larger than the graph's neighbours: the graph falls apart."""
    random = np.random.default_rng(3)
    vectors = np.zeros((120, 12))
    for piece in range(3):
        vectors[piece * 40 : piece * 40 + 40, piece * 4 : piece * 4 + 4] = random.uniform(0.2, 1, (40, 4))
    coordinates = laid_out(unit(vectors))
    kinds = np.repeat(np.arange(3), 40)
    distances = np.linalg.norm(coordinates[:, None] - coordinates[None], axis=2)
    np.fill_diagonal(distances, np.inf)
    assert np.isfinite(coordinates).all()
    assert (kinds[distances.argmin(1)] == kinds).all()


@pytest.mark.parametrize("count", [12, 90])
def test_products_without_any_vector_have_no_place_and_disturb_nobody(count):
    vectors, _ = planted(count)
    vectors[:3] = 0
    coordinates = laid_out(vectors)
    assert np.isnan(coordinates[:3]).all()
    assert np.isfinite(coordinates[3:]).all()


def test_a_catalogue_without_any_vector_has_an_empty_map():
    assert np.isnan(laid_out(np.zeros((5, 8), np.float32))).all()


def test_a_map_that_begins_on_an_earlier_one_keeps_its_shape(crowd):
    """A seventh of the products have no place on the earlier map, which lies otherwise than a fresh one would."""
    vectors, _, coordinates = crowd
    angle = 2.0
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]], np.float32)
    earlier = coordinates @ turn
    changed = np.concatenate([vectors[60:], vectors[:60]])
    start = np.concatenate([earlier[60:], np.full((60, 2), np.nan, np.float32)])
    graph = neighbour_graph(build_index(changed, "exact"), changed)
    continued, fresh = lay_out(graph, changed, start=start), lay_out(graph, changed)
    moved, apart = (np.linalg.norm(found[:340] - earlier[60:], axis=1).mean() for found in (continued, fresh))
    assert moved < 0.5
    assert moved < apart / 3
    assert np.abs(continued).max() == pytest.approx(1, abs=1e-6)
    assert trustworthiness(changed, continued, n_neighbors=12) > 0.9


def test_an_earlier_map_of_no_product_here_is_none(crowd):
    vectors, _, coordinates = crowd
    graph = neighbour_graph(build_index(vectors, "exact"), vectors)
    nothing = np.full_like(coordinates, np.nan)
    assert lay_out(graph, vectors, start=nothing).tobytes() == coordinates.tobytes()
