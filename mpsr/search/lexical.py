"""Words as words: how well a product's own words match those that were typed, whatever an encoder makes of them.

Of the typed words t, each once, with inverse document frequencies u_t (a word no product has counts as the rarest):

    coverage(q, d)  = Σ_{t in q and d} u_t b_t / Σ_{t in q} u_t b_t       of all the product's words
    name(q, d)      = Σ_{t in q and name of d} u_t² / (|q| |name of d|)   the TF-IDF cosine with its name
    lexical(q, d)   = (coverage + name^``POWER``) / 2                    in [0, 1]

b_t = 1 + ``LEADING`` · (names that begin with t) / (names that have t): names begin with the brand, and who types a
brand means it. Coverage finds brands, model numbers and attributes; the power of the cosine, next to nothing unless
nearly all words agree, puts a name typed in full before other names that hold its words. A word that no product has
counts as the nearest word that one has (``nearest``), by as much as the two are alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA
from scipy.sparse import csc_matrix, csr_matrix

from mpsr.search.tokens import tokens
from mpsr.types import FloatArray

Rows = npt.NDArray[np.int64]

#: The power of the name's cosine; docs/evaluation.md has the figures of 1 to 8 on the validation side.
POWER = 8

#: What a word counts more in the coverage where every name that has it begins with it; figures: docs/evaluation.md.
LEADING = 0.5

#: In fewer names a word at the beginning is no sign of a brand.
LEADING_NAMES = 5

#: Words shorter than this are not corrected: too many others are one letter away.
CORRECTED_FROM = 4

#: One letter may be wrong, missing, or swapped with its neighbour; two in words of at least ``LONG`` letters.
LONG = 8


@dataclass(frozen=True)
class QueryWord:
    """A typed word and what it counts as.

    Attributes:
        typed: as it was typed, without case and plural.
        column: of the vocabulary's word, -1 where no product has one like it.
        likeness: 1, or below where a misspelling was corrected.
    """

    typed: str
    column: int
    likeness: float


class LexicalIndex:
    """The words of N products.

    Attributes:
        vocabulary: word → column, of V.
        idf: shape (V,), float32: ln((1 + N) / (1 + products with the word)) + 1.
    """

    def __init__(self, texts: Sequence[str], names: Sequence[str]) -> None:
        """Take each product's words, its name among them, and its name alone; "" where it has none."""
        self._count = len(texts)
        self.vocabulary: dict[str, int] = {}
        whole = self._matrix(texts)
        named = self._matrix(names)
        first = named.indices[
            named.indptr[:-1][np.diff(named.indptr) > 0]
        ]  # words are in the order of the name
        width = len(self.vocabulary)
        whole.resize(self._count, width)
        named.resize(self._count, width)
        frequency = np.bincount(whole.indices, minlength=width)
        self.idf: FloatArray = (np.log((1 + self._count) / (1 + frequency)) + 1).astype(np.float32)
        self._rarest = float(np.log(1 + self._count) + 1)
        self._frequency = frequency
        self._lead = 1 + LEADING * _leading(first, np.bincount(named.indices, minlength=width))
        self._has = csc_matrix(whole)
        norms = np.sqrt(np.asarray(named @ np.square(self.idf)).ravel())
        weighted = named.multiply(1 / np.maximum(norms, 1e-9)[:, None]).tocsr() @ _diagonal(self.idf)
        self._names = csc_matrix(weighted, dtype=np.float32)
        #: Words that can be meant by a misspelt one; a number with another digit is another number.
        self._words = [word for word in self.vocabulary if not any(sign.isdigit() for sign in word)]

    def _matrix(self, texts: Sequence[str]) -> csr_matrix:
        """Which text has which word, (texts, words), ones; new words join the vocabulary."""
        vocabulary = self.vocabulary
        columns: list[int] = []
        starts = [0]
        for text in texts:
            columns += {vocabulary.setdefault(word, len(vocabulary)): None for word in tokens(text)}
            starts.append(len(columns))
        ones = np.ones(len(columns), np.float32)
        shape = (len(texts), len(vocabulary))
        return csr_matrix((ones, np.array(columns, np.int32), np.array(starts)), shape=shape)

    def query_words(self, text: str) -> list[QueryWord]:
        """The different words of a text, in order, and what each counts as."""
        return [self._query_word(word) for word in dict.fromkeys(tokens(text))]

    def _query_word(self, word: str) -> QueryWord:
        column = self.vocabulary.get(word)
        return QueryWord(word, column, 1.0) if column is not None else self.nearest(word)

    def nearest(self, word: str) -> QueryWord:
        """A misspelt word as the vocabulary's most similar one, the most frequent of several; column -1 for none.

        People seldom get the first letter wrong; "mower" is no "power".
        """
        if len(word) < CORRECTED_FROM or any(sign.isdigit() for sign in word):
            return QueryWord(word, -1, 0.0)
        wrong = 2 if len(word) >= LONG else 1
        alike = [known for known in self._words if known[0] == word[0]]
        found = process.extract(word, alike, scorer=OSA.distance, score_cutoff=wrong, limit=None)
        if not found:
            return QueryWord(word, -1, 0.0)
        columns = [(distance, self.vocabulary[meant]) for meant, distance, _ in found]
        distance, column = min(columns, key=lambda match: (match[0], -self._frequency[match[1]]))
        return QueryWord(word, column, 1 - distance / len(word))

    def scores(self, text: str) -> FloatArray:
        """How well each product's words match the text, shape (N,), float32, in [0, 1]."""
        coverages, names = np.zeros((2, self._count), np.float32)
        for word, coverage, name in self._amounts(text):
            if word.column >= 0:
                _add(coverages, self._has, word.column, coverage)
                _add(names, self._names, word.column, name)
        return _together(coverages, names)

    def parts(self, text: str, row: int) -> list[tuple[str, float]]:
        """Each typed word and its part of the product's score; they add up to it.

        The power of the cosine is split as the cosine is, word by word.
        """
        found = [
            (word.typed, 0.0, 0.0)
            if word.column < 0
            else (
                word.typed,
                coverage * float(self._has[row, word.column]),
                name * float(self._names[row, word.column]),
            )
            for word, coverage, name in self._amounts(text)
        ]
        steep = sum(name for _, _, name in found) ** (POWER - 1)
        return [(word, (coverage + name * steep) / 2) for word, coverage, name in found]

    def between(self, texts: Sequence[str], rows: Rows) -> FloatArray:
        """The scores of n texts with these m products, shape (n, m), float32."""
        columns: list[int] = []
        coverages: list[float] = []
        names: list[float] = []
        starts = [0]
        for text in texts:
            known = [amount for amount in self._amounts(text) if amount[0].column >= 0]
            columns += [word.column for word, _, _ in known]
            coverages += [coverage for _, coverage, _ in known]
            names += [name for _, _, name in known]
            starts.append(len(columns))
        shape = (len(texts), len(self.vocabulary))
        found = []
        for amounts, matrix in ((coverages, self._has), (names, self._names)):
            asked = csr_matrix(
                (np.array(amounts, np.float32), np.array(columns, np.int32), starts), shape=shape
            )
            found.append((asked @ matrix.tocsr()[rows].T).toarray())
        return _together(*found)

    def _amounts(self, text: str) -> list[tuple[QueryWord, float, float]]:
        """Each typed word, what it adds where a product has it, and the factor of its weight in a name."""
        words = self.query_words(text)
        weights = [self._rarest if word.column < 0 else float(self.idf[word.column]) for word in words]
        leading = [
            weight * (1.0 if word.column < 0 else float(self._lead[word.column]))
            for word, weight in zip(words, weights, strict=True)
        ]
        whole, norm = sum(leading), float(np.linalg.norm(weights))
        return [
            (word, word.likeness * lead / whole, word.likeness * weight / norm)
            for word, lead, weight in zip(words, leading, weights, strict=True)
        ]


def _leading(first: npt.NDArray[np.integer], having: npt.NDArray[np.intp]) -> FloatArray:
    """Of the names that have each word, the share that begins with it; 0 where they are too few, shape (V,).

    Args:
        first: the column of the word that each name begins with.
        having: how many names have each word, shape (V,).
    """
    beginning = np.bincount(first, minlength=len(having))
    return np.where(having >= LEADING_NAMES, beginning / np.maximum(having, 1), 0).astype(np.float32)


def _together(coverage: FloatArray, name: FloatArray) -> FloatArray:
    return np.asarray((coverage + name**POWER) / 2, np.float32)


def _add(to: FloatArray, matrix: csc_matrix, column: int, factor: float) -> None:
    own = slice(matrix.indptr[column], matrix.indptr[column + 1])
    to[matrix.indices[own]] += np.float32(factor) * matrix.data[own]


def _diagonal(values: FloatArray) -> csr_matrix:
    count = len(values)
    return csr_matrix((values, np.arange(count), np.arange(count + 1)), shape=(count, count))
