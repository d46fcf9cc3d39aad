"""The words the text tower knows by themselves, beside what the text encoder makes of the whole text.

An encoder's embedding of a title holds little of which brand it names; a column for each word that the train side uses
lets the text tower learn it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_matrix

from mpsr.catalogue.words import stem, words_in
from mpsr.errors import InputError

if TYPE_CHECKING:
    from sklearn.feature_extraction.text import CountVectorizer


@dataclass(frozen=True)
class Vocabulary:
    """V different words, lower case and without plural endings, in the order of their columns.

    Raises:
        InputError: one is there twice.
    """

    words: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(set(self.words)) < len(self.words):
            raise InputError(
                f"a vocabulary of {len(self.words):,} words has some of them twice. Expected different words."
            )

    def bags(self, texts: Sequence[str | None]) -> csr_matrix:
        """Which text has which word, once or more often: ones, shape (n, V), float32. A missing text has none."""
        if not self.words:
            return csr_matrix((len(texts), 0), dtype=np.float32)
        return self._vectorizer.transform([text or "" for text in texts])

    @cached_property
    def _vectorizer(self) -> CountVectorizer:
        return _vectorizer(vocabulary={word: column for column, word in enumerate(self.words)})


def learn_vocabulary(
    texts: Sequence[str | None], family: npt.NDArray[np.integer], support: int
) -> Vocabulary:
    """The words that texts of at least ``support`` families have, in alphabetical order.

    Args:
        texts: n texts, None for a missing one.
        family: shape (n,): the family of each text's product.
        support: families a word must occur in.
    """
    known = pd.Series([text or "" for text in texts], dtype=object)
    together = known.groupby(np.asarray(family)).agg(" ".join)
    if len(together) < support or not any(words_in(text) for text in together):
        return Vocabulary()
    counts = _vectorizer().fit(together)
    occurring = np.asarray(counts.transform(together).sum(axis=0)).ravel()
    names = counts.get_feature_names_out()
    return Vocabulary(tuple(str(word) for word in names[occurring >= support]))


def _stems(text: str) -> list[str]:
    return [stem(word) for word in words_in(text)]


def _vectorizer(vocabulary: dict[str, int] | None = None) -> CountVectorizer:
    from sklearn.feature_extraction.text import CountVectorizer

    return CountVectorizer(analyzer=_stems, binary=True, dtype=np.float32, vocabulary=vocabulary)
