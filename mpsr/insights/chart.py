"""What a chart shows, in data: marks with their values, labels and colours, and nothing about how they are drawn.

A view makes one ``Chart``; ``mpsr.insights.screen`` draws it with Plotly, ``mpsr.insights.paper`` with matplotlib and
seaborn. Text is the catalogue's own, shortened (``words.short``); each of the two escapes what its library would read
as markup. A newline in a label is a line break.
"""

from __future__ import annotations

from dataclasses import dataclass

from mpsr.insights.style import Paint

Texts = tuple[str, ...]
Numbers = tuple[float, ...]

#: Which products a mark stands for, within the selection: columns and their values, all of which must hold. Empty
#: where a mark stands for products that no values name, such as those of several rarer types together.
Pick = tuple[tuple[str, str], ...]
Picks = tuple[Pick, ...]


@dataclass(frozen=True)
class Axis:
    """The axis of the values.

    Attributes:
        percent: values are percentages; else they are counts (or differences, where ``signed``).
        high: where it ends; None to fit the values.
        signed: values lie on both sides of 0, which is marked.
        title: below it.
    """

    percent: bool
    high: float | None = None
    signed: bool = False
    title: str = ""


@dataclass(frozen=True)
class Bars:
    """Horizontal bars, from top to bottom; all tuples have one entry a bar."""

    labels: Texts
    values: Numbers
    texts: Texts
    hovers: Texts
    paints: tuple[Paint, ...]
    axis: Axis
    picks: Picks = ()


@dataclass(frozen=True)
class Series:
    """One name of the legend with its values, one a group.

    Attributes:
        texts: written on the marks; "" for none.
    """

    name: str
    colour: str
    values: Numbers
    texts: Texts
    hovers: Texts
    picks: Picks = ()


@dataclass(frozen=True)
class Groups:
    """Vertical bars: for each label one of every series, side by side."""

    labels: Texts
    series: tuple[Series, ...]
    axis: Axis


@dataclass(frozen=True)
class Stack:
    """Horizontal bars: for each label one of every series, end to end; ``axis.high`` is the longest bar."""

    labels: Texts
    series: tuple[Series, ...]
    axis: Axis


@dataclass(frozen=True)
class Pie:
    """A circle divided clockwise from the top; all tuples have one entry a slice, slices without a text are small."""

    names: Texts
    colours: Texts
    values: Numbers
    texts: Texts
    hovers: Texts
    picks: Picks = ()


@dataclass(frozen=True)
class Line:
    """A line with a mark for each label of the axis.

    Attributes:
        sure: which marks are drawn full and connected; the others are hollow and stand alone.
    """

    name: str
    values: Numbers
    sure: tuple[bool, ...]
    hovers: Texts
    picks: Picks = ()


@dataclass(frozen=True)
class Lines:
    """Lines over labels in their order.

    Attributes:
        breaks: places (1 to the number of labels - 1) between whose label and the one before no line is drawn.
    """

    labels: Texts
    lines: tuple[Line, ...]
    axis: Axis
    breaks: tuple[int, ...] = ()


@dataclass(frozen=True)
class Heat:
    """A heat map; every cell carries its text.

    Attributes:
        cells: one tuple a row, of one value a column; ``texts`` and ``hovers`` likewise.
        scale: colours from ``low`` to ``high``.
    """

    rows: Texts
    columns: Texts
    cells: tuple[Numbers, ...]
    texts: tuple[Texts, ...]
    hovers: tuple[Texts, ...]
    scale: Texts
    low: float
    high: float
    picks: tuple[Picks, ...] = ()


@dataclass(frozen=True)
class Intervals:
    """Signed values with their intervals, from top to bottom."""

    labels: Texts
    values: Numbers
    lows: Numbers
    highs: Numbers
    texts: Texts
    hovers: Texts
    axis: Axis
    picks: Picks = ()


@dataclass(frozen=True)
class Pairs:
    """Two marks a row joined by a line, from top to bottom: of ``first`` hollow, of ``second`` full."""

    labels: Texts
    first: Series
    second: Series
    axis: Axis


Mark = Bars | Groups | Stack | Pie | Lines | Heat | Intervals | Pairs


@dataclass(frozen=True)
class Panel:
    """One of several charts side by side, or the only one.

    Attributes:
        title: above it.
        note: below it: what is not drawn.
    """

    mark: Mark
    title: str = ""
    note: str = ""


@dataclass(frozen=True)
class Chart:
    """What is drawn.

    Attributes:
        kind: what sort of chart it is, for its text alternative.
        panels: of the same kind of mark, on the same axis.
    """

    kind: str
    panels: tuple[Panel, ...]


def numbers(values: object) -> Numbers:
    """A column of a table as the numbers of a mark."""
    return tuple(float(value) for value in values)  # type: ignore[attr-defined]


def scaled(values: object, percent: bool) -> Numbers:
    """Shares (0 to 1) as percentages, or counts as they are."""
    return tuple((100 if percent else 1) * value for value in numbers(values))
