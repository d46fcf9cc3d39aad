"""Rules applied to a request: what they leave out, what they add to scores, what they pin."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt

from mpsr.errors import InputError
from mpsr.search.conditions import Condition, condition_of
from mpsr.search.filters import Filters, Mask
from mpsr.search.rules import Chosen, Rule, Rules
from mpsr.space.space import Scores


@dataclass(frozen=True)
class Effect:
    """What the rules do to one request.

    Attributes:
        allowed: shape (N,): the products that no rule leaves out.
        share: shape (N,), float64: what is added to each product's score.
        pins: slot, from 0 → row.
    """

    allowed: Mask
    share: npt.NDArray[np.float64]
    pins: Mapping[int, int]


class Ruling:
    """The rules over one catalogue. Safe to share between threads."""

    def __init__(self, rules: Rules, filters: Filters, rows: Mapping[str, int]) -> None:
        """Check the rules' columns.

        Args:
            rules: the rules.
            filters: over the catalogue's columns.
            rows: product id → row. An id that is not there is of a product that is gone: the rule says nothing of it.

        Raises:
            InputError: a rule names a column that the catalogue does not have, or a range of one without numbers.
        """
        self.rules, self._filters, self._rows = rules, filters, rows
        #: Masks of those chosen that do not depend on the query, by their identity: the rules live as long as this.
        self._masks: dict[int, Mask] = {}
        for rule in rules.rules:
            try:
                self._check(rule)
            except InputError as error:
                raise InputError(f"the rule of line {rule.line}: {error}") from error

    def _check(self, rule: Rule) -> None:
        for where in (rule.products.where, rule.queries.where):
            for column, said in where.items():
                self._filters.column(column)
                if condition_of(said).has_range:
                    self._filters.numbers(column)

    @property
    def digest(self) -> str:
        """SHA-256 of the rules' file."""
        return self.rules.digest

    @property
    def empty(self) -> bool:
        """Whether there are no rules."""
        return not self.rules.rules

    @cached_property
    def idle(self) -> list[str]:
        """What the rules name and the catalogue does not have (any more), a sentence each."""
        return [
            f"the rule of line {rule.line}: {missing}"
            for rule in self.rules.rules
            for chosen in (rule.products, rule.queries)
            for missing in self._missing(chosen)
        ]

    def _missing(self, chosen: Chosen) -> list[str]:
        gone = [f"there is no product {one!r}." for one in chosen.ids if one not in self._rows]
        for column, said in chosen.where.items():
            for value in condition_of(said).named:
                try:
                    self._filters.mask({column: [value]})
                except InputError as error:
                    gone.append(str(error))
        return gone

    def effect(self, asked: Sequence[int], day: date | None = None) -> Effect | None:
        """What the rules do to a query; None where none holds.

        Args:
            asked: rows of the products that more like is asked of.
            day: today, unless given.
        """
        day = day or date.today()
        holding = [rule for rule in self.rules.rules if rule.holds_on(day) and self._asks(rule, asked)]
        if not holding:
            return None
        count = len(self._filters)
        allowed, share, pins = np.ones(count, bool), np.zeros(count), dict[int, int]()
        for rule in holding:
            named = self._named(rule.products, asked)
            if rule.action == "exclude":
                allowed &= ~named
            elif rule.action == "require":
                allowed &= named
            elif rule.action == "pin":
                pins.update((rule.slot - 1, int(row)) for row in np.flatnonzero(named))
            else:
                share[named] += rule.amount if rule.action == "boost" else -rule.amount
        return Effect(allowed, share, pins)

    def alike(self, day: date) -> npt.NDArray[np.int64]:
        """For which products the rules do the same when one of them is the query: a number for each, shape (N,)."""
        alike = np.zeros(len(self._filters), np.int64)
        for rule in self.rules.rules:
            if not rule.holds_on(day):
                continue
            if not rule.queries.all:
                alike = _split(alike, self._named(rule.queries, ()).astype(np.int64))
            for column, said in rule.products.where.items():
                if condition_of(said).same:
                    alike = _split(alike, self._filters.column(column).codes)
        return alike

    def _asks(self, rule: Rule, asked: Sequence[int]) -> bool:
        """Whether the rule holds for a query about these products."""
        if rule.products.as_the_query and not len(asked):
            return False
        return rule.queries.all or bool(self._named(rule.queries, ())[list(asked)].any())

    def _named(self, chosen: Chosen, asked: Sequence[int]) -> Mask:
        """The products that are named, shape (N,). Do not change it."""
        if chosen.as_the_query:
            return self._named_now(chosen, asked)
        if id(chosen) not in self._masks:
            self._masks[id(chosen)] = self._named_now(chosen, ())
        return self._masks[id(chosen)]

    def _named_now(self, chosen: Chosen, asked: Sequence[int]) -> Mask:
        named = np.zeros(len(self._filters), dtype=bool)
        named[[self._rows[one] for one in chosen.ids if one in self._rows]] = True
        if chosen.where:
            named |= self._passing(chosen, asked)
        return named

    def _passing(self, chosen: Chosen, asked: Sequence[int]) -> Mask:
        """The products with the values; a value that no product has any more passes none."""
        passing = np.ones(len(self._filters), dtype=bool)
        for column, said in chosen.where.items():
            known = self._known(column, condition_of(said))
            passing &= False if known is None else self._filters.mask({column: known}, asked)
        return passing

    def _known(self, column: str, said: Condition) -> Condition | None:
        """The condition without values that no product has; None where no product can meet it."""
        values = self._filters.column(column).values
        none_of = tuple(value for value in said.none_of if value in values)
        one_of = None if said.one_of is None else tuple(one for one in said.one_of if one in values)
        if one_of == ():
            return None
        if one_of is None and not none_of and not (said.has_range or said.same):
            one_of = tuple(values)  # all that was said is refused values that nothing has
        return replace(said, one_of=one_of, none_of=none_of)


