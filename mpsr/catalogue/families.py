"""Families of products: colour variants share a name, re-shoots share a picture."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

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


#: Pictures whose hashes differ in at most this many of 256 bits are near-identical. On the real catalogue 98 % of
#: such pairs share the article type, and the largest family stays below 150 products; from 24 bits on,
#: chains of look-alikes merge into families of hundreds.
NEAR_IDENTICAL_BITS = 16


#: How many nearest hashes are looked at per picture; chains reach further.
HASH_NEIGHBOURS = 32


#: Signs that change how another looks and no word: joiners, and selectors of a variant form.
_SHAPING = re.compile("[\u200c\u200d\ufe00-\ufe0f]")


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
    names: Sequence[object], hashed: npt.NDArray[np.intp], hashes: npt.NDArray[np.uint8]
) -> npt.NDArray[np.intp]:
    """Number the families of a catalogue.

    Args:
        names: the N product names; missing ones join nothing.
        hashed: positions of the M products that have a picture.
        hashes: their perceptual hashes, shape (M, 32), uint8.

    Returns:
        Shape (N,): the family of each product, numbered by its first product.
    """
    count = len(names)
    normalised = pd.Series([normalised_name(name) for name in names])
    by_name = normalised.groupby(normalised).transform(lambda group: group.index[0]).to_numpy()
    named = np.flatnonzero((normalised != "").to_numpy())
    pairs = [np.stack([named, by_name[named]])]
    if len(hashed):
        index = faiss.IndexBinaryFlat(hashes.shape[1] * 8)
        index.add(np.ascontiguousarray(hashes))
        distances, neighbours = index.search(np.ascontiguousarray(hashes), min(HASH_NEIGHBOURS, len(hashed)))
        rows, columns = np.nonzero(distances <= NEAR_IDENTICAL_BITS)
        pairs.append(np.stack([hashed[rows], hashed[neighbours[rows, columns]]]))
    left, right = np.concatenate(pairs, axis=1)
    graph = coo_matrix((np.ones(len(left), dtype=bool), (left, right)), shape=(count, count))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.intp)


def family_names(products: pd.DataFrame) -> pd.Series:
    """The normalised names of the products; what "variants of the same product" share."""
    return products[NAME].map(normalised_name, na_action=None)


def near_identical(
    hashes: npt.NDArray[np.uint8], bits: int
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Pairs (left < right) of rows whose hashes differ in at most ``bits`` bits, among each row's nearest ones."""
    if not len(hashes):
        return np.empty(0, np.intp), np.empty(0, np.intp)
    index = faiss.IndexBinaryFlat(hashes.shape[1] * 8)
    index.add(np.ascontiguousarray(hashes))
    distances, neighbours = index.search(np.ascontiguousarray(hashes), min(HASH_NEIGHBOURS, len(hashes)))
    rows, columns = np.nonzero(distances <= bits)
    pairs = np.stack([rows, neighbours[rows, columns]], axis=1)
    pairs = np.unique(pairs[pairs[:, 0] < pairs[:, 1]], axis=0)
    return pairs[:, 0], pairs[:, 1]
