"""The query in short, right under the search box: one chip for each part and each filter, a click removes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import streamlit as st

from mpsr.service import Service
from mpsr.ui import card
from mpsr.ui.find import address
from mpsr.ui.find.question import Question
from mpsr.ui.text import column, plain

#: Characters of a chip's text at most.
LONGEST = 40


@dataclass(frozen=True)
class Chip:
    """A part of the query.

    Attributes:
        said: its text.
        without: the query that is left when it is removed.
    """

    said: str
    without: Question


def chips_of(service: Service, question: Question) -> list[Chip]:
    """The chips of a query: products, words and photos, what it is to be less like, then the filters."""
    parts = [
        *((card.name(service, one), one) for one in question.more),
        *((f"“{words}”", words) for words in question.words),
        *(("your photo", photo) for photo in question.photos),
        *((f"Less like {card.name(service, one)}", one) for one in question.less),
    ]
    return [*(Chip(said, question.without(part)) for said, part in parts), *_filters(question)]


def _filters(question: Question) -> Iterator[Chip]:
    """One chip for each column that is filtered, kind by kind."""
    for name, values in question.where:
        yield Chip(f"{column(name)}: {', '.join(values)}", question.filtered(name, ()))
    for name, values in question.refused:
        others = tuple(pair for pair in question.refused if pair[0] != name)
        yield Chip(f"{column(name)}: not {', '.join(values)}", replace(question, refused=others))
    for name, limits in question.ranges:
        yield Chip(f"{column(name)}: {limits}", question.within(name, ""))
    for name in question.same:
        others_same = tuple(one for one in question.same if one != name)
        yield Chip(f"Same {column(name)}", replace(question, same=others_same))
    for name, most in question.at_most:
        rest = tuple(pair for pair in question.at_most if pair[0] != name)
        yield Chip(f"At most {most} of one {column(name)}", replace(question, at_most=rest))


def chips(service: Service, question: Question) -> None:
    """The row of chips; nothing while nothing is asked."""
    found = chips_of(service, question)
    if not found:
        return
    with st.container(horizontal=True, gap="xsmall", key="mpsr-chips"):
        for number, chip in enumerate(found):
            st.button(
                plain(short(chip.said)),
                key=f"chip-{number}",
                icon=":material/close:",
                help=f"Remove {plain(chip.said)}",
                on_click=address.go,
                args=(chip.without,),
            )


def short(text: str) -> str:
    """A chip's text, cut where it is long."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"
