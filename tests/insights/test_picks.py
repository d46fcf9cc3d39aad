"""What the marks of charts stand for: the same products that they count, in every view."""

import pytest

from mpsr.insights.chart import Bars, Groups, Heat, Intervals, Lines, Pairs, Stack
from mpsr.insights.listings import Selection
from mpsr.insights.picks import picks_of, read, written
from mpsr.insights.views import VIEWS, Options


def marks(mark):
    """Pairs of a value and a pick."""
    match mark:
        case Bars():
            return zip(mark.values, mark.picks, strict=True)
        case Groups() | Stack():
            return ((v, p) for s in mark.series for v, p in zip(s.values, s.picks, strict=True))
        case Lines():
            return ((v, p) for s in mark.lines for v, p in zip(s.values, s.picks, strict=True))
        case Heat():
            return (
                (v, p)
                for row, picks in zip(mark.cells, mark.picks, strict=True)
                for v, p in zip(row, picks, strict=True)
            )
        case Pairs():
            return ((v, p) for s in (mark.first, mark.second) for v, p in zip(s.values, s.picks, strict=True))
        case Intervals():
            return zip(mark.values, mark.picks, strict=True)
    return ()


@pytest.mark.parametrize("key", [key for key in VIEWS if key != "underrepresented"])
@pytest.mark.parametrize("step", ["year", "season"])
def test_a_mark_counts_the_products_it_stands_for(demo, key, step):
    selection = Selection.of({"gender": ["Men", "Women"]})
    found = VIEWS[key].answer(demo, selection, Options(step=step))
    chosen = demo.select(selection)
    seen = 0
    for panel in found.chart.panels:
        for value, pick in marks(panel.mark):
            if pick:
                seen += 1
                assert len(chosen.select(where(pick))) == value, pick
    assert seen


def where(pick):
    return Selection.of({column: [value] for column, value in pick})


def test_under_represented_the_full_mark_counts_its_products(demo):
    found = VIEWS["underrepresented"].answer(demo, Selection(), Options())
    for panel in found.chart.panels:
        for value, pick in zip(panel.mark.second.values, panel.mark.second.picks, strict=True):
            assert len(demo.select(where(pick))) == value


def test_a_legend_stands_for_what_its_marks_have_in_common(demo):
    found = VIEWS["shares"].answer(demo, Selection(), Options())
    first = found.chart.panels[0].mark.series[0]
    assert (("masterCategory", first.name),) in picks_of(found.chart)


@pytest.mark.parametrize("value", ["Summer", "a=b&c%d", "%3D", "(missing)", "日本"])
def test_what_is_written_is_read_again(value):
    pick = (("season", value), ("articleType", "x & y"))
    assert read(written(pick)) == pick


def test_columns_that_are_not_counted_are_left_out():
    assert read("price=3&season=Summer") == (("season", "Summer"),)
    assert [read(text) for text in ("", "=", "&", "season", "season=")] == [()] * 5
