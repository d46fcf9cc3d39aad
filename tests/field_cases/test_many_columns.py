"""Exports have columns by the dozen: those that tell no products apart, or all of them, are no filters."""

from __future__ import annotations

import pandas as pd
import pytest

from mpsr.search.filters import Filters
from mpsr.ui.find.offered import FEW, offered
from mpsr.ui.find.question import Question


@pytest.fixture
def export() -> Filters:
    """Two attributes, a price, 28 columns of one value or none, 4 of each product's own, and 15 that are worth it."""
    rows = range(40)
    columns = {
        "gender": ["Men", "Women"] * 20,
        "baseColour": ["Red", "Blue", "Black", "White"] * 10,
        "price": pd.array([float(row) for row in rows], dtype="Float64"),
        **{f"empty {n}": [None] * 40 for n in range(14)},
        **{f"one {n}": ["true"] * 40 for n in range(14)},
        **{f"own {n}": [f"text {n} {row}" for row in rows] for n in range(4)},
        **{f"tag {n}": [str(row % (n + 2)) for row in rows] for n in range(15)},
    }
    return Filters(pd.DataFrame(columns))


def shown(export: Filters, question: Question, added: tuple[str, ...] = ()):
    return offered(export.counts(question.filters), export.ranges(question.filters), question, added)


def test_forty_columns_are_no_forty_controls(export: Filters) -> None:
    found = shown(export, Question())
    assert found.chosen == ["gender", "baseColour"]
    assert set(found.further) == {"price", *(f"tag {n}" for n in range(15))}
    assert len(found.ranged) + len(found.chosen) <= FEW


def test_columns_are_added_on_request_and_shown_while_they_are_asked_of(export: Filters) -> None:
    assert shown(export, Question(), ("tag 3",)).chosen == ["gender", "baseColour", "tag 3"]
    asked = Question(where=(("tag 4", ("1",)), ("one 2", ("true",))), ranges=(("price", "5..9"),))
    found = shown(export, asked)
    assert (found.ranged, found.chosen) == (["price"], ["gender", "baseColour", "tag 4", "one 2"])


def test_a_few_columns_are_all_shown() -> None:
    products = pd.DataFrame(
        {"gender": ["Men", "Women"] * 20, "fit": ["wide", "slim"] * 20, "price": range(40)}
    )
    found = shown(Filters(products), Question())
    assert (found.ranged, found.chosen, found.further) == (["price"], ["gender", "fit"], [])
