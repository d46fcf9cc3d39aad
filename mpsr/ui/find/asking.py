"""From the address to the library's query and its results."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import streamlit as st

from mpsr.service import Service
from mpsr.types import LESS, Neighbours, Part, Query
from mpsr.ui import photos
from mpsr.ui.find.question import Question

#: What encodes words and pictures; loaded with the first query that needs it.
MODEL_LIBRARIES = {"torch", "openvino"}


def query_of(question: Question) -> Query | None:
    """The library's query; None when it has no part, as in a link made with somebody else's photo."""
    parts = [Part(product=product) for product in question.more]
    parts += [Part(words=words) for words in question.words]
    parts += [Part(picture=photo) for name in question.photos if (photo := photos.kept(name))]
    if not parts:
        return None
    return Query((*parts, *(Part(product=product, weight=LESS) for product in question.less)))


def answer(service: Service, question: Question, query: Query) -> Neighbours:
    """The results.

    Raises:
        InputError: what is asked for is not in this store.
    """
    with notice() if question.words or question.photos else nullcontext():
        return service.search(
            query,
            question.k,
            question.space or None,
            question.weights,
            dict(question.where),
            question.hide_variants,
            question.variety / 100,
        )


@contextmanager
def notice() -> Iterator[None]:
    """Say why it takes a while when the models have to be loaded first."""
    if MODEL_LIBRARIES & set(sys.modules):
        yield
    else:
        with st.spinner(
            "Loading the models for words and pictures. This happens once and takes some seconds …"
        ):
            yield
