"""The Range page: a view a question, its pictures, its state in the address, its files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from mpsr.ui.range.page import VIEWS

Start = Callable[..., AppTest]


@pytest.fixture
def opened(shop_store: Path, start: Start) -> Start:
    """Opens the page at an address."""

    def run(**address: str | list[str]) -> AppTest:
        app = start(**address)
        app.switch_page("pages/range.py")
        app.query_params.update(address)
        app.run()
        assert not app.exception
        return app

    return run


def html(app: AppTest) -> str:
    return " ".join(str(element.proto.body) for element in app.get("html"))


def said(app: AppTest) -> str:
    return " ".join([html(app), *(element.value for element in (*app.markdown, *app.caption, *app.warning))])


@pytest.mark.parametrize("view", [view for view in VIEWS if view != "compare"])
def test_every_view_answers_with_pictures_files_and_what_it_cannot_know(opened: Start, view: str) -> None:
    app = opened(view=view)
    assert app.subheader[0].value == VIEWS[view].question
    assert not app.error
    assert "<img" in html(app) or view == "plan"
    labels = [element.proto.label for element in app.get("download_button")]
    assert labels == ["Table (CSV)", "All tables (XLSX)"]
    assert any(word in said(app) for word in ("not known", "is not said", "No two pieces share"))


def test_substitutes_of_the_ids_in_the_address(opened: Start) -> None:
    app = opened(view="substitutes", ids="102, nope 103")
    assert "102 ·" in html(app)
    assert "103 ·" in html(app)
    assert "There is no product nope here" in said(app)
    app.text_input(key="range-ids").set_value("104").run()
    assert app.query_params["ids"] == "104"
    assert "104 ·" in html(app)
    assert "102 ·" not in html(app)


def test_a_price_of_exactly_the_same_stays_in_the_address(opened: Start) -> None:
    app = opened(best="5")
    app.number_input(key="range-price_within").set_value(0).run()
    assert app.query_params["price_within"] == "0"
    assert [app.number_input(key=f"range-{name}").value for name in ("best", "price_within")] == [5, 0]


def test_a_chain_that_is_too_long_is_told_on_the_page(opened: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mpsr.assortment.overlap.MOST", 1)
    app = opened(view="overlap", percentile="0.98", **{"where.baseColour": "Blue"})
    assert "hang together" in " ".join(one.value for one in app.error)


def test_filters_of_the_address_leave_products_out(opened: Start) -> None:
    everything = opened(view="overlap", percentile="0.98")
    red = opened(view="overlap", percentile="0.98", **{"where.baseColour": "Red"})
    assert "of 30 stand in" in said(everything)
    assert "of 6 stand in" in said(red)
    assert "cannot be used" in said(opened(view="overlap", **{"where.baseColour": "Mauve"}))


def test_the_look_follows_its_product(opened: Start) -> None:
    app = opened(view="look", id="101")
    piece = next(button for button in app.button if button.label == "Complete this")
    piece.click().run()
    assert app.query_params["id"] == piece.key.removeprefix("look-")


def test_a_draft_is_on_plan_until_a_target_is_changed(opened: Start) -> None:
    app = opened(view="plan", by="articleType")
    assert "**0** over · **0** under · **3** on plan" in said(app)
    app.multiselect(key="range-by").set_value(["articleType", "baseColour"]).run()
    assert app.query_params["by"] == ["articleType", "baseColour"]
    assert "**15** on plan" in said(app)


def test_two_catalogues_need_a_second_one(opened: Start, stores: Path, tiny_store: Path) -> None:
    alone = opened(view="compare")
    assert alone.subheader[0].value == VIEWS["substitutes"].question
    (stores / "theirs").symlink_to(tiny_store, target_is_directory=True)
    app = opened(view="compare", store="shop", other="theirs")
    assert "pairs" in said(app)
    assert [element.value for element in app.subheader] == [
        VIEWS["compare"].question,
        "In both",
        "Only in shop",
        "Only in theirs",
        "Shares",
    ]


@pytest.mark.parametrize(
    "address",
    [
        {"view": "nope"},
        {"view": "overlap", "percentile": "2"},
        {"view": "plan", "by": "nope"},
        {"best": "0", "price_within": "900"},
        {"best": "many", "price_within": "-5"},
        {"view": "look", "id": "nope"},
    ],
)
def test_what_an_address_says_wrongly_is_left_out(opened: Start, address: dict[str, str]) -> None:
    assert not opened(**address).error
