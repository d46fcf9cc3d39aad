"""The Insights page in a real browser: filters, the switch, what is taken away, narrow screens, hostile text."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from mpsr.insights.views import VIEWS
from tests.browser.conftest import ATTACKS, Visitor

DRAWN = "() => document.querySelectorAll('.js-plotly-plot .main-svg').length > 0"


def finding(visitor: Visitor) -> str:
    return " ".join(visitor.texts(".mpsr-finding")).replace("\u00a0", " ")


def test_filters_are_set_with_the_keyboard_and_stand_in_the_address(visitor: Visitor) -> None:
    visitor.open("/insights").until(DRAWN)
    assert "The most frequent type is" in finding(visitor)
    box = visitor.page.get_by_role("combobox", name="Gender")
    box.click()
    box.press_sequentially("Wom", delay=20)
    box.press("Enter")
    visitor.address_has("gender=Women").until(DRAWN)
    visitor.reads(".mpsr-quiet", "Women.").reads(".mpsr-quiet", "selected from 120")
    visitor.page.keyboard.press("Escape")
    visitor.press("Clear all filters").until("() => !location.search.includes('gender=')")
    visitor.reads(".mpsr-quiet", "of 120 products shown")


def test_counts_become_shares_by_one_switch_and_a_link_opens_the_same(
    visitor: Visitor, another: Callable[..., Visitor]
) -> None:
    visitor.open("/insights", gender="Women").until(DRAWN)
    visitor.page.get_by_role("radio", name="Shares").last.click()
    visitor.address_has("as=share").until(DRAWN)
    visitor.reads(".mpsr-finding", "% of its selected listings")
    friend = another()
    friend.page.goto(visitor.page.url)
    friend.settled().until(DRAWN)
    friend.eventually(lambda: finding(friend), finding(visitor))


def test_every_chart_says_its_finding_to_who_cannot_see_it(visitor: Visitor) -> None:
    visitor.open("/insights").until(DRAWN)
    alt = visitor.page.locator(
        "[data-testid=stPlotlyChart] [aria-label], [data-testid=stPlotlyChart][aria-label]"
    )
    said = alt.first.get_attribute("aria-label").replace("\u00a0", " ")
    assert finding(visitor) in said


def test_panels_of_bars_have_equally_long_axes(another: Callable[..., Visitor]) -> None:
    """The same value is as many pixels in every panel, whatever the length of its labels."""
    wide = another(width=1400)
    wide.open("/insights", view="types").until(DRAWN)
    lengths = wide.page.evaluate(
        "[...document.querySelectorAll('.js-plotly-plot')].map(one => one._fullLayout.xaxis._length)"
    )
    ranges = wide.page.evaluate(
        "[...document.querySelectorAll('.js-plotly-plot')].map(one => one._fullLayout.xaxis.range[1])"
    )
    assert len(lengths) > 1
    assert max(lengths) - min(lengths) < 1
    assert len(set(ranges)) == 1


def test_numbers_and_pictures_can_be_taken_away(visitor: Visitor) -> None:
    visitor.open("/insights").until(DRAWN)
    found: dict[str, bytes] = {}
    for label, kind in (("Numbers (CSV)", "csv"), ("Chart (PNG)", "png"), ("Chart (SVG)", "svg")):
        with visitor.page.expect_download(timeout=60_000) as download:
            visitor.page.get_by_role("button", name=label).click()
        assert download.value.suggested_filename == f"mpsr-types.{kind}"
        found[kind] = Path(download.value.path()).read_bytes()
    rows = list(csv.DictReader(io.StringIO(found["csv"].decode("utf-8-sig"))))
    shown = sum(int(row["products"]) for row in rows)
    visitor.reads(".mpsr-quiet", f"{shown} of 120 products shown")
    assert found["png"].startswith(b"\x89PNG")
    assert b"<svg" in found["svg"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_view_fits_a_narrow_screen(another: Callable[..., Visitor], scheme: str) -> None:
    narrow = another(width=400, color_scheme=scheme)
    for view in VIEWS:
        narrow.open("/insights", view=view, gender="Women", **{"as": "share"})
        assert finding(narrow)
        assert narrow.page.evaluate("document.documentElement.scrollWidth") <= 400
        widths = narrow.page.evaluate(
            "[...document.querySelectorAll('.js-plotly-plot')].map(one => one.getBoundingClientRect().right)"
        )
        assert all(right <= 400 for right in widths), view


def test_an_empty_selection_has_a_way_back(visitor: Visitor) -> None:
    visitor.open("/insights", articleType="Deodorant", subCategory="Lips")
    assert "No product passes these filters." in visitor.page.inner_text("body")
    visitor.press("Show all products").until(DRAWN)
    assert "articleType" not in visitor.query


def test_hostile_values_are_text_in_every_view(visitor: Visitor) -> None:
    for view in VIEWS:
        visitor.open("/insights", store="attack", view=view, gender=ATTACKS[0], **{"as": "share"})
        body = " ".join(visitor.page.inner_text("body").split())
        assert ATTACKS[0] in body, view
        main = visitor.page.locator("[data-testid=stMainBlockContainer]")
        assert main.locator("img[src=x], script, [onerror], [onload], [onmouseover]").count() == 0
        assert main.locator("a[href*=javascript], a[href*='a.example']").count() == 0


def test_a_click_on_a_bar_shows_its_products(another: Callable[..., Visitor]) -> None:
    """The layer that takes the mouse lies above the bars: so the mouse is moved to where a bar is."""
    wide = another(width=1400)
    wide.open("/insights", view="types").until(DRAWN)
    bar = wide.page.locator(".js-plotly-plot .bars .point path").first
    bar.evaluate("bar => bar.scrollIntoView({block: 'center'})")
    place = bar.bounding_box()
    wide.page.mouse.click(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    wide.address_has("pick=season").until(
        "() => document.querySelectorAll('.st-key-insights-products .mpsr-picture').length > 0"
    )
    wide.press("Close").until("() => !location.search.includes('pick=')")
