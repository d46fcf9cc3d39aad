"""Families of products, and the split into train, validation and test that never tears one apart.

Colour variants share a name, re-shoots share a picture; a model that saw one has half seen the other. So
products of the same normalised name, or with near-identical pictures, form a family, and a family lies on one
side. The side comes from a hash of the family, so it does not move when other products come or go.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import faiss
import imagehash
import numpy as np
import numpy.typing as npt
import pandas as pd
from PIL import Image
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from mpsr.catalogue import ID, NAME
from mpsr.store import Artefact

Side = Literal["train", "validation", "test"]
SIDES: tuple[Side, ...] = ("train", "validation", "test")

#: Side of the perceptual hash: 16 × 16 = 256 bits.
HASH_SIDE = 16

#: Pictures whose hashes differ in at most this many of 256 bits are near-identical. On the real catalogue 98 % of
#: such pairs share the article type, and the largest family stays below 150 products; from 24 bits on,
#: chains of look-alikes merge into families of hundreds.
NEAR_IDENTICAL_BITS = 16

#: How many nearest hashes are looked at per picture; chains reach further.
HASH_NEIGHBOURS = 32

#: Cumulative shares of the sides.
TRAIN_UNTIL, VALIDATION_UNTIL = 0.8, 0.9

_NOT_WORD = re.compile(r"[\W_]+")


def normalised_name(name: object) -> str:
    """The name in lower case, all but letters and digits folded to single spaces; "" for a missing one."""
    return _NOT_WORD.sub(" ", name.lower()).strip() if isinstance(name, str) else ""


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


def sides(products: pd.DataFrame, family: npt.NDArray[np.intp]) -> npt.NDArray[np.str_]:
    """The side of each product, shape (N,): one of ``SIDES``, the same for all of a family, near 80/10/10.

    A family is known by the smallest id among its products.
    """
    keys = products[ID].groupby(family).transform("min")
    share = keys.map({key: _uniform(key) for key in keys.unique()}).to_numpy(dtype=float)
    return np.select([share < TRAIN_UNTIL, share < VALIDATION_UNTIL], ["train", "validation"], "test")


def _uniform(key: str) -> float:
    """A number in [0, 1) that depends on the key alone."""
    return int.from_bytes(hashlib.sha256(f"mpsr-split-1:{key}".encode()).digest()[:8]) / 2**64


def family_names(products: pd.DataFrame) -> pd.Series:
    """The normalised names of the products; what "variants of the same product" share."""
    return products[NAME].map(normalised_name, na_action=None)


@dataclass(frozen=True)
class Split:
    """Which family and which side each product belongs to.

    Attributes:
        family: shape (N,), int64; the same number for products of one family.
        side: shape (N,), text, one of ``SIDES``.
    """

    family: npt.NDArray[np.int64]
    side: npt.NDArray[np.str_]

    def on(self, *wanted: Side) -> npt.NDArray[np.bool_]:
        """Which products lie on one of those sides, shape (N,)."""
        return np.isin(self.side, wanted)


#: Files of a split in a store.
FAMILY, SIDE, HASHES, HASHED = "family.npy", "side.npy", "hashes.npy", "hashed.npy"


def read_split(artefact: Artefact) -> Split:
    """The split of a store's split artefact."""
    return Split(np.asarray(artefact.array(FAMILY)), np.asarray(artefact.array(SIDE)))


def split_catalogue(
    products: pd.DataFrame, hashed: npt.NDArray[np.intp], hashes: npt.NDArray[np.uint8]
) -> Split:
    """The split of a whole catalogue, with and without pictures.

    Products with a picture are split first and alone, exactly as when the picture encoder is trained, so that
    nothing it learnt from is ever taken for unseen. A product without a picture then joins the family of its name;
    those whose name no pictured product bears form families of their own.

    Args:
        products: the N products.
        hashed: positions of the M products with a picture, ascending.
        hashes: their perceptual hashes, shape (M, 32), uint8.
    """
    count = len(products)
    family, side = np.full(count, -1, np.int64), np.full(count, "train", dtype="U10")
    pictured = products.iloc[hashed].reset_index(drop=True)
    family[hashed] = families(pictured[NAME].tolist(), np.arange(len(pictured)), hashes)
    side[hashed] = sides(pictured, family[hashed])
    names = family_names(products).to_numpy()
    known = {name: place for place, name in zip(hashed, names[hashed], strict=True) if name}
    bare = np.flatnonzero(family < 0)
    joins = np.array([known.get(names[place], -1) for place in bare], dtype=np.int64)
    joined, rest = bare[joins >= 0], bare[joins < 0]
    family[joined], side[joined] = family[joins[joins >= 0]], side[joins[joins >= 0]]
    if len(rest):
        others = products.iloc[rest].reset_index(drop=True)
        own = families(
            others[NAME].tolist(), np.empty(0, np.intp), np.empty((0, HASH_SIDE**2 // 8), np.uint8)
        )
        family[rest], side[rest] = own + family.max(initial=-1) + 1, sides(others, own)
    return Split(family, side)


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
