"""The lexical share of a query by words: how much of every score comes from the words as words.

With a lexical weight w, a query of words alone scores

    (1 - w) · (text share + image share) + w · Σ a_p lexical(p, product) / Σ |a_p|

over its parts p of weight a_p; ``mpsr.search.lexical`` says what lexical(p, product) is. Words beside a product or a
photo mean to change something, and are left to the encoders.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from mpsr.catalogue.types import ATTRIBUTES, ID, INTERNAL, NAME
from mpsr.search.lexical import LexicalIndex
from mpsr.search.negation import understood
from mpsr.search.request import Request
from mpsr.search.tokens import normalised
from mpsr.space.lazy import Lazy
from mpsr.space.space import Rows, Scores
from mpsr.types import FloatArray, Query

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class LexicalShares:
    """The lexical shares of one query.

    Attributes:
        rest: what the other shares are multiplied by, 1 - w.
        lexical: shape (N,), float32: of each product, its weight included.
    """

    rest: float
    lexical: FloatArray

    def added_to(self, scores: Scores) -> Scores:
        """The scores with all three shares."""
        lexical = self.lexical[scores.rows].astype(np.float64)
        return replace(scores, text=self.rest * scores.text, image=self.rest * scores.image, lexical=lexical)


def lexical_weight(request: Request) -> float:
    """The weight of the lexical share that counts: none where anything but words asks, or where text does not count."""
    return request.lexical if request.query.modality == "text" and request.weights.text > 0 else 0.0


class Lexicon:
    """The words of one open store's products; the index is made with the first query by words."""

    def __init__(self, products: pd.DataFrame) -> None:
        self._products = products
        self._names = _texts(products, [NAME])
        self._index = Lazy(lambda: LexicalIndex(product_words(self._products), self._names))
        self._known = Lazy(lambda: {" ".join(normalised(name).split()) for name in self._names})

    def understood(self, query: Query) -> Query:
        """The query with "not" and "without" read, unless a product is named so."""
        return understood(query, lambda words: " ".join(normalised(words).split()) in self._known())

    def shares(self, query: Query, weight: float) -> LexicalShares | None:
        """The lexical shares of a query, as ``understood`` gave it; None where they do not count."""
        if not weight:
            return None
        index = self._index()
        amounts = sum(abs(part.weight) for part in query.parts)
        found = np.zeros(len(self._names), np.float32)
        for part in query.parts:
            found += np.float32(weight * part.weight / amounts) * index.scores(part.words or "")
        return LexicalShares(1 - weight, found)

    def parts(self, query: Query, weight: float, row: int) -> list[tuple[str, float]]:
        """Each typed word and its part of a product's lexical share; they add up to it."""
        amounts = sum(abs(part.weight) for part in query.parts)
        return [
            (word, weight * part.weight / amounts * share)
            for part in query.parts
            for word, share in self._index().parts(part.words or "", row)
        ]

    def between(self, rows: Rows) -> FloatArray:
        """The lexical scores of these products' names with each other's words, shape (n, n)."""
        return self.scores_between([self._names[row] for row in rows], rows)

    def scores_between(self, texts: Sequence[str], rows: Rows) -> FloatArray:
        """The lexical scores of n texts with these m products, shape (n, m), float32."""
        return self._index().between(texts, rows)


def product_words(products: pd.DataFrame) -> list[str]:
    """Each product's words: its name, its attributes and every other column of text."""
    others = [
        str(column)
        for column in products
        if column not in (ID, NAME, *ATTRIBUTES, *INTERNAL) and products[column].dtype.kind in "OTUS"
    ]
    return _texts(products, [NAME, *ATTRIBUTES, *others])


def _texts(products: pd.DataFrame, columns: list[str]) -> list[str]:
    values = [products[column].tolist() for column in columns]
    return [" ".join(one for one in row if isinstance(one, str)) for row in zip(*values, strict=True)]
