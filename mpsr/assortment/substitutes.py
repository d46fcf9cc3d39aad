"""What to offer in place of products that sell out.

A substitute has the same gender and type, scores at least the match threshold, is in stock and costs about as much. Stock
and price count only where the catalogue has such a column; ``Substitutes.notes`` says what was left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from mpsr.assortment.numbers import PRICE, STOCK, number_column
from mpsr.errors import InputError
from mpsr.search.conditions import Condition, Where
from mpsr.search.filters import Mask
from mpsr.service import Service

#: Columns in which a substitute has the product's own value.
SAME = ("gender", "articleType")

COLUMNS = ["id", "name", "rank", "substitute", "substitute_name", "score", "percentile", "reason"]
WITHOUT = ["id", "name", "why"]

UNKNOWN = (
    "Whether a customer would accept a substitute is not known: it is judged by picture, description, type and gender. "
    "Fit, quality and delivery are not in the catalogue."
)


@dataclass(frozen=True)
class Substitutes:
    """The sheet.

    Attributes:
        table: a row a substitute, the best first: id, name, rank, substitute, substitute_name, score, percentile, reason.
        without: a row a product that has none: id, name, why.
        notes: what the sheet could not take into account, a sentence each.
    """

    table: pd.DataFrame
    without: pd.DataFrame
    notes: tuple[str, ...]


def substitutes(
    service: Service,
    ids: Sequence[str],
    best: int = 3,
    price_within: float = 0.2,
    where: Where | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Substitutes:
    """The best substitutes of each product; none of ``ids`` is offered for another.

    Args:
        service: the store.
        ids: products that sell out; one given twice counts once.
        best: substitutes a product at most.
        price_within: how far the price may lie from the product's own, as a share of it.
        where: filters that substitutes pass, too.
        progress: is told how many products are done, and of how many.

    Raises:
        InputError: no ids, an unknown id, ``best`` below 1, or a negative share.
    """
    if not ids:
        raise InputError("no ids came. Expected the ids of products that sell out.")
    if best < 1:
        raise InputError(f"{best} substitutes a product were asked for; expected at least 1.")
    if not 0 <= price_within < float("inf"):
        raise InputError(
            f"the price may differ by {price_within}; expected a share of 0 or more, such as 0.2."
        )
    ids = list(dict.fromkeys(ids))
    for product in ids:
        service.row_of(product)
    price = number_column(service.products, service.number_columns, PRICE)
    stock = number_column(service.products, service.number_columns, STOCK)
    found: list[list[object]] = []
    without: list[list[object]] = []
    offered = service.mask(where or {})
    for done, product in enumerate(ids, 1):
        rows, why = _of(service, product, ids, best, (price, price_within), stock, offered)
        found += rows
        if not rows:
            without.append([product, service.name(product), why])
        progress(done, len(ids))
    return Substitutes(
        pd.DataFrame(found, columns=COLUMNS), pd.DataFrame(without, columns=WITHOUT), _notes(price, stock)
    )


def _of(
    service: Service,
    product: str,
    refused: Sequence[str],
    best: int,
    priced: tuple[str | None, float],
    stock: str | None,
    offered: Mask,
) -> tuple[list[list[object]], str]:
    """A product's rows of the table; where there are none, why."""
    values = service.product(product)
    price, within = priced
    if missing := [name for name in (*SAME, *([price] if price else [])) if values[name] is None]:
        return [], f"its {' and '.join(missing)} is missing"
    where = {name: Condition(same=True) for name in SAME}
    reason = "same gender and type"
    if price:
        own = float(values[price])
        where[price] = Condition(least=own - abs(own) * within, most=own + abs(own) * within)
        reason += f", {price} within {within:.0%}"
    if stock:
        where[stock] = Condition(least=1)
        reason += ", in stock"
    out = set(refused)
    # what the filters refuse takes places of the answer away; there are no more such products than pass the rules
    away = int((service.mask(where, [product]) & ~offered).sum())
    answer = service.similar(product, k=min(best + len(out) + away, len(service)), where=where, rules=False)
    passing = [item for item in answer.neighbours if item.id not in out and offered[service.row_of(item.id)]]
    good = [item for item in passing if item.similarity >= answer.match_threshold][:best]
    if not good:
        return [], "none of those left is a good match" if passing else f"no other product: {reason}"
    return [
        [
            product,
            values["productDisplayName"],
            rank,
            item.id,
            item.name,
            item.similarity,
            item.percentile,
            reason,
        ]
        for rank, item in enumerate(good, 1)
    ], ""


def _notes(price: str | None, stock: str | None) -> tuple[str, ...]:
    absent = [name for name, column in (("price", price), ("stock", stock)) if column is None]
    left_out = [f"The catalogue has no column of {name}; it was left out." for name in absent]
    return (*left_out, UNKNOWN)
