"""The product card: picture, name, score, what the score is made of, and what may be done with the product.

What comes from a catalogue is text: ``Markup.format`` escapes it wherever it is set into the card.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import streamlit as st
from markupsafe import Markup

from mpsr.explain.attributes import named
from mpsr.search.neighbours import Neighbour
from mpsr.service import Service
from mpsr.ui import pictures
from mpsr.ui.boards.filling import add_button
from mpsr.ui.find import address
from mpsr.ui.find.question import Question
from mpsr.ui.text import column

#: The columns a card speaks of, the most telling first.
TOLD = ("articleType", "baseColour", "gender", "season", "usage")

#: Narrowest a card gets before the grid takes one column less: two fit a telephone.
NARROWEST = 132

NOTHING = Markup()


# -- what a product looks like ----------------------------------------------------------------------------


def name(service: Service, product: str) -> str:
    """The product's name; one without is called by its id."""
    return service.name(product) or f"product {product}"


def image(service: Service, product: str) -> Markup:
    """The product's picture with its name as the alternative text, or a word where there is none."""
    where = pictures.url(service, product)
    if where is None:
        return Markup("<span>no picture</span>")
    return Markup('<img src="{}" alt="{}" loading="lazy" decoding="async">').format(
        where, name(service, product)
    )


def picture(service: Service, product: str) -> Markup:
    """The product's picture on a place of fixed height, so that nothing jumps."""
    return Markup('<div class="mpsr-picture">{}</div>').format(image(service, product))


def thumbnail(service: Service, product: str) -> Markup:
    """The product's picture, small."""
    return Markup('<div class="mpsr-thumbnail">{}</div>').format(image(service, product))


def face(service: Service, product: str, below: Markup = NOTHING, rank: int | None = None) -> None:
    """Show a product: picture, name, and the lines ``below``."""
    said = name(service, product)
    place = NOTHING if rank is None else Markup('<span class="mpsr-rank">{}</span> ').format(rank)
    title = Markup('<p class="mpsr-name" title="{}">{}{}</p>').format(said, place, said)
    st.html(Markup('<div class="mpsr-face">{}{}{}</div>').format(picture(service, product), title, below))


def attributes(service: Service, product: str) -> Markup:
    """The product's attributes on one line."""
    return quiet(" · ".join(_told(service, product).values()))


def number(product: str) -> Markup:
    """The product's id."""
    return quiet(f"id {product}")


def quiet(text: str) -> Markup:
    """A line of lesser weight."""
    return Markup('<p class="mpsr-quiet">{}</p>').format(text)


def _told(service: Service, product: str) -> dict[str, str]:
    row = service.product(product)
    return {name: str(row[name]) for name in TOLD if row.get(name) is not None}


# -- a result ---------------------------------------------------------------------------------------------


def neighbour_card(service: Service, rank: int, item: Neighbour, question: Question) -> None:
    """One result of a question: its face, its score, and what may be done with it."""
    face(service, item.id, score(item) + compared(service, question, item.id), rank)
    _button("Find similar", f"similar-{item.id}", question.about, item.id, width="stretch")
    with st.container(horizontal=True, gap="xsmall", horizontal_alignment="distribute"):
        _button(
            "More", f"more-{item.id}", question.more_like, item.id, type="tertiary", help="More like this"
        )
        _button(
            "Less", f"less-{item.id}", question.less_like, item.id, type="tertiary", help="Less like this"
        )
        _button(
            "Why?", f"why-{item.id}", question.asking_why, item.id, type="tertiary", help="Why this result?"
        )
    add_button(service, item.id, f"board-{item.id}")


def product_card(service: Service, product: str, key: str) -> None:
    """A product outside the Find page; its button leads there."""
    face(service, product, attributes(service, product))
    if st.button("Find similar", key=f"find-{key}", width="stretch"):
        address.find(Question().about(product))
    add_button(service, product, f"board-{key}")


def score(item: Neighbour) -> Markup:
    """The score, what it is worth, and its split."""
    worth = Markup('<p class="mpsr-score"><b>{:.3f}</b> <span class="mpsr-quiet">{}</span></p>')
    return worth.format(item.score, closeness(item.percentile)) + split(item.text, item.image)


def split(text: float, image: float) -> Markup:
    """A score as a bar and in numbers: the words' share first, then the picture's."""
    said = f"Score {text + image:.3f}: words {text:.3f}, picture {image:.3f}"
    widths = [100 * min(max(share, 0.0), 1.0) for share in (text, image)]
    return Markup(
        '<div class="mpsr-bar" role="img" aria-label="{}" title="{}">'
        '<i class="mpsr-words" style="width:{:.1f}%"></i><i class="mpsr-image" style="width:{:.1f}%"></i></div>'
        '<p class="mpsr-quiet">{:.3f} words {} {:.3f} picture</p>'
    ).format(said, said, *widths, text, "+" if image >= 0 else "−", abs(image))


def closeness(percentile: float) -> str:
    """A percentile in words, rounded down so that it never says too much."""
    if percentile >= 1:
        return "closer than all random pairs"
    digits = 2 if percentile >= 0.999 else 1 if percentile >= 0.99 else 0
    shown = math.floor(percentile * 100 * 10**digits) / 10**digits
    return f"closer than {shown:.{digits}f}\N{NO-BREAK SPACE}% of random pairs"


def compared(service: Service, question: Question, product: str) -> Markup:
    """What a result has in common with what was asked, and what not; with a photo alone, its attributes.

    What the words name counts as asked for: a black shirt shares its colour with "like this shirt, but black".
    """
    told = _told(service, product)
    wanted = [_told(service, one) for one in question.more]
    if not (wanted or question.words):
        return attributes(service, product)
    said = named(question.words, told)
    same = [
        value for name, value in told.items() if name in said or any(one.get(name) == value for one in wanted)
    ]
    other = {name: value for name, value in told.items() if value not in same}
    instead = wanted[0] if wanted else {}
    detail = "; ".join(
        f"{column(name)}: {value} instead of {instead[name]}"
        for name, value in other.items()
        if name in instead
    )
    return Markup(
        '<p class="mpsr-quiet mpsr-told"><b>Same:</b> {}</p>'
        '<p class="mpsr-quiet mpsr-told" title="{}"><b>{}:</b> {}</p>'
    ).format(
        " · ".join(same) or "nothing",
        detail,
        "Differs" if wanted else "Not named",
        " · ".join(other.values()) or "nothing",
    )


def _button(label: str, key: str, asked: Callable[[str], Question], product: str, **options: object) -> None:
    st.button(label, key=key, on_click=lambda: address.go(asked(product)), **options)  # type: ignore[arg-type]
