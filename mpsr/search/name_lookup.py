"""Find products by id and by words of their names, in any script and spelling (``mpsr.catalogue.words.folded``)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from itertools import chain

import numpy as np
import numpy.typing as npt

from mpsr.catalogue.words import folded, is_continuous, words_in

#: Of a word in a script without blanks, every end is kept that long: a word typed may begin anywhere within it.
END = 8

Rows = npt.NDArray[np.int64]


class Names:
    """The ids and names of N products, ready to be searched; the word list is made when first needed."""

    def __init__(self, ids: Sequence[str], names: Sequence[str], pictured: npt.NDArray[np.bool_]) -> None:
        """Take the products in catalogue order; a missing name is "". ``pictured`` (N,) says which have a picture."""
        self._ids, self._names, self._pictured = ids, [folded(name) for name in names], pictured
        self._row = {product: row for row, product in enumerate(ids)}

    def find(self, text: str, limit: int) -> list[str]:
        """The product of that id, else those whose names hold every word anywhere, in catalogue order."""
        wanted = text.strip()
        if wanted in self._row:
            return [wanted]
        words = folded(wanted).split()
        if not words:
            return []
        hits = (n for n, name in enumerate(self._names) if all(word in name for word in words))
        return [self._ids[row] for row, _ in zip(hits, range(limit), strict=False)]

    def suggest(self, text: str, limit: int) -> list[str]:
        """Ids for a type-ahead.

        The product of that id comes first, then products of exactly that name (``named``), then ids that begin so (the
        shortest first), then products each typed word of which begins a word of their name, or stands anywhere in it in
        scripts without blanks: of each name one before the others of that name, products with a picture before those
        without, names that begin with the text before the rest, else in catalogue order.
        """
        wanted = folded(text.strip())
        if not wanted or limit < 1:
            return []
        ids = self._ids_from(wanted)
        exact = [product for product in ids if folded(product) == wanted]
        found = dict.fromkeys([*exact, *self.named(text), *ids])
        if len(found) < limit:
            found |= dict.fromkeys(self._ids[row] for row in self._ranked(wanted, limit))
        return list(found)[:limit]

    def named(self, name: str) -> list[str]:
        """Ids of all products of exactly this name, upper and lower case alike; those with a picture first."""
        wanted = folded(name.strip())
        if not wanted:
            return []
        rows = self._rows_of_name.get(wanted, [])
        return [self._ids[row] for row in sorted(rows, key=lambda row: (not self._pictured[row], row))]

    @cached_property
    def _rows_of_name(self) -> dict[str, list[int]]:
        """Name → rows of the products that have it."""
        found: dict[str, list[int]] = {}
        for row, name in enumerate(self._names):
            found.setdefault(name.strip(), []).append(row)
        return found

    def _ids_from(self, wanted: str) -> list[str]:
        keys, ids = self._sorted_ids
        low, high = _beginning_with(keys, wanted)
        return sorted(ids[low:high], key=lambda product: (len(product), product))

    @cached_property
    def _sorted_ids(self) -> tuple[list[str], list[str]]:
        """The ids folded, sorted, and the ids as they are in that order."""
        pairs = sorted((folded(product), product) for product in self._ids)
        return [key for key, _ in pairs], [product for _, product in pairs]

    def _ranked(self, wanted: str, limit: int) -> list[int]:
        """Rows of products that have all the words, in the order ``suggest`` states, ``2 * limit`` at most."""
        hit = self._having(words_in(wanted))
        begins = self._beginning(wanted)
        order = np.concatenate(
            [
                np.flatnonzero(hit & shown & first)
                for shown in (self._pictured, ~self._pictured)
                for first in (begins, ~begins)
            ]
        )
        distinct: dict[str, int] = {}
        for row in order:
            distinct.setdefault(self._names[row], int(row))
            if len(distinct) == 2 * limit:
                break
        return list(dict.fromkeys([*distinct.values(), *order[: 2 * limit].tolist()]))[: 2 * limit]

    def _having(self, words: list[str]) -> npt.NDArray[np.bool_]:
        """Which products' names have, for each of the words, a word that begins with it, shape (N,)."""
        vocabulary, starts, rows = self._postings
        hit = np.full(len(self._ids), bool(words))
        for word in set(words):
            long = len(word) > END and is_continuous(word)
            low, high = _beginning_with(vocabulary, word[:END] if long else word)
            found = rows[starts[low] : starts[high]]
            having = np.zeros(len(self._ids), dtype=bool)
            having[[row for row in found if word in self._names[row]] if long else found] = True
            hit &= having
        return hit

    def _beginning(self, wanted: str) -> npt.NDArray[np.bool_]:
        """Which products' names begin with the text, shape (N,)."""
        keys, rows = self._sorted_names
        low, high = _beginning_with(keys, wanted)
        mask = np.zeros(len(self._ids), dtype=bool)
        mask[rows[low:high]] = True
        return mask

    @cached_property
    def _sorted_names(self) -> tuple[list[str], Rows]:
        """The names, sorted, and the row of each."""
        order = sorted(range(len(self._names)), key=self._names.__getitem__)
        return [self._names[row] for row in order], np.array(order, np.int64)

    @cached_property
    def _postings(self) -> tuple[list[str], Rows, Rows]:
        """The names' distinct words, sorted; where each one's rows start; the rows of all, one after the other."""
        words = [_findable(name) for name in self._names]
        flat = np.array(list(chain.from_iterable(words)), dtype=str)
        owner = np.repeat(np.arange(len(words)), [len(found) for found in words])
        vocabulary, number = np.unique(flat, return_inverse=True)
        order = np.argsort(number, kind="stable")
        starts = np.searchsorted(number[order], np.arange(len(vocabulary) + 1))
        return vocabulary.tolist(), starts, owner[order]


def _findable(name: str) -> list[str]:
    """What a word typed is the beginning of: a name's words, and where they have no blanks between them their ends."""
    found: list[str] = []
    for word in words_in(name):
        found += [word[n : n + END] for n in range(len(word))] if is_continuous(word) else [word]
    return found


def _beginning_with(ordered: list[str], beginning: str) -> tuple[int, int]:
    """Where the texts that begin so start and end in an ordered list."""
    return bisect_left(ordered, beginning), bisect_left(ordered, beginning + "\U0010ffff")
