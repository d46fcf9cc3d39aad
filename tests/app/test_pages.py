"""Pages from the entry point: what a user clicks, and what must be there after it."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from mpsr.errors import MPSRError
from mpsr.service import Service

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


def test_a_damaged_store_says_so(monkeypatch, store_copy: Path, tmp_path: Path) -> None:
    place = tmp_path / "stores"
    place.mkdir()
    (place / "shop").symlink_to(store_copy, target_is_directory=True)
    monkeypatch.setenv("MPSR_STORES", str(place))
    next((store_copy / "objects" / "paper").glob("*/vectors.npy")).write_bytes(b"x")
    app = AppTest.from_file(str(ENTRY), default_timeout=30).run()
    assert not app.exception
    assert "vectors\\.npy" in app.error[0].value


def test_quality_page_shows_the_figures(app: AppTest) -> None:
    app.run()
    app.switch_page("pages/quality.py").run()
    assert not app.exception
    assert {metric.label: metric.value for metric in app.metric}["Products"] == "30"


def test_what_a_page_did_not_expect_is_told_in_its_own_words(app: AppTest, monkeypatch) -> None:
    def broken(self) -> None:
        raise MPSRError("facts.json lacks <b>encoded</b>. Rebuild the store with: mpsr build SOURCE")

    monkeypatch.setattr(Service, "example", broken)
    app.run()
    assert not app.exception
    assert [error.value for error in app.error] == ["This page cannot be shown."]
    assert "facts.json lacks <b>encoded</b>. Rebuild the store with: mpsr build SOURCE" in texts(app)


def test_switching_between_stores_is_one_control(
    monkeypatch, shop, tiny_store: Path, tiny_profile, tmp_path: Path
) -> None:
    from mpsr.catalogue import Policies
    from mpsr.pipeline import build
    from mpsr.stages.settings import Settings
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
    assert any("id 130" in element.proto.body for element in named.get("html"))


def test_a_link_to_a_store_that_is_not_here_says_so(app: AppTest) -> None:
    app.query_params["store"] = "other :smile:"
    app.run()
    assert not app.exception
    assert "There is no catalogue" in app.warning[0].value
    assert ":smile:" not in app.warning[0].value


def test_quality_shows_rejects_and_repairs_to_look_through_and_take_away(
    monkeypatch, tiny_profile, tmp_path: Path
) -> None:
    from mpsr.pipeline import build
    from mpsr.stages.settings import Settings
    from mpsr.store import Store
    from tests.conftest import line, write_catalogue

    rows = [line(product) for product in range(1, 9)]
    rows += [line(1, "Again"), line(20, "Alder, Birch and Co Shirt"), *(["broken"] * 60)]
    source = write_catalogue(tmp_path / "source", rows, [1, 2, 3])
    monkeypatch.setenv("MPSR_STORES", str(tmp_path / "stores"))
    build(source, Store(tmp_path / "stores" / "shop"), Settings(tiny_profile))
    app = AppTest.from_file(str(ENTRY), default_timeout=30).run()
    app.switch_page("pages/quality.py").run()
    assert not app.exception
    assert {metric.label: metric.value for metric in app.metric} == {
        "Rows read": "70",
        "Products": "9",
        "Rows repaired": "1",
        "Rows rejected": "61",
        "Pictures": "3",
        "Without picture": "6",
    }
    captions = [caption.value for caption in app.caption]
    assert "1 of 1 row" in captions
    assert "50 of 61 rows" in captions
    app.pagination[0].set_value(2).run()
    assert "11 of 61 rows" in [caption.value for caption in app.caption]
