"""The nouns that travel between the rooms."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Embeddings:
    """Vectors with the ids they belong to.

    Attributes:
        ids: N product ids in catalogue order.
        vectors: shape (N, d), float32; a row of zeros where ``present`` is False.
        space: the name of the space the vectors live in ("text", "image", "paper", ...).
        present: shape (N,), bool; False where the product lacks this modality.
    """

    ids: list[str]
    vectors: FloatArray
    space: str
    present: npt.NDArray[np.bool_]

    def __post_init__(self) -> None:
        if not len(self.ids) == len(self.vectors) == len(self.present):
            raise ValueError(
                f"{self.space}: {len(self.ids)} ids, {len(self.vectors)} vectors and {len(self.present)} marks; "
                "expected as many of each"
            )


@dataclass(frozen=True)
class Weights:
    """How much words and picture count, each ≥ 0, together 1."""

    text: float = 0.5
    image: float = 0.5

    def __post_init__(self) -> None:
        if min(self.text, self.image) < 0 or abs(self.text + self.image - 1) > 1e-9:
            raise ValueError(f"weights must be ≥ 0 and sum to 1, got text={self.text}, image={self.image}")

    @property
    def equal(self) -> bool:
        """Words and picture count the same; the space's own cosine."""
        return self.text == self.image


@dataclass(frozen=True)
class Neighbour:
    """One result. ``score`` is a cosine in [-1, 1] and exactly ``text + image``."""

    id: str
    name: str
    text: float
    image: float

    @property
    def score(self) -> float:
        """Cosine similarity to the query."""
        return self.text + self.image


@dataclass(frozen=True)
class Neighbours:
    """The answer to a query, with everything it was asked with.

    Attributes:
        query: id and name of the query product.
        space: the space searched.
        k: how many were asked for; fewer come back when the (filtered) catalogue holds fewer.
        weights: of words and picture.
        where: column → accepted values.
        store: fingerprint of the store's snapshot.
        neighbours: by descending score; equal scores in catalogue order.
    """

    query: dict[str, str]
    space: str
    k: int
    weights: Weights
    where: dict[str, list[str]]
    store: str
    neighbours: list[Neighbour] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """A plain document for ``--json``."""
        return {
            "query": self.query,
            "space": self.space,
            "k": self.k,
            "weights": {"text": self.weights.text, "image": self.weights.image},
            "where": self.where,
            "store": self.store,
            "neighbours": [
                {"id": n.id, "name": n.name, "score": n.score, "text": n.text, "image": n.image}
                for n in self.neighbours
            ],
        }
