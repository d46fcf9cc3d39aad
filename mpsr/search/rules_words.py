"""A rule in words, for a merchandiser to read."""

from __future__ import annotations

from collections.abc import Callable

from mpsr.search.conditions import Condition, Where, condition_of
from mpsr.search.rules import Chosen, Rule

#: What a rule does, before the products it is about.
DOES = {
    "boost": "Lift {products} by {amount:g}",
    "bury": "Lower {products} by {amount:g}",
    "exclude": "Leave out {products}",
    "require": "Show only {products}",
}

#: Ids that are named; of more, only the number.
NAMED = 5


def in_words(rule: Rule, column: Callable[[str], str] = str) -> str:
    """What a rule does, in one sentence.

    Args:
        rule: the rule.
        column: what to call a column.
    """
    products = _chosen(rule.products, column)
    if rule.action == "pin":
        does = f"Show {products} in place {rule.slot}"
    else:
        does = DOES[rule.action].format(products=products, amount=rule.amount)
    for_whom = "for every query" if rule.queries.all else f"for queries about {_chosen(rule.queries, column)}"
    return f"{does}, {for_whom}{_days(rule)}."


def _chosen(chosen: Chosen, column: Callable[[str], str]) -> str:
    said = []
    if chosen.ids:
        noun = "product" if len(chosen.ids) == 1 else "products"
        named = ", ".join(chosen.ids[:NAMED])
        more = len(chosen.ids) - NAMED
        said.append(f"{noun} {named}" + (f" and {more} more" if more > 0 else ""))
    if chosen.where:
        said.append(f"products with {_where(chosen.where, column)}")
    return " and ".join(said)


def _where(where: Where, column: Callable[[str], str]) -> str:
    return " and ".join(_condition(column(name), condition_of(said)) for name, said in where.items())


def _condition(name: str, said: Condition) -> str:
    parts = []
    if said.one_of is not None:
        parts.append(f"{name} {' or '.join(said.one_of) or 'nothing'}")
    if said.none_of:
        parts.append(f"{name} not {' or '.join(said.none_of)}")
    if said.has_range:
        least, most = ("" if limit is None else f"{limit:g}" for limit in (said.least, said.most))
        parts.append(f"{name} {least}–{most}" if least and most else f"{name} {_one_limit(least, most)}")
    if said.same:
        parts.append(f"the query's own {name}")
    return " and ".join(parts)


def _one_limit(least: str, most: str) -> str:
    return f"from {least}" if least else f"up to {most}"


def _days(rule: Rule) -> str:
    if rule.since and rule.until:
        return f", from {rule.since} until {rule.until}"
    if rule.since:
        return f", from {rule.since} on"
    return f", until {rule.until}" if rule.until else ""
