"""Overlap and uniqueness on a planted catalogue, where the groups are known."""

from __future__ import annotations

import numpy as np
import pytest

from mpsr.assortment import overlap as room
from mpsr.assortment.overlap import UNKNOWN, overlap
from mpsr.errors import InputError
from mpsr.pipeline import build
from mpsr.service import Service, open_service
from mpsr.stages.settings import Settings
from mpsr.store import Store

from ..conftest import HEADER, line, shop_pictures, shop_rows, write_catalogue

#: id → gender, price; name and picture of them are those of product 102, a blue shirt.
PLANTED = {
    "1": ("Men", "100"),
    "2": ("Men", "110"),
    "3": ("Men", ""),
    "4": ("Women", "100"),
    "5": ("Women", "90"),
}


@pytest.fixture(scope="module")
def planted(tmp_path_factory, tiny_profile) -> Service:
    folder = tmp_path_factory.mktemp("planted")
    rows = [f"{row},900" for row in shop_rows() if not row.startswith("102,")]
    for product, (gender, price) in PLANTED.items():
        text = line(product, "Alder Blue Shirts", "Blue", "Shirts").replace(",Men,", f",{gender},", 1)
        rows.append(f"{text},{price}")
    pictures = shop_pictures()
    pictures |= {f"{product}.jpg": pictures["102.jpg"] for product in PLANTED}
    table = "".join(f"{row}\n" for row in (f"{HEADER},price", *rows)).encode()
    write_catalogue(folder / "catalogue", table, pictures)
    build(folder / "catalogue", Store(folder / "store"), Settings(profile=tiny_profile))
    return open_service(folder / "store")


#: Above all pairs but the planted ones, 10 of 561.
HIGH = 1 - 10 / 561


def test_the_groups_are_the_planted_ones(planted):
    found = overlap(planted, HIGH)
    told = found.groups[["group", "products", "gender", "articleType", "colours"]].to_numpy().tolist()
    assert told == [[1, 3, "Men", "Shirts", "Blue 3"], [2, 2, "Women", "Shirts", "Blue 2"]]
    assert found.groups["central"].tolist()[0] in ("1", "2", "3")
    np.testing.assert_array_equal(found.groups["price_least"], [100, 90])
    np.testing.assert_array_equal(found.groups["price_most"], [110, 100])
    groups = found.products.set_index("id")["group"].dropna().to_dict()
    assert groups == {"1": 1, "2": 1, "3": 1, "4": 2, "5": 2}


def test_the_planted_stand_least_alone(planted):
    products = overlap(planted, HIGH).products.set_index("id")
    assert (products.loc[list(PLANTED), "uniqueness"] <= 4 / 33).all()
    assert products["uniqueness"].max() == 1
    assert products["score"].idxmin() == products["uniqueness"].idxmax()
    assert set(products.loc[list(PLANTED), "nearest"]) <= set(PLANTED)


def test_every_two_of_a_group_are_above_the_percentile_and_chains_are_cut(planted):
    found = overlap(planted, 0.5)
    space, rows = planted.space(), found.products["group"]
    for number in found.groups["group"]:
        members = np.flatnonzero((rows == number).fillna(False))
        scores = space.pairwise(members, room.Weights())
        assert scores.min() >= found.threshold
        assert scores.min() == pytest.approx(found.groups["least_score"][number - 1])
    mask = np.ones(len(planted), bool)
    assert any(
        space.pairwise(chain, room.Weights()).min() < found.threshold
        for chain in room._chains(planted, mask, found.threshold)
    )


def test_only_what_passes_the_filter_is_grouped(planted):
    found = overlap(planted, HIGH, {"gender": ["Women"]})
    assert found.products["id"].tolist() == ["4", "5"]
    assert found.groups["products"].tolist() == [2]


def test_what_is_not_known_is_said(planted, tiny_store):
    assert overlap(planted, HIGH).notes[-1] == UNKNOWN
    assert any("20 nearest" in note for note in overlap(planted, HIGH).notes)
    assert any("no column of price" in note for note in overlap(open_service(tiny_store)).notes)
    assert any(
        note.startswith("1 of these products have no picture") for note in overlap(planted, HIGH).notes
    )


@pytest.mark.parametrize("percentile", [0, 1, -1, float("nan")])
def test_wrong_percentiles_are_refused(planted, percentile):
    with pytest.raises(InputError, match="the percentile is"):
        overlap(planted, percentile)


def test_a_chain_that_is_too_long_is_refused(planted, monkeypatch):
    monkeypatch.setattr(room, "MOST", 2)
    with pytest.raises(InputError, match="choose a higher percentile"):
        overlap(planted, HIGH)


def test_a_score_at_a_percentile_is_the_inverse_of_the_percentile(planted):
    request = room.Request(room.about("1"))
    for share in (0.1, 0.5, 0.9):
        assert planted.percentile(planted.score_at(share, request), request) == pytest.approx(share, abs=0.01)
