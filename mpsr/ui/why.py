"""Why a result is one: a drawer with the exact split of its score, over the two pictures and over the words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import streamlit as st
from markupsafe import Markup

from mpsr.errors import InputError
from mpsr.explain.explanation import Explanation, Frame
from mpsr.service import Service
from mpsr.types import Query
from mpsr.ui import address, asking, card, parts
from mpsr.ui.lost import say
from mpsr.ui.question import Question
from mpsr.ui.text import column

Cells = npt.NDArray[np.float64]


def why_panel(service: Service, question: Question, query: Query) -> None:
    """The drawer for ``question.why``; closing it writes the address without."""

    def close() -> None:
        address.go(question.asking_why(""))

    @st.dialog("Why this result?", width="small", position="right", on_dismiss=close)
    def drawer() -> None:
        try:
            with asking.notice():
                explained = service.why(query, question.why, question.space or None, question.weights)
        except InputError as error:
            say(error)
        else:
            explanation(service, question, explained)

    drawer()


def explanation(service: Service, question: Question, explained: Explanation) -> None:
    """All of an explanation, the sentence first."""
    title = card.name(service, question.why)
    st.html(Markup('<p class="mpsr-name">{}</p><p>{}</p>').format(title, explained.sentence()))
    st.html(card.split(explained.text, explained.image))
    shown = [
        _overlaid(
            parts.picture(service, question), explained.query_cells, explained.query_frame, "You asked with"
        ),
        _overlaid(card.image(service, question.why), explained.product_cells, explained.product_frame, title),
    ]
    if any(shown):
        st.html(
            Markup('<div class="mpsr-pair">{}{}</div>{}').format(
                *shown,
                card.quiet(
                    "Where the picture's share comes from: the fields over each picture add up to "
                    f"{explained.image:+.3f}. Orange fields add, blue ones take away; point at one to read its part."
                ),
            )
        )
    if explained.words:
        st.html(_words(explained.words, explained.text))
    st.html(_attributes(explained))
    st.html(Markup().join(card.quiet(note) for note in explained.notes) or card.quiet("Nothing is left out."))


def _overlaid(shown: Markup, cells: Cells | None, frame: Frame | None, caption: str) -> Markup:
    """A picture under its fields, coloured by how much each adds; a field says its number when pointed at."""
    if cells is None or frame is None:
        return card.NOTHING
    strongest = float(np.abs(cells).max()) or 1.0
    values = [float(value) for value in cells.ravel()]
    fields = Markup().join(
        Markup('<i style="background:{}" title="{:+.4f}"></i>').format(_colour(value / strongest), value)
        for value in values
    )
    left, top, right, bottom = (100 * edge for edge in frame)
    rows, columns = cells.shape
    place = f"left:{left:.2f}%;top:{top:.2f}%;width:{right - left:.2f}%;height:{bottom - top:.2f}%"
    said = f"Parts of the picture's share, {rows} rows of {columns} fields, from {min(values):+.3f} to {max(values):+.3f}"
    return Markup(
        '<figure class="mpsr-overlaid"><div>{}<div class="mpsr-fields" role="img" aria-label="{}" '
        'style="{};grid-template:repeat({},1fr)/repeat({},1fr)">{}</div></div><figcaption>{}</figcaption></figure>'
    ).format(shown, said, place, rows, columns, fields, caption)


def _colour(strength: float) -> str:
    """Orange for what adds, blue for what takes away; ``strength`` from -1 to 1."""
    return f"rgba({'214,84,20' if strength >= 0 else '30,90,200'},{0.7 * abs(strength):.3f})"


def _words(words: Sequence[tuple[str, float]], text: float) -> Markup:
    strongest = max(abs(value) for _, value in words) or 1.0
    row = Markup(
        '<tr><th scope="row">{}</th><td><i class="{}" style="width:{:.0f}%"></i></td><td>{:+.3f}</td></tr>'
    )
    rows = Markup().join(
        row.format(word, "mpsr-words" if value >= 0 else "mpsr-image", 100 * abs(value) / strongest, value)
        for word, value in words
    )
    said = f"What the words' share of {text:+.3f} would lose without each word of the result"
    return Markup('<table class="mpsr-table mpsr-said"><caption>{}</caption>{}</table>').format(said, rows)


def _attributes(explained: Explanation) -> Markup:
    row = Markup('<tr><th scope="row">{}</th><td>{}</td><td>{}</td></tr>')
    told = {name: (value, value) for name, value in explained.shared.items()} | explained.different
    if not told:
        return card.NOTHING
    rows = Markup().join(
        row.format(column(name), asked or "not stated", found or "not stated")
        for name, (asked, found) in told.items()
    )
    return Markup(
        '<table class="mpsr-table"><caption>Attributes: {} shared, {} different</caption>'
        '<tr><td></td><th scope="col">asked for</th><th scope="col">result</th></tr>{}</table>'
    ).format(len(explained.shared), len(explained.different), rows)
