"""The Find page from the entry point: what a visitor does, and what must be there after it."""

from __future__ import annotations

import base64
import hashlib
import io
import re
from collections.abc import Callable

import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from mpsr.ui import photos
from mpsr.ui.find.chips import chips_of
from mpsr.ui.find.question import Question

pytestmark = pytest.mark.usefixtures("shop_store", "tiny_embedded")
Start = Callable[..., AppTest]


def results(app: AppTest) -> list[str]:
    """Ids of the results, in order."""
    keys = [button.key or "" for button in app.button]
    return [key.removeprefix("similar-") for key in keys if key.startswith("similar-")]


def pressed(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception
    return app


def address(app: AppTest) -> dict[str, list[str]]:
    return {name: [value] if isinstance(value, str) else value for name, value in app.query_params.items()}


def faces(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def test_start_shows_an_example_its_five_nearest_and_more_to_start_from(start: Start) -> None:
    app = start(variants="show")
    assert results(app)
    assert "Example query" in [header.value for header in app.subheader]
    assert sum(button.label == "Start here" for button in app.button) == 3  # the tiny shop has three types
    assert address(app) == {"variants": ["show"]}
    assert "/pictures/" in faces(app)


def test_a_click_on_a_result_makes_it_the_query(start: Start) -> None:
    app = start(id="101", k="10", picture="80", weak="show")
    product = results(app)[0]
    pressed(app, f"similar-{product}")
    assert address(app) == {"id": [product], "picture": ["80"]}
    assert product not in results(app)


def test_more_and_less_like_a_result_can_be_taken_back(start: Start) -> None:
    app = start(id="101", weak="show")
    first, second = results(app)[:2]
    pressed(app, f"more-{first}")
    assert address(app) == {"id": ["101", first]}
    if f"less-{second}" not in [button.key for button in app.button]:
        pressed(app, "weak")
    pressed(app, f"less-{second}")
    assert address(app) == {"id": ["101", first], "less": [second]}
    assert not {first, second} & set(results(app))
    pressed(app, "remove-2")
    assert address(app) == {"id": ["101", first]}


def test_more_like_a_result_of_the_example_keeps_the_example(start: Start) -> None:
    app = start(variants="show")
    first = results(app)[0]
    pressed(app, f"more-{first}")
    assert address(app)["id"] == ["101", first]


def test_five_then_more(start: Start) -> None:
    app = start(id="101", weak="show", variants="show")
    pressed(app, "further")
    assert len(results(app)) == 10
    pressed(app, "further")
    assert len(results(app)) == 20
    assert address(app)["k"] == ["20"]


def test_controls_are_in_the_address_and_come_back_from_it(start: Start) -> None:
    app = start(id="103", picture="100", diversity="30", variants="show")
    assert app.slider(key="question.picture").value == 100
    assert app.slider(key="question.diversity").value == 30
    assert app.toggle(key="question.hide_variants").value is False
    app.slider(key="question.picture").set_value(20).run()
    app.toggle(key="question.hide_variants").set_value(True).run()
    assert address(app) == {"id": ["103"], "picture": ["20"], "diversity": ["30"]}


def test_filters_narrow_the_results_and_show_counts(start: Start) -> None:
    app = start(id="101", weak="show")
    colour = app.multiselect(key="where.baseColour")
    assert "Blue (6)" in colour.options
    colour.set_value(["Red"]).run()
    assert address(app) == {"id": ["101"], "weak": ["show"], "where.baseColour": ["Red"]}
    assert results(app)
    assert {int(product) % 5 for product in results(app)} == {1}  # every fifth product is red
    assert "Shirts (2)" in app.multiselect(key="where.articleType").options
    pressed(app, "clear-filters")
    assert address(app) == {"id": ["101"], "weak": ["show"]}


def test_further_conditions_are_in_the_address_and_come_back_from_it(start: Start) -> None:
    app = start(id="101", weak="show", k="20")
    app.multiselect(key="refused").set_value([("baseColour", "Red")]).run()
    app.multiselect(key="same").set_value(["articleType"]).run()
    app.multiselect(key="at_most").set_value(["baseColour"]).run()
    app.number_input(key="most.baseColour").set_value(1).run()
    said = {"not.baseColour": ["Red"], "same": ["articleType"], "most.baseColour": ["1"]}
    assert address(app) == {"id": ["101"], "k": ["20"], "weak": ["show"], **said}
    colours = [int(product) % 5 for product in results(app)]
    assert sorted(colours) == sorted(set(colours) - {1})  # every fifth product is red
    again = start(**address(app))
    assert results(again) == results(app)
    pressed(again, "clear-filters")
    assert address(again) == {"id": ["101"], "k": ["20"], "weak": ["show"]}


def test_a_range_of_numbers_is_typed_and_in_the_address(start: Start) -> None:
    app = start(**{"id": "101", "weak": "show", "k": "20", "range.year": "1990.."})
    assert app.number_input(key="range.year.from").value == 1990
    app.number_input(key="range.year.from").set_value(2012).run()
    app.number_input(key="range.year.to").set_value(2012).run()
    assert address(app)["range.year"] == ["2012..2012"]
    app.number_input(key="range.year.from").set_value(None).run()
    app.number_input(key="range.year.to").set_value(None).run()
    assert "range.year" not in address(app)


def test_weaker_matches_are_hidden_and_shown_on_request(start: Start) -> None:
    app = start(id="101", k="20", variants="show")
    good = results(app)
    assert len(good) < 20
    hidden = f"{20 - len(good)} weaker matches hidden"
    assert [caption.value for caption in app.caption if "hidden" in caption.value] == [hidden]
    pressed(app, "weak")
    assert len(results(app)) == 20
    assert results(app)[: len(good)] == good
    pressed(app, "weak")
    assert results(app) == good


def test_without_a_good_match_the_page_says_so_in_place_of_five_bad_ones(start: Start) -> None:
    app = start(**{"id": "101", "where.baseColour": "White", "where.articleType": "Casual Shoes"})
    assert not results(app)
    assert "No good match" in app.info[0].value
    pressed(app, "weak")
    assert len(results(app)) == 2


def test_nothing_passes_the_filters(start: Start) -> None:
    app = start(
        **{"id": "101", "variants": "show", "where.articleType": "Watches", "where.subCategory": "Shoes"}
    )
    assert "No other products" in app.info[0].value
    pressed(app, "clear-here")
    assert results(app)


def test_random_and_example(start: Start) -> None:
    app = start()
    pressed(app, next(button.key for button in app.button if button.label == "Random product"))
    assert address(app)["id"]
    app = start()
    pressed(app, next(button.key for button in app.button if button.label == "Start here"))
    assert address(app)["id"]


def test_words_are_asked_and_stand_as_text(start: Start) -> None:
    app = start(words="blue <b>shirt</b> :red[x]")
    assert not app.warning, app.warning[0].value
    assert results(app) or "No good match" in app.info[0].value
    assert "blue &lt;b&gt;shirt&lt;/b&gt; :red[x]" in faces(app)


def photo(kind: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (1200, 1600), (30, 40, 190)).save(out, kind, **options)
    return out.getvalue()


def test_a_photo_is_asked_with_and_only_a_small_copy_is_kept(start: Start) -> None:
    app = start()
    app.file_uploader[0].upload("a.png", photo(), "image/png").run()
    assert not app.exception
    (name,) = address(app)["photo"]
    kept = app.session_state[photos._KEPT][name]
    assert Image.open(io.BytesIO(kept)).size == (384, 512)
    assert "data:image/jpeg;base64," in faces(app)
    assert app.file_uploader[0].value is None


def test_only_the_photo_of_that_name_is_taken_back_after_a_reload(start: Start) -> None:
    app = start()
    app.file_uploader[0].upload("a.png", photo(), "image/png").run()
    ((name, copy),) = app.session_state[photos._KEPT].items()
    encoded = base64.b64encode(copy).decode()
    for given, called, expected in (
        (encoded, name, True),
        (encoded, "0123456789ab", False),
        ("no base64!", name, False),
        (base64.b64encode(b"no picture").decode(), hashlib.sha256(b"no picture").hexdigest()[:12], False),
        ("A" * 2**21, name, False),
    ):
        st.session_state.clear()
        assert photos.take_back(called, given) is expected
        assert photos.kept(called) == (copy if expected else None)
        assert photos.untold() == {}
    st.session_state.clear()


def test_a_photo_loses_its_metadata(start: Start) -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    app = start()
    data = photo("JPEG", exif=exif, comment=b"a secret", icc_profile=b"a profile")
    app.file_uploader[0].upload("a.jpg", data, "image/jpeg").run()
    (kept,) = app.session_state[photos._KEPT].values()
    for said in (b"taken at home", b"a secret", b"a profile", b"Exif", b"ICC_PROFILE"):
        assert said in data
        assert said not in kept
    assert set(Image.open(io.BytesIO(kept)).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"<svg onload=alert(1)>", "not a picture"), (photo()[:300], "damaged"), (b"", "empty")],
)
def test_what_is_no_picture_is_refused_by_its_content(start: Start, data: bytes, said: str) -> None:
    app = start()
    app.file_uploader[0].upload("a.png", data, "image/png").run()
    assert not app.exception
    assert any(said in element.value for element in app.get("text"))
    assert "photo" not in app.query_params


