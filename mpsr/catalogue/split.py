"""The split into train, validation and test, which never separates a family.

Colour variants share a name, re-shoots share a picture; a model that saw one has half seen the other. So products
of the same normalised name, or with near-identical pictures, form a family, and a family is on one side. The side comes
from a hash of the family, so it stays the same when other products come or go.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from mpsr.catalogue import ID, NAME
from mpsr.catalogue.families import HASH_BYTES, families, family_names
from mpsr.store import Artefact
from mpsr.store.layout import FAMILY, SIDE

Side = Literal["train", "validation", "test"]
SIDES: tuple[Side, ...] = ("train", "validation", "test")

#: Cumulative shares of the sides.
TRAIN_UNTIL, VALIDATION_UNTIL = 0.8, 0.9


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
        """Which products are on one of those sides, shape (N,)."""
        return np.isin(self.side, wanted)


def read_split(artefact: Artefact) -> Split:
    """The split of a store's split artefact."""
    return Split(np.asarray(artefact.array(FAMILY)), np.asarray(artefact.array(SIDE)))


def split_catalogue(
    products: pd.DataFrame, hashed: npt.NDArray[np.intp], hashes: npt.NDArray[np.uint8]
) -> Split:
    """The split of a whole catalogue, with and without pictures.

    Products with a picture are split first and alone, exactly as when the picture encoder is trained, so that
    nothing it was trained on ever counts as unseen. A product without a picture then joins the family of its name;
    those whose name no pictured product has form families of their own.

    Args:
        products: the N products.
        hashed: rows of the M products with a picture, ascending.
        hashes: their perceptual hashes, shape (M, 32), uint8.
    """
    count = len(products)
    family, side = np.full(count, -1, np.int64), np.full(count, "train", dtype="U10")
    pictured = products.iloc[hashed].reset_index(drop=True)
    family[hashed] = families(pictured[NAME].tolist(), np.arange(len(pictured)), hashes)
    side[hashed] = sides(pictured, family[hashed])
    names = family_names(products).to_numpy()
    known = {name: row for row, name in zip(hashed, names[hashed], strict=True) if name}
    bare = np.flatnonzero(family < 0)
    joins = np.array([known.get(names[row], -1) for row in bare], dtype=np.int64)
    joined, remaining = bare[joins >= 0], bare[joins < 0]
    family[joined], side[joined] = family[joins[joins >= 0]], side[joins[joins >= 0]]
    if len(remaining):
        others = products.iloc[remaining].reset_index(drop=True)
        own = families(others[NAME].tolist(), np.empty(0, np.intp), np.empty((0, HASH_BYTES), np.uint8))
        family[remaining], side[remaining] = own + family.max(initial=-1) + 1, sides(others, own)
    return Split(family, side)
