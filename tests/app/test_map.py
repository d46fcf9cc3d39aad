"""The map page from the entry point: its state comes from the address and goes back there."""

from __future__ import annotations

import base64
import json

import numpy as np
import orjson
import pandas as pd
import pytest

from mpsr.atlas import Shape
from mpsr.atlas.over_representation import over_representation
from mpsr.catalogue.coded import labelled
from mpsr.csvsafe import from_csv
from mpsr.errors import InputError
from mpsr.search.request import Request
from mpsr.service import open_service
from mpsr.types import Part, Query
from mpsr.ui import photos
from mpsr.ui.map.data import map_data
from mpsr.ui.map.events import after
from mpsr.ui.map.plain import event_of, figure
from mpsr.ui.map.selection import PAGE, make_up_table, shown, table
from mpsr.ui.map.state import OWNED, MapState
from mpsr.ui.map.view import said, view
from tests.conftest import picture_bytes

ALL = "-2,-2;2,-2;2,2;-2,2"


@pytest.fixture(scope="module")
def service(tiny_store):
    return open_service(tiny_store)


@pytest.fixture
def visit(start, shop_store):
    """The map page at an address."""

    def at(**address: str):
        app = start(**address)
        app.switch_page("pages/map.py").run()
        app.query_params.update(address)
        app.run()
        assert not app.exception
        return app

    return at


def headers(app) -> list[str]:
    return [header.value for header in app.subheader]


def texts(app) -> list[str]:
    return [element.value for element in app.get("text")]


def state_of(service, **address: str) -> MapState:
    state, trouble = MapState.parse(address, service, map_data(service).columns)
    assert not trouble
    return state


def test_a_selection_is_told_beside_the_map_with_its_actions_and_first_products(visit, service):
    """Beside the map, so on the first screen: the count, what can be done, and the first pictures."""
    app = visit(shape=ALL)
    aside = (
        app.columns[-1] if app.columns[-1].subheader else next(one for one in app.columns if one.subheader)
    )
    assert [header.value for header in aside.subheader] == ["30 products selected"]
    keys = [button.key for button in aside.button]
    assert {"map-add-all", "map-clear"} <= set(keys)
    first = [key.removeprefix("first-") for key in keys if key and key.startswith("first-")]
    assert first == [service.ids[row] for row in service.atlas.middle_first(np.arange(30))[:5]]
    assert not any("Click a product" in text for text in texts(app))
    app.button(key=f"first-{first[1]}").click().run()
    assert app.query_params["id"] == first[1]


def test_the_page_opens_with_the_whole_map_and_nothing_selected(visit):
    app = visit()
    assert app.title[0].value == "Map"
    assert not headers(app)
    assert any("Click a product" in text for text in texts(app))


def test_a_shape_in_the_address_is_a_selection(visit, service):
    app = visit(shape=ALL)
    assert headers(app)[0] == "30 products selected"
    assert f"1–{PAGE} of 30 shown" in texts(app)
    left = service.atlas.coordinates[:, 0] < 0
    app = visit(shape="-2,-2;0,-2;0,2;-2,2")
    assert headers(app)[0] == f"{left.sum()} products selected"


def test_words_highlight_the_names_that_hold_them(visit):
    app = visit()
    app.text_input(key="map-words").set_value("blue shirts").run()
    assert app.query_params["words"] == "blue shirts"
    assert headers(app)[0] == "2 products selected"
    app.text_input(key="map-words").set_value("").run()
    assert "words" not in app.query_params
    assert not headers(app)


def test_words_that_nothing_holds_say_so(visit):
    app = visit(words="no such thing")
    assert headers(app)[0] == "0 products selected"
    assert "No products here" in app.info[0].value


