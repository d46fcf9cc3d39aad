"""The substitutes sheet on a planted catalogue, where the right answer is known."""

from __future__ import annotations

import pytest

from mpsr.assortment.substitutes import UNKNOWN, substitutes
from mpsr.errors import InputError
from mpsr.pipeline import build
from mpsr.search.conditions import Condition
from mpsr.service import Service, open_service
from mpsr.stages.settings import Settings
from mpsr.store import Store

from ..conftest import HEADER, line, shop_pictures, shop_rows, write_catalogue

#: id → gender, price, stock; all else of them is that of product 102, a blue shirt.
PLANTED = {
    "1": ("Men", "100", "0"),
    "2": ("Men", "110", "5"),  # the only right answer for 1
    "3": ("Men", "100", "0"),  # sold out
    "4": ("Men", "150", "5"),  # too dear
    "5": ("Women", "100", "5"),  # another gender, and the only shirt of it
    "6": ("Men", "", "5"),  # no price
}


@pytest.fixture(scope="module")
def planted(tmp_path_factory, tiny_profile) -> Service:
    folder = tmp_path_factory.mktemp("planted")
    rows = [f"{row},900,5" for row in shop_rows()]
    for product, (gender, price, stock) in PLANTED.items():
        plain = line(product, "Alder Men Blue Shirts", "Blue", "Shirts").replace(",Men,", f",{gender},", 1)
        rows.append(f"{plain},{price},{stock}")
    pictures = shop_pictures()
    pictures |= {f"{product}.jpg": pictures["102.jpg"] for product in PLANTED}
    table = "".join(f"{row}\n" for row in (f"{HEADER},price,stock", *rows)).encode()
    write_catalogue(folder / "catalogue", table, pictures)
    build(folder / "catalogue", Store(folder / "store"), Settings(profile=tiny_profile))
    return open_service(folder / "store")


def test_only_the_planted_substitute_is_found(planted):
    found = substitutes(planted, ["1"])
    assert list(found.table["substitute"]) == ["2"]
    assert found.table["reason"][0] == "same gender and type, price within 20%, in stock"
    assert found.without.empty
    assert found.notes == (UNKNOWN,)


def test_a_wider_price_lets_the_dear_one_in(planted):
    assert set(substitutes(planted, ["1"], price_within=0.6).table["substitute"]) == {"2", "4"}


def test_substitutes_pass_the_filters(planted):
    wide = substitutes(planted, ["1"], price_within=0.6, where={"price": Condition(least=120)})
    assert list(wide.table["substitute"]) == ["4"]
    none = substitutes(planted, ["1"], where={"baseColour": ["Red"]})
    assert none.table.empty
    assert none.without["why"][0].startswith("no other product")


def test_products_without_any_are_listed_with_the_reason(planted):
    found = substitutes(planted, ["5", "6", "1", "2"])
    assert found.table.empty  # 2, which would do for 1, sells out itself
    why = dict(zip(found.without["id"], found.without["why"], strict=True))
    assert why["5"].startswith("no other product")
    assert why["6"] == "its price is missing"
    assert set(why) == {"5", "6", "1", "2"}


def test_without_price_and_stock_the_sheet_says_so(tiny_store):
    notes = substitutes(open_service(tiny_store), ["101"]).notes
    assert [name for name in ("price", "stock") if any(f"no column of {name}" in note for note in notes)] == [
        "price",
        "stock",
    ]


@pytest.mark.parametrize(
    ("ids", "options"), [([], {}), (["nope"], {}), (["101"], {"best": 0}), (["101"], {"price_within": -1})]
)
def test_wrong_input_is_refused(tiny_store, ids, options):
    with pytest.raises(InputError):
        substitutes(open_service(tiny_store), ids, **options)
