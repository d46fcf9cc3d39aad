"""No family on two sides, products without a picture beside their names, sides that never move."""

import numpy as np
import pandas as pd
import pytest

from mpsr.catalogue import families as families_module
from mpsr.catalogue.families import families, near_identical
from mpsr.catalogue.split import SIDES, sides, split_catalogue


@pytest.fixture
def catalogue():
    """400 names shared by 1000 products; two of three have a picture, some pictures are alike."""
    random = np.random.default_rng(0)
    names = [f"Brand {number} Shirt" for number in random.integers(0, 400, 1000)]
    names[5] = names[6] = None
    products = pd.DataFrame({"id": [str(n) for n in range(1000, 2000)], "productDisplayName": names})
    hashed = np.flatnonzero(random.random(1000) < 0.66)
    hashes = random.integers(0, 256, (len(hashed), 32)).astype(np.uint8)
    hashes[10:20] = hashes[0]
    hashes[15, 0] ^= 3  # two bits away
    return products, hashed, hashes


def test_no_family_lies_on_two_sides(catalogue):
    split = split_catalogue(*catalogue)
    assert set(split.side) == set(SIDES)
    assert pd.Series(split.side).groupby(split.family).nunique().max() == 1


def test_no_name_and_no_near_identical_picture_lies_on_two_sides(catalogue):
    products, hashed, hashes = catalogue
    split = split_catalogue(*catalogue)
    named = products["productDisplayName"].str.lower()
    assert pd.Series(split.side)[named.notna()].groupby(named).nunique().max() == 1
    left, right = near_identical(hashes, 16)
    assert len(left) >= 45
    assert (split.side[hashed[left]] == split.side[hashed[right]]).all()


def test_pictured_products_lie_where_the_picture_encoders_training_puts_them(catalogue):
    products, hashed, hashes = catalogue
    pictured = products.iloc[hashed].reset_index(drop=True)
    family = families(pictured["productDisplayName"].tolist(), np.arange(len(pictured)), hashes)
    split = split_catalogue(*catalogue)
    np.testing.assert_array_equal(split.side[hashed], sides(pictured, family))


def test_products_without_pictures_do_not_move_the_others(catalogue):
    products, hashed, hashes = catalogue
    whole, alone = split_catalogue(*catalogue), split_catalogue(products.iloc[hashed].reset_index(drop=True),
                                                               np.arange(len(hashed)), hashes)  # fmt: skip
    np.testing.assert_array_equal(whole.side[hashed], alone.side)


def test_two_runs_give_the_same_split(catalogue):
    one, other = split_catalogue(*catalogue), split_catalogue(*catalogue)
    np.testing.assert_array_equal(one.family, other.family)
    np.testing.assert_array_equal(one.side, other.side)


def test_a_catalogue_without_pictures_is_split_by_name(catalogue):
    products, _, _ = catalogue
    split = split_catalogue(products, np.empty(0, np.intp), np.empty((0, 32), np.uint8))
    assert (split.family >= 0).all()
    assert pd.Series(split.side).groupby(split.family).nunique().max() == 1


def test_nameless_products_join_nothing():
    products = pd.DataFrame({"id": ["1", "2", "3"], "productDisplayName": [None, None, ""]})
    split = split_catalogue(products, np.empty(0, np.intp), np.empty((0, 32), np.uint8))
    assert len(set(split.family)) == 3


def test_pairs_within_reach_are_all_pairs_unless_a_crowd_is(monkeypatch):
    chance = np.random.default_rng(0)
    few = np.repeat(chance.integers(0, 256, (20, 32), dtype=np.uint8), 3, axis=0)
    few[::3, 0] ^= 7
    crowd = np.repeat(
        chance.integers(0, 256, (1, 32), dtype=np.uint8), families_module.HASH_NEIGHBOURS + 9, axis=0
    )
    monkeypatch.setattr(families_module, "HASH_BATCH", 16)
    left, right = near_identical(np.concatenate([few, crowd]))
    assert {(int(a), int(b)) for a, b in zip(left, right, strict=True) if b < 60} == {
        (n, m) for n in range(60) for m in range(n + 1, 60) if n // 3 == m // 3
    }
    assert min(left[right >= 60]) >= 60  # each of the crowd has only some of it, and nothing else, in reach
