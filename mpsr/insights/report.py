"""The report for people who are sent a file: the page's tables and sentences, as PDF pages or one HTML file."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from textwrap import fill
from typing import Any

import matplotlib
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure

from mpsr.errors import InputError
from mpsr.fonts import drawing
from mpsr.insights.listings import LISTINGS, Listings, Selection
from mpsr.insights.page import A4, QUIET, chart_picture, laid_out, one_line
from mpsr.insights.views import VIEWS, As, Insight, Options, View, insight
from mpsr.insights.words import NOUNS, counted, counting_words

KINDS = (".pdf", ".html")


@dataclass(frozen=True)
class Report:
    """Everything the report says, before it is laid out.

    Attributes:
        title: of the file.
        scope: which products, in words.
        counting: what is counted, in one honest line.
        parts: the views' answers, in their order.
        foot: which store, and when.
    """

    title: str
    scope: str
    counting: str
    parts: tuple[Insight, ...]
    foot: str


def make_report(
    catalogue: Listings, selection: Selection, store: str, options: Options, day: date, name: str = ""
) -> Report:
    """The report of a selection.

    Args:
        catalogue: all listings.
        selection: which of them.
        store: what the store is called, and its snapshot.
        options: counts or shares.
        day: the date it bears.
        name: the catalogue's, for the title.

    Raises:
        InputError: no product passes the filters.
    """
    chosen = catalogue.select(selection)
    if not len(chosen):
        raise InputError(f"no product passes {selection.words()}. Expected filters that some product passes.")
    parts = [
        insight(view.key, catalogue, selection, replace(options, as_=_way(view, options)))
        for view in VIEWS.values()
        if view.reported
    ]
    of = f"{len(chosen):,} of {counted(catalogue.catalogue, 'products')}"
    if catalogue.unit != LISTINGS:
        of += f", {counted(float(chosen.frame['weight'].sum()), catalogue.unit)}"
    return Report(
        f"{one_line(name, 60) or 'The catalogue'} by season, colour, category, gender and time",
        f"{selection.words() or 'All products'}: {of}",
        counting_words(catalogue.unit),
        tuple(parts),
        f"MPSR · {store} · {day:%-d %B %Y}",
    )


def _way(view: View[Any], options: Options) -> As:
    """What is drawn of a view: the association where it has one and shares are asked for."""
    return "association" if options.share and "association" in view.ways else options.as_


def write_report(report: Report, out: Path) -> None:
    """Write the report to a file, PDF or HTML by its ending; an existing one is replaced.

    Raises:
        InputError: another ending.
    """
    if out.suffix.lower() not in KINDS:
        raise InputError(f"--out is {out}. Expected a file that ends in {' or '.join(KINDS)}.")
    data = written_as(report, out.suffix.lower())
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(data)


def written_as(report: Report, kind: str) -> bytes:
    """The report as a file of one of ``KINDS``."""
    return _pdf(report) if kind == ".pdf" else _html(report).encode("utf-8")


def _pdf(report: Report) -> bytes:
    out = io.BytesIO()
    with (
        drawing(),
        matplotlib.rc_context({"pdf.fonttype": 42}),
        PdfPages(out, metadata={"Title": report.title}) as pages,
    ):
        total = len(report.parts) + 1
        pages.savefig(_cover(report))
        for place, part in enumerate(report.parts, start=2):
            foot = f"{report.foot} · page {place} of {total}"
            pages.savefig(laid_out(part.page(report.scope, foot), A4))
    return out.getvalue()


def _cover(report: Report) -> Figure:
    """The first page: what this is, and every finding in a sentence."""
    figure = Figure(figsize=A4, facecolor="white")
    inch = 1 / A4[1]

    def put(at: float, text: str, size: float, x: float = 0.09, **more: Any) -> None:
        figure.text(x, 1 - at * inch, text, fontsize=size, va="top", linespacing=1.35, **more)

    put(0.9, fill(report.title, 44), 20, weight="bold")
    scope = fill(one_line(report.scope, 400), 88)
    put(1.85, scope, 10.5)
    at = 2.2 + 0.21 * scope.count("\n")
    put(at, fill(report.counting, 100), 9, color=QUIET)
    at += 0.75
    for page, part in enumerate(report.parts, start=2):
        put(at, part.view.question, 10.5, weight="bold")
        put(at, f"page {page}", 9, x=0.91, color=QUIET, ha="right")
        text = fill(one_line(part.finding, 1000), 92)
        put(at + 0.22, text, 9.5)
        at += 0.5 + 0.19 * (text.count("\n") + 1)
    figure.text(0.09, 0.35 * inch, one_line(report.foot, 120), fontsize=7.5, color=QUIET, va="bottom")
    return figure


STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #26221e;
  background: #fff; overflow-wrap: anywhere; }
h2 { margin: 3rem 0 .2rem; font-size: 1.1rem; font-weight: 500; color: #5d564e; }
.finding { font-size: 1.2rem; font-weight: 600; margin: .2rem 0 1rem; }
.quiet { font-size: .85rem; color: #5d564e; }
figure { margin: 0; } figure img { width: 100%; height: auto; }
table { border-collapse: collapse; font-size: .8rem; }
th, td { padding: .15rem .6rem; text-align: left; border-bottom: 1px solid #e6e1da; }
.wide { overflow-x: auto; }
@media print { section { break-inside: avoid; } details { display: none; } }
"""


def _html(report: Report) -> str:
    said = html.escape
    parts = "".join(_section(part) for part in report.parts)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{said(report.title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{STYLE}</style></head><body><h1>{said(report.title)}</h1><p>{said(report.scope)}</p>"
        f'<p class="quiet">{said(report.counting)}</p>{parts}<p class="quiet">{said(report.foot)}</p></body></html>'
    )


def _section(part: Insight) -> str:
    said = html.escape
    picture = _picture(part) if part.chart.panels else ""
    return (
        f'<section><h2>{said(part.view.question)}</h2><p class="finding">{said(part.finding)}</p>{picture}'
        f'<p class="quiet">{said(part.notes)}</p></section>{_numbers(part)}'
    )


def _numbers(part: Insight) -> str:
    if part.table.empty:
        return ""
    rows = "".join(_row(values) for values in part.table.rows.itertuples(index=False))
    head = "".join(f"<th>{html.escape(_heading(str(name)))}</th>" for name in part.table.rows)
    table = f'<div class="wide"><table><tr>{head}</tr>{rows}</table></div>'
    return f"<details><summary>The numbers</summary>{table}</details>"


def _heading(column: str) -> str:
    return NOUNS[column][0] if column in NOUNS else column.replace("_", " ")


def _row(values: Iterable[object]) -> str:
    cells = (
        f"{value:,.4g}" if isinstance(value, float) and not value.is_integer() else _cell(value)
        for value in values
    )
    return "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells) + "</tr>"


def _cell(value: object) -> str:
    return f"{value:,.0f}" if isinstance(value, float) else "" if str(value) == "<NA>" else str(value)


def _picture(part: Insight) -> str:
    """The chart as a PNG within the page: an SVG of a heat map would be larger, and prints no better."""
    data = base64.b64encode(chart_picture(part.chart)).decode("ascii")
    alt = html.escape(part.alt, quote=True)
    return f'<figure><img src="data:image/png;base64,{data}" alt="{alt}"></figure>'
