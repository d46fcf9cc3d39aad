"""The split into train, validation and test, which never separates a family.

Colour variants share a name, re-shoots share a picture; a model that saw one has half seen the other. So
products of the same normalised name, with near-identical pictures, or variants of one product by the shop's own
table form a family, and a family lies on one side. The side comes from a hash of the family, so it does not move
when other products come or go.
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
from mpsr.catalogue.types import VARIANT_OF
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
    nothing it learnt from is ever taken for unseen. Products without a picture then join the family of the product that
    they are variants of, or of their name; those that no pictured product belongs to form families of their own.

    Args:
        products: the N products.
        hashed: rows of the M products with a picture, ascending.
        hashes: their perceptual hashes, shape (M, 32), uint8.
    """
    count, variants = len(products), variants_of(products)
    family, side = np.full(count, -1, np.int64), np.full(count, "train", dtype="U10")
    pictured = products.iloc[hashed].reset_index(drop=True)
    family[hashed] = families(
        pictured[NAME].tolist(), np.arange(len(pictured)), hashes, variants[hashed].tolist()
    )
    side[hashed] = sides(pictured, family[hashed])
    bare = np.flatnonzero(family < 0)
    if not len(bare):
        return Split(family, side)
    others = products.iloc[bare].reset_index(drop=True)
    none = np.empty(0, np.intp), np.empty((0, HASH_BYTES), np.uint8)
    own = families(others[NAME].tolist(), *none, variants[bare].tolist())
    joins = _joins(own, _kin(hashed, products, variants), bare)
    joined, rest = joins >= 0, joins < 0
    family[bare[joined]], side[bare[joined]] = family[joins[joined]], side[joins[joined]]
    if rest.any():
        left = others[rest].reset_index(drop=True)
        numbers = np.unique(own[rest], return_inverse=True)[1]
        family[bare[rest]], side[bare[rest]] = numbers + family.max(initial=-1) + 1, sides(left, numbers)
    return Split(family, side)


def _kin(
    hashed: npt.NDArray[np.intp], products: pd.DataFrame, variants: npt.NDArray[np.object_]
) -> npt.NDArray[np.int64]:
    """For each product a pictured one that it is a variant of the same as, else one of its name, else -1."""
    names = family_names(products).to_numpy()
    by_name = {name: place for place, name in zip(hashed, names[hashed], strict=True) if name}
    by_variant = {one: place for place, one in zip(hashed, variants[hashed], strict=True) if one}
    return np.array(
        [by_variant.get(one, by_name.get(name, -1)) for name, one in zip(names, variants, strict=True)],
        np.int64,
    )


def _joins(
    own: npt.NDArray[np.intp], kin: npt.NDArray[np.int64], bare: npt.NDArray[np.intp]
) -> npt.NDArray[np.int64]:
    """For each product without a picture a pictured one of its family: its own kin, or the kin of one it belongs to."""
    found: dict[int, int] = {}
    for number, place in zip(own, kin[bare], strict=True):
        if place >= 0:
            found.setdefault(int(number), int(place))
    return np.array([found.get(int(number), -1) for number in own], np.int64)


def variants_of(products: pd.DataFrame) -> npt.NDArray[np.object_]:
    """What each product is a variant of, "" where the table says nothing, shape (N,)."""
    if VARIANT_OF not in products:
        return np.full(len(products), "", dtype=object)
    return np.array([one if isinstance(one, str) else "" for one in products[VARIANT_OF]], dtype=object)
