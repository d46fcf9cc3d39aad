"""The product card: picture, name, how good the match is, and what can be done with the product.

What comes from a catalogue is text: ``Markup.format`` escapes it wherever it is set into the card.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

import streamlit as st
from markupsafe import Markup
from streamlit.delta_generator import DeltaGenerator

from mpsr.explain import attributes as asked
from mpsr.search.neighbours import Neighbour
from mpsr.service import Service
from mpsr.ui import pictures
from mpsr.ui.boards.filling import add_button
from mpsr.ui.find import address
from mpsr.ui.find.question import Question
from mpsr.ui.find.together import select_key
from mpsr.ui.match import closeness, match_label
from mpsr.ui.stores import store_to_name
from mpsr.ui.text import LEXICAL_LABEL, MODALITY_LABEL, column

#: The columns a card shows, the most telling first.
TOLD = ("articleType", "baseColour", "gender", "season", "usage")

#: Narrowest a card gets before the grid takes one column less: two fit on a phone.
NARROWEST = 132

NOTHING = Markup()


# -- what a product looks like ----------------------------------------------------------------------------


def name(service: Service, product: str) -> str:
    """The product's name; one without is called by its id."""
    return service.name(product) or f"product {product}"


def image(service: Service, product: str) -> Markup:
    """The product's picture with its name as the alternative text, or a note that it has none."""
    where = pictures.url(service, product)
    if where is None:
        return Markup("<span>no picture</span>")
    return Markup('<img src="{}" alt="{}" loading="lazy" decoding="async">').format(
        where, name(service, product)
    )


def further(service: Service, product: str) -> Markup:
    """The product's pictures beyond its first, small and in order; each opens in full. Empty where there are none."""
    count = service.pictures(product)
    one = Markup(
        '<a href="{0}" target="_blank"><img src="{0}" alt="{1}" loading="lazy" decoding="async"></a>'
    )
    shown = Markup().join(
        one.format(pictures.url(service, product, n), f"{name(service, product)}, picture {n + 1} of {count}")
        for n in range(1, count)
    )
    return Markup('<div class="mpsr-further">{}</div>').format(shown) if shown else Markup()


def picture(service: Service, product: str, asked: str = "") -> Markup:
    """The product's picture in a box of fixed height, so that nothing moves when it loads; leads to its page."""
    return _leading(service, product, "mpsr-picture", asked)


def thumbnail(service: Service, product: str) -> Markup:
    """The product's picture, small; leads to its page."""
    return _leading(service, product, "mpsr-thumbnail", "")


def _leading(service: Service, product: str, kind: str, asked: str) -> Markup:
    """A link that the browser follows without loading the app anew (``mpsr.ui.addressbar``)."""
    where = product_address(product, asked)
    shown = image(service, product)
    link = Markup('<a class="mpsr-open {}" href="{}" aria-label="Open {}">{}</a>')
    return link.format(kind, where, name(service, product), shown)


def product_address(product: str, asked: str = "") -> str:
    """Address of a product's page.

    Args:
        product: its id.
        asked: id of the product that was asked for, to be shown beside it.
    """
    told = {"id": product, "asked": asked, "store": store_to_name()}
    return (
        f"{pictures.base_path()}/product?{urlencode({name: value for name, value in told.items() if value})}"
    )


def face(
    service: Service, product: str, below: Markup = NOTHING, rank: int | None = None, asked: str = ""
) -> None:
    """Show a product: picture, name, and the lines ``below``; ``asked`` is the product it is a result for."""
    said = name(service, product)
    place = NOTHING if rank is None else Markup('<span class="mpsr-rank">{}</span> ').format(rank)
    title = Markup('<p class="mpsr-name" title="{}">{}{}</p>').format(said, place, said)
    html = Markup('<div class="mpsr-face" data-name="{}">{}{}{}</div>')
    st.html(html.format(said, picture(service, product, asked), title, below))


def attributes(service: Service, product: str) -> Markup:
    """The product's attributes on one line."""
    return quiet(" · ".join(_told(service, product).values()))


def number(product: str) -> Markup:
    """The product's id."""
    return quiet(f"id {product}")


def quiet(text: str) -> Markup:
    """A line of less emphasis."""
    return Markup('<p class="mpsr-quiet">{}</p>').format(text)


def _told(service: Service, product: str) -> dict[str, str]:
    row = service.product(product)
    return {name: str(row[name]) for name in TOLD if row.get(name) is not None}


# -- a result ---------------------------------------------------------------------------------------------


def named_card(key: str) -> DeltaGenerator:
    """A container for a face and its buttons, which then carry the name of what is shown (``mpsr.ui.button_names``)."""
    return st.container(key=f"card-{key}", gap="xsmall")


def neighbour_card(
    service: Service, rank: int, item: Neighbour, question: Question, match_percentile: float
) -> None:
    """One result of a query: its face, how good the match is, and what can be done with it."""
    with named_card(item.id):
        face(service, item.id, compared(service, question, item.id) + score(item, match_percentile), rank,
             "".join(question.more[:1]))  # fmt: skip
        _button("Find similar", f"similar-{item.id}", question.about, item.id, width="stretch")
        with st.container(horizontal=True, gap="xsmall", horizontal_alignment="distribute"):
            for label, asked, why in (
                ("More", question.more_like, "More like this"),
                ("Less", question.less_like, "Less like this"),
                ("Why?", question.asking_why, "Why this result?"),
            ):
                key = f"{label.lower().removesuffix('?')}-{item.id}"
                _button(label, key, asked, item.id, type="tertiary", help=why)
        add_button(service, item.id, f"board-{item.id}")
        st.checkbox("Select", key=select_key(item.id))