def test_picking_shows_the_product_and_its_nearest(visit):
    app = visit(shape=ALL)
    button = next(button for button in app.button if (button.key or "").startswith("pick-"))
    button.click().run()
    assert not app.exception
    assert app.query_params["id"] == button.key.removeprefix("pick-")
    assert app.query_params["shape"]
    nearest = [button for button in app.button if (button.key or "").startswith("near-")]
    assert len(nearest) == 8
    nearest[0].click().run()
    assert app.query_params["id"] == nearest[0].key.removeprefix("near-")
    app.button(key="map-unpick").click().run()
    assert "id" not in app.query_params


def test_a_region_chosen_from_the_list_is_the_selection(visit, service):
    regions = [number for number, region in enumerate(service.atlas.regions) if region.label]
    assert regions
    app = visit()
    app.selectbox(key="map-region").set_value(regions[0]).run()
    assert app.query_params["region"] == str(regions[0])
    assert headers(app)[0] == f"{service.atlas.regions[regions[0]].size} products selected"
    app.button(key="map-clear").click().run()
    assert "region" not in app.query_params


def test_colouring_is_in_the_address_and_keeps_the_rest(visit):
    app = visit(shape=ALL, board="none")
    app.selectbox(key="map-colour").set_value("baseColour").run()
    assert app.query_params["colour"] == "baseColour"
    assert app.query_params["shape"]
    assert headers(app)[0] == "30 products selected"


def test_words_are_placed_on_the_map(visit, tiny_embedded):
    app = visit(at="blue shirt")
    assert any("The star marks" in text for text in texts(app))
    assert len([button for button in app.button if (button.key or "").startswith("near-")]) == 8


def test_every_list_of_neighbours_says_whose_they_are(visit, service, tiny_embedded):
    """Placed text beside a selected product: the list under the product is the product's, the text has its own."""
    app = visit(at="blue shirt", id="105")
    told = [element.proto.body for element in app.get("html")]
    assert "<b>Most similar</b>" in told
    assert "<b>Most similar to “blue shirt”</b>" in told
    keys = [button.key or "" for button in app.button]
    lists = {
        kind: [key.removeprefix(kind) for key in keys if key.startswith(kind)]
        for kind in ("near-", "placed-")
    }
    space = service.atlas.space
    words = service.search(Request(Query((Part(words="blue shirt"),)), 8, space))
    assert lists["near-"] == [item.id for item in service.similar("105", k=8, space=space).neighbours]
    assert lists["placed-"] == [item.id for item in words.neighbours]
    alone = [element.proto.body for element in visit(at="blue shirt").get("html")]
    assert "<b>Most similar to “blue shirt”</b>" in alone
    assert "<b>Most similar</b>" not in alone


def test_a_photo_and_a_text_take_each_others_place(visit, tiny_embedded):
    app = visit(at="blue shirt")
    app.file_uploader[0].upload("a.jpg", picture_bytes(size=(60, 80)), "image/jpeg").run()
    assert "at" not in app.query_params
    assert any("The star marks your photo" in text for text in texts(app))
    app.text_input(key="map-at").set_value("red shirt").run()
    assert "photo" not in app.query_params
    assert any("The star marks “red shirt”" in text for text in texts(app))


def test_a_link_made_with_a_photo_says_that_the_photo_is_not_in_it(visit, tiny_embedded):
    app = visit(photo="0123456789ab", at="blue shirt")
    assert not app.exception
    assert any("Photos are not part of links" in text for text in texts(app))
    assert any("The star marks “blue shirt”" in text for text in texts(app))
    app.button(key="map-photo-forget").click().run()
    assert "photo" not in app.query_params
    assert not any("Photos are not part of links" in text for text in texts(app))


def test_a_query_has_its_place_among_its_nearest_products(service, tiny_embedded):
    query = Query((Part(product="105"),))
    near = service.search(Request(query, 15, service.atlas.space)).neighbours
    around = service.atlas.coordinates[[service.row_of(item.id) for item in near]]
    x, y = service.place(query)
    assert around.min(0)[0] <= x <= around.max(0)[0]
    assert around.min(0)[1] <= y <= around.max(0)[1]
    assert service.place(Query((Part(words="blue shirt"),))) is not None


