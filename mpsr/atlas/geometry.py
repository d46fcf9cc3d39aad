"""Shapes drawn on the map, and which products are inside."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mpsr.errors import InputError
from mpsr.types import FloatArray

#: Corners of a shape at most; the front end thins a lasso out to fewer.
MOST_CORNERS = 200

#: Decimals of a corner in an address; the map is 2 wide, so this is a hundredth of a pixel.
DECIMALS = 4


@dataclass(frozen=True)
class Shape:
    """A closed polygon in map coordinates: its corners (x, y), at least three, the last joined to the first."""

    corners: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        if not 3 <= len(self.corners) <= MOST_CORNERS:
            raise InputError(
                f"the shape has {len(self.corners)} corners; expected 3 to {MOST_CORNERS}. Draw it again."
            )
        if not all(math.isfinite(value) for corner in self.corners for value in corner):
            raise InputError("a corner of the shape is not a finite number. Draw it again.")

    @classmethod
    def parse(cls, text: str) -> Shape:
        """A shape from ``x,y;x,y;x,y``.

        Raises:
            InputError: it is written otherwise.
        """
        try:
            pairs = [corner.split(",") for corner in text.split(";", MOST_CORNERS)]
            corners = tuple((float(x), float(y)) for x, y in pairs)
        except ValueError as error:
            raise InputError(
                f"the shape {text[:60]!r} cannot be read; expected x,y;x,y;x,y in map coordinates. Draw it again."
            ) from error
        return cls(corners)

    def __str__(self) -> str:
        return ";".join(f"{x:.{DECIMALS}f},{y:.{DECIMALS}f}" for x, y in self.corners)


def inside(shape: Shape, points: FloatArray) -> npt.NDArray[np.bool_]:
    """Which points are inside, by the even-odd rule.

    A ray goes from the point to the right; the point is inside when it crosses an odd number of edges (Shimrat 1962,
    Algorithm 112). Computed in float64, so that the answer does not depend on the order of the points.

    Args:
        shape: the polygon.
        points: shape (N, 2); NaN is never inside.

    Returns:
        Shape (N,), bool.
    """
    corners = np.asarray(shape.corners, np.float64)
    (left, low), (right, high) = corners.min(0), corners.max(0)
    x, y = points[:, 0], points[:, 1]
    with np.errstate(invalid="ignore"):
        near = np.flatnonzero((x >= left) & (x <= right) & (y >= low) & (y <= high))
    x, y = x[near].astype(np.float64), y[near].astype(np.float64)
    odd = np.zeros(len(near), bool)
    for (x1, y1), (x2, y2) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if y1 != y2:
            spans = (y1 > y) != (y2 > y)
            odd ^= spans & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
    found = np.zeros(len(points), bool)
    found[near] = odd
    return found
