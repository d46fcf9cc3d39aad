"""What a view is, what it can be asked, and the answer for a selection."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, Literal, TypeVar

from mpsr.csvsafe import to_csv
from mpsr.insights.chart import Chart, Panel
from mpsr.insights.listings import Listings, Selection
from mpsr.insights.page import Page, picture
from mpsr.insights.tables import Table

As = Literal["count", "share", "association"]

#: What a reader can set beside counts or shares: the fields of ``Options`` of these names.
Control = Literal["every", "form", "column", "step", "values", "by", "periods"]

#: What a view says where no product is selected.
EMPTY = "No product passes these filters."


@dataclass(frozen=True)
class Options:
    """What a view is asked beyond the selection; each view reads what concerns it.

    Attributes:
        as_: counts or shares; "association" for type × gender.
        column: whose values: over time, biggest changes, what sets apart.
        values: over time, which of them; none for the most frequent.
        step: over time, by "year" or by "season" within the years.
        every: categories, all of them rather than the published three.
        form: shares, as "bars" or "pies".
        by: biggest changes, between two of "season" or "year".
        before: biggest changes, from which; "" for the default.
        after: biggest changes, to which; "" for the default.
    """

    as_: As = "count"
    column: str = "articleType"
    values: tuple[str, ...] = ()
    step: Literal["year", "season"] = "year"
    every: bool = False
    form: Literal["bars", "pies"] = "bars"
    by: Literal["year", "season"] = "year"
    before: str = ""
    after: str = ""

    @property
    def share(self) -> bool:
        """Whether shares are drawn rather than counts."""
        return self.as_ != "count"


T = TypeVar("T", bound=Table)


@dataclass(frozen=True)
class View(Generic[T]):
    """A view: everything that the page, the report, the files and the command line know about it.

    Attributes:
        key: its name in addresses and files.
        title: its name for a reader.
        question: what it answers.
        kind: what sort of chart it draws, for the chart's text alternative.
        table: the catalogue, a selection and options → the numbers.
        sentence: its finding in one sentence, true of what is drawn; asked only where a product is selected.
        panels: what is drawn; asked only where the table is not empty.
        how: how to read it, and by which rule it was computed.
        serves: the decision the published work draws it for; "" for those that are not from there.
        ways: what can be drawn, the default first.
        controls: what else a reader can set.
        published: whether it is one of the published work's.
        reported: whether the report holds it.
        against_rest: whether it compares a selection with the rest, so that it needs one.
    """

    key: str
    title: str
    question: str
    kind: str
    table: Callable[[Listings, Selection, Options], T]
    sentence: Callable[[T, Options], str]
    panels: Callable[[T, Options], tuple[Panel, ...]]
    how: Callable[[Options], str]
    serves: str = ""
    ways: tuple[As, ...] = ("count", "share")
    controls: tuple[Control, ...] = ()
    published: bool = False
    reported: bool = True
    against_rest: bool = False

    def answer(self, catalogue: Listings, selection: Selection, options: Options) -> Insight:
        """The view of a selection."""
        found = self.table(catalogue, selection, options)
        chosen = len(catalogue.select(selection))
        finding = self.sentence(found, options) if chosen else EMPTY
        panels = self.panels(found, options) if chosen and not found.empty else ()
        return Insight(self, options, selection, found, chosen, finding, Chart(self.kind, panels))


@dataclass(frozen=True)
class Insight:
    """A view's answer for a selection.

    Attributes:
        view: which view.
        options: what it was asked.
        selection: for which products.
        table: the numbers.
        chosen: products that are selected.
        finding: one sentence, true of what is drawn.
        chart: what is drawn; without panels where there is nothing to draw.
    """

    view: View[Any]
    options: Options
    selection: Selection
    table: Table
    chosen: int
    finding: str
    chart: Chart

    @property
    def notes(self) -> str:
        """How many of how many products are shown, what was left out, and how to read the chart."""
        return f"{self.table.scope.coverage} {self.view.how(self.options)}"

    @property
    def alt(self) -> str:
        """The chart in words, for those who cannot see it."""
        return f"{self.chart.kind} {self.finding}"

    @cached_property
    def csv(self) -> bytes:
        """The numbers as a CSV file."""
        return to_csv(self.table.rows)

    def page(self, scope: str = "", foot: str = "") -> Page:
        """The view on paper.

        Args:
            scope: which products, in words; without, the selection's own.
            foot: the last line.
        """
        which = f"{scope or self.selection.words() or 'All products'} · {self.table.scope.unit}"
        return Page(self.view.question, which, self.finding, self.notes, foot, self.chart)

    def picture(self, kind: Literal["png", "svg"]) -> bytes:
        """The view as a PNG or SVG file."""
        return picture(self.page(), kind)
