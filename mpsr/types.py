"""The nouns that travel between the rooms."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import Literal, NotRequired, TypedDict

import numpy as np
import numpy.typing as npt

from mpsr.errors import InputError

FloatArray = npt.NDArray[np.float32]

#: The two sides of a product. In text that people read they are its description and its picture.
Modality = Literal["text", "image"]
MODALITIES: tuple[Modality, ...] = ("text", "image")

#: What a query consists of: products (perhaps with other parts), text alone, images alone, or text and images without a
#: product. It decides which random pairs its scores are compared with.
QueryModality = Literal["product", "text", "image", "mixed"]


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
    """How much text and image count in a score: each ≥ 0, together 1."""

    text: float = 0.5
    image: float = 0.5

    def __post_init__(self) -> None:
        if min(self.text, self.image) < 0 or abs(self.text + self.image - 1) > 1e-9:
            raise ValueError(f"weights must be ≥ 0 and sum to 1, got text={self.text}, image={self.image}")

    @property
    def equal(self) -> bool:
        """Whether text and image count the same, as in the space's own cosine."""
        return self.text == self.image


#: How much "less like this" counts against one "like this". At -1 a product and its twin would cancel each other out; at
#: -0.5 half of the first five change on the public catalogue, and the article type stays (.89 of the new five).
LESS = -0.5


#: How much of the score of a query by words alone comes from the words as words; chosen on the validation side of the
#: public catalogue, see docs/evaluation.md.
LEXICAL_WEIGHT = 0.4


class PartDocument(TypedDict):
    """A part of a query in JSON: ``product``, ``words``, or ``picture`` with ``bytes``; and its weight."""

    product: NotRequired[str]
    words: NotRequired[str]
    picture: NotRequired[str]
    bytes: NotRequired[int]
    weight: float


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

    def as_json(self) -> PartDocument:
        """A plain document; a picture is named by its SHA-256 and its size."""
        if self.picture is not None:
            name = hashlib.sha256(self.picture).hexdigest()
            return {"picture": name, "bytes": len(self.picture), "weight": self.weight}
        if self.words is not None:
            return {"words": self.words, "weight": self.weight}
        return {"product": self.product or "", "weight": self.weight}


#: Of the parts of a query those that have to be encoded, texts and pictures, at most: encoding takes time that all
#: visitors share. And products at most; a board may be asked with all of its own.
MOST_ENCODED, MOST_PRODUCTS = 20, 5000


@dataclass(frozen=True)
class Query:
    """What is asked: the weighted sum of its parts.

    Raises:
        InputError: no part with a weight above 0, or more of them than ``MOST_ENCODED`` and ``MOST_PRODUCTS`` say.
    """

    parts: tuple[Part, ...]

    def __post_init__(self) -> None:
        products = len(self.products)
        for count, most, what in (
            (products, MOST_PRODUCTS, "products"),
            (len(self.parts) - products, MOST_ENCODED, "texts and pictures"),
        ):
            if count > most:
                raise InputError(
                    f"a query of {count:,} {what} is too large. Expected at most {most:,}: leave some out."
                )
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
    def modality(self) -> QueryModality:
        """What the query consists of; a product among its parts decides."""
        if self.products:
            return "product"
        text = any(part.words is not None for part in self.parts)
        image = any(part.picture is not None for part in self.parts)
        return "mixed" if text and image else "text" if text else "image"

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
