"""Every number of a sentence stands in its table."""

import pytest

from mpsr.insights.listings import Selection, listings_of
from mpsr.insights.sentences import EMPTY, sentence
from mpsr.insights.style import percent
from mpsr.insights.views import VIEWS, Options, tabulate
from tests.insights.conftest import table_of
from tests.insights.test_tables_association import striped_shop

ROWS = (
    [{"season": "Summer", "year": "2011", "gender": "Men", "articleType": "Shirts", "baseColour": "Blue"}]
    * 60
    + [{"season": "Summer", "year": "2012", "gender": "Women", "articleType": "Tops", "baseColour": "Red"}]
    * 40
    + [{"season": "Fall", "year": "2012", "gender": "Women", "articleType": "Tops", "baseColour": "Blue"}]
    * 100
    + [{"season": "Fall", "year": "2011", "gender": "Men", "articleType": "Tops", "baseColour": "Blue"}] * 50
)
ROWS = [{**row, "masterCategory": "Apparel", "usage": "Casual"} for row in ROWS]


def say(view: str, where: dict | None = None, **options) -> str:
    asked = Options(**options)
    found = tabulate(view, listings_of(table_of(ROWS)), Selection.of(where or {}), asked)
    return sentence(found, asked.share, asked.as_ == "association").replace("\u00a0", " ")


def test_what_leads_in_which_season() -> None:
    assert say("types") == (
        "The most frequent type is Shirts in Summer (60 of 100 listings); Tops in Fall (150 of 150 listings)."
    )
    assert say("types", as_="share") == (
        "The most frequent type is Shirts in Summer (60.0 % of its listings); Tops in Fall (100.0 % of its listings)."
    )
    assert say("colours") == (
        "The most frequent colour is Blue in Summer (60 of 100 listings) and Fall (150 of 150 listings)."
    )


def test_categories_and_shares() -> None:
    assert say("categories") == "The largest season of each category, in listings: Apparel Fall (150)."
    one = say("categories", {"season": ["Summer"]}, as_="share")
    assert one == "Apparel makes up 100.0 % of the listings of Summer."
    assert "100.0 % Apparel" in say("shares")


def test_what_rose_and_what_fell() -> None:
    assert say("time", as_="share") == (
        "From 2011 to 2012 (in shares of all listings of the year): Tops rose most, from 45.5 % to 100.0 %; "
        "Shirts fell most, from 54.5 % to 0.0 %."
    )
    assert say("time") == "The highest count is Tops in 2012: 140 listings."
    assert say("time", as_="share", step="season") == (
        "Fewer than two periods have enough products (100) for their shares to be compared."
    )


def test_types_and_genders() -> None:
    assert say("gender") == (
        "1 of the 2 types shown has at least 90 % of their listings in one gender; the most mixed is Tops, "
        "73.7 % Women at the most."
    )
    assert say("gender", {"gender": ["Men"]}) == "All products shown have one gender: Men."
    told = say("gender", as_="association")
    assert told.startswith("Types and genders go together with Cramér's V = 0.6")
    assert "Furthest above chance: Shirts for Men (60 listings, 26 expected)" in told


def test_what_moved() -> None:
    told = say("moved", column="baseColour", by="season", before="Summer", after="Fall")
    assert told.startswith(
        "2 of 2 colours changed share clearly from Summer to Fall: Blue grew most, from 60.0 % to 100.0 %"
    )
    assert "Red shrank most, from 40.0 % to 0.0 % (−40.0 points" in told
    assert say("moved", column="usage") == "None of the 1 usages changed its share clearly from 2011 to 2012."
    assert say("moved", before="2011", after="2011").startswith("2011 is compared with itself")
    assert say("moved", {"year": ["2011"]}) == "There are not two years to compare here."


def test_what_sets_apart() -> None:
    told = say("apart", {"season": ["Summer"]})
    assert told == (
        "Compared with the rest of the catalogue this selection has a clearly larger share of Shirts "
        "(60.0 % against 0.0 %) and smaller share of Tops (40.0 % against 100.0 %)."
    )
    assert "whole catalogue" in say("apart")


def test_gaps() -> None:
    def told(hole: int) -> str:
        return sentence(tabulate("gaps", listings_of(table_of(striped_shop(hole))), Selection.of({})))

    assert told(40) == "None of 16 combinations is clearly thinner than its margins suggest."
    assert told(2) == (
        "1 of 16 combinations is clearly thinner than its margins suggest; the largest gap is Red A for Men: "
        "2 listings where 25 would be expected."
    )
    assert say("gaps", {"season": ["Summer"]}).startswith("No combination has enough products")


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("as_", ["count", "share", "association"])
def test_nothing_selected_says_so(view: str, as_) -> None:
    where = {"usage": ["no such"]}
    if view == "apart":
        assert "whole catalogue" in say(view, where, as_=as_)
    else:
        assert say(view, where, as_=as_) == EMPTY


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("as_", ["count", "share", "association"])
def test_a_catalogue_of_missing_values_and_no_sales_still_speaks(view: str, as_) -> None:
    for products in (table_of([{}] * 3), table_of(ROWS, sales=["0"] * len(ROWS))):
        listings = listings_of(products, "sales" if "sales" in products else None)
        asked = Options(as_=as_)
        selection = Selection.of({}, ["100"]) if view == "apart" else Selection.of({})
        told = sentence(tabulate(view, listings, selection, asked), asked.share, as_ == "association")
        assert told
        assert told.endswith(".")
        assert "nan" not in told


def test_small_shares_are_not_rounded_to_nothing() -> None:
    assert percent(0.0001) == "under 0.1\u00a0%"
    assert percent(0) == "0.0\u00a0%"
