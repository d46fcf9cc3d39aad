"""Where in a picture its share of a score comes from: the share split over the cells of the last feature map.

A network that pools its last feature map F by the mean gives f = Σ_c F_c / C over the C cells, and e = f / |f|. What
follows is affine in e, or is replaced by its tangent at this picture (``mpsr.space.image_maps``). The share is then
p·e + r = Σ_c (p·F_c / (C |f|) + r / C): each cell has its part, and the constant term r is spread evenly. Stylianou,
Souvenir and Pless, "Visualizing Deep Similarity Networks", WACV 2019, split a cosine of pooled features so. The tangent
has exactly the map's own value here, so the parts sum to the share without any rescaling.

What it shows is where the network reads the likeness, not that hiding the place would end it: a cell sees far around
itself (with an input of 96 × 72 nearly the whole picture).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from mpsr.space.image_maps import ImageMap
from mpsr.types import FloatArray

Vector = npt.NDArray[np.float64]
Cells = npt.NDArray[np.float64]


def split_over_cells(
    cells: FloatArray, image_map: ImageMap, towards: Vector, share: float
) -> tuple[Cells, float]:
    """A picture's share of a score, cell by cell.

    Args:
        cells: the feature map, shape (h, w, d).
        image_map: from the pooled unit embedding to the image block, but for a positive factor.
        towards: the other side's block, shape (n,); the share is a positive multiple of towards·unit(block).
        share: the image share.

    Returns:
        Shape (h, w), float64, their sum ``share`` to rounding; and how far the share that the map itself gives is from
        ``share``, as a part of the most it could be. That difference (precision, or a picture encoded anew) is spread
        evenly too.
    """
    features = cells.reshape(-1, cells.shape[-1]).astype(np.float64)
    pooled = features.mean(axis=0)
    length = float(np.linalg.norm(pooled))
    block = image_map.value(pooled / length)
    direction = towards / np.linalg.norm(block)
    p, r = image_map.affine(direction, pooled / length)
    parts = features @ p / (len(features) * length) + r / len(features)
    off = share - float(parts.sum())
    most = float(np.linalg.norm(towards))
    return (parts + off / len(parts)).reshape(cells.shape[:2]), abs(off) / most if most else 0.0
