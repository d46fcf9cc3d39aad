"""Find products by what somebody types: ids and words of names."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from itertools import chain

import numpy as np
import numpy.typing as npt

_WORD = re.compile(r"\w+")

Places = npt.NDArray[np.int64]


class Names:
    """The ids and names of N products, ready to be searched; the word list is made when first needed."""

    def __init__(self, ids: Sequence[str], names: Sequence[str], pictured: npt.NDArray[np.bool_]) -> None:
        """Take the products in catalogue order; a missing name is "". ``pictured`` (N,) says which have a picture."""
        self._ids, self._names, self._pictured = ids, [name.lower() for name in names], pictured
        self._place = {product: place for place, product in enumerate(ids)}

    def find(self, text: str, limit: int) -> list[str]:
        """The product of that id, else those whose names hold every word anywhere, in catalogue order."""
        wanted = text.strip()
        if wanted in self._place:
            return [wanted]
        words = wanted.lower().split()
        if not words:
            return []
        hits = (n for n, name in enumerate(self._names) if all(word in name for word in words))
        return [self._ids[place] for place, _ in zip(hits, range(limit), strict=False)]

    def suggest(self, text: str, limit: int) -> list[str]:
        """Ids for a type-ahead.

        The product of that id comes first, then ids that begin so (the shortest first), then products each typed word
        of which begins a word of their name: of each name one before the others of that name, products with a
        picture before those without, names that begin with the text before the rest, else in catalogue order.
        """
        wanted = text.strip().lower()
        if not wanted or limit < 1:
            return []
        ids = self._ids_from(wanted)[:limit]
        found = dict.fromkeys(ids)
        if len(found) < limit:
            found |= dict.fromkeys(self._ids[place] for place in self._ranked(wanted, limit))
        return list(found)[:limit]

    def _ids_from(self, wanted: str) -> list[str]:
        keys, ids = self._sorted_ids
        low, high = bisect_left(keys, wanted), bisect_left(keys, wanted + "\U0010ffff")
        return sorted(ids[low:high], key=lambda product: (len(product), product))

    @cached_property
    def _sorted_ids(self) -> tuple[list[str], list[str]]:
        """The ids in lower case, sorted, and the ids as they are in that order."""
        pairs = sorted((product.lower(), product) for product in self._ids)
        return [key for key, _ in pairs], [product for _, product in pairs]

    def _ranked(self, wanted: str, limit: int) -> list[int]:
        """Places of products that have all the words, in the order ``suggest`` states, twice ``limit`` at most."""
        places = self._having(_WORD.findall(wanted))
        begins = np.array([not self._names[place].startswith(wanted) for place in places], dtype=bool)
        order = places[np.lexsort((places, begins, ~self._pictured[places]))].tolist()
        first: dict[str, int] = {}
        for place in order:
            first.setdefault(self._names[place], place)
            if len(first) == 2 * limit:
                break
        return list(dict.fromkeys([*first.values(), *order[: 2 * limit]]))[: 2 * limit]

    def _having(self, words: list[str]) -> Places:
        """Places of products whose names have, for each word, a word that begins with it; ascending."""
        vocabulary, starts, places = self._postings
        found: Places | None = None
        for word in sorted(set(words), key=len, reverse=True):
            low, high = bisect_left(vocabulary, word), bisect_left(vocabulary, word + "\U0010ffff")
            having = np.unique(places[starts[low] : starts[high]])
            found = having if found is None else np.intersect1d(found, having, assume_unique=True)
        return np.empty(0, np.int64) if found is None else found

    @cached_property
    def _postings(self) -> tuple[list[str], Places, Places]:
        """The names' distinct words, sorted; where each one's places start; the places of all, one after the other."""
        words = [_WORD.findall(name) for name in self._names]
        flat = np.array(list(chain.from_iterable(words)), dtype=str)
        owner = np.repeat(np.arange(len(words)), [len(found) for found in words])
        vocabulary, number = np.unique(flat, return_inverse=True)
        order = np.argsort(number, kind="stable")
        starts = np.searchsorted(number[order], np.arange(len(vocabulary) + 1))
        return vocabulary.tolist(), starts, owner[order]
