"""axe-core on every page, in light and dark: nothing serious or critical."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files

import pytest

from tests.browser.conftest import Visitor

PAGES = {
    "find": ("/", {}),
    "mix": ("/", {"id": "1005", "words": "black", "where.gender": "Women", "weak": "show"}),
    "product": ("/product", {"id": "1006", "asked": "1005"}),
    "map": ("/map", {"words": "shirt", "id": "1005"}),
    "boards": ("/boards", {}),
    "insights": ("/insights", {}),
    "quality": ("/quality", {}),
}
RUN = "async () => (await axe.run({resultTypes: ['violations']})).violations"


@pytest.fixture(scope="module")
def axe() -> str:
    package = pytest.importorskip("axe_playwright_python", reason="pip install -e '.[test]'")
    return files(package).joinpath("axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_serious_fault(another: Callable[..., Visitor], axe: str, scheme: str) -> None:
    visitor = another(color_scheme=scheme, bypass_csp=True)
    faults = []
    for name, (path, address) in PAGES.items():
        visitor.open(path, **address)
        visitor.page.evaluate(axe)
        faults += [
            f"{name}: {found['id']}: {node['html'][:150]}"
            for found in visitor.page.evaluate(RUN)
            if found["impact"] in ("serious", "critical")
            for node in found["nodes"]
        ]
    assert not faults, "\n".join(faults)


def test_axe_finds_what_is_wrong(visitor: Visitor, axe: str) -> None:
    """The check above can fail: a picture without a text is found."""
    visitor.open("/quality")
    visitor.page.evaluate(
        "document.querySelector('h1').insertAdjacentHTML('afterend', '<img src=\"data:,\">')"
    )
    visitor.page.evaluate(axe)
    assert "image-alt" in [found["id"] for found in visitor.page.evaluate(RUN)]


def test_the_focus_is_visible_in_the_menu_and_on_pictures(visitor: Visitor) -> None:
    visitor.open("/", id="1005")
    for selector in ("[data-testid=stTopNavLink]", "a.mpsr-open"):
        visitor.page.locator(selector).first.focus()
        visitor.page.keyboard.press("Shift+Tab")
        visitor.page.keyboard.press("Tab")
        style = visitor.page.evaluate("getComputedStyle(document.activeElement).outline")
        assert "solid" in style
        assert visitor.page.evaluate(f"document.activeElement.matches('{selector}')")


def test_a_picture_opens_its_product_and_back_returns_to_the_results(visitor: Visitor) -> None:
    visitor.open("/", id="1005", weak="show")
    results = visitor.results
    visitor.page.locator("a.mpsr-picture").nth(1).click()
    visitor.until("() => location.pathname === '/product'").address_has("asked=1005")
    visitor.eventually(lambda: len(visitor.texts(".mpsr-large figcaption")), 2)
    visitor.page.go_back()
    visitor.until("() => location.pathname === '/'").shows(results)
