"""Why a product is a result: a drawer with the exact split of its score, over both pictures and the words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import streamlit as st
from markupsafe import Markup

from mpsr.errors import InputError
from mpsr.explain.explanation import Explanation
from mpsr.explain.standing_out import Frame
from mpsr.search.request import Request
from mpsr.service import Service
from mpsr.ui import card
from mpsr.ui.find import address, asking
from mpsr.ui.find import query_parts as parts
from mpsr.ui.find.bad_link import say
from mpsr.ui.find.question import Question
from mpsr.ui.match import closeness, match_label
from mpsr.ui.text import column

Cells = npt.NDArray[np.float64]


def why_panel(service: Service, question: Question, request: Request) -> None:
    """The drawer for ``question.why``; closing it writes the address without."""

    def close() -> None:
        address.go(question.asking_why(""))

    @st.dialog("Why this result?", width="small", position="right", on_dismiss=close)
    def drawer() -> None:
        try:
            with asking.notice():
                explained = service.why(request, question.why)
        except InputError as error:
            say(error)
        else:
            explanation(service, question, request, explained)

    drawer()


def explanation(service: Service, question: Question, request: Request, explained: Explanation) -> None:
    """All of an explanation, the sentence first."""
    title = card.name(service, question.why)
    st.html(Markup('<p class="mpsr-name">{}</p><p>{}</p>').format(title, explained.sentence()))
    percentile = service.percentile(explained.score, request)
    label = match_label(percentile, service.match_threshold(request).percentile)
    said = f"{label}: {closeness(percentile)}. Score {explained.score:.3f} = "
    st.html(
        card.legend(bool(explained.lexical))
        + card.bar(explained.text, explained.image, explained.lexical)
        + card.quiet(said + card.shares(explained.text, explained.image, explained.lexical))
    )
    shown = [
        _overlaid(
            parts.picture(service, question), explained.query_cells, explained.query_frame, "Your query"
        ),
        _overlaid(card.image(service, question.why), explained.product_cells, explained.product_frame, title),
    ]
    if any(shown):
        st.html(
            Markup('<div class="mpsr-pair">{}{}</div>{}').format(
                *shown,
                card.quiet(
                    "Where the picture's share of the score comes from: the fields over each picture add up to "
                    f"{explained.image:+.3f}{_range(explained)}. Orange fields raise the score, blue ones lower it; the "
                    "stronger the colour, the more. Hover over a field to see its value."
                ),
            )
        )
    if explained.typed:
        said = f"The share of each word of the query; together {explained.lexical:+.3f}"
        st.html(_words(explained.typed, said))
    if explained.words:
        share = f"{explained.text:+.3f}"
        said = f"How much of the description's share ({share}) would be lost without each word of the result"
        st.html(_words(explained.words, said))
    below = _attributes(explained) + Markup().join(card.quiet(note) for note in explained.notes)
    if below:  # a product without any attribute has none to compare
        st.html(below)


def _range(explained: Explanation) -> str:
    """The weakest and the strongest field of both pictures: colours alone would make much of little."""
    fields = [cells for cells in (explained.query_cells, explained.product_cells) if cells is not None]
    low, high = (f"{edge:+.3f}" for edge in (min(map(np.min, fields)), max(map(np.max, fields))))
    return f", each between {low} and {high}" if low != high else ""


def _overlaid(shown: Markup, cells: Cells | None, frame: Frame | None, caption: str) -> Markup:
    """A picture under its fields, coloured by how much each adds; a field shows its number on hover."""
    if cells is None or frame is None:
        return card.NOTHING
    values = [float(value) for value in cells.ravel()]
    fields = Markup().join(
        Markup('<i style="background:{}" title="{:+.4f}"></i>').format(colour, value)
        for colour, value in zip(_colours(values), values, strict=True)
    )
    rows, columns = cells.shape
    left, width, across = _tracks(frame[0], frame[2], columns)
    top, height, down = _tracks(frame[1], frame[3], rows)
    place = f"left:{left:.2f}%;top:{top:.2f}%;width:{width:.2f}%;height:{height:.2f}%;grid-template:{down}/{across}"
    said = f"Parts of the picture's share, {rows} rows of {columns} fields, from {min(values):+.3f} to {max(values):+.3f}"
    return Markup(
        '<figure class="mpsr-overlaid"><div>{}<div class="mpsr-fields" role="img" aria-label="{}" '
        'style="{}">{}</div></div><figcaption>{}</figcaption></figure>'
    ).format(shown, said, place, fields, caption)


def _tracks(begin: float, end: float, count: int) -> tuple[float, float, str]:
    """Begin and length, in percent of the picture, of a row of fields, and their tracks in CSS.

    The outer fields reach to the picture's edges: what lies beyond the last cell is nearest to it.
    """
    edges = np.linspace(begin, end, count + 1)
    edges[0], edges[-1] = min(begin, 0.0), max(end, 1.0)
    sizes = " ".join(f"{size:.4f}fr" for size in np.diff(edges))
    return float(100 * edges[0]), float(100 * (edges[-1] - edges[0])), sizes


def _colours(values: Sequence[float]) -> list[str]:
    """Orange for what raises the score, blue for what lowers it; the colour is as strong as the field's part is large.

    Fields of nearly the same size look nearly the same.
    """
    sizes = np.abs(values)
    strengths = sizes / (float(sizes.max()) or 1.0)
    return [
        f"rgba({'214,84,20' if value >= 0 else '30,90,200'},{0.08 + 0.6 * strength:.3f})"
        for value, strength in zip(values, strengths, strict=True)
    ]


def _words(words: Sequence[tuple[str, float]], said: str) -> Markup:
    strongest = max(abs(value) for _, value in words) or 1.0
    row = Markup(
        '<tr><th scope="row">{}</th><td><i class="{}" style="width:{:.0f}%"></i></td><td>{:+.3f}</td></tr>'
    )
    rows = Markup().join(
        row.format(word, "mpsr-words" if value >= 0 else "mpsr-image", 100 * abs(value) / strongest, value)
        for word, value in words
    )
    return Markup('<table class="mpsr-table mpsr-said"><caption>{}</caption>{}</table>').format(said, rows)


def _attributes(explained: Explanation) -> Markup:
    row = Markup('<tr><th scope="row">{}</th><td>{}</td><td>{}</td></tr>')
    told = {name: (value, value) for name, value in explained.shared.items()} | explained.different
    if not told:
        return card.NOTHING
    rows = Markup().join(
        row.format(column(name), asked or "not given", found or "not given")
        for name, (asked, found) in told.items()
    )
    return Markup(
        '<table class="mpsr-table"><caption>Attributes: {} shared, {} different</caption>'
        '<tr><td></td><th scope="col">Your query</th><th scope="col">Result</th></tr>{}</table>'
    ).format(len(explained.shared), len(explained.different), rows)
