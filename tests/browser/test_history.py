"""The address bar and the back button: one press is one step, and the address says which store and board are in use."""

from __future__ import annotations

from tests.browser.conftest import Visitor


def steps(visitor: Visitor) -> int:
    return visitor.page.evaluate("history.length")


def follow(visitor: Visitor, name: str, path: str) -> Visitor:
    """Go to another page by the menu."""
    visitor.page.get_by_role("link", name=name).first.click()  # the menu is above the page
    return arrived(visitor, name, path)


def arrived(visitor: Visitor, name: str, path: str) -> Visitor:
    """Wait for a page and its address; a page that is drawn after the next one was asked for is a step to Streamlit."""
    visitor.page.get_by_role("heading", name=name, exact=True, level=1).wait_for()
    return visitor.until(f"() => location.pathname === '{path}'").address_has("store=drawn")


def test_the_first_page_names_its_store_without_a_step(visitor: Visitor) -> None:
    visitor.page.goto("about:blank")
    before = steps(visitor)
    visitor.open("/").address_has("store=drawn")
    assert steps(visitor) == before + 1
    visitor.page.go_back()
    assert visitor.page.url == "about:blank"


def test_one_press_goes_back_one_page(visitor: Visitor) -> None:
    visitor.open("/", id="1005").address_has("store=drawn")
    before = steps(visitor)
    follow(visitor, "Map", "/map")
    follow(visitor, "Insights", "/insights")
    assert steps(visitor) == before + 2
    visitor.page.go_back()
    arrived(visitor, "Map", "/map")
    visitor.page.go_back()
    visitor.page.locator(".mpsr-face", has_text="id 1005").wait_for()
    arrived(visitor, "Find similar", "/").address_has("id=1005")
    visitor.page.go_forward()
    arrived(visitor, "Map", "/map")


def test_a_page_returns_as_it_was_left_and_back_stays_exact(visitor: Visitor) -> None:
    visitor.open("/", id="1005", words="red", **{"where.gender": "Women"}).address_has("store=drawn")
    left = visitor.query
    follow(visitor, "Map", "/map")
    visitor.page.get_by_label("Highlight").fill("shirt")
    visitor.page.get_by_label("Highlight").press("Enter")
    visitor.address_has("words=shirt")
    follow(visitor, "Insights", "/insights")
    before = steps(visitor)
    follow(visitor, "Find similar", "/").address_has("id=1005")
    visitor.eventually(lambda: visitor.query, left)
    visitor.eventually(lambda: visitor.texts(".mpsr-part p")[1:2], ["“red”"])
    follow(visitor, "Map", "/map").address_has("words=shirt")
    visitor.page.get_by_text("selected", exact=False).first.wait_for()
    assert steps(visitor) == before + 2
    visitor.page.go_back()
    arrived(visitor, "Find similar", "/").address_has("id=1005")
    visitor.page.go_back()
    arrived(visitor, "Insights", "/insights")
    visitor.page.go_back()
    arrived(visitor, "Map", "/map").address_has("words=shirt")
    visitor.page.go_back()
    arrived(visitor, "Map", "/map")
    assert "words=" not in visitor.query


def test_the_board_that_is_filled_is_no_step_and_the_board_that_is_looked_at_is_one(visitor: Visitor) -> None:
    visitor.open("/", id="1005", weak="show").address_has("store=drawn")
    before = steps(visitor)
    visitor.press("Add to board").address_has("board=")
    assert steps(visitor) == before
    visitor.press("Find similar").until("() => !location.search.includes('id=1005')")
    visitor.page.go_back()
    visitor.address_has("id=1005")
    follow(visitor, "Boards", "/boards")
    visitor.press("Open board").address_has("board=")
    visitor.page.go_back()
    visitor.until("() => location.pathname === '/boards' && !location.search.includes('board=')")


def test_another_store_is_a_step(visitor: Visitor) -> None:
    visitor.open("/", store="drawn")
    box = visitor.page.get_by_role("combobox", name="Catalogue")
    box.click()
    visitor.page.get_by_role("option", name="attack").click()
    visitor.address_has("store=attack")
    visitor.page.go_back()
    visitor.address_has("store=drawn")
    visitor.page.wait_for_function(
        "() => document.querySelector('[aria-label*=Catalogue][role=combobox]').value === 'drawn'"
    )