def _split(alike: npt.NDArray[np.int64], further: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Groups, split further where products of a group differ."""
    both = alike * (further.max(initial=0) + 2) + further
    return np.asarray(np.unique(both, return_inverse=True)[1], np.int64)


def best_ruled(best: Callable[[int, Mask], Scores], count: int, allowed: Mask, effect: Effect) -> Scores:
    """The ``count`` best of the products allowed by their score with what rules add.

    Products to which the same is added keep their order, so the best of all are among the best of each such group.

    Args:
        best: the n best of the products of a mask by their similarity.
        count: how many.
        allowed: shape (N,), which products there are to choose from.
        effect: what the rules do.
    """
    parts = []
    for value in np.unique(effect.share[allowed]):
        part = best(count, allowed & (effect.share == value))
        parts.append(replace(part, rule=np.full(len(part.rows), value)))
    if not parts:
        return best(count, allowed)
    return joined(parts).top(count)


def with_pins(ranked: Scores, pinned: Scores, slots: Sequence[int], k: int) -> Scores:
    """The results with the pinned products in their slots, k at most.

    Args:
        ranked: the others, in their order.
        pinned: the pinned products.
        slots: of each of them, from 0; one beyond the last result follows it.
        k: how many.
    """
    both = joined([ranked, pinned])
    order = list(range(len(ranked.rows)))
    for slot, place in sorted(zip(slots, range(len(ranked.rows), len(both.rows)), strict=True)):
        order.insert(slot, place)
    return both.take(np.array(order[:k], dtype=np.int64))


def rule_shares(scores: Scores) -> npt.NDArray[np.float64]:
    """What rules add to each score, shape (n,)."""
    return np.zeros(len(scores.rows)) if scores.rule is None else scores.rule


def click_shares_of(scores: Scores) -> npt.NDArray[np.float64]:
    """What clicks add to each score, shape (n,)."""
    return np.zeros(len(scores.rows)) if scores.click is None else scores.click


def joined(parts: Sequence[Scores]) -> Scores:
    """One after the other."""
    lexical = [part.lexical for part in parts if part.lexical is not None]
    return Scores(
        np.concatenate([part.rows for part in parts]),
        np.concatenate([part.text for part in parts]),
        np.concatenate([part.image for part in parts]),
        np.concatenate(lexical) if lexical else None,
        np.concatenate([rule_shares(part) for part in parts]),
        np.concatenate([click_shares_of(part) for part in parts]),
    )
