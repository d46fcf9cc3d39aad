"""Where in a picture its share of a score comes from: the share split over the cells of the last feature map.

A network that pools its last feature map F by the mean gives f = Σ_c F_c / C over the C cells, and e = f / |f|. What
follows is affine in e (the paper's standardisation) or is replaced by its tangent at this picture (the learned space,
below). The share is then p·e + r = Σ_c (p·F_c / (C |f|) + r / C): each cell has its part, and the constant r, which no
cell is to blame for, is spread evenly. Stylianou, Souvenir and Pless, "Visualizing Deep Similarity Networks", WACV 2019,
split a cosine of pooled features so.

A tower is not affine. It has one GELU layer: GELU(u) = u·Φ(u), with Φ the normal distribution function, whose gates Φ(u)
are held at what they are for this picture; holding gates and norms instead of differentiating them is what Ali and
others, "XAI for Transformers: Better Explanations through Conservative Propagation", ICML 2022, do. Then come the
probabilities of the attributes, which enter by their derivative at this picture. The tangent has exactly the tower's own
value here, so the parts sum to the share without any rescaling.

What it shows is where the network reads the likeness, not that hiding the place would end it: a cell sees far around
itself (with an input of 96 × 72 nearly the whole picture).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, softmax

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


class Tangent:
    """A tower's unit vector, replaced by its tangent at an embedding."""

    def __init__(self, tower: Tower) -> None:
        state = {name: value.double().cpu().numpy() for name, value in tower.state_dict().items()}
        self._mean, self._scale = state["mean"], state["scale"]
        self._straight, self._hidden, self._out = (
            (state[f"{layer}.weight"], state[f"{layer}.bias"]) for layer in ("straight", "hidden", "out")
        )
        self._shares, self._temperature = state["shares"], float(state["temperature"])
        ends = np.cumsum([0, *tower.classes, len(self._out[1]) - sum(tower.classes)])
        self._blocks = [slice(start, end) for start, end in pairwise(ends)]

    def value(self, embedding: Vector) -> Vector:
        """Where the embedding goes."""
        found = self._found(embedding)
        parts = [np.sqrt(self._probabilities(found[block])) for block in self._blocks[:-1]]
        rest = found[self._blocks[-1]]
        return np.concatenate(
            [
                part * share**0.5
                for part, share in zip([*parts, rest / np.linalg.norm(rest)], self._shares, strict=True)
            ]
        )

    def back(self, direction: Vector, embedding: Vector) -> tuple[Vector, float]:
        """As ``Affine``, for the tangent: d√s_i / dz_j = √s_i (δ_ij - s_j) / 2T for s = softmax(z / T)."""
        found = self._found(embedding)
        onto = np.zeros_like(found)
        for block, share in zip(self._blocks[:-1], self._shares, strict=False):
            chance = self._probabilities(found[block])
            pull = direction[block] * np.sqrt(share * chance)
            onto[block] = (pull - chance * pull.sum()) / (2 * self._temperature)
        rest = self._blocks[-1]
        onto[rest] = direction[rest] * self._shares[-1] ** 0.5 / np.linalg.norm(found[rest])
        gates = ndtr(self._hidden[0] @ self._standard(embedding) + self._hidden[1])
        through = gates * (self._out[0].T @ onto)
        p = (self._straight[0].T @ onto + self._hidden[0].T @ through) / self._scale
        return p, float(direction @ self.value(embedding) - p @ embedding)

    def _standard(self, embedding: Vector) -> Vector:
        return np.asarray((embedding - self._mean) / self._scale)

    def _found(self, embedding: Vector) -> Vector:
        """What the dense layers give: scores of the attributes' values, and the rest."""
        z = self._standard(embedding)
        u = self._hidden[0] @ z + self._hidden[1]
        return np.asarray(
            self._straight[0] @ z + self._straight[1] + self._out[0] @ (u * ndtr(u)) + self._out[1]
        )

    def _probabilities(self, scores: Vector) -> Vector:
        return np.asarray(softmax(scores / self._temperature)) if len(scores) else scores


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
