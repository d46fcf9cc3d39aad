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
    found = place_all_out_of_sample(coordinates[None], np.asarray(scores)[None])[0]
    return None if np.isnan(found[0]) else (float(found[0]), float(found[1]))


def place_all_out_of_sample(
    coordinates: npt.NDArray[np.floating], scores: npt.NDArray[np.floating]
) -> npt.NDArray[np.float64]:
    """As ``place_out_of_sample`` for n queries at once.

    Args:
        coordinates: shape (n, k, 2); rows of NaN are skipped.
        scores: shape (n, k).

    Returns:
        Shape (n, 2); NaN for a query none of whose neighbours has coordinates.
    """
    placed = ~np.isnan(coordinates[:, :, 0])
    points = np.where(placed[:, :, None], coordinates, 0).astype(np.float64)
    weights = np.where(placed, np.maximum(1 - scores.astype(np.float64), SAME) ** -2, 0)
    none = ~placed.any(axis=1)
    weights[none] = 1
    middle = _averages(points, weights)
    for _ in range(STEPS):  # Weiszfeld 1937: reweigh by the distance to the last estimate
        distances = np.linalg.norm(points - middle[:, None], axis=2)
        middle = _averages(points, weights / np.maximum(distances, 1e-9))
    middle[none] = np.nan
    return middle


def _averages(points: npt.NDArray[np.float64], weights: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The weighted mean of each row's points, shape (n, 2)."""
    return np.asarray(np.einsum("nk,nkd->nd", weights, points) / weights.sum(axis=1, keepdims=True))
