"""A link held against the open store: what the store does not have is left out and told, the rest is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import TypeVar

from mpsr.errors import InputError
from mpsr.search.conditions import Condition, combined
from mpsr.service import Service
from mpsr.ui.find.question import Question

T = TypeVar("T")

#: Columns and values.
Pairs = tuple[tuple[str, tuple[str, ...]], ...]


def fitting(question: Question, service: Service) -> tuple[Question, list[str]]:
    """The question without products, filters and a space that this store does not have, and why each was left out."""
    trouble: list[str] = []

    def kept(values: Iterable[T], check: Callable[[T], object]) -> tuple[T, ...]:
        found = []
        for value in values:
            try:
                check(value)
                found.append(value)
            except InputError as error:
                trouble.append(str(error))
        return tuple(found)

    def columns(pairs: Pairs, refused: bool) -> Pairs:
        found = []
        for column, values in pairs:
            there = kept(values, partial(_has_value, service, column, refused))
            if there:
                found.append((column, there))
        return tuple(found)

    question = replace(
        question,
        more=kept(question.more, service.row_of),
        less=kept(question.less, service.row_of),
        space="".join(kept(filter(None, [question.space]), service.space)),
        why="".join(kept(filter(None, [question.why]), service.row_of)),
        where=columns(question.where, refused=False),
        refused=columns(question.refused, refused=True),
        ranges=kept(question.ranges, lambda pair: service.mask(combined({}, {}, dict([pair]), ()))),
        same=kept(question.same, partial(_has_column, service)),
        at_most=kept(question.at_most, lambda pair: _has_column(service, pair[0])),
    )
    return question, trouble


def _has_value(service: Service, column: str, refused: bool, value: str) -> None:
    service.mask({column: Condition(none_of=(value,)) if refused else [value]})


def _has_column(service: Service, column: str) -> None:
    service.mask(combined({}, {}, {}, [column]), service.ids[:1])
