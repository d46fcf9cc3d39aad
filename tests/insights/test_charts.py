"""What is drawn is what the tables say, and can be read."""

import json
import tomllib
from pathlib import Path

import numpy as np
import pytest

from mpsr.catalogue.colours import COLOURS
from mpsr.insights.charts import chart_of
from mpsr.insights.listings import Selection, listings_of
from mpsr.insights.static import as_bytes, draw
from mpsr.insights.style import (
    DIVERGING,
    HUE,
    MULTI,
    SEQUENTIAL,
    UNKNOWN,
    hues_of,
    luminance,
    paint_of,
    plotly_text,
    short,
)
from mpsr.insights.tables import HUES
from mpsr.insights.tables_change import clear_rows
from mpsr.insights.views import VIEWS, Options, tabulate
from tests.insights.conftest import table_of

THEME = Path(__file__).parents[2] / ".streamlit" / "config.toml"
HALF = Selection.of({"gender": ["Women"]})


def rgb(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    return red, green, blue


def contrast(one: str, two: str) -> float:
    low, high = sorted((luminance(rgb(one)), luminance(rgb(two))))
    return (high + 0.05) / (low + 0.05)


def test_every_hue_stands_out_on_every_background_of_the_theme() -> None:
    theme = tomllib.loads(THEME.read_text(encoding="utf-8"))["theme"]
    grounds = [
        theme[mode][key]
        for mode in ("light", "dark")
        for key in ("backgroundColor", "secondaryBackgroundColor")
    ]
    assert len(HUE) == len(set(HUE)) == HUES
    for hue in HUE:
        for ground in grounds:
            assert contrast(hue, ground) >= 3, (hue, ground)


def test_numbers_on_hues_and_cells_can_be_read() -> None:
    assert all(contrast(hue, "#ffffff") >= 3 for hue in HUE)
    for colour in (*SEQUENTIAL, *DIVERGING):
        ink = "#000000" if luminance(rgb(colour)) > 0.18 else "#ffffff"
        assert contrast(colour, ink) >= 4.5


def test_a_colour_is_drawn_in_its_own_and_never_in_a_false_one() -> None:
    assert paint_of("Navy Blue", "value").fill == COLOURS["Navy Blue"]
    assert paint_of("multi", "value") == MULTI
    assert MULTI.hatch
    assert paint_of("Unheard of", "value") == paint_of("(missing)", "missing") == UNKNOWN
    assert paint_of("other (3 colours)", "other").fill == HUE[-1]


def test_what_is_put_together_is_neutral() -> None:
    assert hues_of(["A", "other (2 types)", "(missing)"], ["value", "other", "missing"]) == {
        "A": HUE[0],
        "other (2 types)": HUE[-1],
        "(missing)": HUE[-1],
    }


@pytest.mark.parametrize("as_", ["count", "share"])
@pytest.mark.parametrize("view", ["types", "colours"])
def test_bars_are_the_tables_on_one_axis(demo, view: str, as_) -> None:
    asked = Options(as_=as_)
    found = tabulate(view, demo, Selection.of({}), asked)
    chart = chart_of(found, asked)
    assert len(chart.figures) == 4
    assert len({tuple(figure.layout.xaxis.range) for figure in chart.figures}) == 1
    drawn = np.concatenate([figure.data[0].x for figure in chart.figures])
    expected = found.rows["count"] if as_ == "count" else 100 * found.rows["share"]
    assert drawn.tolist() == pytest.approx(expected.tolist())
    assert all(len(figure.data[0].y) <= 12 for figure in chart.figures)
    assert [figure.layout.title.text.split(" · ")[0] for figure in chart.figures] == [
        "Spring",
        "Summer",
        "Fall",
        "Winter",
    ]


@pytest.mark.parametrize("form", ["bars", "pies"])
def test_shares_are_the_tables(demo, form) -> None:
    asked = Options(as_="share", form=form)
    found = tabulate("shares", demo, Selection.of({}), asked)
    figures = chart_of(found, asked).figures
    if form == "pies":
        drawn = [value for figure in figures for value in figure.data[0].values]
        assert sum(drawn) == found.rows["count"].sum()
    else:
        drawn = [value for bar in figures[0].data for value in bar.x]
        assert sum(drawn) == pytest.approx(400)


def test_lines_mark_small_years(demo) -> None:
    asked = Options(as_="share")
    found = tabulate("time", demo, Selection.of({}), asked)
    lines = chart_of(found, asked).figures[0].data
    small = found.rows.groupby("articleType", sort=False)["small"].apply(list)
    assert [[symbol.endswith("-open") for symbol in line.marker.symbol] for line in lines] == list(small)


def test_the_heat_map_holds_the_tables_cells(demo) -> None:
    for as_, column in (("count", "count"), ("share", "share"), ("association", "residual")):
        asked = Options(as_=as_)
        found = tabulate("gender", demo, Selection.of({}), asked)
        heat, text = chart_of(found, asked).figures[0].data
        assert np.ravel(heat.z).tolist() == found.rows[column].tolist()
        assert len(text.text) == len(found.rows)


def test_differences_are_drawn_where_they_are_clear(demo) -> None:
    asked = Options(as_="share", by="season", before="Summer", after="Winter")
    found = tabulate("moved", demo, Selection.of({}), asked)
    dots = chart_of(found, asked).figures[0].data[0]
    clear = clear_rows(found)
    assert list(dots.x) == pytest.approx((100 * clear["difference"]).tolist())
    assert list(dots.error_x.array) == pytest.approx((100 * (clear["high"] - clear["difference"])).tolist())
    counts = chart_of(found, Options()).figures[0].data
    assert list(counts[-1].x) == clear["count_after"].tolist()


@pytest.mark.parametrize("as_", ["count", "share", "association"])
@pytest.mark.parametrize("view", VIEWS)
def test_every_chart_says_its_finding_and_is_plain_json(demo, view: str, as_) -> None:
    asked = Options(as_=as_)
    found = tabulate(view, demo, HALF, asked)
    if found.empty:
        return
    chart = chart_of(found, asked)
    assert len(chart.alt) > 60
    for figure in chart.figures:
        drawn = json.loads(figure.to_json())
        assert {trace["type"] for trace in drawn["data"]} <= {
            "bar",
            "pie",
            "scatter",
            "heatmap",
        }  # SVG, no WebGL


EVIL = '<img src=x onerror="alert(1)"><a href="javascript:alert(1)">$x^2$ & more text than fits'


def evil_shop():
    rows = [
        {
            "season": season,
            "year": year,
            "gender": gender,
            "masterCategory": f"{EVIL[:30]}{gender}",
            "subCategory": EVIL,
            "articleType": f"{kind}{EVIL}",
            "usage": EVIL,
            "baseColour": colour,
        }
        for year, season in (("2011", "Summer"), ("2012", EVIL))
        for gender in ("Men", EVIL)
        for kind in "AB"
        for colour in ("Red", EVIL)
        for _ in range(40 if (year, kind) != ("2012", "A") else 4)
    ]
    return listings_of(table_of(rows))


@pytest.mark.parametrize("as_", ["count", "share", "association"])
@pytest.mark.parametrize("view", VIEWS)
def test_markup_in_a_catalogue_is_text_in_every_chart(view: str, as_) -> None:
    asked = Options(as_=as_, column="articleType")
    selection = Selection.of({"year": ["2012"]}) if view == "apart" else Selection.of({})
    found = tabulate(view, evil_shop(), selection, asked)
    if not found.empty:
        for figure in chart_of(found, asked).figures:
            text = figure.to_json()
            assert "<img" not in text
            assert "<a " not in text
            assert "\\u003cimg" not in text
    svg = as_bytes(found, asked, EVIL, "svg").decode()
    assert "<img" not in svg
    assert (
        "onerror" not in svg or "<!--" in svg
    )  # matplotlib writes a text's letters as shapes, the text as a comment


def test_labels_are_short_and_on_one_line() -> None:
    assert short("a\n b\t c") == "a b c"
    assert short("x" * 30) == "x" * 23 + "…"
    assert plotly_text("<b>&") == "&lt;b&gt;&amp;"


@pytest.mark.parametrize("form", ["bars", "pies"])
@pytest.mark.parametrize("as_", ["count", "share", "association"])
@pytest.mark.parametrize("view", VIEWS)
def test_the_same_tables_are_drawn_on_paper(demo, view: str, as_, form) -> None:
    if form == "pies" and view != "shares":
        return
    asked = Options(as_=as_, form=form)
    figure = draw(tabulate(view, demo, HALF, asked), asked, HALF.words())
    words = [text.get_text() for text in figure.texts]
    assert VIEWS[view].question in words
    assert any("products shown" in text for text in words)
    for kind, start in (("png", b"\x89PNG"), ("svg", b"<?xml")):
        if as_ == "count":
            assert as_bytes(tabulate(view, demo, HALF, asked), asked, HALF.words(), kind).startswith(start)


def test_an_empty_selection_is_a_page_that_says_so(demo) -> None:
    nothing = Selection.of({"year": ["1066"]})
    figure = draw(tabulate("types", demo, nothing, Options()), Options(), nothing.words())
    assert "No product passes these filters." in [text.get_text() for text in figure.texts]
    assert not figure.axes
