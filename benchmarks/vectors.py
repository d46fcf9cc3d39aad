"""Synthetic vectors with the spectrum of a store's own, as many as are wanted."""

from __future__ import annotations

import numpy as np

from mpsr.service import open_service
from mpsr.space.learned import BLOCK_NORM
from mpsr.store.layout import VECTORS
from mpsr.types import FloatArray

#: How much of a synthetic vector is a product's own, the rest being noise with the products' covariance. The sum has
#: that covariance too, and keeps the groups that products come in, which plain noise would not have.
OWN = 0.9

CHUNK = 65_536


class Synthetic:
    """Draws vectors like those of a store's default space: two blocks, each of norm √½."""

    def __init__(self, vectors: FloatArray, split: int) -> None:
        self.split = split
        self.dimension = vectors.shape[1]
        self._own = np.ascontiguousarray(vectors)
        self._mean = vectors.mean(axis=0)
        values, axes = np.linalg.eigh(np.cov(vectors.T.astype(np.float64)))
        self._root = (axes * np.sqrt(np.maximum(values, 0))).T.astype(np.float32)

    def draw(self, count: int, seed: int = 0) -> FloatArray:
        """Shape (count, d), float32."""
        chance = np.random.default_rng(seed)
        drawn = np.empty((count, self.dimension), np.float32)
        for start in range(0, count, CHUNK):
            rows = drawn[start : start + CHUNK]
            own = self._own[chance.integers(0, len(self._own), len(rows))] - self._mean
            noise = chance.standard_normal(rows.shape, np.float32) @ self._root
            rows[:] = self._mean + OWN**0.5 * own + (1 - OWN) ** 0.5 * noise
            for block in (rows[:, : self.split], rows[:, self.split :]):
                block *= BLOCK_NORM / np.linalg.norm(block, axis=1, keepdims=True)
        return drawn


def synthetic(store: str) -> Synthetic:
    """From the store's default space; products that lack words or picture are left out."""
    service = open_service(store, verify=False)
    artefact = service.artefact(service.spaces[0])
    vectors, split = np.asarray(artefact.array(VECTORS)), artefact.facts["split"]
    whole = (np.abs(vectors[:, :split]).max(1) > 0) & (np.abs(vectors[:, split:]).max(1) > 0)
    return Synthetic(vectors[whole], split)