@pytest.mark.parametrize(
    "address",
    [
        {"shape": "0,0;1,1"}, {"shape": "nonsense"}, {"region": "999"}, {"region": "-1"}, {"region": "x"},
        {"id": "nothing"}, {"colour": "price"}, {"page": "x"},
    ],
)  # fmt: skip
def test_a_wrong_link_says_what_is_wrong_and_shows_the_rest(visit, address):
    app = visit(words="shirts", **address)
    assert "does not fit this catalogue" in app.warning[0].value
    assert headers(app)[0] == "10 products selected"


def test_a_page_beyond_the_end_is_the_last_one(visit):
    app = visit(shape=ALL, page="99")
    assert "25–30 of 30 shown" in texts(app)


def test_an_old_store_says_how_it_gets_a_map(start, stores, store_copy):
    snapshot = json.loads(next((store_copy / "snapshots").glob("*.json")).read_text())
    from mpsr.store import Store

    kept = {stage: name for stage, name in snapshot["stages"].items() if stage not in ("atlas", "regions")}
    Store(store_copy).publish(kept, snapshot["facts"])
    (stores / "shop").symlink_to(store_copy, target_is_directory=True)
    app = start()
    app.switch_page("pages/map.py").run()
    assert not app.exception
    assert "no map yet" in app.info[0].value
    assert any("mpsr build SOURCE --store shop" in text for text in texts(app))
    assert not any(str(stores) in text for text in texts(app))


def test_the_basic_chart_carries_ids_and_does_not_depend_on_the_selection(visit, service):
    app = visit(plain="1", shape=ALL)
    assert headers(app)[0] == "30 products selected"
    chart = figure(service, map_data(service).colouring("articleType"))
    ids = np.concatenate([trace.customdata for trace in chart.data])
    assert sorted(ids) == sorted(service.ids)
    for trace in chart.data:
        rows = [service.row_of(product) for product in trace.customdata]
        np.testing.assert_array_equal(np.asarray(trace.x), service.atlas.coordinates[rows, 0])


def test_what_plotly_selects_is_a_shape_or_a_product(service):
    box = {"box": [{"x": [0, 1], "y": [2, 3]}], "points": []}
    assert event_of(box, service) == {"shape": [(0, 2), (1, 2), (1, 3), (0, 3)]}
    around = {"lasso": [{"x": list(range(500)), "y": list(range(500))}]}
    assert len(event_of(around, service)["shape"]) <= 120
    assert event_of({"points": [{"customdata": ["105"]}]}, service) == {"pick": service.row_of("105")}
    assert event_of({"points": []}, service) is None


def test_the_state_comes_back_from_its_address(service):
    state = MapState(
        "baseColour", "blue", "105", Shape.parse("0,0;0.5,0;0,0.25"), None, "a hat", 3, True, "0a1b"
    )
    assert set(state.address()) < set(OWNED)
    assert state_of(service, **state.address()) == state
    assert MapState().address() == {}


def test_events_of_the_map_change_the_state(service):
    state = MapState(page=3, region=0)
    assert after({"pick": 4}, service, state) == MapState(page=3, region=0, picked=service.ids[4])
    drawn = after({"shape": [[0, 0], [1, 0], [0, 1]]}, service, state)
    assert (drawn.shape, drawn.region, drawn.page) == (Shape(((0, 0), (1, 0), (0, 1))), None, 1)
    assert after({"region": 0}, service, drawn) == MapState(region=0)
    assert after({"clear": True}, service, replace_words(drawn)) == MapState(words="blue")
    for wrong in ({"shape": [[0, 0]]}, {"region": 10_000}, {"shape": [[0, 0], [1, 0], [0, float("nan")]]}):
        with pytest.raises(InputError):
            after(wrong, service, state)


