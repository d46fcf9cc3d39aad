"""The product page: all about one product, beside the one that was asked for."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from mpsr.boards import Boards, Key
from mpsr.ui.card import product_address


@pytest.fixture
def visit(start, shop_store):
    def at(**address: str) -> AppTest:
        app = start(**address)
        app.switch_page("pages/product.py").run()
        app.query_params.update(address)
        app.run()
        assert not app.exception
        return app

    return at


def shown(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def test_a_product_with_all_its_attributes_and_the_most_similar(visit) -> None:
    app = visit(id="101")
    assert "/pictures/" in shown(app)
    assert "mpsr-large" in shown(app)
    for said in ("Type", "Colour", "Gender", "Season", "Year", "Usage"):
        assert f'<th scope="row">{said}</th>' in shown(app)
    assert "Asked for" not in shown(app)
    near = [button.key for button in app.button if (button.key or "").startswith("find-product-")]
    assert 0 < len(near) <= 5
    assert "find-product-101" not in near


def test_side_by_side_with_what_was_asked_the_differences_are_marked(visit) -> None:
    app = visit(id="102", asked="101")
    assert shown(app).count('<figure class="mpsr-large">') == 2
    assert "<td><b>102</b></td><td><b>101</b></td>" in shown(app)
    assert "Asked for" not in shown(visit(id="102", asked="nothing"))


def test_an_unknown_product_is_told(visit) -> None:
    app = visit(id="nothing")
    assert "not in the catalogue" in app.warning[0].value


def test_the_boards_that_hold_a_product(tmp_path) -> None:
    boards = Boards(f"sqlite:///{tmp_path / 'boards.db'}")
    one, other, gone = (boards.make(name) for name in ("Summer", "Autumn", "Gone"))
    for board in (one, other, gone):
        boards.add(board, "shop", {"101": "A shirt"})
    boards.delete(gone)
    assert list(boards.holding(Key("shop", "101")).values()) == ["Autumn", "Summer"]
    assert boards.holding(Key("other", "101")) == boards.holding(Key("shop", "102")) == {}


def test_a_picture_leads_to_the_page_of_its_product(start, shop_store) -> None:
    app = start(id="101", weak="show")
    links = [part.split('"')[0].replace("&amp;", "&") for part in shown(app).split('href="')[1:]]
    result = next(link for link in links if "asked=101" in link)
    assert urlsplit(result).path == "/product"
    assert parse_qs(urlsplit(result).query)["id"][0] != "101"


def test_an_id_of_any_signs_stays_one_value(monkeypatch) -> None:
    monkeypatch.setattr("mpsr.ui.card.store_to_name", lambda: None)
    link = product_address('a&store=x"><b>')
    assert parse_qs(urlsplit(link).query) == {"id": ['a&store=x"><b>']}
    assert '"' not in link
