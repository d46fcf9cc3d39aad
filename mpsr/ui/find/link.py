"""A link held against the open store: what the store does not have is left out and told, the rest is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from mpsr.errors import InputError
from mpsr.service import Service
from mpsr.ui.find.question import Question


def fitting(question: Question, service: Service) -> tuple[Question, list[str]]:
    """The question without products, filters and a space that this store does not have, and why each was left out."""
    trouble: list[str] = []

    def kept(values: Iterable[str], check: Callable[[str], object]) -> tuple[str, ...]:
        found = []
        for value in values:
            try:
                check(value)
                found.append(value)
            except InputError as error:
                trouble.append(str(error))
        return tuple(found)

    where = []
    for column, values in question.where:
        accepted = kept(values, lambda value, column=column: service.mask({column: [value]}))
        if accepted:
            where.append((column, accepted))
    question = replace(
        question,
        more=kept(question.more, service.row_of),
        less=kept(question.less, service.row_of),
        space="".join(kept(filter(None, [question.space]), service.space)),
        why="".join(kept(filter(None, [question.why]), service.row_of)),
        where=tuple(where),
    )
    return question, trouble
