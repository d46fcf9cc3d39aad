"""Sentences word by word on a shop small enough to count by hand; ``test_truth`` holds them on any catalogue."""

import pytest

from mpsr.insights.listings import Selection, listings_of
from mpsr.insights.views import VIEWS, Options, insight
from mpsr.insights.views.base import EMPTY
from mpsr.insights.words import about, counted, percent
from tests.insights.conftest import table_of
from tests.insights.test_association import striped_shop

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


def say(view: str, where: dict | None = None, rows: list[dict] = ROWS, **options) -> str:
    selection = Selection.of(where or {})
    found = insight(view, listings_of(table_of(rows)), selection, Options(**options))
    return found.finding.replace("\u00a0", " ")


def test_what_leads_in_which_season() -> None:
    assert say("types") == (
        "The most frequent type is Shirts in Summer (60 of 100 listings); Tops in Fall (150 of 150)."
    )
    assert say("types", as_="share") == (
        "The most frequent type is Shirts in Summer (60.0 % of its listings); Tops in Fall (100.0 %)."
    )
    assert say("colours", {"gender": ["Women"]}) == (
        "The most frequent colour is Red in Summer (40 of 40 selected listings); Blue in Fall (100 of 100)."
    )


def test_equals_are_named_together() -> None:
    rows = [{"season": "Fall", "articleType": kind} for kind in "AABBC"]
    assert (
        say("types", rows=rows) == "The most frequent type is A and B alike in Fall (2 of 5 listings each)."
    )
    many = [{"season": "Fall", "articleType": kind} for kind in "ABCDE"]
    assert (
        say("types", rows=many)
        == "The most frequent type is each of 5 types alike in Fall (1 of 5 listings each)."
    )


def test_one_is_one_listing() -> None:
    rows = [{"season": "Fall", "articleType": "A", "masterCategory": "Apparel", "year": "2012"}]
    assert say("types", rows=rows) == "The most frequent type is A in Fall (1 of 1 listing)."
    assert say("time", rows=rows) == "The highest count is 1 listing (A in 2012)."
    assert say("shares", rows=rows) == "Fall: 100.0 % Apparel (1 of 1 listing)."


def test_categories_and_shares() -> None:
    assert say("categories") == "The largest season of each category, in listings: Apparel Fall (150)."
    one = say("categories", {"season": ["Summer"]}, as_="share")
    assert one == "Apparel makes up most, 100.0 % of the selected listings of Summer."
    assert say("shares") == (
        "All seasons are equally one-sided: Summer (100.0 % Apparel) and Fall (100.0 % Apparel)."
    )


def test_what_varies_most_is_said_of_the_categories_drawn() -> None:
    counts = {"Spring": (1, 2, 20), "Fall": (60, 30, 0)}
    rows = [
        {"season": season, "masterCategory": category}
        for season, numbers in counts.items()
        for category, number in zip(("Apparel", "Footwear", "Personal Care"), numbers, strict=True)
        for _ in range(number)
    ]
    assert say("categories", rows=rows, as_="share") == (
        "Of the 2 categories drawn, Apparel varies most: 4.3 % of the listings of Spring, 66.7 % of Fall."
    )
    assert say("categories", rows=rows, as_="share", every=True).startswith(
        "Personal Care varies most: 0.0 %"
    )
    three = insight("categories", listings_of(table_of(rows)), Selection.of({}))
    assert "20 products of other categories not shown (up to 87.0\u00a0% of Spring)" in three.notes


def test_what_rose_and_what_fell() -> None:
    assert say("time", as_="share") == (
        "Tops rose most from 2011 to 2012 (45.5 % to 100.0 % of each year's listings); "
        "Shirts fell most (54.5 % to 0.0 %)."
    )
    assert say("time", {"gender": ["Men"]}, rows=[*ROWS, *ROWS], as_="share") == (
        "Fewer than two years have at least 100 products, so no shares are compared."
    )
    assert say("time", values=("Tops",), as_="share") == (
        "Tops rose from 2011 to 2012 (45.5 % to 100.0 % of each year's listings)."
    )
    assert say("time") == "The highest count is 140 listings (Tops in 2012)."


