"""The filters of the Find page: values to accept, ranges of numbers, and further conditions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Literal

import streamlit as st

from mpsr.search.conditions import number_text, range_of
from mpsr.search.filters import NumberRange
from mpsr.service import Service
from mpsr.ui.find import address
from mpsr.ui.find.offered import offered
from mpsr.ui.find.question import MOST_OF_ONE, Question
from mpsr.ui.text import column, plain

#: Columns that the visitor has added to those shown at first.
ADDED = "filters.added"


def filters(service: Service, question: Question) -> None:
    """A control for each column that is worth it; the others can be added."""
    counts = service.counts(question.filters, question.more)
    ranges = service.ranges(question.filters, question.more)
    shown = offered(counts, ranges, question, st.session_state.get(ADDED, []))
    for name in shown.ranged:
        _range(question, name, ranges.get(name))
    for name in shown.chosen:
        _values(question, name, counts[name])
    if shown.further:
        st.multiselect(
            "More filters",
            shown.further,
            format_func=lambda name: plain(column(name)),
            placeholder=f"{len(shown.further)} more columns",
            key=ADDED,
        )
    _conditions(question, {name: counts[name] for name in shown.chosen}, list(counts))
    if question.narrowed:
        st.button(
            "Clear all filters",
            key="clear-filters",
            on_click=address.go,
            args=(question.unfiltered(),),
            width="stretch",
        )


def _values(question: Question, name: str, counts: Mapping[str, int]) -> None:
    key, chosen = f"where.{name}", dict(question.where).get(name, ())
    st.session_state[key] = list(chosen)
    st.multiselect(
        plain(column(name)),
        list(dict.fromkeys([*counts, *chosen])),
        format_func=partial(_counted, counts),
        placeholder="Any",
        key=key,
        on_change=_filtered,
        args=(question, name),
    )


def _counted(counts: Mapping[str, int], value: str) -> str:
    return f"{value} ({counts.get(value, 0):,})"


def _range(question: Question, name: str, there: NumberRange | None) -> None:
    """Two fields for the limits; the least and the most that products have stand in them where nothing is asked."""
    limits = dict(question.ranges).get(name)
    least, most = range_of(limits) if limits else (None, None)
    left, right = st.columns(2)
    with left:
        _limit(question, name, "from", least, there.least if there else None, highest=most)
    with right:
        _limit(question, name, "to", most, there.most if there else None, lowest=least)


def _limit(
    question: Question,
    name: str,
    end: Literal["from", "to"],
    value: float | None,
    bound: float | None,
    lowest: float | None = None,
    highest: float | None = None,
) -> None:
    key = f"range.{name}.{end}"
    st.session_state[key] = value
    st.number_input(
        f"{plain(column(name))} {end}",
        lowest,
        highest,
        value=None,
        placeholder=number_text(bound),
        format="%0.10g",
        key=key,
        on_change=_limited,
        args=(question, name),
    )


def _conditions(question: Question, counts: Mapping[str, Mapping[str, int]], columns: list[str]) -> None:
    """What is asked less often, folded away while nothing of it is asked."""
    asked = bool(question.refused or question.same or question.at_most)
    with st.expander("More conditions", expanded=asked):
        refused = [(name, value) for name, values in question.refused for value in values]
        st.session_state["refused"] = refused
        pairs = [(name, value) for name, values in counts.items() for value in values]
        st.multiselect(
            "Leave out",
            list(dict.fromkeys([*pairs, *refused])),
            format_func=lambda pair: f"{column(pair[0])}: {pair[1]}",
            placeholder="Nothing",
            key="refused",
            on_change=_refused,
            args=(question,),
        )
        _columns(question, "same", "Same as the query's", [*columns, *question.same], list(question.same))
        _columns(
            question,
            "at_most",
            "Limit results of the same",
            [*columns, *dict(question.at_most)],
            list(dict(question.at_most)),
        )
        for name, most in question.at_most:
            key = f"most.{name}"
            st.session_state[key] = most
            label = f"At most, of one {plain(column(name))}"
            st.number_input(label, 1, MOST_OF_ONE, key=key, on_change=_limits, args=(question, name))


def _columns(question: Question, field: str, label: str, columns: list[str], chosen: list[str]) -> None:
    st.session_state[field] = chosen
    st.multiselect(
        label,
        list(dict.fromkeys(columns)),
        format_func=lambda name: plain(column(name)),
        placeholder="No column",
        key=field,
        on_change=_same if field == "same" else _limits,
        args=(question,),
    )


# -- what the controls write into the address -------------------------------------------------------------


def _filtered(question: Question, name: str) -> None:
    address.go(question.filtered(name, st.session_state[f"where.{name}"]))


def _limited(question: Question, name: str) -> None:
    ends = [number_text(st.session_state[f"range.{name}.{end}"]) for end in ("from", "to")]
    address.go(question.within(name, "..".join(ends)))


def _refused(question: Question) -> None:
    address.go(question.refusing(st.session_state["refused"]))


def _same(question: Question) -> None:
    address.go(replace(question, same=tuple(st.session_state["same"])))


def _limits(question: Question, name: str = "") -> None:
    known = dict(question.at_most)
    if name:
        known[name] = int(st.session_state[f"most.{name}"])
    limits = {column: known.get(column, 2) for column in st.session_state["at_most"]}
    address.go(replace(question, at_most=tuple(limits.items())))
