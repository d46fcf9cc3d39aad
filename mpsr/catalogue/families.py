"""Families of products: colour variants share a name, re-shoots share a picture."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import faiss
import imagehash
import numpy as np
import numpy.typing as npt
import pandas as pd
from PIL import Image
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from mpsr.catalogue import NAME

#: Side of the perceptual hash: 16 × 16 = 256 bits.
HASH_SIDE = 16

#: Bytes of a packed hash.
HASH_BYTES = HASH_SIDE**2 // 8

#: Pictures whose hashes differ in at most this many of 256 bits are near-identical. On the real catalogue 98 % of
#: such pairs share the article type, and the largest family stays below 150 products; from 24 bits on,
#: chains of look-alikes merge into families of hundreds.
NEAR_IDENTICAL_BITS = 16

#: How many nearest hashes are looked at for each picture; chains reach further.
HASH_NEIGHBOURS = 32

#: Hashes compared with all others at a time.
HASH_BATCH = 1024

#: Signs that change how another looks and no word: joiners, and selectors of a variant form.
_SHAPING = re.compile("[\u200c\u200d\ufe00-\ufe0f]")


@lru_cache(1 << 17)
def normalised_name(name: object) -> str:
    """The name in lower case, all but letters, their marks and digits folded to single spaces; "" for a missing one."""
    if not isinstance(name, str):
        return ""
    text = _SHAPING.sub("", unicodedata.normalize("NFC", name).lower())
    return " ".join("".join(sign if _of_a_word(sign) else " " for sign in text).split())


def _of_a_word(sign: str) -> bool:
    """Whether a sign is a letter, a digit, or a mark of one, such as the vowel signs of Indic scripts."""
    return sign.isalnum() or unicodedata.category(sign).startswith("M")


def perceptual_hash(picture: Image.Image) -> npt.NDArray[np.uint8]:
    """The 256-bit DCT hash of a picture, packed: shape (32,), uint8."""
    return np.packbits(imagehash.phash(picture, hash_size=HASH_SIDE).hash.ravel())


def families(
    names: Sequence[object],
    hashed: npt.NDArray[np.intp],
    hashes: npt.NDArray[np.uint8],
    variants: Sequence[object] | None = None,
) -> npt.NDArray[np.intp]:
    """Number the families of a catalogue.

    Args:
        names: the N product names; missing ones join nothing.
        hashed: rows of the M products that have a picture.
        hashes: their perceptual hashes, shape (M, 32), uint8.
        variants: for each product what it is a variant of, the same for all of one; missing ones join nothing.

    Returns:
        Shape (N,): the family of each product, numbered by its first product.
    """
    count = len(names)
    pairs = [_with_first_of_its_value([normalised_name(name) for name in names])]
    if variants is not None:
        pairs.append(_with_first_of_its_value([one if isinstance(one, str) else "" for one in variants]))
    one, other = _near(hashes, NEAR_IDENTICAL_BITS)
    pairs.append(np.stack([hashed[one], hashed[other]]))
    left, right = np.concatenate(pairs, axis=1)
    graph = coo_matrix((np.ones(len(left), dtype=bool), (left, right)), shape=(count, count))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.intp)


def _with_first_of_its_value(values: Sequence[str]) -> npt.NDArray[np.intp]:
    """Pairs of a position and the first one of the same value, shape (2, P); "" is no value."""
    first: dict[str, int] = {}
    pairs = [(place, first.setdefault(value, place)) for place, value in enumerate(values) if value]
    return np.array(pairs, np.intp).reshape(-1, 2).T


def family_names(products: pd.DataFrame) -> pd.Series:
    """The normalised names of the products; what "variants of the same product" share."""
    return products[NAME].map(normalised_name, na_action=None)


def near_identical(
    hashes: npt.NDArray[np.uint8], bits: int = NEAR_IDENTICAL_BITS
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Pairs (left < right) of rows whose hashes differ in at most ``bits`` bits, among each row's nearest ones."""
    pairs = np.stack(_near(hashes, bits), axis=1)
    pairs = np.unique(pairs[pairs[:, 0] < pairs[:, 1]], axis=0)
    return pairs[:, 0], pairs[:, 1]


def _near(hashes: npt.NDArray[np.uint8], bits: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Each row with each of its nearest rows, itself among them, whose hash differs in at most ``bits`` bits.

    A search within a radius is many times as fast as one for the nearest, which is left for rows with more than
    ``HASH_NEIGHBOURS`` others in reach, such as those with a picture that stands for a missing one.
    """
    index = faiss.IndexBinaryFlat(hashes.shape[1] * 8)
    index.add(np.ascontiguousarray(hashes))
    rows, others = [np.empty(0, np.intp)], [np.empty(0, np.intp)]
    for start in range(0, len(hashes), HASH_BATCH):
        asked = np.ascontiguousarray(hashes[start : start + HASH_BATCH])
        limits, _, found = index.range_search(asked, bits + 1)
        counts = np.diff(limits.astype(np.intp))
        few = counts <= HASH_NEIGHBOURS
        rows.append(start + np.repeat(np.arange(len(asked)), np.where(few, counts, 0)))
        others.append(found[np.repeat(few, counts)].astype(np.intp))
        if not few.all():
            many = np.flatnonzero(~few)
            distances, neighbours = index.search(asked[many], HASH_NEIGHBOURS)
            near, columns = np.nonzero(distances <= bits)
            rows.append(start + many[near])
            others.append(neighbours[near, columns])
    return np.concatenate(rows), np.concatenate(others)