def test_shares_over_time_of_a_selection_say_so() -> None:
    assert say("time", {"baseColour": ["Blue"]}, as_="share") == (
        "Tops rose most from 2011 to 2012 (45.5 % to 100.0 % of each year's selected listings); "
        "Shirts fell most (54.5 % to 0.0 %)."
    )


def test_types_and_genders() -> None:
    assert say("gender") == (
        "1 of the 2 types shown has at least 90 % of its listings in one gender; the most mixed is Tops, "
        "at most 73.7 % for one gender (Women)."
    )
    assert say("gender", {"gender": ["Men"]}) == (
        "All selected listings of the types shown have one gender: Men."
    )
    told = say("gender", as_="association")
    assert told.startswith("Type and gender are associated with Cramér's V = 0.6")
    assert "Shirts for Men (60 listings, 26 expected)" in told


def test_biggest_changes_in_shares() -> None:
    told = say("changes", as_="share", column="baseColour", by="season", before="Summer", after="Fall")
    assert told.startswith(
        "From Summer (100 listings) to Fall (150 listings), 2 of 2 colours clearly changed their share: "
        "Blue grew most, from 60.0 % to 100.0 %"
    )
    assert "Red shrank most, from 40.0 % to 0.0 % (−40.0 points" in told
    assert say("changes", as_="share", column="usage") == (
        "From 2011 (110 listings) to 2012 (140 listings), the only usage did not clearly change its share."
    )
    assert say("changes", before="2011", after="2011").startswith("2011 is compared with itself")
    assert say("changes", {"year": ["2011"]}) == "There are not two years to compare here."


def test_biggest_changes_in_counts_speak_of_counts() -> None:
    assert say("changes") == (
        "From 2011 (110 listings) to 2012 (140 listings): Tops rose most in count, from 50 to 140; "
        "Shirts fell most in count, from 60 to 0."
    )


def test_what_sets_apart() -> None:
    opening = "Compared with the rest of the catalogue (150 listings), this selection (100 listings) has "
    assert say("apart", {"season": ["Summer"]}, as_="share") == (
        f"{opening}a clearly larger share of Shirts (60.0 % against 0.0 %) "
        "and a clearly smaller share of Tops (40.0 % against 100.0 %)."
    )
    assert say("apart", {"season": ["Summer"]}) == (
        f"{opening}a clearly larger share of Shirts (60 of 100 against 0 of 150) "
        "and a clearly smaller share of Tops (40 of 100 against 150 of 150)."
    )
    assert "whole catalogue" in say("apart")


def test_under_represented() -> None:
    def told(hole: int, **options) -> str:
        return say("underrepresented", rows=striped_shop(hole), **options)

    assert told(40) == "None of 16 combinations compared has clearly fewer listings than expected."
    assert told(2) == (
        "1 of 16 combinations has clearly fewer listings than expected; the largest shortfall in listings is "
        "Red A for Men (Apparel): 2 listings, 25 expected."
    )
    assert told(2, as_="share").endswith("Red A for Men (Apparel): 1.6 % of these A, 20.3 % expected.")
    assert say("underrepresented", {"season": ["Summer"]}).startswith("No combination has enough products")


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("as_", ["count", "share", "association"])
def test_nothing_selected_says_so(view: str, as_) -> None:
    assert say(view, {"usage": ["no such"]}, as_=as_) == EMPTY


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("as_", ["count", "share", "association"])
def test_a_catalogue_of_missing_values_and_no_sales_still_speaks(view: str, as_) -> None:
    for products in (table_of([{}] * 3), table_of(ROWS, sales=["0"] * len(ROWS))):
        listings = listings_of(products, "sales" if "sales" in products else None)
        selection = Selection.of({}, ["100"]) if view == "apart" else Selection.of({})
        told = insight(view, listings, selection, Options(as_=as_)).finding
        assert told
        assert told.endswith(".")
        assert "nan" not in told


def test_small_shares_are_not_rounded_to_nothing() -> None:
    assert percent(0.0001) == "under 0.1\u00a0%"
    assert percent(0) == "0.0\u00a0%"


def test_numbers_and_their_things_agree() -> None:
    assert counted(1, "listings") == "1 listing"
    assert counted(1, "sales", "selected ") == "1 selected sale"
    assert counted(1234, "categories") == "1,234 categories"
    assert (about(4.44), about(24.6)) == ("4.4", "25")
