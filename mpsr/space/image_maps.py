"""How a space maps image embeddings to image blocks, as functions that are affine near one embedding.

Explanations split an image share over the cells of a feature map (``mpsr.explain.cells``). For a direction d they need
the p and r with d·block(e) = p·e + r. The paper's standardisation is affine everywhere. A tower is not: it has one GELU
layer, GELU(u) = u·Φ(u), with Φ the normal distribution function, whose gates Φ(u) are held at what they are for this
embedding. Holding gates and norms instead of differentiating them is what Ali and others, "XAI for Transformers: Better
Explanations through Conservative Propagation", ICML 2022, do. Then come the probabilities of the attributes, which enter
by their derivative at this embedding. The tangent has exactly the tower's own value there.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, softmax

from mpsr.space.fusion import Scaler

if TYPE_CHECKING:
    from mpsr.space.towers import Tower

Vector = npt.NDArray[np.float64]


class ImageMap(Protocol):
    """A map of image embeddings that is affine near each of them."""

    @property
    def note(self) -> str:
        """What a reader of an explanation must know about it; "" for nothing."""

    def value(self, embedding: Vector) -> Vector:
        """The block of an embedding, (d,) → (n,), but for a positive factor."""

    def affine(self, direction: Vector, embedding: Vector) -> tuple[Vector, float]:
        """The p, shape (d,), and r with direction·value(embedding) = p·embedding + r."""


@dataclass(frozen=True)
class Standardised:
    """The paper's standardisation of images."""

    scaler: Scaler
    note: str = ""

    def value(self, embedding: Vector) -> Vector:
        """The standardised embedding."""
        return np.asarray((embedding - self.scaler.mean) / self.scaler.scale.astype(np.float64))

    def affine(self, direction: Vector, embedding: Vector) -> tuple[Vector, float]:
        """As ``ImageMap``."""
        p = direction / self.scaler.scale.astype(np.float64)
        return p, -float(p @ self.scaler.mean)


class Tangent:
    """A tower's unit vector, replaced by its tangent at an embedding."""

    note = (
        "The learned space is not linear: the split uses its linear approximation at this picture, whose parts add up to "
        "the share exactly."
    )

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
        """The tower's unit vector."""
        output = self._output(embedding)
        parts = [np.sqrt(self._probabilities(output[block])) for block in self._blocks[:-1]]
        residual = output[self._blocks[-1]]
        return np.concatenate(
            [
                part * share**0.5
                for part, share in zip(
                    [*parts, residual / np.linalg.norm(residual)], self._shares, strict=True
                )
            ]
        )

    def affine(self, direction: Vector, embedding: Vector) -> tuple[Vector, float]:
        """As ``ImageMap``, for the tangent: d√s_i / dz_j = √s_i (δ_ij - s_j) / 2T for s = softmax(z / T)."""
        output = self._output(embedding)
        gradient = np.zeros_like(output)
        for block, share in zip(self._blocks[:-1], self._shares, strict=False):
            probabilities = self._probabilities(output[block])
            pull = direction[block] * np.sqrt(share * probabilities)
            gradient[block] = (pull - probabilities * pull.sum()) / (2 * self._temperature)
        residual = self._blocks[-1]
        gradient[residual] = direction[residual] * self._shares[-1] ** 0.5 / np.linalg.norm(output[residual])
        gates = ndtr(self._hidden[0] @ self._standard(embedding) + self._hidden[1])
        through = gates * (self._out[0].T @ gradient)
        p = (self._straight[0].T @ gradient + self._hidden[0].T @ through) / self._scale
        return p, float(direction @ self.value(embedding) - p @ embedding)

    def _standard(self, embedding: Vector) -> Vector:
        return np.asarray((embedding - self._mean) / self._scale)

    def _output(self, embedding: Vector) -> Vector:
        """What the dense layers give: scores of the attributes' values, and the residual block."""
        z = self._standard(embedding)
        u = self._hidden[0] @ z + self._hidden[1]
        return np.asarray(
            self._straight[0] @ z + self._straight[1] + self._out[0] @ (u * ndtr(u)) + self._out[1]
        )

    def _probabilities(self, scores: Vector) -> Vector:
        return np.asarray(softmax(scores / self._temperature)) if len(scores) else scores
