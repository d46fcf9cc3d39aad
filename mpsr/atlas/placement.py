"""Out-of-sample placement: map coordinates for something that is not in the catalogue."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from mpsr.types import FloatArray

#: Cosine distances below this are the same product, as far as single precision can tell.
SAME = 1e-6

#: Steps of Weiszfeld's iteration; it converges to less than a pixel long before that.
STEPS = 64


def place_out_of_sample(
    coordinates: FloatArray, scores: npt.NDArray[np.floating]
) -> tuple[float, float] | None:
    """Coordinates for a query, from those of its nearest products.

    The geometric median of the neighbours' coordinates, each weighted by the inverse square of its cosine distance
    1 - score (Shepard 1968). The median, not the mean: the mean of neighbours in two separate clusters falls in
    the empty space between them, the median inside the cluster with more weight. A query that equals a product
    (score 1) gets that product's coordinates.

    Args:
        coordinates: of the neighbours, shape (k, 2); rows of NaN are skipped.
        scores: their cosines, shape (k,).

    Returns:
        Map coordinates, or None when no neighbour has coordinates.
    """
    placed = ~np.isnan(coordinates[:, 0])
    points = coordinates[placed].astype(np.float64)
    if not len(points):
        return None
    weights = np.maximum(1 - scores[placed].astype(np.float64), SAME) ** -2
    middle = np.average(points, axis=0, weights=weights)
    for _ in range(STEPS):  # Weiszfeld 1937: reweigh by the distance to the last estimate
        reach = weights / np.maximum(np.linalg.norm(points - middle, axis=1), 1e-9)
        middle = np.average(points, axis=0, weights=reach)
    return float(middle[0]), float(middle[1])
