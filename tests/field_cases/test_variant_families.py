"""Variants by the shop's own table are one family, with and without pictures."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mpsr.catalogue.families import families
from mpsr.catalogue.split import split_catalogue

NONE = np.empty(0, np.intp), np.empty((0, 32), np.uint8)


def hashes(count: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (count, 32), dtype=np.uint8)


def catalogue(*rows: tuple[str, str | None]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["productDisplayName", "variant_of"])
    return frame.assign(id=[f"P{n}" for n in range(len(rows))])


def test_variants_join_where_neither_name_nor_picture_does():
    found = families(["Blue coat", "Red coat", "Hat", "Red coat"], *NONE, ["C", "C", None, ""])
    assert found.tolist() == [0, 0, 1, 0]


def test_nothing_joins_those_that_are_variants_of_nothing():
    assert len(set(families(["a", "b", "c"], *NONE, [None, "", float("nan")]))) == 3


def test_a_variant_without_a_picture_joins_its_pictured_one_and_takes_its_namesakes_along():
    products = catalogue(
        ("Blue coat", "C"), ("Red coat", "C"), ("Red coat", None), ("Hat", "H"), ("Cap", "H"), ("Tie", None)
    )
    split = split_catalogue(products, np.array([0, 5]), hashes(2))
    assert split.family[0] == split.family[1] == split.family[2]
    assert split.family[3] == split.family[4]
    assert len(set(split.family)) == 3
    assert len(set(split.side[:3])) == 1
    assert split.side[3] == split.side[4]


def test_without_variants_the_split_is_what_it_was():
    products = catalogue(("a", None), ("b", None), ("a", None), ("c", None), ("c", None), ("", None))
    split = split_catalogue(products, np.array([0, 1]), hashes(2))
    assert len(set(split.family)) == 4
    assert split.family[0] == split.family[2]
    assert split.family[3] == split.family[4]
    again = split_catalogue(products.drop(columns="variant_of"), np.array([0, 1]), hashes(2))
    assert again.family.tolist() == split.family.tolist()
    assert again.side.tolist() == split.side.tolist()
