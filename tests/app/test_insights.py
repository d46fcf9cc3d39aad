"""The insights page: what an analyst sets, and what the address, the sentence and the numbers say then."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from mpsr.boards import Boards
from mpsr.catalogue import Policies
from mpsr.insights.idset import pack
from mpsr.insights.views import VIEWS
from mpsr.service import open_service
from tests.conftest import write_catalogue

ENTRY = Path(__file__).parents[2] / "streamlit_app.py"
EVIL = "<b>Nike</b> [x](y) *z*"


def rows() -> Iterable[str]:
    for number in range(120):
        season, year = ("Summer", 2011) if number % 2 else ("Fall", 2012)
        kind, master, sub = [("Shirts", "Apparel", "Topwear"), ("Watches", "Accessories", "Watches")][
            number % 3 == 0
        ]
        gender = "Men" if number % 5 else "Women"
        yield f"{1000 + number},{gender},{master},{sub},{kind},{EVIL if number < 9 else 'Blue'},{season},{year},Casual,N"


@pytest.fixture(scope="module")
def store(tmp_path_factory, tiny_profile) -> Path:
    """A store of 120 products without a picture; the colour of nine is markup."""
    from mpsr.pipeline import build
    from mpsr.stages.settings import Settings
    from mpsr.store import Store

    place = tmp_path_factory.mktemp("insights")
    folder = write_catalogue(place / "catalogue", rows())
    build(folder, Store(place / "stores" / "shop"), Settings(tiny_profile, Policies()))
    return place / "stores"


@pytest.fixture
def app(monkeypatch, store: Path, tmp_path: Path) -> AppTest:
    monkeypatch.setenv("MPSR_STORES", str(store))
    monkeypatch.setenv("MPSR_BOARDS_URL", f"sqlite:///{tmp_path / 'boards.sqlite'}")
    return AppTest.from_file(str(ENTRY), default_timeout=60)


def opened(app: AppTest, **address: str | list[str]) -> AppTest:
    app.run()
    app.switch_page("pages/insights.py")
    app.query_params.update(address)
    return app.run()


def finding(app: AppTest) -> str:
    bodies = [element.proto.body for element in app.get("html")]
    found = [body for body in bodies if 'class="mpsr-finding"' in body]
    return html.unescape(re.sub(r"<[^>]+>", "", found[0])).replace("\u00a0", " ") if found else ""


def page_html(app: AppTest) -> str:
    return "".join(element.proto.body for element in app.get("html"))


def test_the_page_opens_with_types_by_season(app: AppTest) -> None:
    opened(app)
    assert not app.exception
    assert app.subheader[0].value == "Which product types does each season list most?"
    assert finding(app) == (
        "The most frequent type is Shirts in Summer (40 of 60 listings) and Fall (40 of 60)."
    )
    assert "120 of 120 products shown" in page_html(app)
    assert "no sales" in app.caption[0].value


def test_two_filters_and_the_point_is_seen(app: AppTest) -> None:
    opened(app)
    app.multiselect(key="insights-season").set_value(["Summer"]).run()
    app.multiselect(key="insights-gender").set_value(["Women"]).run()
    assert not app.exception
    assert finding(app) == "The most frequent type is Shirts in Summer (8 of 12 selected listings)."
    assert "12 of 12 products shown, selected from 120" in page_html(app)
    assert app.query_params["season"] in ("Summer", ["Summer"])
    assert app.query_params["gender"] in ("Women", ["Women"])
    next(button for button in app.button if button.label == "Clear all filters").click().run()
    assert "season" not in app.query_params
    assert "120 of 120 products shown" in page_html(app)


def test_a_copied_link_opens_the_same_view(app: AppTest) -> None:
    opened(app, view="shares", form="pies", season=["Summer"], **{"as": "share"})
    assert not app.exception
    assert app.subheader[0].value == "How does each season divide among the categories?"
    assert app.multiselect(key="insights-season").value == ["Summer"]
    assert finding(app) == "Summer: 66.7 % Apparel (40 of 60 selected listings)."
    assert app.session_state["insights-form"] == "pies"


@pytest.mark.parametrize("view", list(VIEWS))
def test_every_view_stands_in_counts_and_in_shares(app: AppTest, view: str) -> None:
    opened(app, view=view, gender=["Men"], **{"as": "association" if view == "gender" else "count"})
    for way in ("count", "share"):
        assert not app.exception
        assert finding(app)
        assert "selected from 120" in page_html(app) or view == "apart"
        app.query_params["as"] = way
        app.run()
    assert not app.exception


def test_biggest_changes_begins_with_the_two_largest_years_and_shows_their_counts(app: AppTest) -> None:
    opened(app, view="changes")
    assert not app.exception
    assert finding(app).startswith("From 2011 (60 listings) to 2012 (60 listings)")
    chosen = app.selectbox(key="insights-from")
    assert (chosen.value, chosen.options) == ("2011", ["2011 (60 listings)", "2012 (60 listings)"])
    opened(app, view="changes", gender=["Women"])
    assert finding(app).startswith("From 2011 (12 selected listings) to 2012 (12 selected listings)")
    assert app.selectbox(key="insights-to").options[1] == "2012 (12 listings)"


@pytest.mark.parametrize(("former", "now"), [("moved", "Biggest changes"), ("gaps", "Under-represented")])
def test_links_with_a_views_former_name_still_open_it(app: AppTest, former: str, now: str) -> None:
    opened(app, view=former)
    assert not app.exception
    (view,) = [view for view in VIEWS.values() if view.title == now]
    assert app.subheader[0].value == view.question


def test_a_single_product_is_one_listing(app: AppTest, store: Path) -> None:
    service = open_service(store / "shop")
    opened(app, ids=pack([1], len(service), service.snapshot.fingerprint), view="types")
    assert finding(app) == "The most frequent type is Shirts in Summer (1 of 1 selected listing)."
    assert "1 of 1 product shown, selected from 120" in page_html(app)
    assert "1 chosen product." in page_html(app)


def test_counts_and_shares_are_one_switch(app: AppTest) -> None:
    opened(app)
    switch = next(group for group in app.get("button_group") if group.key == "insights-as")
    switch.set_value("share").run()
    assert app.query_params["as"] == "share"
    assert "66.7 % of its listings" in finding(app)


def test_a_board_is_a_selection(app: AppTest, tmp_path: Path) -> None:
    boards = Boards(f"sqlite:///{tmp_path / 'boards.sqlite'}")
    board = boards.make(EVIL)
    boards.add(board, "shop", {"1000": "N", "1001": "N", "1003": "N"})
    boards.add(board, "elsewhere", {"1005": "N"})
    opened(app, only_board=board)
    assert not app.exception
    assert "3 of 3 products shown, selected from 120" in page_html(app)
    assert html.escape(EVIL) in page_html(app)
    assert EVIL not in page_html(app)
    app.selectbox(key="insights-only_board").set_value("").run()
    assert "120 of 120 products shown" in page_html(app)


def test_rows_chosen_on_another_page_are_a_selection(app: AppTest, store: Path) -> None:
    service = open_service(store / "shop")
    opened(app, ids=pack([1, 3, 5, 7], len(service), service.snapshot.fingerprint))
    assert "4 of 4 products shown, selected from 120" in page_html(app)
    assert "4 chosen products" in page_html(app)


def test_the_neighbourhood_of_a_product_is_a_selection(app: AppTest) -> None:
    opened(app, near="1000", view="apart")
    assert not app.exception
    assert "products most similar to it" in page_html(app)


@pytest.mark.parametrize(
    "address",
    [
        {"ids": "nonsense"},
        {"ids": "00000000.AAAA"},
        {"near": "no such"},
        {"only_board": "nosuchboard"},
        {"season": ["Monsoon"]},
        {"view": "nothing", "as": "?", "of": "price", "by": "week", "value": ["x"]},
        {"view": "moved", "from": "2012", "to": "2012"},
    ],
)
def test_a_wrong_link_gets_a_friendly_page(app: AppTest, address: dict) -> None:
    opened(app, **address)
    assert not app.exception
    assert finding(app)
    if set(address) & {"ids", "near", "only_board", "season"}:
        assert app.warning
        assert "120 of 120 products shown" in page_html(app)


def test_nothing_left_is_an_empty_state_with_a_way_back(app: AppTest) -> None:
    opened(app, season=["Summer"], year=["2012"])
    assert not app.exception
    assert app.info[0].value == "No product passes these filters."
    next(button for button in app.button if button.label == "Show all products").click().run()
    assert "120 of 120 products shown" in page_html(app)


def test_markup_in_a_catalogue_is_text(app: AppTest) -> None:
    opened(app, view="colours", baseColour=[EVIL])
    assert not app.exception
    assert html.escape(EVIL) in page_html(app)
    assert "<b>Nike" not in page_html(app)
    for element in (*app.markdown, *app.caption, *app.subheader):
        assert "Nike" not in element.value


def test_sales_of_the_users_own_table_change_the_words(monkeypatch, tiny_profile, tmp_path: Path) -> None:
    from mpsr.pipeline import build
    from mpsr.stages.settings import Settings
    from mpsr.store import Store

    head, *lines = write_catalogue(tmp_path / "c", rows()).joinpath("styles.csv").read_text().splitlines()
    table = [f"sales,{head}", *(f"{number},{line}" for number, line in enumerate(lines))]
    (tmp_path / "c" / "styles.csv").write_text("\n".join(table) + "\n")
    build(tmp_path / "c", Store(tmp_path / "stores" / "sold"), Settings(tiny_profile, Policies()))
    monkeypatch.setenv("MPSR_STORES", str(tmp_path / "stores"))
    monkeypatch.setenv("MPSR_BOARDS_URL", f"sqlite:///{tmp_path / 'boards.sqlite'}")
    app = opened(AppTest.from_file(str(ENTRY), default_timeout=60))
    assert not app.exception
    assert "sales" in app.caption[0].value
    assert "listings" not in app.caption[0].value
    assert f"of {sum(range(1, 120, 2)):,} sales" in finding(app)
    app.query_params["count"] = "listings"
    app.run()
    assert "listings" in finding(app)


def test_conditions_of_every_kind_are_taken_from_the_address(app: AppTest) -> None:
    opened(app, **{"not.articleType": "Watches", "range.year": "2012..2020", "gender": "Men"})
    assert not app.exception
    # years 2012 are the even numbers; watches are every third, women every fifth
    left = sum(n % 2 == 0 and n % 3 != 0 and n % 5 != 0 for n in range(120))
    assert f"{left} of {left} products shown, selected from 120" in page_html(app)
    assert "Men · articleType not Watches · year from 2012 to 2020" in page_html(app)
    app.sidebar.multiselect(key="insights-refused").set_value([]).run()
    assert "not.articleType" not in app.query_params
    app.sidebar.button[0].click().run()
    assert "120 of 120 products shown" in page_html(app)


def test_a_condition_that_cannot_be_is_told_and_left_out(app: AppTest) -> None:
    opened(app, **{"range.gender": "1..2", "not.brand": "x", "range.year": "2012..2020"})
    assert not app.exception
    assert "60 of 60 products shown, selected from 120" in page_html(app)
    told = "\n".join(element.value for element in app.text)
    assert "gender is no column of numbers" in told
    assert "unknown column 'brand'" in told


def test_the_products_of_a_mark_are_shown_and_lead_on(app: AppTest) -> None:
    opened(app, pick="season=Summer&articleType=Watches", gender="Men")
    assert not app.exception
    expected = [n for n in range(120) if n % 2 and n % 3 == 0 and n % 5]
    assert f"Summer · Watches: {len(expected)} products" in [one.value for one in app.subheader]
    links = [link.proto for link in app.get("page_link")]
    told = next(link.query_string for link in links if link.label == "Open in Find")
    assert {"where.gender=Men", "where.season=Summer", "where.articleType=Watches"} <= set(told.split("&"))
    app.button(key="insights-add").click().run()
    assert len(next(iter(boards_of(app)))) == len(expected)


def boards_of(app: AppTest) -> list[list[str]]:
    """The products of each board there is."""
    from mpsr.boards.database import boards_url

    kept = Boards(boards_url())
    return [[key.product for key in kept.get(board).keys] for board in kept.names()]


def test_a_mark_becomes_a_filter_and_is_closed(app: AppTest) -> None:
    opened(app, pick="season=Summer&articleType=Watches")
    press(app, "Only these in Insights")
    assert "pick" not in app.query_params
    assert "".join(app.query_params["articleType"]) == "Watches"
    assert "20 of 20 products shown" in page_html(app)
    app.selectbox(key="insights-pick").select("season=Summer&articleType=Watches").run()
    assert "Watches" in "".join(app.query_params["pick"])
    app.button(key="insights-close").click().run()
    assert "pick" not in app.query_params
    assert not any("products" in one.value for one in app.subheader)


def press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click().run()


def test_another_view_forgets_the_mark(app: AppTest) -> None:
    opened(app, pick="season=Summer", view="types")
    next(group for group in app.get("button_group") if group.key == "insights-view").set_value("time").run()
    assert not app.exception
    assert "".join(app.query_params["view"]) == "time"
    assert "pick" not in app.query_params


@pytest.mark.parametrize("pick", ["season=", "nothing", "colour=red", "season=No such", "&&&===", "%"])
def test_a_mark_that_cannot_be_shows_no_products(app: AppTest, pick: str) -> None:
    opened(app, pick=pick)
    assert not app.exception
    assert not any(button.key == "insights-add" for button in app.button)


def test_the_report_of_the_page_keeps_its_filters(app: AppTest) -> None:
    opened(app, gender="Women", **{"not.articleType": "Watches"})
    labels = [button.proto.label for button in app.get("download_button")]
    assert "Report (PDF)" in labels


def test_the_report_of_the_page_is_of_what_is_selected(store: Path) -> None:
    from mpsr.insights.listings import Selection, listings_of
    from mpsr.insights.views import Options
    from mpsr.ui.insights.report import report_bytes

    service = open_service(store / "shop")
    said = report_bytes(
        service, listings_of(service.products), Selection.of({"gender": ["Women"]}), Options(), ".html"
    ).decode()
    assert "<h1>shop by season, colour, category, gender and time</h1>" in said
    assert "Women: 24 of 120 products" in said
