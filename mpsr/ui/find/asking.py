"""From the address to the library's request and its results."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import streamlit as st

from mpsr.search.neighbours import Neighbours
from mpsr.search.request import Request
from mpsr.service import Service
from mpsr.ui import photos
from mpsr.ui.find.question import Question

#: What encodes words and pictures; loaded with the first query that needs it.
MODEL_LIBRARIES = {"torch", "openvino"}


def request_of(question: Question) -> Request | None:
    """The library's request; None when nothing is left to look for, as in a link made with somebody else's photo."""
    return question.request(photos.kept)


def answer(service: Service, question: Question, request: Request) -> Neighbours:
    """The results.

    Raises:
        InputError: what is asked for is not in this store.
    """
    with notice() if question.words or question.photos else nullcontext():
        return service.search(request)


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
