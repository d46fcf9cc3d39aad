"""A merchandiser's rules about results: which come first, which are lifted or lowered, which are left out.

A rule says for which queries it holds (those about some products, those about a category, or all), for which products,
and from when until when. Rules only choose among the products that a request's filters let through: no rule brings back a
product that was removed from the catalogue, or one that a filter leaves out. ``Request.rules`` switches all of them off.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args

from mpsr.errors import InputError
from mpsr.search.conditions import Where, condition_of

Action = Literal["pin", "boost", "bury", "exclude", "require"]
ACTIONS: tuple[Action, ...] = get_args(Action)

#: What boost adds to a score, and bury takes from it, where a rule does not say how much. Scores are cosines.
AMOUNT = 0.1


@dataclass(frozen=True)
class Chosen:
    """Products by their id, or by the values of their columns; of both, those that either names. None names all.

    ``{"brand": Condition(same=True)}`` names those that have the query's own value.
    """

    ids: tuple[str, ...] = ()
    where: Where = field(default_factory=dict)

    @property
    def all(self) -> bool:
        """Whether it names no products in particular."""
        return not (self.ids or self.where)

    @property
    def as_the_query(self) -> bool:
        """Whether it depends on the query's own values."""
        return any(condition_of(said).same for said in self.where.values())


@dataclass(frozen=True)
class Rule:
    """One rule.

    Attributes:
        action: pin gives a product a place; boost adds to scores, bury takes from them; exclude leaves products out;
            require leaves out all others.
        products: which results it is about.
        queries: which queries it holds for: those that ask for more like one of these products; all where it names none.
        slot: of pin, the place among the results, from 1.
        amount: of boost and bury, how much of a score, above 0 and at most 1.
        since: the first day on which it holds; None is any day.
        until: the last day.
        name: what it is for, in the merchandiser's words.
        line: where it begins in its file; 0 where it is from no file.

    Raises:
        InputError: what it says makes no sense.
    """

    action: Action
    products: Chosen
    queries: Chosen = field(default_factory=Chosen)
    slot: int = 1
    amount: float = AMOUNT
    since: date | None = None
    until: date | None = None
    name: str = ""
    line: int = 0

    def __post_init__(self) -> None:
        if self.action not in ACTIONS:
            raise InputError(f"the action is {self.action!r}; expected one of {', '.join(ACTIONS)}.")
        if self.products.all:
            raise InputError(f"{self.action} names no products. Expected products (ids), or where (values).")
        if self.action == "pin" and (self.products.where or len(self.products.ids) != 1):
            raise InputError("a pin is about one product. Expected products with one id, and no where.")
        if self.slot < 1:
            raise InputError(f"the slot is {self.slot}; expected a whole number, at least 1.")
        if not 0 < self.amount <= 1:
            raise InputError(f"the amount is {self.amount}; expected a number above 0, at most 1.")
        if self.queries.as_the_query:
            raise InputError("a query is compared with itself. Expected values in for, not same.")
        if self.since and self.until and self.until < self.since:
            raise InputError(f"it ends on {self.until}, before it begins on {self.since}.")

    def holds_on(self, day: date) -> bool:
        """Whether the day is one of its days."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Rules:
    """Rules in the order of their file.

    Attributes:
        rules: the rules.
        digest: SHA-256 of the file, so that an answer says which rules it was given under; "" without a file.
    """

    rules: tuple[Rule, ...] = ()
    digest: str = ""

    def __post_init__(self) -> None:
        seen: dict[tuple[object, ...], Rule] = {}
        for rule in self.rules:
            if rule.action != "pin":
                continue
            key = (rule.slot, rule.queries.ids, _key(rule.queries.where), rule.since, rule.until)
            if key in seen:
                raise InputError(
                    f"line {rule.line}: slot {rule.slot} is taken by line {seen[key].line}, for the same queries."
                )
            seen[key] = rule


def _key(where: Where) -> frozenset[tuple[str, object]]:
    return frozenset((name, condition_of(said)) for name, said in where.items())


NO_RULES = Rules()
