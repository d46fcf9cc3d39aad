"""Embeddings by content: what a model has encoded once is never encoded again.

A segment holds the vectors of some texts or pictures, each named by the SHA-256 of what it encodes. Segments belong to a
model's identity: everything its vectors depend on beside the content. They are never changed; a build that meets new
content writes one more. Many of them are packed into one by and by; only builds read segments, so no reader notices.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from mpsr.errors import StoreError
from mpsr.store.artefact import Artefact
from mpsr.store.files import new_array_of, save_array
from mpsr.store.layout import DIGESTS, SEGMENT, VECTORS
from mpsr.store.manifest import Parameters, fingerprint
from mpsr.store.store import Store

#: Bytes of a SHA-256.
DIGEST_BYTES = 32

#: As many digests, shape (n, 32), uint8.
Digests = npt.NDArray[np.uint8]

#: What segments of one model differ in: their contents, and the precision in which vectors are kept.
OF_SEGMENTS = ("content", "kept_as")

#: Vectors copied at a time.
CHUNK = 8192

#: A build that ends with more segments of a model packs them.
MOST_SEGMENTS = 16


@dataclass(frozen=True)
class Place:
    """Where the vectors of n items are.

    Attributes:
        segments: the segments.
        segment: shape (n,), which of them holds each item, -1 for none.
        row: shape (n,), the item's row in it.
    """

    segments: tuple[Artefact, ...]
    segment: npt.NDArray[np.int64]
    row: npt.NDArray[np.int64]

    @property
    def missing(self) -> npt.NDArray[np.int64]:
        """The items that no segment holds."""
        return np.flatnonzero(self.segment < 0)

    @property
    def used(self) -> list[Artefact]:
        """The segments that hold an item, the one that holds most first."""
        numbers, counts = np.unique(self.segment[self.segment >= 0], return_counts=True)
        return [self.segments[number] for number in numbers[np.argsort(-counts, kind="stable")]]

    def copy(self, items: npt.NDArray[np.integer], target: npt.NDArray[np.floating]) -> None:
        """Write the vector of each of ``items`` (numbers of items, -1 for none) into its row of ``target``."""
        of_item = np.append(self.segment, -1)[items]
        for number in np.unique(of_item[of_item >= 0]):
            rows, vectors = np.flatnonzero(of_item == number), self.segments[number].array(VECTORS)
            for start in range(0, len(rows), CHUNK):
                part = rows[start : start + CHUNK]
                target[part] = vectors[self.row[items[part]]]


class Segments:
    """The segments of one model in a store."""

    def __init__(self, store: Store, identity: Parameters, damaged: Callable[[str], None]) -> None:
        """Those of the model whose vectors depend on ``identity``; a damaged one is left out, and told of."""
        self._store, self._identity = store, dict(identity)
        self._found = [self._opened(found) for found in self._of_this_model(damaged)]

    def __len__(self) -> int:
        return len(self._found)

    @property
    def digests(self) -> Digests:
        """All contents that they hold, each once, in the order of their digests."""
        keys = np.unique(
            np.concatenate([np.empty(0, f"S{DIGEST_BYTES}"), *(keys for _, keys, _ in self._found)])
        )
        return keys.view(np.uint8).reshape(-1, DIGEST_BYTES)

    def find(self, digests: Digests) -> Place:
        """Where the vectors of these contents are."""
        segment, row = np.full(len(digests), -1, np.int64), np.full(len(digests), -1, np.int64)
        wanted = as_keys(digests)
        for number, (_, keys, order) in enumerate(self._found):
            if not len(keys):
                continue
            at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
            here = (keys[at] == wanted) & (segment < 0)
            segment[here], row[here] = number, order[at[here]]
        return Place(tuple(artefact for artefact, _, _ in self._found), segment, row)

    def name(self, digests: Digests) -> str:
        """The fingerprint of a segment of these contents."""
        return fingerprint(SEGMENT, {}, self._parameters(digests))

    def add(
        self,
        digests: Digests,
        shape: tuple[int, int],
        dtype: type[np.floating],
        parts: Callable[[], Iterator[npt.NDArray[np.floating]]],
        facts: Mapping[str, Any],
    ) -> None:
        """Write a segment of these contents.

        Args:
            digests: of the contents.
            shape: of their vectors together.
            dtype: in which they are kept.
            parts: gives the vectors, piece by piece in the order of ``digests``.
            facts: noted in its manifest.
        """
        name = self.name(digests)
        with self._store.new_object(SEGMENT, name, {}, self._parameters(digests), facts) as folder:
            vectors = new_array_of(dtype, folder / VECTORS, shape)
            done = 0
            for part in parts():
                vectors[done : done + len(part)] = part
                done += len(part)
            vectors.flush()
            save_array(folder / DIGESTS, digests)
        self._found.append(self._opened(self._store.open_object(SEGMENT, name, verify=False)))

    def pack(self, digests: Digests) -> int:
        """Make one segment of all; contents that are not among ``digests`` are given up.

        Returns:
            How many segments there were; 0 where nothing was to be done.
        """
        digests = digests[np.argsort(as_keys(digests), kind="stable")]
        place, before = self.find(digests), [artefact for artefact, _, _ in self._found]
        items = np.flatnonzero(place.segment >= 0)
        name = self.name(digests[items])
        if not len(items) or [one.fingerprint for one in before] == [name]:
            return 0
        largest = place.used[0]
        vectors = largest.array(VECTORS)

        def parts() -> Iterator[npt.NDArray[np.floating]]:
            for start in range(0, len(items), CHUNK):
                part = np.empty((len(items[start : start + CHUNK]), vectors.shape[1]), vectors.dtype)
                place.copy(items[start : start + CHUNK], part)
                yield part

        facts = {**largest.facts, "encoded": len(items), "packed": True}
        self.add(digests[items], (len(items), vectors.shape[1]), vectors.dtype.type, parts, facts)
        self._found = self._found[-1:]
        for one in before:
            if one.fingerprint != name:
                self._store.remove_object(SEGMENT, one.fingerprint)
        return len(before)

    def _parameters(self, digests: Digests) -> dict[str, Any]:
        content = hashlib.sha256(np.ascontiguousarray(digests).tobytes()).hexdigest()
        return {**self._identity, "content": content}

    def _of_this_model(self, damaged: Callable[[str], None]) -> Iterator[Artefact]:
        for name in names_of(self._store, self._identity, damaged):
            try:
                yield self._store.open_object(SEGMENT, name)
            except StoreError as error:
                damaged(str(error))

    @staticmethod
    def _opened(artefact: Artefact) -> tuple[Artefact, npt.NDArray[np.bytes_], npt.NDArray[np.intp]]:
        """A segment with its sorted keys and the row of each."""
        keys = as_keys(artefact.array(DIGESTS))
        order = np.argsort(keys, kind="stable")
        return artefact, keys[order], order


def names_of(store: Store, identity: Parameters, damaged: Callable[[str], None]) -> Iterator[str]:
    """The fingerprints of a model's segments, by their manifests; a damaged one is left out, and told of."""
    for folder in store.objects(SEGMENT):
        try:
            found = store.open_object(SEGMENT, folder.name, verify=False)
        except StoreError as error:
            damaged(str(error))
            continue
        if {**found.parameters, "content": None} == {**identity, "content": None}:
            yield found.fingerprint


def as_keys(digests: Digests) -> npt.NDArray[np.bytes_]:
    """Digests as values that can be sorted and compared; all are of one length, so zeros that NumPy cuts do no harm."""
    return np.ascontiguousarray(digests, np.uint8).view(f"S{DIGEST_BYTES}").reshape(-1)


def digests_of(contents: Sequence[bytes]) -> Digests:
    """The SHA-256 of each, shape (n, 32)."""
    joined = b"".join(hashlib.sha256(content).digest() for content in contents)
    return np.frombuffer(joined, np.uint8).reshape(-1, DIGEST_BYTES)
