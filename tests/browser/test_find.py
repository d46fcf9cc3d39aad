"""The Find page in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from mpsr.demo import demo_folder
from tests.browser.conftest import Visitor

LOADED = """() => [...document.querySelectorAll('.mpsr-face img')].slice(0, 6)
    .every(one => one.complete && one.naturalWidth)"""


def test_the_query_and_its_top_five_are_there_with_their_pictures(visitor: Visitor) -> None:
    visitor.open("/", weak="show").until(LOADED)
    pictures = visitor.page.evaluate(
        "[...document.querySelectorAll('.mpsr-face img')].slice(0, 6).map(one => [one.naturalWidth, one.alt])"
    )
    assert len(pictures) == 6
    assert all(width > 0 and alt for width, alt in pictures)
    visitor.eventually(lambda: [text[0] for text in visitor.results], list("12345"))


def test_a_rerun_does_not_fetch_the_pictures_again(visitor: Visitor) -> None:
    visitor.open("/").until(LOADED)
    asked: list[str] = []
    visitor.page.on(
        "request", lambda request: asked.append(request.url) if "/pictures/" in request.url else None
    )
    visitor.press("Random product").address_has("id=").until(LOADED)
    visitor.page.go_back()
    visitor.until("() => !location.search.includes('id=')").until(LOADED)
    assert len(asked) == len(set(asked))
    assert visitor.page.evaluate("document.querySelector('.mpsr-face img').src").startswith(visitor.server)


def test_a_name_is_completed_as_one_types_and_chosen_with_the_keyboard(visitor: Visitor) -> None:
    visitor.open("/")
    box = visitor.page.get_by_role("combobox", name=re.compile("name or id"))
    box.click()
    box.press_sequentially("shirt", delay=20)
    options = visitor.page.get_by_role("option")
    options.nth(2).wait_for()
    assert options.nth(0).inner_text().startswith("Search for these words")
    assert "shirt" in options.nth(1).inner_text().lower()
    chosen = options.nth(1).locator(".id").inner_text()
    box.press("ArrowDown")
    box.press("Enter")
    visitor.address_has(f"id={chosen}")
    assert f"id {chosen}" in " ".join(visitor.texts(".mpsr-face"))


def test_an_id_typed_out_is_taken_at_enter(visitor: Visitor) -> None:
    visitor.open("/")
    box = visitor.page.get_by_role("combobox", name=re.compile("name or id"))
    box.fill("1042")
    box.press("Enter")
    visitor.address_has("id=1042")


def test_words_find_products_and_more_and_less_turn_the_results(visitor: Visitor) -> None:
    visitor.open("/")
    box = visitor.page.get_by_role("combobox", name=re.compile("name or id"))
    box.fill("red shirt")
    box.press("Enter")
    visitor.address_has("words=red shirt")
    visitor.eventually(lambda: visitor.texts(".mpsr-part p"), ["“red shirt”"])
    visitor.open("/", words="red shirt", weak="show")
    first = visitor.results
    assert len(first) == 5
    visitor.press("More", 0).address_has("id=")
    visitor.eventually(lambda: len(visitor.texts(".mpsr-part")), 2)
    visitor.open("/", words="red shirt", weak="show").press("Less", 0).address_has("less=")
    visitor.eventually(lambda: visitor.texts(".mpsr-part small"), ["more like", "less like"])
    visitor.press("Remove", 1).until("() => !location.search.includes('less')")
    visitor.eventually(lambda: visitor.texts(".mpsr-part p"), ["“red shirt”"])


def test_a_photo_is_uploaded_and_its_link_says_that_it_is_not_in_it(
    visitor: Visitor, another: Callable[..., Visitor]
) -> None:
    visitor.open("/").press("Photo")
    photo = sorted((demo_folder() / "images").glob("*.jpg"))[3]
    visitor.page.locator("input[type=file]").set_input_files(str(photo))
    visitor.address_has("photo=").until("() => document.querySelector('.mpsr-part img')?.naturalWidth > 0")
    assert "your photo" in " ".join(visitor.texts(".mpsr-part"))
    visitor.eventually(lambda: bool(visitor.results), True)
    visitor.press("Find similar").address_has("id=")
    visitor.page.go_back()
    visitor.address_has("photo=").page.locator(".mpsr-part", has_text="your photo").wait_for()
    stranger = another()
    stranger.page.goto(visitor.page.url)
    stranger.settled()
    assert "Photos stay in the browser tab" in stranger.page.locator("[data-testid=stAlert]").inner_text()


def test_a_photo_outlives_a_reload(visitor: Visitor) -> None:
    visitor.open("/").press("Photo")
    photo = sorted((demo_folder() / "images").glob("*.jpg"))[3]
    visitor.page.locator("input[type=file]").set_input_files(str(photo))
    shown = "() => document.querySelector('.mpsr-part img')?.naturalWidth > 0"
    results = visitor.address_has("photo=").until(shown).results
    visitor.page.reload()
    visitor.settled().until(shown).shows(results)


def test_words_beside_a_product_refine_it_or_begin_anew(visitor: Visitor) -> None:
    visitor.open("/", id="1005")
    box = visitor.page.get_by_role("combobox", name=re.compile("Refine with words"))
    box.fill("black")
    box.press("Enter")
    visitor.address_has("words=black").address_has("id=1005")
    box.fill("red shirt")
    visitor.page.get_by_role("option", name="Search for these words: red shirt").click()
    visitor.address_has("words=red shirt").until("() => !location.search.includes('id=')")


def test_a_whole_name_is_taken_for_its_product(visitor: Visitor) -> None:
    visitor.open("/", id="1042").until(LOADED)
    name = visitor.page.locator(".mpsr-face").first.get_attribute("data-name")
    visitor.open("/")
    box = visitor.page.get_by_role("combobox", name=re.compile("name or id"))
    box.fill(name.lower())
    box.press("Enter")
    visitor.address_has("id=").until(LOADED)
    assert visitor.page.locator(".mpsr-face").first.get_attribute("data-name") == name


def test_after_an_upload_the_results_are_in_sight(visitor: Visitor) -> None:
    """The popover closes once it has done its work, for the first photo and for the next one."""
    for number in (3, 5):
        visitor.open("/").press("Photo")
        upload = visitor.page.locator("input[type=file]")
        upload.set_input_files(str(sorted((demo_folder() / "images").glob("*.jpg"))[number]))
        visitor.address_has("photo=").until(
            "() => document.querySelector('.mpsr-part img')?.naturalWidth > 0"
        )
        visitor.page.wait_for_timeout(300)
        assert not upload.is_visible()
        assert visitor.page.locator("[data-testid=stPopoverBody]").count() == 0


def test_a_refusal_is_gone_with_the_next_upload(visitor: Visitor, tmp_path: Path) -> None:
    (tmp_path / "page.png").write_text("no picture")
    visitor.open("/").press("Photo")
    visitor.page.locator("input[type=file]").set_input_files(str(tmp_path / "page.png"))
    refusal = visitor.page.get_by_text("This file cannot be used")
    refusal.wait_for()
    assert "not a picture. Expected one of JPEG" in refusal.inner_text()
    visitor.until("() => document.querySelectorAll('input[type=file]').length === 1")
    photo = sorted((demo_folder() / "images").glob("*.jpg"))[3]
    visitor.page.locator("input[type=file]").set_input_files(str(photo))
    visitor.address_has("photo=").press("Photo")
    visitor.page.locator("input[type=file]").wait_for(state="attached")
    assert refusal.count() == 0


def test_a_button_says_which_product_it_is_about(visitor: Visitor) -> None:
    visitor.open("/", id="1005", weak="show")
    names = [text.split(" ", 1)[1] for text in visitor.results]
    for label in ("Find similar", "More", "Less", "Why?", "Add to board"):
        told = visitor.page.locator("[class*=st-key-card-] button[aria-label]:visible").filter(has_text=label)
        visitor.page.wait_for_function(
            "() => document.querySelector('[class*=st-key-card-] button').ariaLabel"
        )
        labels = [button.get_attribute("aria-label") for button in told.all()]
        assert [one for one in labels if one.startswith(f"{label}: ")][: len(names)] == [
            f"{label}: {name}" for name in names
        ]
    visitor.press("Add to board").until(
        "() => [...document.querySelectorAll('button')].some(one => one.ariaLabel?.startsWith('On the board: '))"
    )


def test_each_page_has_a_title_of_its_own(visitor: Visitor) -> None:
    pages = {
        "/": "Find similar",
        "/map": "Map",
        "/boards": "Boards",
        "/rules": "Rules",
        "/insights": "Insights",
        "/range": "Range",
        "/quality": "Quality",
    }
    for path, title in pages.items():
        visitor.open(path).until(f"() => document.title === '{title} · MPSR'")


def test_what_only_calls_itself_a_picture_is_refused(visitor: Visitor, tmp_path: Path) -> None:
    (tmp_path / "page.png").write_text("<script>alert(1)</script>")
    visitor.open("/").press("Photo")
    visitor.page.locator("input[type=file]").set_input_files(str(tmp_path / "page.png"))
    visitor.page.get_by_text("This file cannot be used").wait_for()
    assert "photo=" not in visitor.query


def test_filters_show_counts_and_narrow_the_results(visitor: Visitor) -> None:
    visitor.open("/", id="1005", weak="show")
    box = visitor.page.get_by_role("combobox", name="Colour")
    box.click()
    box.press_sequentially("Blue", delay=20)
    option = visitor.page.get_by_role("option", name=re.compile(r"^Blue \(\d+\)"))
    option.click()
    visitor.address_has("where.baseColour=Blue")
    visitor.eventually(lambda: bool(visitor.results), True)
    visitor.eventually(lambda: all("Blue" in text for text in visitor.texts(".mpsr-face")[1:6]), True)
    visitor.page.keyboard.press("Escape")  # closes the list, behind which nothing can be pressed
    visitor.press("Clear all filters").until("() => !location.search.includes('where')")


def test_the_back_button_returns_and_forward_too(visitor: Visitor) -> None:
    visitor.open("/", id="1005")
    first = visitor.results
    visitor.press("Find similar").until("() => !location.search.includes('1005')")
    visitor.eventually(lambda: len(visitor.results) == 5 and visitor.results != first, True)
    second = visitor.results
    visitor.page.go_back()
    visitor.address_has("id=1005")
    visitor.shows(first)
    visitor.page.go_forward()
    visitor.until("() => !location.search.includes('1005')")
    visitor.shows(second)


def test_a_copied_link_shows_a_stranger_the_same(visitor: Visitor, another: Callable[..., Visitor]) -> None:
    visitor.open(
        "/",
        **{
            "id": ["1005", "1010"],
            "less": "1002",
            "picture": "80",
            "k": "10",
            "space": "paper",
            "weak": "show",
        },
    )
    visitor.page.get_by_text("Hide variants").click()
    visitor.address_has("variants=show")
    stranger = another()
    stranger.page.goto(visitor.page.url)
    stranger.settled()
    stranger.eventually(lambda: len(stranger.results), 10).shows(visitor.results)
    stranger.eventually(lambda: stranger.texts(".mpsr-part"), visitor.texts(".mpsr-part"))
    assert stranger.page.get_by_role("slider", name="Description ↔ picture").input_value() == "80"


def test_why_opens_says_the_split_and_closes_with_escape(visitor: Visitor) -> None:
    visitor.open("/", id="1005", weak="show").press("Why?")
    visitor.address_has("why=")
    visitor.page.locator(".mpsr-fields").nth(1).wait_for()
    shares = visitor.page.evaluate(
        """[...document.querySelectorAll('.mpsr-fields')].map(
            one => [...one.children].reduce((sum, field) => sum + Number(field.title), 0))"""
    )
    told = float(re.search(r"add up to ([+-]\d\.\d+)", " ".join(visitor.texts(".mpsr-quiet")))[1])
    assert shares == pytest.approx([told, told], abs=0.003)  # each field is rounded to four places
    visitor.page.keyboard.press("Escape")
    visitor.until("() => !location.search.includes('why')")


def test_a_wrong_link_says_so_as_text_and_shows_the_rest(visitor: Visitor) -> None:
    visitor.open("/", id=["1005", "![x](http://a.example/p.png)"], weak="show")
    assert "The rest is shown" in visitor.page.locator("[data-testid=stAlert]").inner_text()
    assert "![x](http://a.example/p.png)" in " ".join(visitor.texts("[data-testid=stText]"))
    assert len(visitor.results) == 5
    visitor.press("More").until("() => !location.search.includes('a.example')")


def test_the_keyboard_reaches_everything(visitor: Visitor) -> None:
    visitor.open("/", weak="show")
    reached: list[str] = []
    for _ in range(140):
        visitor.page.keyboard.press("Tab")
        reached.append(
            visitor.page.evaluate(
                """() => { let one = document.activeElement; while (one?.shadowRoot) one = one.shadowRoot.activeElement;
                  return one?.getAttribute('aria-label') || one?.innerText || one?.placeholder || one?.type || '' }"""
            )
        )
    told = "\n".join(reached)
    for name in (
        "name or id",
        "Photo",
        "Random product",
        "Find similar",
        "More",
        "Less",
        "Why?",
        "Add to board",
        "Show 10",
    ):
        assert name in told, name
    visitor.button("Find similar").first.focus()
    visitor.page.keyboard.press("Enter")
    visitor.address_has("id=")


@pytest.mark.parametrize("width", [1400, 400])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_themes_at_both_widths(another: Callable[..., Visitor], width: int, scheme: str) -> None:
    one = another(width=width, color_scheme=scheme)
    for path in ("/", "/quality"):
        one.open(path)
        ground, ink = one.page.evaluate(
            """[getComputedStyle(document.querySelector('.stApp')).backgroundColor,
                getComputedStyle(document.querySelector('h1')).color]"""
        )
        assert contrast(ground, ink) > 7
        assert (luminance(ground) < 0.2) == (scheme == "dark")
        wider = "document.querySelector('[data-testid=stMainBlockContainer]').scrollWidth - window.innerWidth"
        assert one.page.evaluate(wider) <= 0


def luminance(colour: str) -> float:
    """Relative luminance of a CSS rgb colour (WCAG 2)."""
    channels = [int(number) / 255 for number in re.findall(r"\d+", colour)[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two CSS rgb colours (WCAG 2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)
