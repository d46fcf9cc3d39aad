"""Which products a shape holds, against another library's answer; and a shape's way through an address."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.path import Path as Polygon

from mpsr.atlas.geometry import MOST_CORNERS, Shape, inside
from mpsr.errors import InputError

CORNER = st.tuples(*[st.integers(-10_000, 10_000).map(lambda value: value / 10_000)] * 2)


def distance_to_edges(shape: Shape, points: np.ndarray) -> np.ndarray:
    start = np.array(shape.corners)
    end = np.roll(start, -1, axis=0)
    along, offset = end - start, points[:, None] - start[None]
    length = np.maximum((along**2).sum(1), 1e-30)
    share = np.clip((offset * along).sum(2) / length, 0, 1)
    return np.linalg.norm(offset - share[..., None] * along, axis=2).min(1)


@settings(max_examples=200, deadline=None)
@given(st.lists(CORNER, min_size=3, max_size=12), st.integers(0, 2**31))
def test_inside_agrees_with_matplotlib(corners, seed):
    shape = Shape(tuple(corners))
    points = np.random.default_rng(seed).uniform(-1.1, 1.1, (200, 2))
    clear = distance_to_edges(shape, points) > 1e-9  # on an edge both answers are right
    expected = Polygon([*corners, corners[0]], closed=True).contains_points(points)
    np.testing.assert_array_equal(inside(shape, points)[clear], expected[clear])


def test_a_box_a_hole_and_what_has_no_place():
    box = Shape(((0, 0), (1, 0), (1, 1), (0, 1)))
    points = np.array([[0.5, 0.5], [1.5, 0.5], [np.nan, np.nan], [-0.1, 0.5]], np.float32)
    assert inside(box, points).tolist() == [True, False, False, False]
    bow_tie = Shape(((0, 0), (1, 1), (1, 0), (0, 1)))
    assert inside(bow_tie, np.array([[0.1, 0.5], [0.5, 0.9]])).tolist() == [True, False]


@given(st.lists(CORNER, min_size=3, max_size=MOST_CORNERS))
@settings(max_examples=50, deadline=None)
def test_a_shape_comes_back_from_an_address(corners):
    shape = Shape(tuple(corners))
    assert Shape.parse(str(shape)) == shape


@pytest.mark.parametrize(
    "text", ["", "0,0", "0,0;1,1", "0,0;1,1;x,2", "0,0;1,1;2", "0,0;1,1;nan,0", "0,0;1,1;1e999,0", "a" * 5000,
             ";".join(["0,0"] * (MOST_CORNERS + 1))],
)  # fmt: skip
def test_what_is_no_shape_is_refused_with_words(text):
    with pytest.raises(InputError, match="Draw it again"):
        Shape.parse(text)
