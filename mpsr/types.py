"""The nouns that travel between the rooms."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from mpsr.errors import InputError

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


#: How much "less like this" counts against one "like this". At -1 a product and its twin would cancel each other out; at
#: -0.5 half of the first five change on the public catalogue, and the article type stays (.89 of the new five).
LESS = -0.5


@dataclass(frozen=True)
class Part:
    """A part of a query: exactly one of a product, words and a picture.

    Attributes:
        product: id of a product of the catalogue.
        words: what somebody types.
        picture: an encoded picture file, as uploaded.
        weight: how much it counts; above 0 "more like this", below 0 "less like this".

    Raises:
        InputError: none or several of the three, empty words or picture, or a weight that is 0 or no number.
    """

    product: str | None = None
    words: str | None = None
    picture: bytes | None = None
    weight: float = 1.0

    def __post_init__(self) -> None:
        given = [name for name in ("product", "words", "picture") if getattr(self, name) is not None]
        if len(given) != 1:
            came = " and ".join(given) if given else "none of them"
            raise InputError(f"a part of a query is one of product, words and picture; this one has {came}.")
        if self.words is not None and not self.words.strip():
            raise InputError("the words of a query are empty. Type some, for example: red running shoes.")
        if self.picture is not None and not self.picture:
            raise InputError("the picture of a query has 0 bytes. Choose a picture file.")
        if not math.isfinite(self.weight) or self.weight == 0:
            raise InputError(f"the weight of a part is {self.weight}. Expected a number above or below 0.")

    @property
    def label(self) -> str:
        """What to call it where there is little room: the id, the words, or "photo"."""
        return self.product or self.words or "photo"

    def as_json(self) -> dict[str, Any]:
        """A plain document; of a picture only its SHA-256 and its size."""
        if self.picture is not None:
            content: dict[str, Any] = {
                "picture": hashlib.sha256(self.picture).hexdigest(),
                "bytes": len(self.picture),
            }
        else:
            content = {"words": self.words} if self.product is None else {"product": self.product}
        return {**content, "weight": self.weight}


@dataclass(frozen=True)
class Query:
    """What is asked: the weighted sum of its parts.

    Raises:
        InputError: no part with a weight above 0.
    """

    parts: tuple[Part, ...]

    def __post_init__(self) -> None:
        if not any(part.weight > 0 for part in self.parts):
            raise InputError(
                f"a query of {len(self.parts)} parts has none to look for. "
                "Give at least one product, some words or a picture with a weight above 0."
            )

    @property
    def products(self) -> list[str]:
        """Ids of its product parts, in order."""
        return [part.product for part in self.parts if part.product is not None]

    @property
    def label(self) -> str:
        """The query in one line: ``9065 + "red" - 1163``."""
        signs = ["-" if part.weight < 0 else "+" for part in self.parts]
        words = [f'"{part.words}"' if part.words else part.label for part in self.parts]
        line = " ".join(f"{sign} {word}" for sign, word in zip(signs, words, strict=True))
        return line.removeprefix("+ ")


def about(product: str) -> Query:
    """The query of one product."""
    return Query((Part(product=product),))


@dataclass(frozen=True)
class Neighbour:
    """One result. ``score`` is a cosine in [-1, 1] and exactly ``text + image``.

    ``percentile`` is the share in [0, 1] of random pairs of the catalogue's products with a lower score.
    """

    id: str
    name: str
    text: float
    image: float
    percentile: float = math.nan

    @property
    def score(self) -> float:
        """Cosine similarity to the query."""
        return self.text + self.image


@dataclass(frozen=True)
class Neighbours:
    """The answer to a query, with everything it was asked with.

    Attributes:
        query: id and name of the query product; without one product alone, "" and the query in one line.
        space: the space searched.
        k: how many were asked for; fewer come back when the (filtered) catalogue holds fewer.
        weights: of words and picture.
        where: column → accepted values.
        store: fingerprint of the store's snapshot.
        neighbours: by descending score; equal scores in catalogue order. With variety, in the order chosen.
        asked: the query itself.
        hide_variants: whether only one product of a family was let through, and none of the query's.
        variety: λ of maximal marginal relevance.
        floor: the score below which a result is no good match, see ``Service.floor``.
    """

    query: dict[str, str]
    space: str
    k: int
    weights: Weights
    where: dict[str, list[str]]
    store: str
    neighbours: list[Neighbour]
    asked: Query
    hide_variants: bool = False
    variety: float = 0.0
    floor: float = -1.0

    @property
    def good(self) -> list[Neighbour]:
        """The neighbours at or above the floor."""
        return [item for item in self.neighbours if item.score >= self.floor]

    def as_json(self) -> dict[str, Any]:
        """A plain document for ``--json``."""
        return {
            "query": self.query,
            "parts": [part.as_json() for part in self.asked.parts],
            "space": self.space,
            "k": self.k,
            "weights": {"text": self.weights.text, "image": self.weights.image},
            "where": self.where,
            "hide_variants": self.hide_variants,
            "variety": self.variety,
            "store": self.store,
            "floor": self.floor,
            "neighbours": [
                {
                    "id": n.id,
                    "name": n.name,
                    "score": n.score,
                    "text": n.text,
                    "image": n.image,
                    "percentile": n.percentile,
                }
                for n in self.neighbours
            ],
        }
