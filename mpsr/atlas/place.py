"""Where something new belongs on the map."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from mpsr.types import FloatArray

#: Cosine distances below this are the same product, as far as single precision can tell.
SAME = 1e-6

#: Steps of Weiszfeld's iteration; it moves by less than a pixel long before.
STEPS = 64


def place(positions: FloatArray, scores: npt.NDArray[np.floating]) -> tuple[float, float] | None:
    """Where something with these neighbours belongs.

    The geometric median of the neighbours' positions, each weighted by the inverse square of its cosine distance
    1 - score (Shepard 1968). The median, not the mean: a mean of neighbours on two islands lies in the sea between
    them, the median on the island with more weight. What equals a product (score 1) lands on it.

    Args:
        positions: of the neighbours, shape (k, 2); rows of NaN are passed over.
        scores: their cosines, shape (k,).

    Returns:
        Map coordinates, or None when no neighbour has a place.
    """
    placed = ~np.isnan(positions[:, 0])
    points = positions[placed].astype(np.float64)
    if not len(points):
        return None
    weights = np.maximum(1 - scores[placed].astype(np.float64), SAME) ** -2
    middle = np.average(points, axis=0, weights=weights)
    for _ in range(STEPS):  # Weiszfeld 1937: reweigh by the distance to the last estimate
        reach = weights / np.maximum(np.linalg.norm(points - middle, axis=1), 1e-9)
        middle = np.average(points, axis=0, weights=reach)
    return float(middle[0]), float(middle[1])
