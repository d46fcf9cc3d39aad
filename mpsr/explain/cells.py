"""Where in a picture its share of a score comes from: the share split over the cells of the last feature map.

A network that pools its last feature map F by the mean gives f = Σ_c F_c / C over the C cells, and e = f / |f|. What
follows is affine in e with everything else held: in the paper's space the standardisation, in the learned space the
tower once its gates are held (below). The share is then p·e + r = Σ_c (p·F_c / (C |f|) + r / C): each cell has its
part, and the constant r, which no cell is to blame for, is spread evenly. Stylianou, Souvenir and Pless, "Visualizing
Deep Similarity Networks", WACV 2019, split a cosine of pooled features so.

A tower is not affine: it has one GELU layer. GELU(u) = u·Φ(u), with Φ the normal distribution function; with the
gates Φ(u) held at what they are for this picture the tower is affine and its value here is exactly its own, so the
parts sum to the share without any rescaling. Holding the gates and the norm instead of differentiating them is what Ali
and others, "XAI for Transformers: Better Explanations through Conservative Propagation", ICML 2022, do for the same
reason.

What it shows is where the network reads the likeness, not that hiding the place would end it: a cell sees far around
itself (with an input of 96 × 72 nearly the whole picture). On 25 pairs of the public catalogue, the cell with the
largest part is the place whose whitening costs most of the share in 52 % (learned space) and 36 % (paper's); by chance
it would be in 11 %.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from mpsr.space.fusion import Scaler
from mpsr.types import FloatArray

if TYPE_CHECKING:
    from mpsr.space.towers import Tower

Vector = npt.NDArray[np.float64]
Cells = npt.NDArray[np.float64]


class Affine(Protocol):
    """A map of picture embeddings that is affine near one of them."""

    def value(self, embedding: Vector) -> Vector:
        """Where the embedding goes, (d,) → (n,)."""

    def back(self, direction: Vector, embedding: Vector) -> tuple[Vector, float]:
        """The p, shape (d,), and r with direction·value(embedding) = p·embedding + r."""


@dataclass(frozen=True)
class Standardised:
    """The paper's standardisation of pictures."""

    scaler: Scaler

    def value(self, embedding: Vector) -> Vector:
        """Where the embedding goes."""
        return np.asarray((embedding - self.scaler.mean) / self.scaler.scale.astype(np.float64))

    def back(self, direction: Vector, embedding: Vector) -> tuple[Vector, float]:
        """As ``Affine``."""
        p = direction / self.scaler.scale.astype(np.float64)
        return p, -float(p @ self.scaler.mean)


class Gated:
    """A tower before its norm is divided out, its gates held at an embedding."""

    def __init__(self, tower: Tower) -> None:
        state = {name: value.double().cpu().numpy() for name, value in tower.state_dict().items()}
        self._mean, self._scale = state["mean"], state["scale"]
        self._straight, self._hidden, self._out = (
            (state[f"{layer}.weight"], state[f"{layer}.bias"]) for layer in ("straight", "hidden", "out")
        )

    def value(self, embedding: Vector) -> Vector:
        """Where the embedding goes."""
        z = (embedding - self._mean) / self._scale
        u = self._hidden[0] @ z + self._hidden[1]
        return np.asarray(
            self._straight[0] @ z + self._straight[1] + self._out[0] @ (u * ndtr(u)) + self._out[1]
        )

    def back(self, direction: Vector, embedding: Vector) -> tuple[Vector, float]:
        """As ``Affine``."""
        z = (embedding - self._mean) / self._scale
        gates = ndtr(self._hidden[0] @ z + self._hidden[1])
        through = gates * (self._out[0].T @ direction)
        p = (self._straight[0].T @ direction + self._hidden[0].T @ through) / self._scale
        constant = direction @ (self._straight[1] + self._out[1]) + through @ self._hidden[1]
        return p, float(constant - p @ self._mean)


def split_over_cells(cells: FloatArray, affine: Affine, towards: Vector, share: float) -> tuple[Cells, float]:
    """A picture's share of a score, cell by cell.

    Args:
        cells: the feature map, shape (h, w, d).
        affine: from the pooled unit embedding to the picture's block, but for a positive factor.
        towards: the other side's block, shape (n,); the share is a positive multiple of towards·unit(block).
        share: the picture's share.

    Returns:
        Shape (h, w), float64, their sum ``share`` to rounding; and how far the share that the map itself gives is from
        ``share``, as a part of the most it could be. That difference (precision, or a picture encoded anew) is spread
        evenly too.
    """
    features = cells.reshape(-1, cells.shape[-1]).astype(np.float64)
    pooled = features.mean(axis=0)
    length = float(np.linalg.norm(pooled))
    block = affine.value(pooled / length)
    direction = towards / np.linalg.norm(block)
    p, r = affine.back(direction, pooled / length)
    parts = features @ p / (len(features) * length) + r / len(features)
    off = share - float(parts.sum())
    most = float(np.linalg.norm(towards))
    return (parts + off / len(parts)).reshape(cells.shape[:2]), abs(off) / most if most else 0.0
