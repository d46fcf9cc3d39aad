"""The Find page from the entry point: what a visitor does, and what must be there after it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from mpsr.ui import photos

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
    app = start()
    assert results(app)
    assert "Example query" in [header.value for header in app.subheader]
    assert sum(button.label == "Start here" for button in app.button) == 3  # the tiny shop has three types
    assert address(app) == {}
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
    app = start()
    first = results(app)[0]
    pressed(app, f"more-{first}")
    assert address(app)["id"] == ["101", first]


def test_five_then_more(start: Start) -> None:
    app = start(id="101", weak="show")
    pressed(app, "further")
    assert len(results(app)) == 10
    pressed(app, "further")
    assert len(results(app)) == 20
    assert address(app)["k"] == ["20"]


def test_controls_are_in_the_address_and_come_back_from_it(start: Start) -> None:
    app = start(id="103", picture="100", diversity="30", variants="hide")
    assert app.slider(key="question.picture").value == 100
    assert app.slider(key="question.diversity").value == 30
    assert app.toggle(key="question.hide_variants").value is True
    app.slider(key="question.picture").set_value(20).run()
    app.toggle(key="question.hide_variants").set_value(False).run()
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
    app = start(id="101", k="20")
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
    app = start(**{"id": "101", "where.articleType": "Watches", "where.subCategory": "Shoes"})
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
    assert "Photos stay in the session" in app.info[0].value
    app = start(photo="0123456789ab", id="101")
    assert not app.info
    assert "a photo from another session" in faces(app)


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ({"id": "nothing"}, "No product"),
        ({"id": "101", "less": "![x](http://a.example/b.png)"}, "No product"),
        ({"id": "101", "k": "many"}, "k\\=many"),
        ({"picture": "-4"}, "picture\\=\\-4"),
        ({"space": "none"}, "no space"),
        ({"where.colour": "Red"}, "unknown column"),
        ({"where.baseColour": "Rod"}, "Red"),
    ],
)
def test_a_wrong_link_gets_a_friendly_page_and_a_way_on(
    start: Start, link: dict[str, str], said: str
) -> None:
    app = start(**link)
    assert said.lower() in app.warning[0].value.lower()
    assert "![x]" not in app.warning[0].value
    pressed(app, "way-on")
    assert results(app)
    assert address(app) == {}


def test_a_click_needs_no_model_library(start: Start) -> None:
    """Opening, asking by product, filtering: none of it may load torch. Checked in a process of its own."""
    import subprocess
    import sys

    from tests.app.conftest import ENTRY

    program = (
        "import sys; from streamlit.testing.v1 import AppTest;"
        f"app = AppTest.from_file({str(ENTRY)!r}, default_timeout=60).run();"
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


def test_why_of_a_product_that_is_not_there(start: Start) -> None:
    app = start(id="101", why="nothing")
    assert "No product" in app.warning[0].value
    assert results(app)


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
        table = faces(start(**query, why=product)).split("Attributes: ")[1].split("</table>")[0]
        for label, value in ((name, one) for name, one in cards[product]["differs"].items()):
            assert f'<th scope="row">{label}</th><td>{value[0]}</td><td>{value[1]}</td>' in table
        for value in cards[product]["same"]:
            assert f"<td>{value}</td><td>{value}</td>" in table


def said_on(face: str) -> dict:
    """What a result's card says: the values it shares, and column → (asked for, has)."""
    same = re.search(r"<b>(?:Same|In your words):</b> ([^<]*)", face)[1]
    detail = re.search(r'mpsr-told" title="([^"]*)"', face)[1]
    pairs = [re.fullmatch(r"(\w+): (.*) instead of (.*)", part) for part in detail.split("; ") if part]
    return {
        "same": [] if same == "nothing" else same.split(" · "),
        "differs": {pair[1]: (pair[3], pair[2]) for pair in pairs},
    }


def test_what_the_words_name_is_no_difference(start: Start) -> None:
    app = start(id="101", words="black", weak="show", k="20")
    lines = [line for line in faces(app).split("</div>") if "Same:" in line and "Black" in line]
    assert lines
    for line in lines:
        same = line.split("Same:</b>")[1].split("</p>")[0]
        assert "Black" in same