def product_card(service: Service, product: str, key: str) -> None:
    """A product outside the Find page; its button leads there."""
    with named_card(key):
        face(service, product, attributes(service, product))
        if st.button("Find similar", key=f"find-{key}", width="stretch"):
            address.find(Question().about(product))
        add_button(service, product, f"board-{key}")


def score(item: Neighbour, match_percentile: float) -> Markup:
    """How good the match is, in words and as a small bar; its numbers on hover."""
    said = f"Score {item.score:.3f}: {closeness(item.percentile)}"
    line = Markup('<div class="mpsr-score"><span title="{}">{}</span>{}</div>{}')
    return line.format(
        said,
        match_label(item.percentile, match_percentile),
        bar(item.text, item.image, item.lexical),
        ruled(item),
    )


def ruled(item: Neighbour) -> Markup:
    """What a rule did to a result; nothing where none did."""
    if item.pinned:
        return quiet("Pinned by a rule")
    said = [
        f"{_signed(share)} {by}"
        for share, by in ((item.click, "by clicks"), (item.rule, "by a rule"))
        if share
    ]
    return quiet(" · ".join(said)) if said else NOTHING


def all_shares(item: Neighbour) -> str:
    """The shares of a result's score in numbers, what rules add among them, or that it is pinned."""
    said = shares(item.text, item.image, item.lexical)
    if item.click:
        said = f"{said} {_signed(item.click)} clicks"
    if item.pinned:
        return f"{said} · pinned"
    return f"{said} {_signed(item.rule)} rule" if item.rule else said


def bar(text: float, image: float, lexical: float = 0.0) -> Markup:
    """The shares of a score as a bar, the description's first; its numbers on hover."""
    said = f"Score {text + image + lexical:.3f}: {shares(text, image, lexical)}"
    widths = [100 * min(max(share, 0.0), 1.0) for share in (text, image, lexical)]
    return Markup(
        '<div class="mpsr-bar" role="img" aria-label="{}" title="{}">'
        '<i class="mpsr-words" style="width:{:.1f}%"></i><i class="mpsr-image" style="width:{:.1f}%"></i>'
        '<i class="mpsr-exact" style="width:{:.1f}%"></i></div>'
    ).format(said, said, *widths)


def shares(text: float, image: float, lexical: float = 0.0) -> str:
    """The shares of a score in numbers, that of the exact words where it is not zero."""
    said = f"{text:.3f} {MODALITY_LABEL['text']} {_signed(image)} {MODALITY_LABEL['image']}"
    return f"{said} {_signed(lexical)} {LEXICAL_LABEL}" if lexical else said


def _signed(share: float) -> str:
    return f"{'+' if share >= 0 else '−'} {abs(share):.3f}"


def legend(exact: bool = False) -> Markup:
    """Which part of a bar is which share; ``exact``: that of the exact words is there, too."""
    third = Markup(' <i class="mpsr-exact"></i> {}').format(LEXICAL_LABEL) if exact else ""
    return Markup(
        '<p class="mpsr-legend"><i class="mpsr-words"></i> {} <i class="mpsr-image"></i> {}{}</p>'
    ).format(MODALITY_LABEL["text"], MODALITY_LABEL["image"], third)


def compared(service: Service, question: Question, product: str) -> Markup:
    """How a result differs from what was asked for, on one line; with a photo alone, its attributes.

    The same comparison as in the explanation, so that both always agree.
    """
    if not (question.more or question.words):
        return attributes(service, product)
    rows = [service.product(one) for one in question.more]
    shared, different = asked.compared(rows, question.words, service.product(product))
    same = " · ".join(shared[name] for name in TOLD if name in shared)
    if not question.more:
        other = " · ".join(value for name, value in _told(service, product).items() if name not in shared)
        return _line("In your words:", same or "nothing", f"Also: {other or 'nothing'}")
    differs = [(name, *different[name]) for name in TOLD if name in different]
    detail = "; ".join(
        [f"Same: {same or 'nothing'}"]
        + [f"{column(name)}: {_known(new)} instead of {_known(old)}" for name, old, new in differs]
    )
    if not differs:
        return _line("Same", same, detail)
    return _line("", " · ".join(_difference(*one) for one in differs), detail)


def _difference(name: str, old: str | None, new: str | None) -> str:
    """``Summer, not Fall``; a value that is not given is called by its column."""
    return f"{new or f'{column(name)} not given'}, not {old}" if old else f"{new or column(name)}"


def _known(value: str | None) -> str:
    return value or "not given"


def _line(first: str, text: str, detail: str) -> Markup:
    line = '<p class="mpsr-quiet mpsr-told" title="{}"><b>{}</b> {}</p>'
    return Markup(line).format(detail, first, text)


def _button(label: str, key: str, asked: Callable[[str], Question], product: str, **options: object) -> None:
    st.button(label, key=key, on_click=lambda: address.go(asked(product)), **options)  # type: ignore[arg-type]