def test_somebody_elses_photo_is_not_in_the_link(start: Start) -> None:
    app = start(photo="0123456789ab")
    assert "Photos stay in the browser tab" in app.info[0].value
    app = start(photo="0123456789ab", id="101", variants="show")
    assert not app.info
    assert "a photo from another session" in faces(app)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"id": ["104", "nothing"]}, "No product"),
        ({"less": "![x](http://a.example/b.png)"}, "No product"),
        ({"k": "many"}, "k=many"),
        ({"picture": "-4"}, "picture=-4"),
        ({"space": "none"}, "no space"),
        ({"where.colour": "Red"}, "unknown column"),
        ({"where.baseColour": ["Rod", "Red"]}, "Rod"),
        ({"why": "nothing"}, "No product"),
    ],
)
def test_one_wrong_value_in_a_link_is_told_and_the_rest_is_shown(
    start: Start, wrong: dict[str, str | list[str]], said: str
) -> None:
    right = {"id": "104", "where.gender": "Men", "weak": "show"}
    app = start(**right | wrong)
    assert "The rest is shown" in app.warning[0].value
    assert any(said.lower() in element.value.lower() for element in app.get("text"))
    kept = right | ({"where.baseColour": ["Red"]} if "where.baseColour" in wrong else {})
    assert results(app) == results(start(**kept))
    assert results(app)
    app.slider(key="question.picture").set_value(20).run()
    assert address(app) == {**{name: [value] if isinstance(value, str) else value for name, value in kept.items()},
                            "picture": ["20"]}  # fmt: skip
    assert not app.warning


