"""What is drawn is what the tables say, and can be read."""

import json
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mpsr.catalogue.colours import COLOURS
from mpsr.insights.chart import Bars, Groups, Heat, Intervals, Lines, Pairs, Stack
from mpsr.insights.listings import Selection, listings_of
from mpsr.insights.page import laid_out
from mpsr.insights.screen import escaped, figures_of
from mpsr.insights.style import (
    DIVERGING,
    HUE,
    MULTI,
    SEQUENTIAL,
    UNKNOWN,
    hues_of,
    luminance,
    paint_of,
)
from mpsr.insights.tables import HUES
from mpsr.insights.views import VIEWS, Insight, Options, insight
from mpsr.insights.words import number, percent, short
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
    found = insight(view, demo, Selection.of({}), asked)
    figures = figures_of(found.chart)
    assert len(figures) == 4
    assert len({tuple(figure.layout.xaxis.range) for figure in figures}) == 1
    drawn = np.concatenate([figure.data[0].x for figure in figures])
    rows = found.table.rows[found.table.rows["kind"] != "other"]
    expected = rows["count"] if as_ == "count" else 100 * rows["share"]
    assert drawn.tolist() == pytest.approx(expected.tolist())
    assert all(len(figure.data[0].y) <= 11 for figure in figures)
    rest = found.table.rows[found.table.rows["kind"] == "other"]
    notes = " ".join(panel.note for panel in found.chart.panels)
    for _, row in rest.iterrows():
        assert (
            f"{row.iloc[1]}: {percent(row['share']) if as_ == 'share' else number(row['count'])}, not drawn"
            in notes
        )
    assert [figure.layout.title.text.split(" · ")[0] for figure in figures] == [
        "Spring",
        "Summer",
        "Fall",
        "Winter",
    ]


@pytest.mark.parametrize("form", ["bars", "pies"])
def test_shares_are_the_tables(demo, form) -> None:
    asked = Options(as_="share", form=form)
    found = insight("shares", demo, Selection.of({}), asked)
    figures = figures_of(found.chart)
    if form == "pies":
        drawn = [value for figure in figures for value in figure.data[0].values]
        assert sum(drawn) == found.table.rows["count"].sum()
    else:
        drawn = [value for bar in figures[0].data for value in bar.x]
        assert sum(drawn) == pytest.approx(400)


def test_the_axes_of_small_multiples_are_equally_long(demo) -> None:
    """Labels of different lengths must not shorten one panel's axis: all leave the same room."""
    for view in ("types", "colours"):
        figures = figures_of(insight(view, demo, Selection.of({})).chart)
        assert len({(f.layout.margin.l, f.layout.margin.r, f.layout.yaxis.automargin) for f in figures}) == 1
        assert figures[0].layout.yaxis.automargin is False
        longest = max(len(label) for f in figures for label in f.layout.yaxis.ticktext)
        assert figures[0].layout.margin.l > 6 * longest


def lines_of(found: Insight) -> dict[str, tuple[list, list]]:
    """Line → what is connected (None where it breaks), and the hollow marks."""
    traces = figures_of(found.chart)[0].data
    return {
        full.name: (list(full.y), list(hollow.y))
        for full, hollow in zip(traces[::2], traces[1::2], strict=True)
    }


def test_lines_of_shares_break_at_small_years(demo) -> None:
    found = insight("time", demo, Selection.of({}), Options(as_="share"))
    assert found.table.rows["small"].any()
    for name, rows in found.table.rows.groupby("articleType", sort=False):
        connected, hollow = lines_of(found)[str(name)]
        shares = (100 * rows["share"]).tolist()
        small = rows["small"].tolist()
        assert connected == [None if few else share for share, few in zip(shares, small, strict=True)]
        assert hollow == [share for share, few in zip(shares, small, strict=True) if few]
    assert "Hollow marks: fewer than 100 products" in found.notes


def test_counts_are_no_estimates_so_their_lines_do_not_break(demo) -> None:
    found = insight("time", demo, Selection.of({}), Options())
    for name, rows in found.table.rows.groupby("articleType", sort=False):
        assert lines_of(found)[str(name)] == (rows["count"].tolist(), [])


def test_no_line_is_drawn_across_years_without_products() -> None:
    rows = [{"year": year, "articleType": "A"} for year in ("2011", "2012", "2015") for _ in range(120)]
    found = insight("time", listings_of(table_of(rows)), Selection.of({}), Options(as_="share"))
    assert lines_of(found)["A"] == ([100, 100, None, 100], [])
    assert "No product of 2013 to 2014." in found.notes
    on_paper = laid_out(found.page()).axes[0].lines[0]
    assert np.isnan(on_paper.get_ydata()).tolist() == [False, False, True, False]


def test_the_heat_map_holds_the_tables_cells(demo) -> None:
    for as_, column in (("count", "count"), ("share", "share"), ("association", "residual")):
        found = insight("gender", demo, Selection.of({}), Options(as_=as_))
        heat, text = figures_of(found.chart)[0].data
        assert np.ravel(heat.z).tolist() == found.table.rows[column].tolist()
        assert len(text.text) == len(found.table.rows)


