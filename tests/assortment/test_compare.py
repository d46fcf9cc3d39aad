"""Two catalogues side by side, where it is known what both have."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mpsr.assortment import compare as room
from mpsr.assortment.compare import JOINT, LEARNED, NOTHING, TAKEN, UNKNOWN, compare
from mpsr.assortment.shares import SHARES, side_by_side
from mpsr.errors import InputError
from mpsr.pipeline import build
from mpsr.service import Service, open_service
from mpsr.stages.settings import Settings
from mpsr.store import Store

from ..conftest import HEADER, line, picture_bytes, shop_pictures, shop_rows, write_catalogue

#: A new product of the other catalogue, unlike all others, and the twin of 130.
NEW, TWIN = "1", "2"


@pytest.fixture(scope="module")
def ours(tiny_store) -> Service:
    return open_service(tiny_store)


@pytest.fixture(scope="module")
def theirs(tmp_path_factory, tiny_profile) -> Service:
    """Products 111 to 130 under ids from 911 at twice a price of 10, with a new one and a twin; 101 to 110 are gone."""
    folder = tmp_path_factory.mktemp("theirs")
    kept = shop_rows()[10:]
    rows = [f"9{row[1:]},20" for row in kept]
    rows.append(f"{line(NEW, 'Zebra Zebra Zebra', 'Green', 'Watches')},20")
    rows.append(f"{line(TWIN, kept[-1].rsplit(',', 1)[1], 'White', 'Casual Shoes')},20")
    table = "".join(f"{row}\n" for row in (f"{HEADER},price", *rows)).encode()
    pictures = {f"9{name[1:]}": data for name, data in shop_pictures().items() if int(name[:3]) > 110}
    pictures[f"{NEW}.jpg"] = picture_bytes((250, 120, 250), (40, 10))
    write_catalogue(folder / "catalogue", table, pictures)
    build(folder / "catalogue", Store(folder / "store"), Settings(profile=tiny_profile))
    return open_service(folder / "store")


def test_pairs_are_the_products_that_both_have(ours, theirs, monkeypatch):
    monkeypatch.setattr(room, "BATCH", 7)
    done = []
    found = compare(ours, theirs, lambda *told: done.append(told))
    pairs = dict(zip(found.pairs["a"], found.pairs["b"], strict=True))
    same = {str(number): f"9{number - 100}" for number in range(111, 131)}
    assert {a: b for a, b in pairs.items() if int(a) > 110} == same
    assert found.pairs["score"].is_monotonic_decreasing
    np.testing.assert_allclose(found.pairs["score"][:20], 1, atol=1e-5)
    assert done[-1] == (30, 30)
    assert (found.space, found.notes[0], found.notes[-1]) == ("paper", JOINT, UNKNOWN)
    assert any("Catalogue A has no column of price" in note for note in found.notes)


def test_what_only_one_has_comes_with_its_nearest_and_the_reason(ours, theirs):
    found = compare(ours, theirs)
    alone = found.only_b.set_index("id")
    assert alone.loc[TWIN, ["nearest", "why"]].tolist() == ["130", TAKEN]
    assert alone.loc[TWIN, "score"] == pytest.approx(1, abs=1e-5)
    assert set(found.only_a["id"]) <= {str(number) for number in range(101, 111)}
    below = found.only_a["score"] < found.threshold.score
    assert ((found.only_a["why"] == NOTHING) == below).all()
    assert len(found.pairs) + len(found.only_a) == len(ours)
    assert len(found.pairs) + len(found.only_b) == len(theirs)


def test_it_is_the_same_the_other_way_round(ours, theirs):
    one, other = compare(ours, theirs), compare(theirs, ours)
    assert set(zip(one.pairs["a"], one.pairs["b"], strict=True)) == set(
        zip(other.pairs["b"], other.pairs["a"], strict=True)
    )
    assert one.threshold.score == pytest.approx(other.threshold.score, abs=0.05)


def test_prices_are_compared_where_both_have_them(theirs):
    found = compare(theirs, theirs)
    assert found.pairs[["price_a", "price_b", "price_difference"]].to_numpy().tolist() == [[20, 20, 0]] * len(
        found.pairs
    )
    assert found.shares.query("column == 'price'")["value"].tolist() == ["20"]


def test_stores_with_the_same_towers_are_compared_in_the_learned_space(learned_store):
    service = open_service(learned_store)
    found = compare(service, service)
    assert (found.space, found.notes[0]) == ("learned", LEARNED)
    assert (found.pairs["a"] == found.pairs["b"]).mean() > 0.9


def test_stores_of_other_models_are_refused(ours, learned_store):
    with pytest.raises(InputError, match="embeddings were not made alike"):
        compare(ours, open_service(learned_store))


def table(**counts: int) -> pd.DataFrame:
    kinds = [kind for kind, count in counts.items() for _ in range(count)]
    return pd.DataFrame(
        {
            "articleType": kinds,
            "baseColour": "Red",
            "gender": None,
            "price": np.arange(len(kinds), dtype=float),
        }
    )


def test_shares_stand_side_by_side_with_intervals():
    found = side_by_side(table(Shirts=90, Bags=10), table(Shirts=50, Bags=50), ["price", "price"])
    assert list(found) == ["column", "value", *SHARES[2:]]
    bags = found.query("column == 'articleType' and value == 'Bags'").iloc[0]
    assert bags[["count_a", "share_a", "count_b", "share_b"]].tolist() == [10, 0.1, 50, 0.5]
    assert bags["difference"] == pytest.approx(0.4)
    assert 0.2 < bags["low"] < 0.4 < bags["high"] < 0.6
    assert bags["low_a"] < 0.1 < bags["high_a"]
    assert found.query("column == 'gender'")["value"].tolist() == ["(missing)"]
    bands = found.query("column == 'price'").set_index("value")
    assert bands["count_a"].tolist() == bands["count_b"].tolist() == [20] * 5
    assert "0 to below 19.8" in bands.index
    assert "price" not in set(side_by_side(table(Shirts=1), table(Shirts=1), [None, "price"])["column"])
