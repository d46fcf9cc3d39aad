"""The products behind a mark of a chart: which there are to choose from, and how one is written in an address."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import parse_qsl, urlencode

from mpsr.insights.chart import Bars, Chart, Groups, Heat, Intervals, Lines, Mark, Pairs, Pick, Picks, Stack
from mpsr.insights.listings import DIMENSIONS


def written(pick: Pick) -> str:
    """A pick as text: ``season=Summer&articleType=Tshirts``, encoded as in an address; "" for none."""
    return urlencode(pick)


def read(text: str) -> Pick:
    """The pick of a text; parts that name no column that is counted are left out, and so are repeated columns."""
    return tuple({column: value for column, value in parse_qsl(text) if column in DIMENSIONS}.items())


def picks_of(chart: Chart) -> list[Pick]:
    """Everything a chart's marks and legend stand for, in the order drawn, each once."""
    found = (pick for panel in chart.panels for group in _groups(panel.mark) for pick in _with_legend(group))
    return [pick for pick in dict.fromkeys(found) if pick]


def _groups(mark: Mark) -> Sequence[Picks]:
    """The picks of a mark, those of one name of the legend together."""
    match mark:
        case Bars() | Intervals():
            return [mark.picks]
        case Groups() | Stack():
            return [series.picks for series in mark.series]
        case Lines():
            return [line.picks for line in mark.lines]
        case Heat():
            return mark.picks
        case Pairs():
            return [mark.first.picks, mark.second.picks]
        case _:
            return []  # a pie's slices stand for what the bars of the same view do


def _with_legend(picks: Picks) -> Iterable[Pick]:
    """What all marks of a name have in common, then each of them."""
    if len(picks) > 1:
        yield tuple(pair for pair in picks[0] if all(pair in pick for pick in picks[1:]))
    yield from picks