def test_differences_are_drawn_where_they_are_clear(demo) -> None:
    asked = Options(as_="share", by="season", before="Summer", after="Winter")
    found = insight("changes", demo, Selection.of({}), asked)
    dots = figures_of(found.chart)[0].data[0]
    drawn = found.table.drawn(True)
    assert list(dots.x) == pytest.approx((100 * drawn["difference"]).tolist())
    assert list(dots.error_x.array) == pytest.approx((100 * (drawn["high"] - drawn["difference"])).tolist())
    counts = insight("changes", demo, Selection.of({}), replace(asked, as_="count"))
    assert list(figures_of(counts.chart)[0].data[-1].x) == counts.table.drawn(False)["count_after"].tolist()


@pytest.mark.parametrize("as_", ["count", "share", "association"])
@pytest.mark.parametrize("view", VIEWS)
def test_every_chart_says_its_finding_and_is_plain_json(demo, view: str, as_) -> None:
    found = insight(view, demo, HALF, Options(as_=as_))
    assert found.finding in found.alt
    assert found.alt.startswith(VIEWS[view].kind)
    for figure in figures_of(found.chart):
        drawn = json.loads(figure.to_json())
        kinds = {trace["type"] for trace in drawn["data"]}
        assert kinds <= {"bar", "pie", "scatter", "heatmap"}  # SVG, no WebGL


@pytest.mark.parametrize("as_", ["count", "share"])
@pytest.mark.parametrize("view", VIEWS)
def test_both_libraries_draw_the_same_values(demo, view: str, as_) -> None:
    """A number that one of the two back ends dropped or scaled would be found here."""
    found = insight(view, demo, HALF, Options(as_=as_))
    screen, paper = figures_of(found.chart), laid_out(found.page()).axes
    assert len(found.chart.panels) == len(screen) == len(paper) > 0
    for panel, figure, axes in zip(found.chart.panels, screen, paper, strict=True):
        match panel.mark:
            case Bars(values=values):
                assert list(figure.data[0].x) == list(values)
                assert [bar.get_width() for bar in axes.patches] == pytest.approx(values)
            case Groups(series=series) | Stack(series=series):
                wide = isinstance(panel.mark, Stack)
                for one, trace, bars in zip(series, figure.data, axes.containers, strict=True):
                    assert list(trace.x if wide else trace.y) == list(one.values)
                    sizes = [bar.get_width() if wide else bar.get_height() for bar in bars]
                    assert sizes == pytest.approx(one.values)
            case Lines(lines=lines):
                marks = {
                    place: value
                    for line in axes.lines[:2]
                    for place, value in zip(*line.get_data(), strict=True)
                }
                assert [marks[n] for n in range(len(lines[0].values))] == pytest.approx(lines[0].values)
            case Heat(cells=cells):
                assert axes.collections[0].get_array().ravel().tolist() == np.ravel(cells).tolist()
            case Intervals(values=values):
                assert axes.collections[1].get_offsets()[:, 0].tolist() == pytest.approx(values)
            case Pairs(first=first, second=second):
                for series, trace, dots in zip(
                    (first, second), figure.data[-2:], axes.collections[1:], strict=True
                ):
                    assert list(trace.x) == list(series.values)
                    assert dots.get_offsets()[:, 0].tolist() == pytest.approx(series.values)
            case mark:
                pytest.fail(f"{mark} is not compared")


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
    selection = Selection.of({"year": ["2012"]}, name=EVIL) if view == "apart" else Selection.of({})
    found = insight(view, evil_shop(), selection, asked)
    for figure in figures_of(found.chart):
        text = figure.to_json()
        assert "<img" not in text
        assert "<a " not in text
        assert "\\u003cimg" not in text
    svg = found.picture("svg").decode()
    assert "<img" not in svg
    # matplotlib writes a text's letters as shapes, the text as a comment
    assert "onerror" not in svg or "<!--" in svg


def test_labels_are_short_and_on_one_line() -> None:
    assert short("a\n b\t c") == "a b c"
    assert short("x" * 30) == "x" * 23 + "…"
    assert escaped("<b>&\nx") == "&lt;b&gt;&amp;<br>x"


@pytest.mark.parametrize("form", ["bars", "pies"])
@pytest.mark.parametrize("as_", ["count", "share", "association"])
@pytest.mark.parametrize("view", VIEWS)
def test_the_same_tables_are_drawn_on_paper(demo, view: str, as_, form) -> None:
    if form == "pies" and view != "shares":
        return
    found = insight(view, demo, HALF, Options(as_=as_, form=form))
    words = [text.get_text() for text in laid_out(found.page()).texts]
    assert VIEWS[view].question in words
    assert any("products shown" in text for text in words)
    for kind, start in (("png", b"\x89PNG"), ("svg", b"<?xml")):
        if as_ == "count":
            assert found.picture(kind).startswith(start)


def test_a_legend_names_each_series_once(demo) -> None:
    for view in ("categories", "shares", "time"):
        found = insight(view, demo, Selection.of({}), Options(as_="share"))
        legend = laid_out(found.page()).axes[0].get_legend()
        names = [text.get_text() for text in legend.get_texts()]
        drawn = [trace.name for trace in figures_of(found.chart)[0].data if trace.showlegend is not False]
        assert names == drawn


def test_an_empty_selection_is_a_page_that_says_so(demo) -> None:
    figure = laid_out(insight("types", demo, Selection.of({"year": ["1066"]})).page())
    assert "No product passes these filters." in [text.get_text() for text in figure.texts]
    assert not figure.axes