def test_a_link_of_wrong_values_alone_shows_the_example(start: Start) -> None:
    app = start(id="nothing", k="many", variants="show")
    assert len(app.get("text")) >= 2
    assert "Example query" in [header.value for header in app.subheader]
    assert results(app)


def test_products_of_the_same_name_are_listed_beside_the_query(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mpsr.service import Service

    monkeypatch.setattr(Service, "named", lambda self, name: ["103", "101", "104"])
    app = start(id="101")
    assert "2 more with this name" in [expander.label for expander in app.expander]
    pressed(app, "named-104")
    assert address(app) == {"id": ["104"]}


def test_a_new_search_is_one_click_away(start: Start) -> None:
    app = start(id="101", words="black", **{"where.gender": "Men"})
    pressed(app, "new-search")
    assert address(app) == {}
    assert "new-search" not in [button.key for button in app.button]


def test_a_click_needs_no_model_library(start: Start) -> None:
    """Opening, asking by product, filtering: none of it may load torch. Checked in a process of its own."""
    import subprocess
    import sys

    from tests.app.conftest import ENTRY

    program = (
        "import sys; from streamlit.testing.v1 import AppTest;"
        f"app = AppTest.from_file({str(ENTRY)!r}, default_timeout=60);"
        "app.query_params['variants'] = 'show'; app.run();"
        "key = next(b.key for b in app.button if b.label == 'Find similar');"
        "app.button(key=key).click().run(); assert not app.exception; assert app.query_params['id'];"
        "print(sorted({'torch', 'transformers', 'torchvision'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_why_is_in_the_address_and_explains_a_result(start: Start) -> None:
    app = start(id="101", weak="show")
    product = results(app)[0]
    pressed(app, f"why-{product}")
    assert address(app)["why"] == [product]
    shown = faces(app)
    assert "the fields over each picture add up to" in shown
    assert shown.count("mpsr-overlaid") == 2
    assert "would be lost without each word" in shown
    again = start(id="101", why=product)
    assert "would be lost without each word" in faces(again)


@pytest.mark.parametrize(
    "query",
    [{"id": "101"}, {"id": ["101", "102"]}, {"id": "101", "words": "black"}, {"words": "black shirt"}],
)
def test_the_card_and_the_explanation_agree(start: Start, query: dict[str, str | list[str]]) -> None:
    """One comparison against what was asked for: a difference on one is a difference on the other."""
    app = start(**query, weak="show", k="10")
    ranked = [face for face in faces(app).split('<div class="mpsr-face"') if "mpsr-rank" in face]
    cards = dict(zip(results(app), map(said_on, ranked), strict=True))
    for product in list(cards)[:4]:
        explained = faces(start(**query, why=product))
        if "Attributes: " not in explained:  # nothing of the product is in the words
            assert cards[product] == {"same": [], "differs": {}}
            continue
        table = explained.split("Attributes: ")[1].split("</table>")[0]
        for label, value in ((name, one) for name, one in cards[product]["differs"].items()):
            assert f'<th scope="row">{label}</th><td>{value[0]}</td><td>{value[1]}</td>' in table
        for value in cards[product]["same"]:
            assert f"<td>{value}</td><td>{value}</td>" in table


def said_on(face: str) -> dict:
    """What a result's card says: the values it shares, and column → (asked for, has)."""
    told = re.search(r'mpsr-told" title="([^"]*)"><b>([^<]*)</b> ([^<]*)', face)
    if told[2] == "In your words:":
        return {"same": [] if told[3] == "nothing" else told[3].split(" · "), "differs": {}}
    same, *different = told[1].removeprefix("Same: ").split("; ")
    pairs = [re.fullmatch(r"(\w+): (.*) instead of (.*)", part) for part in different]
    for pair in pairs:
        assert pair[2] == "not given" or pair[2] in told[3]
    return {
        "same": [] if same == "nothing" else same.split(" · "),
        "differs": {pair[1]: (pair[3], pair[2]) for pair in pairs},
    }


def test_what_the_words_name_is_no_difference(start: Start) -> None:
    app = start(id="101", words="black", weak="show", k="20", variants="show")
    black = [said for face in faces(app).split("</div>") if "mpsr-told" in face and "Black" in (said := face)]
    assert black
    for face in black:
        assert "Black" in said_on(face)["same"]


def test_the_query_is_shown_as_chips_and_each_can_be_removed(start: Start) -> None:
    app = start(id="101", less="102", words="red *shirt*", **{"where.gender": ["Men"]})
    chips = {button.key: button.label for button in app.button if (button.key or "").startswith("chip-")}
    assert list(chips) == ["chip-0", "chip-1", "chip-2", "chip-3"]
    assert "red \\*shirt\\*" in chips["chip-1"]
    assert chips["chip-2"].startswith("Less like ")
    assert "Gender" in chips["chip-3"]
    pressed(app, "chip-3")
    assert "where.gender" not in address(app)
    pressed(app, "chip-1")
    pressed(app, "chip-1")
    assert address(app) == {"id": ["101"]}
    assert not [button for button in start().button if (button.key or "").startswith("chip-")]


def test_every_kind_of_filter_has_a_chip_that_removes_it() -> None:
    filters = {
        "where": (("gender", ("Men", "Women")),),
        "refused": (("baseColour", ("Black",)),),
        "ranges": (("price", "20..50"),),
        "same": ("season",),
        "at_most": (("brand", 2),),
    }
    question = Question(**filters)
    chips = chips_of(None, question)
    assert [chip.said for chip in chips] == [
        "Gender: Men, Women", "Colour: not Black", "price: 20..50", "Same Season", "At most 2 of one brand"
    ]  # fmt: skip
    for chip, field in zip(chips, filters, strict=True):
        assert chip.without == Question(**{name: value for name, value in filters.items() if name != field})


def test_the_page_says_what_it_is_in_one_line(start: Start) -> None:
    assert start().caption[0].value == "30 products in shop. Find look-alikes by name, words or photo."


def boards_here() -> list[list[str]]:
    """The products of each board there is."""
    from mpsr.boards import Boards
    from mpsr.boards.database import boards_url

    kept = Boards(boards_url())
    return [[key.product for key in kept.get(board).keys] for board in kept.names()]


@pytest.fixture
def own_boards(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("MPSR_BOARDS_URL", f"sqlite:///{tmp_path / 'boards.sqlite'}")


@pytest.mark.usefixtures("own_boards")
def test_all_results_go_to_a_board_at_once_and_come_off_again(start: Start) -> None:
    app = start(id="101", weak="show")
    app.button(key="add-shown").click().run()
    assert not app.exception
    (held,) = boards_here()
    assert len(held) == 5
    links = [link.proto for link in app.get("page_link") if "open board" in link.proto.label]
    assert [link.label for link in links] == ["Added 5 – open board"]
    assert "board=" in links[0].query_string
    app.button(key="add-shown-undo").click().run()
    assert boards_here() == [[]]
    assert not any("open board" in link.proto.label for link in app.get("page_link"))


@pytest.mark.usefixtures("own_boards")
def test_selected_results_and_the_query_go_to_a_board(start: Start) -> None:
    app = start(id="101", weak="show")
    keys = [box.key for box in app.checkbox if box.key.startswith("select-")]
    assert len(keys) == 5
    app.checkbox(key=keys[1]).check().run()
    app.checkbox(key=keys[3]).check().run()
    app.button(key="add-selected").click().run()
    wanted = [key.removeprefix("select-") for key in (keys[1], keys[3])]
    assert boards_here() == [wanted]
    app.button(key="add-query").click().run()
    assert boards_here() == [[*wanted, "101"]]
    app.button(key="select-none").click().run()
    assert not any(box.value for box in app.checkbox if box.key.startswith("select-"))


def test_earlier_searches_are_one_click_away_and_the_last_stands_first(start: Start) -> None:
    app = start(id="101")
    for product in ("102", "103"):
        app.query_params["id"] = product
        app.run()
    assert not app.exception
    found = [button for button in app.button if (button.key or "").startswith("recent-search-")]
    assert len(found) == 2
    found[1].click().run()
    assert "".join(app.query_params["id"]) == "101"


def test_large_pictures_stay_while_other_pages_are_looked_at(start: Start) -> None:
    app = start(id="101", weak="show")
    app.toggle(key="find-large-switch").set_value(True).run()
    app.switch_page("pages/quality.py").run()
    app.switch_page("pages/find.py").run()
    assert app.toggle(key="find-large-switch").value
