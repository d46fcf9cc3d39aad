"""The product card: picture, name, score, what the score is made of, and what may be done with the product.

What comes from a catalogue is text: ``Markup.format`` escapes it wherever it is set into the card.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from markupsafe import Markup

from mpsr.service import Service
from mpsr.types import Neighbour
from mpsr.ui import pictures

#: The columns a card speaks of, the most telling first.
TOLD = ("articleType", "baseColour", "gender", "season", "usage")

#: Narrowest a card gets before the grid takes one column less: two fit a telephone.
NARROWEST = 150

NOTHING = Markup()

Action = Callable[[str], None]


def picture(service: Service, product: str) -> Markup:
    """The product's picture on a place of fixed height, with its name as the alternative text."""
    address = pictures.url(service, product)
    if address is None:
        return Markup('<div class="mpsr-picture"><span>no picture</span></div>')
    name = service.name(product) or f"product {product}"
    shown = Markup('<img src="{}" alt="{}" loading="lazy" decoding="async">').format(address, name)
    return Markup('<div class="mpsr-picture">{}</div>').format(shown)


def face(service: Service, product: str, below: Markup = NOTHING, rank: int | None = None) -> None:
    """What a product looks like: picture, name, and the lines ``below``."""
    name = service.name(product) or f"product {product}"
    number = Markup('<span class="mpsr-rank">{}</span> ').format(rank) if rank is not None else ""
    title = Markup('<p class="mpsr-name" title="{}">{}{}</p>').format(name, number, name)
    st.html(Markup('<div class="mpsr-face">{}{}{}</div>').format(picture(service, product), title, below))


def attributes(service: Service, product: str) -> Markup:
    """The product's attributes on one line."""
    row = service.product(product)
    values = [str(row[name]) for name in TOLD if row.get(name) is not None]
    return Markup('<p class="mpsr-quiet">{}</p>').format(" · ".join(values))


def neighbour_card(service: Service, rank: int, item: Neighbour, find_similar: Action, key: str = "") -> None:
    """One result: its face, its score, and its buttons."""
    below = Markup("{}{}").format(score(item), attributes(service, item.id))
    face(service, item.id, below, rank)
    st.button(
        "Find similar", key=f"similar-{key}{item.id}", on_click=find_similar, args=(item.id,), width="stretch"
    )


def score(item: Neighbour) -> Markup:
    """The score in words, and its bar: the words' share first, then the picture's."""
    said = f"score {item.score:.3f}: words {item.text:.3f}, picture {item.image:.3f}"
    widths = [100 * min(max(share, 0.0), 1.0) for share in (item.text, item.image)]
    return Markup(
        '<p class="mpsr-score"><b>{:.3f}</b></p>'
        '<div class="mpsr-bar" role="img" aria-label="{}" title="{}">'
        '<i class="mpsr-words" style="width:{:.1f}%"></i><i class="mpsr-image" style="width:{:.1f}%"></i></div>'
        '<p class="mpsr-quiet">{:.3f} words + {:.3f} picture</p>'
    ).format(item.score, said, said, *widths, item.text, item.image)
