"""Pages from the entry point: what a user clicks, and what must be there after it."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

ENTRY = Path(__file__).parents[2] / "streamlit_app.py"


@pytest.fixture
def app(monkeypatch, tiny_store: Path, tmp_path: Path) -> AppTest:
    monkeypatch.setenv("MPSR_STORES", str(tmp_path))
    (tmp_path / "shop").symlink_to(tiny_store, target_is_directory=True)
    return AppTest.from_file(str(ENTRY), default_timeout=30)


def texts(app: AppTest) -> list[str]:
    return [element.value for element in app.get("text")]


def test_without_a_store_one_line_says_how_to_make_one(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MPSR_STORES", str(tmp_path))
    app = AppTest.from_file(str(ENTRY), default_timeout=30).run()
    assert not app.exception
    assert app.title[0].value == "No catalogue yet"
    assert "mpsr build" in app.code[0].value


def test_start_shows_an_example_and_its_five_nearest(app: AppTest) -> None:
    app.run()
    assert not app.exception
    assert "Its 5 nearest" in [header.value for header in app.subheader]
    assert sum(button.label == "Find similar" for button in app.button) == 5
    assert app.query_params["id"] == "101"


def test_a_click_on_a_result_makes_it_the_query(app: AppTest) -> None:
    app.run()
    button = next(button for button in app.button if button.key.startswith("similar-"))
    product = button.key.removeprefix("similar-")
    button.click().run()
    assert not app.exception
    assert app.query_params["id"] == product
    assert f"id {product}" in [caption.value for caption in app.caption]


def test_search_by_id_and_by_words(app: AppTest) -> None:
    app.run()
    app.text_input(key="asked").set_value("105").run()
    assert app.query_params["id"] == "105"
    app.text_input(key="asked").set_value("blue shirt").run()
    take = [button for button in app.button if button.key.startswith("take-")]
    assert take
    take[-1].click().run()
    assert app.query_params["id"] == take[-1].key.removeprefix("take-")
    app.text_input(key="asked").set_value("no such words").run()
    assert "No product" in app.info[0].value


def test_controls_are_in_the_address_and_come_back_from_it(app: AppTest) -> None:
    app.query_params.update({"id": "103", "k": "10", "picture": "100"})
    app.run()
    assert sum(button.label == "Find similar" for button in app.button) == 10
    assert app.slider(key="picture_share").value == 100
    app.slider(key="picture_share").set_value(20).run()
    assert app.query_params["picture"] == "20"


@pytest.mark.parametrize("address", [{"id": "nothing"}, {"id": "101", "k": "many"}, {"picture": "-4"}])
def test_a_wrong_link_gets_a_friendly_page(app: AppTest, address: dict) -> None:
    app.query_params.update(address)
    app.run()
    assert not app.exception
    if address.get("id") == "nothing":
        assert "no product" in app.warning[0].value


def test_a_damaged_store_says_so(monkeypatch, store_copy: Path, tmp_path: Path) -> None:
    place = tmp_path / "stores"
    place.mkdir()
    (place / "shop").symlink_to(store_copy, target_is_directory=True)
    monkeypatch.setenv("MPSR_STORES", str(place))
    next((store_copy / "objects" / "paper").glob("*/vectors.npy")).write_bytes(b"x")
    app = AppTest.from_file(str(ENTRY), default_timeout=30).run()
    assert not app.exception
    assert "vectors.npy" in app.error[0].value


def test_quality_page_shows_the_figures(app: AppTest) -> None:
    app.run()
    app.switch_page("pages/quality.py").run()
    assert not app.exception
    assert {metric.label: metric.value for metric in app.metric}["Products"] == "30"


def test_switching_between_stores_is_one_control(
    monkeypatch, shop, tiny_store: Path, tiny_profile, tmp_path: Path
) -> None:
    from mpsr.catalogue import Policies
    from mpsr.pipeline import Settings, build
    from mpsr.store import Store

    stores = tmp_path / "stores"
    stores.mkdir()
    monkeypatch.setenv("MPSR_STORES", str(stores))
    (stores / "shop").symlink_to(tiny_store, target_is_directory=True)
    build(shop, Store(stores / "newest"), Settings(tiny_profile, Policies(limit=12)))
    newest = AppTest.from_file(str(ENTRY), default_timeout=30).run()
    assert newest.selectbox(key="store_picker").value == "newest"
    named = AppTest.from_file(str(ENTRY), default_timeout=30)
    named.query_params.update({"store": "shop", "id": "130"})  # the twelve newest do not hold this one
    named.run()
    assert not named.exception
    assert named.selectbox(key="store_picker").value == "shop"
    assert "id 130" in [caption.value for caption in named.caption]
