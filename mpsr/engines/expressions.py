"""Filters as expressions of Milvus. Every text in one is quoted, so that a product's text is never part of a filter.

An expression passes every product that the filters pass, and may pass others: the answer is filtered again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from mpsr.catalogue.coded import Coded
from mpsr.engines.fields import ID, Field, stored
from mpsr.search.conditions import Where
from mpsr.search.filters import Filters, Mask

#: Up to so many numbers are listed; more are a range.
LISTED = 64

#: What a text is written with in a literal. Line ends have to be escaped, other characters may stand as they are.
ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n", "\r": r"\r", "\t": r"\t"})


#: No product has this id.
NOBODY = f'{ID} == ""'


def quoted(text: str) -> str:
    """A text as a literal."""
    return f'"{text.translate(ESCAPES)}"'


def expression(where: Where, asked: Sequence[int], filters: Filters, fields: Sequence[Field]) -> str:
    """The filters as an expression; "" where there is nothing to ask for.

    Args:
        where: the filters.
        asked: rows of the products asked for, whose values "same" stands for.
        filters: over the catalogue's columns.
        fields: those that the collection has; filters on other columns are left out.
    """
    named = {field.column: field for field in fields}
    parts = []
    for column, said in where.items():
        if column in named:
            passing = filters.mask({column: said}, asked)
            if not passing.any():
                return NOBODY
            parts.append(
                _of_numbers(named[column], passing, filters)
                if named[column].numeric
                else _of_texts(named[column], passing, filters.column(column))
            )
    return " and ".join(part for part in parts if part)


def one_of(ids: Iterable[str]) -> str:
    """An expression that only these products pass."""
    return f"{ID} in {_listed(quoted(one) for one in ids)}"


def _of_texts(field: Field, passing: Mask, column: Coded) -> str:
    """That a column has one of the values that those products have, or none of the others, whichever is shorter."""
    held = np.zeros(len(column.values), dtype=bool)
    held[column.codes[passing]] = True
    accepted = {stored(value) for value, there in zip(column.values, held, strict=True) if there}
    refused = {
        stored(value) for value, there in zip(column.values, held, strict=True) if not there
    } - accepted
    if not refused:
        return ""
    values, word = (accepted, "in") if len(accepted) <= len(refused) else (refused, "not in")
    return f"{field.name} {word} {_listed(quoted(value) for value in sorted(values))}"


def _of_numbers(field: Field, passing: Mask, filters: Filters) -> str:
    """That a column has one of the numbers that those products have, or lies between the least and the most."""
    numbers = filters.numbers(field.column)[passing]
    known = np.unique(numbers[np.isfinite(numbers)])
    if np.isinf(numbers).any():  # no field holds them
        return ""
    nothing = f"{field.name} is null"
    if not len(known):
        return nothing
    if len(known) <= LISTED:
        inside = f"{field.name} in {_listed(repr(float(number)) for number in known)}"
    else:
        inside = f"({field.name} >= {float(known[0])!r} and {field.name} <= {float(known[-1])!r})"
    return f"({inside} or {nothing})" if np.isnan(numbers).any() else inside


def _listed(values: Iterable[str]) -> str:
    return f"[{', '.join(values)}]"
