"""A view on paper: a question, the finding as headline, the chart and the notes; as a figure, or as a PNG or SVG file."""

from __future__ import annotations

import io
from dataclasses import dataclass
from textwrap import fill
from typing import TYPE_CHECKING, Literal

from mpsr.fonts import drawing
from mpsr.insights.chart import Chart
from mpsr.insights.words import short

if TYPE_CHECKING:  # matplotlib is loaded when a page is drawn, not with the page's tables
    from matplotlib.figure import Figure

Size = tuple[float, float]

#: Inches of a picture to be pasted somewhere, and of an A4 page.
SCREEN, A4 = (10.0, 7.5), (8.27, 11.69)

QUIET, NOTE = "#5d564e", "#3d3832"


@dataclass(frozen=True)
class Page:
    """A view to be laid out.

    Attributes:
        question: the view's.
        scope: which products, and what is counted.
        headline: the finding.
        notes: coverage and how to read the chart.
        foot: the last line.
        chart: what is drawn; without panels the page says the headline only.
    """

    question: str
    scope: str
    headline: str
    notes: str
    foot: str
    chart: Chart


def picture(page: Page, kind: Literal["png", "svg"]) -> bytes:
    """The page as a PNG or SVG file."""
    out = io.BytesIO()
    with drawing():
        laid_out(page, SCREEN).savefig(
            out, format=kind, dpi=200, metadata={"Date": None} if kind == "svg" else None
        )
    return out.getvalue()


def chart_picture(chart: Chart) -> bytes:
    """The chart alone, without headline and notes, as a PNG file: for a page that says them in text."""
    from matplotlib.figure import Figure

    from mpsr.insights import paper

    out = io.BytesIO()
    with drawing():
        size = (SCREEN[0], min(paper.height(chart), 6.4))
        figure = Figure(figsize=size, facecolor="white", layout="constrained")
        paper.draw(figure, chart)
        figure.savefig(out, format="png", dpi=160)
    return out.getvalue()


def laid_out(page: Page, size: Size = A4) -> Figure:
    """The page as a figure of that many inches."""
    from matplotlib.figure import Figure

    from mpsr.insights import paper

    figure = Figure(figsize=size, facecolor="white")
    width, inch = int(size[0] * 9.2), 1 / size[1]
    headline = fill(one_line(page.headline, 1000), int(width * 0.92))
    notes = fill(one_line(page.notes, 2000), int(width * 1.45))
    figure.text(0.07, 1 - 0.45 * inch, page.question, fontsize=10, color=QUIET, va="top")
    figure.text(0.07, 1 - 0.65 * inch, one_line(page.scope, 90), fontsize=9, color=QUIET, va="top")
    figure.text(0.07, 1 - 0.95 * inch, headline, fontsize=12.5, weight="bold", va="top", linespacing=1.35)
    figure.text(0.07, 0.62 * inch, notes, fontsize=8, color=NOTE, va="bottom", linespacing=1.4)
    figure.text(0.07, 0.35 * inch, one_line(page.foot, 120), fontsize=7.5, color=QUIET, va="bottom")
    if page.chart.panels:
        top = (1.15 + 0.25 * (headline.count("\n") + 1)) * inch
        bottom = (0.8 + 0.16 * (notes.count("\n") + 1)) * inch
        height = min(1 - top - bottom, paper.height(page.chart) * inch)
        figure.set_layout_engine("constrained", rect=(0.05, 1 - top - height, 0.9, height), h_pad=0.12)
        paper.draw(figure, page.chart)
    return figure


def one_line(text: str, width: int) -> str:
    """Text of a catalogue as one line of a page."""
    from mpsr.insights.paper import plain

    return plain(short(text, width))
