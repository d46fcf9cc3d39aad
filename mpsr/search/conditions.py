"""What a filter asks of one column: accepted values, refused values, a range of numbers, the query's own value.

A ``where`` maps columns to conditions, all of which must hold. A plain list of texts is the condition that accepts them,
so that ``{"gender": ["Men"]}`` needs no more than that. In JSON the others are objects:

    {"gender": ["Men"], "price": {"from": 20, "to": 50}, "baseColour": {"not": ["Black"]}, "season": {"same": true}}

What is typed, on the command line and in an address, names the kind of condition first (``where``, ``not``, ``range``,
``same``), then the column: no value and no column's name can be taken for something else.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

from mpsr.errors import InputError


@dataclass(frozen=True)
class Condition:
    """What a column's value must be; everything that is said must hold.

    Attributes:
        one_of: accepted values; None accepts all.
        none_of: refused values.
        least: the smallest number accepted; None is no limit. A product without a number is in no range.
        most: the largest number accepted; None is no limit.
        same: accept only the values that the products asked for have.

    Raises:
        InputError: it says nothing, values are no texts, or no number can be in the range.
    """

    one_of: tuple[str, ...] | None = None
    none_of: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    same: bool = False

    def __post_init__(self) -> None:
        for name in ("one_of", "none_of"):
            values = getattr(self, name)
            if isinstance(values, str) or not all(isinstance(value, str) for value in values or ()):
                raise InputError(f"the values of a filter are {values!r}; expected a list of texts.")
            object.__setattr__(self, name, None if values is None else tuple(values))
        for limit in (self.least, self.most):
            if limit is not None and not math.isfinite(limit):
                raise InputError(f"the limit of a filter is {limit}; expected a number.")
        if self.least is not None and self.most is not None and self.least > self.most:
            raise InputError(f"no number is in the range {range_text(self)}. Expected the smaller one first.")
        if self.one_of is None and not (self.none_of or self.has_range or self.same):
            raise InputError("a filter says nothing. Expected values, a range of numbers, or same.")

    @property
    def has_range(self) -> bool:
        """Whether it limits numbers."""
        return self.least is not None or self.most is not None

    @property
    def named(self) -> tuple[str, ...]:
        """The values it names, accepted and refused."""
        return (*(self.one_of or ()), *self.none_of)


Where = Mapping[str, Sequence[str] | Condition]


def condition_of(said: Sequence[str] | Condition) -> Condition:
    """The condition that an entry of a ``where`` is; a list of texts accepts those."""
    return said if isinstance(said, Condition) else Condition(tuple(said))


def combined(
    accepted: Mapping[str, Sequence[str]],
    refused: Mapping[str, Sequence[str]],
    ranges: Mapping[str, str],
    same: Iterable[str],
) -> dict[str, list[str] | Condition]:
    """The ``where`` of what was typed, columns in the order they were first named.

    Args:
        accepted: column → values.
        refused: column → values.
        ranges: column → a range such as ``20..50``, ``20..`` or ``..50``.
        same: columns in which results must have the value of what was asked for.

    Raises:
        InputError: a range that is none.
    """
    same = list(same)
    limits = {column: range_of(text) for column, text in ranges.items()}
    where: dict[str, list[str] | Condition] = {}
    for column in dict.fromkeys([*accepted, *refused, *ranges, *same]):
        only = column not in refused and column not in limits and column not in same
        if only:
            where[column] = list(accepted[column])
            continue
        one_of = tuple(accepted[column]) if column in accepted else None
        least, most = limits.get(column, (None, None))
        where[column] = Condition(one_of, tuple(refused.get(column, ())), least, most, column in same)
    return where


# -- ranges as they are typed -----------------------------------------------------------------------------


def range_of(text: str) -> tuple[float | None, float | None]:
    """The limits in ``20..50``; one of them may be left out.

    Raises:
        InputError: it is written otherwise.
    """
    least, dots, most = text.partition("..")
    expected = (
        f"the range is {text!r}. Expected two numbers such as 20..50; one may be left out: 20.. or ..50."
    )
    if not dots or not (least or most):
        raise InputError(expected)
    try:
        found = tuple(float(one) if one.strip() else None for one in (least, most))
    except ValueError as error:
        raise InputError(expected) from error
    if not all(one is None or math.isfinite(one) for one in found):
        raise InputError(expected)
    return found[0], found[1]


def range_text(limits: Condition) -> str:
    """A condition's range as it is typed; ".." for none."""
    return f"{number_text(limits.least)}..{number_text(limits.most)}"


def number_text(value: float | None) -> str:
    """A number as it is typed, "" for none; a whole one without a decimal point."""
    if value is None:
        return ""
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))


# -- JSON -------------------------------------------------------------------------------------------------

#: A condition in JSON; "in" accepts values, "not" refuses them, "from" and "to" include their limits.
ConditionDocument = TypedDict(
    "ConditionDocument",
    {"in": list[str], "not": list[str], "from": float, "to": float, "same": bool},
    total=False,
)

WhereDocument = dict[str, list[str] | ConditionDocument]


def where_as_json(where: Where) -> WhereDocument:
    """A plain document; what accepts values and says no more is their list."""
    return {column: _as_json(condition_of(said)) for column, said in where.items()}


def _as_json(said: Condition) -> list[str] | ConditionDocument:
    if said == Condition(said.one_of or ()):
        return list(said.named)
    document: ConditionDocument = {}
    if said.one_of is not None:
        document["in"] = list(said.one_of)
    if said.none_of:
        document["not"] = list(said.none_of)
    if said.least is not None:
        document["from"] = said.least
    if said.most is not None:
        document["to"] = said.most
    if said.same:
        document["same"] = True
    return document


def where_of_json(document: Mapping[str, Any]) -> Where:
    """The ``where`` that ``where_as_json`` wrote.

    Raises:
        InputError: an entry is neither a list of texts nor a condition.
    """
    return {column: _of_json(column, said) for column, said in document.items()}


def _of_json(column: str, said: object) -> Sequence[str] | Condition:
    if isinstance(said, list):
        return said
    if not isinstance(said, Mapping):
        raise InputError(
            f"the filter on {column} is {said!r}; expected a list of texts, or an object with some of "
            f"{', '.join(ConditionDocument.__annotations__)}."
        )
    if unknown := sorted(set(said) - set(ConditionDocument.__annotations__)):
        known = ", ".join(ConditionDocument.__annotations__)
        raise InputError(f"the filter on {column} has {unknown[0]!r}; expected some of {known}.")
    for name, kind in (
        ("in", list),
        ("not", list),
        ("from", (int, float)),
        ("to", (int, float)),
        ("same", bool),
    ):
        value = said.get(name)
        if value is not None and (
            not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool)
        ):
            raise InputError(
                f"{name!r} of the filter on {column} is {value!r}, which is not of the expected type."
            )
    return Condition(
        said.get("in"), said.get("not") or (), said.get("from"), said.get("to"), bool(said.get("same"))
    )
