"""The report for people who are sent a file: the same tables and sentences as the page, as PDF pages or one HTML file."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from textwrap import fill

import matplotlib
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure

from mpsr.errors import InputError
from mpsr.insights.listings import LISTINGS, Listings, Selection
from mpsr.insights.sentences import counting_words, sentence
from mpsr.insights.static import A4, chart_bytes, draw, plain
from mpsr.insights.style import number
from mpsr.insights.tables import NOUNS, Table
from mpsr.insights.views import PAPER_VIEWS, VIEWS, Options, tabulate

#: The report's views: the published six, and what goes beyond them.
REPORTED = (*PAPER_VIEWS, "moved", "gaps")

KINDS = (".pdf", ".html")


@dataclass(frozen=True)
class Report:
    """Everything the report says, before it is laid out.

    Attributes:
        title: of the file.
        scope: which products, in words.
        counting: what is counted, in one honest line.
        parts: each view's options, table and finding.
        foot: which store, and when.
    """

    title: str
    scope: str
    counting: str
    parts: tuple[tuple[Options, Table, str], ...]
    foot: str


def make_report(catalogue: Listings, selection: Selection, store: str, options: Options, day: date) -> Report:
    """The report of a selection.

    Args:
        catalogue: all listings.
        selection: which of them.
        store: what the store is called, and its snapshot.
        options: counts or shares.
        day: the date it bears.

    Raises:
        InputError: no product passes the filters.
    """
    chosen = catalogue.select(selection)
    if not len(chosen):
        raise InputError(f"no product passes {selection.words()}. Expected filters that some product passes.")
    parts = []
    for view in REPORTED:
        asked = replace(options, as_="association") if view == "gender" and options.share else options
        found = tabulate(view, catalogue, selection, asked)
        parts.append((asked, found, sentence(found, asked.share, asked.as_ == "association")))
    scope = selection.words() or "All products"
    of = f"{len(chosen):,} of {catalogue.catalogue:,} products"
    weight = float(chosen.frame["weight"].sum())
    if catalogue.unit != LISTINGS:
        of += f", {number(weight)} {catalogue.unit}"
    return Report(
        "The catalogue by season, colour, category, gender and time",
        f"{scope}: {of}",
        counting_words(catalogue.unit),
        tuple(parts),
        f"MPSR · {store} · {day:%-d %B %Y}",
    )


def write_report(report: Report, out: Path) -> None:
    """Write the report to a file, PDF or HTML by its ending; an existing one is replaced.

    Raises:
        InputError: another ending.
    """
    if out.suffix.lower() not in KINDS:
        raise InputError(f"--out is {out}. Expected a file that ends in {' or '.join(KINDS)}.")
    data = _pdf(report) if out.suffix.lower() == ".pdf" else _html(report).encode("utf-8")
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(data)


def _pdf(report: Report) -> bytes:
    out = io.BytesIO()
    with (
        matplotlib.rc_context({"pdf.fonttype": 42}),
        PdfPages(out, metadata={"Title": report.title}) as pages,
    ):
        total = len(report.parts) + 1
        pages.savefig(_cover(report))
        for place, (options, found, _) in enumerate(report.parts, start=2):
            foot = f"{report.foot} · page {place} of {total}"
            pages.savefig(draw(found, options, report.scope, A4, foot))
    return out.getvalue()


def _cover(report: Report) -> Figure:
    """The first page: what this is, and every finding in a sentence."""
    figure = Figure(figsize=A4, facecolor="white")
    inch = 1 / A4[1]
    figure.text(
        0.09, 1 - 0.9 * inch, fill(report.title, 44), fontsize=20, weight="bold", va="top", linespacing=1.3
    )
    scope = fill(plain(report.scope, 400), 88)
    figure.text(0.09, 1 - 1.85 * inch, scope, fontsize=10.5, va="top", linespacing=1.4)
    place = 2.2 + 0.21 * scope.count("\n")
    figure.text(
        0.09,
        1 - place * inch,
        fill(report.counting, 100),
        fontsize=9,
        color="#5d564e",
        va="top",
        linespacing=1.4,
    )
    place += 0.75
    for number_of, (_, found, said) in enumerate(report.parts, start=2):
        figure.text(
            0.09, 1 - place * inch, VIEWS[found.view].question, fontsize=10.5, weight="bold", va="top"
        )
        figure.text(
            0.91, 1 - place * inch, f"page {number_of}", fontsize=9, color="#5d564e", va="top", ha="right"
        )
        text = fill(plain(said, 1000), 92)
        figure.text(0.09, 1 - (place + 0.22) * inch, text, fontsize=9.5, va="top", linespacing=1.35)
        place += 0.5 + 0.19 * (text.count("\n") + 1)
    figure.text(0.09, 0.35 * inch, plain(report.foot, 120), fontsize=7.5, color="#5d564e", va="bottom")
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
    parts = "".join(_section(options, found, finding) for options, found, finding in report.parts)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{said(report.title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{STYLE}</style></head><body><h1>{said(report.title)}</h1><p>{said(report.scope)}</p>"
        f'<p class="quiet">{said(report.counting)}</p>{parts}<p class="quiet">{said(report.foot)}</p></body></html>'
    )


def _section(options: Options, found: Table, finding: str) -> str:
    view = VIEWS[found.view]
    picture = _picture(found, options, finding) if not found.empty else ""
    numbers = ""
    if not found.empty:
        rows = "".join(_row(values) for values in found.rows.itertuples(index=False))
        head = "".join(f"<th>{html.escape(_heading(str(name)))}</th>" for name in found.rows)
        table = f'<div class="wide"><table><tr>{head}</tr>{rows}</table></div>'
        numbers = f"<details><summary>The numbers</summary>{table}</details>"
    return (
        f'<section><h2>{html.escape(view.question)}</h2><p class="finding">{html.escape(finding)}</p>{picture}'
        f'<p class="quiet">{html.escape(found.coverage)} {html.escape(view.how)}</p></section>{numbers}'
    )


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


def _picture(found: Table, options: Options, finding: str) -> str:
    """The chart as a PNG within the page: an SVG of a heat map would be larger, and prints no better."""
    data = base64.b64encode(chart_bytes(found, options)).decode("ascii")
    return (
        f'<figure><img src="data:image/png;base64,{data}" alt="{html.escape(finding, quote=True)}"></figure>'
    )
