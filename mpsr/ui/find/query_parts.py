"""The query, part by part, each removable."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from mpsr.service import Service
from mpsr.ui import card, photos
from mpsr.ui.find import address
from mpsr.ui.find.question import Question
from mpsr.ui.text import plain

#: Products of one name that are listed.
MOST_OF_A_NAME = 100


def query_parts(service: Service, question: Question) -> None:
    """The parts of the query: one product alone is shown large, anything else as a list."""
    if (question.more, question.words, question.photos, question.less) == (question.more[:1], (), (), ()):
        product = question.more[0]
        card.face(
            service, product, Markup("{}{}").format(card.attributes(service, product), card.number(product))
        )
        _same_name(service, question, product)
        return
    parts = [
        *(("more", one, card.name(service, one), _product(service, one)) for one in question.more),
        *(("more", words, words, Markup("<p>“{}”</p>").format(words)) for words in question.words),
        *(("more", photo, "your photo", _photo(photo)) for photo in question.photos),
        *(("less", one, card.name(service, one), _product(service, one)) for one in question.less),
    ]
    for number, (sign, part, called, shown) in enumerate(parts):
        _part(question, number, sign, part, called, shown)


def _same_name(service: Service, question: Question, product: str) -> None:
    """The other products of the same name, to tell apart by picture and id."""
    name = service.name(product)
    others = [one for one in service.named(name) if one != product] if name else []
    if not others:
        return
    with st.expander(f"{len(others):,} more with this name"):
        for one in others[:MOST_OF_A_NAME]:
            with (
                card.named_card(f"named-{one}"),
                st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False),
            ):
                said = Markup('<div data-name="{}">{}</div>').format(
                    f"{name}, id {one}", card.thumbnail(service, one)
                )
                st.html(said, width=50)
                st.button(f"id {plain(one)}", key=f"named-{one}", type="tertiary", on_click=address.go,
                          args=(question.about(one),))  # fmt: skip
        if len(others) > MOST_OF_A_NAME:
            st.caption(f"{MOST_OF_A_NAME:,} of {len(others):,} shown")


def picture(service: Service, question: Question) -> Markup:
    """The first picture of the query."""
    if question.more:
        return card.image(service, question.more[0])
    photo = next((name for name in question.photos if photos.kept(name)), None)
    return Markup("<span>no picture</span>") if photo is None else photos.image(photo)


def _part(question: Question, number: int, sign: str, part: str, called: str, shown: Markup) -> None:
    with card.named_card(f"part-{number}"):
        label = "more like" if sign == "more" else "less like"
        html = Markup('<div class="mpsr-part mpsr-{}" data-name="{}"><small>{}</small>{}</div>')
        st.html(html.format(sign, called, label, shown))
        st.button(
            "Remove",
            key=f"remove-{number}",
            icon=":material/close:",
            type="tertiary",
            on_click=_go_without,
            args=(question, part),
        )


def _go_without(question: Question, part: str) -> None:
    address.go(question.without(part))


def _product(service: Service, product: str) -> Markup:
    return Markup("{}<p>{}</p>").format(card.thumbnail(service, product), card.name(service, product))


def _photo(photo: str) -> Markup:
    if photos.kept(photo) is None:
        return Markup("<p>a photo from another session</p>")
    return Markup("{}<p>your photo</p>").format(photos.image(photo))