def replace_words(state: MapState) -> MapState:
    return state.but(words="blue")


def test_what_the_map_is_given_is_small_and_says_itself_in_words(service):
    state = state_of(service, words="blue", id="105")
    chosen = state.selected(service)
    given = view(service, state, chosen, [1, 2], (0.5, 0.5))
    unpacked = np.unpackbits(np.frombuffer(base64.b64decode(given["chosen"]), np.uint8))
    np.testing.assert_array_equal(unpacked[: len(service)].astype(bool), chosen)
    assert given["picked"] == service.row_of("105")
    assert "30 products" in said(service, state, chosen)
    assert f"{chosen.sum()} products selected" in said(service, state, chosen)
    assert len(orjson.dumps(given)) < 20_000


def test_points_colours_and_names_are_the_catalogues(service):
    data = map_data(service)
    coordinates = np.frombuffer(data.points(), "<f4").reshape(-1, 2)
    np.testing.assert_array_equal(coordinates, service.atlas.coordinates)
    colours = data.colouring("baseColour")
    codes = np.frombuffer(data.codes(data.number("baseColour")), "<u2")
    assert [colours.entries[code].label for code in codes] == service.products["baseColour"].tolist()
    facts = orjson.loads(data.facts())
    assert facts["names"][4] == service.name(service.ids[4])
    assert facts["unpictured"] == [29]
    assert facts["added"] == []
    with pytest.raises(InputError):
        data.codes(99)


def test_the_csv_is_the_selection_and_safe(service):
    service.products.loc[2, "productDisplayName"] = "=1+1"
    read = from_csv(table(service, np.array([2, 0])))
    assert read["id"].tolist() == ["103", "101"]
    assert read["productDisplayName"].iat[0] == "=1+1"
    assert b'"\'=1+1"' in table(service, np.array([2]))
    assert {"map_x", "map_y"} <= set(read.columns)
    assert not {"picture", "line"} & set(read.columns)


def test_pages_of_the_gallery_say_what_they_show():
    assert shown(1, 0) == (slice(0, 0), "0–0 of 0 shown")
    assert shown(1, 3120)[1] == "1–24 of 3,120 shown"
    assert shown(130, 3120) == (slice(3096, 3120), "3,097–3,120 of 3,120 shown")


def test_the_make_up_is_text_and_tells_more_and_less():
    values = pd.Series(["<b>a</b>"] * 60 + ["c"] * 60 + ["d"] * 300)
    chosen = np.zeros(420, bool)
    chosen[:50] = True
    chosen[130:150] = True
    told = str(make_up_table("<i>type</i>", over_representation(labelled(values), chosen)))
    assert "&lt;b&gt;a&lt;/b&gt;" in told
    assert "&lt;i&gt;type&lt;/i&gt;" in told
    assert "<b>a" not in told
    assert told.index('class="more"') < told.index('class="less"')
    everything = over_representation(labelled(values), np.ones(420, bool))
    assert "as in the whole catalogue" in make_up_table("type", everything)


def test_a_photo_is_placed_from_a_small_copy_and_forgotten(visit, tiny_embedded):
    app = visit()
    app.file_uploader[0].upload(
        "a.jpg", picture_bytes(size=(1200, 900), comment=b"a secret"), "image/jpeg"
    ).run()
    assert not app.exception
    (kept,) = app.session_state[photos._KEPT].values()
    assert b"a secret" not in kept
    assert app.file_uploader[0].value is None
    assert any("The star marks your photo" in text for text in texts(app))
    assert app.query_params["photo"] in app.session_state[photos._KEPT]
    app.button(key="map-photo-forget").click().run()
    assert "photo" not in app.query_params
    assert not any("The star marks your photo" in text for text in texts(app))
    app.file_uploader[0].upload("a.jpg", b"<svg>", "image/jpeg").run()
    assert any("not a picture" in text for text in texts(app))
