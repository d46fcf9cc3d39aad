"""Which products stand in for each other, and which stand alone.

Two products can stand in for each other where gender and type are the same and their score is at least that of a chosen
percentile of random pairs. A group is a set of products of which *every* two can: chains, in which the first is like the
second and the second like the third but the first not like the third, are cut by complete linkage.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from sklearn.cluster import AgglomerativeClustering

from mpsr.assortment.numbers import PRICE, number_column
from mpsr.catalogue.types import ID, NAME
from mpsr.errors import InputError
from mpsr.search.request import Request, Where
from mpsr.service import Service
from mpsr.space.space import Space
from mpsr.types import Weights, about

#: Columns in which the products of a group agree; a missing value agrees with nothing.
SAME = ("gender", "articleType")

#: Percentile of random pairs above which two products can stand in for each other, unless told otherwise. On the public
#: catalogue of 44,446 products one chain at .98 holds 4,861 products.
PERCENTILE = 0.999

#: Products of one chain at most. All of its pairs are compared, 0.3 GB for this many.
MOST = 6000

GROUPS = ["group", "products", "gender", "articleType", "colours", "least_score", "central", "central_name"]
PRODUCTS = ["id", "name", "group", "nearest", "nearest_name", "score", "uniqueness"]

UNKNOWN = (
    "Which product sells is not known, so which of a group could go is not said. Products are compared by picture, "
    "description, type and gender; fit, material and size are not."
)
GRAPH = (
    "Groups are looked for among the {k} nearest of each product. Where a product has more equals than that, a group may "
    "be shown as several."
)

PICTURES = (
    "{count} of these products have no picture or no description. They are compared by what they have, score low, and so "
    "look as if they stood alone."
)

Labels = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Overlap:
    """The groups of a range, and how much each product stands alone.

    Attributes:
        groups: a row a group of two or more, the largest first, columns ``GROUPS`` and, where the catalogue has prices,
            ``price_least`` and ``price_most``. ``least_score`` is the lowest score of two of its products; ``central``
            the product most like the others on average.
        products: a row a product in catalogue order, columns ``PRODUCTS``. ``group`` is missing where it is in none;
            ``score`` is that with its ``nearest`` other product of any gender and type; ``uniqueness`` the share in
            [0, 1] of all other products that have a nearer neighbour than this one.
        threshold: the score of ``percentile``.
        percentile: of random pairs.
        notes: what the answer could not take into account, a sentence each.
    """

    groups: pd.DataFrame
    products: pd.DataFrame
    threshold: float
    percentile: float
    notes: tuple[str, ...]


def overlap(
    service: Service,
    percentile: float = PERCENTILE,
    where: Where | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Overlap:
    """Groups of products that stand in for each other, in the store's default space.

    Args:
        service: the store.
        percentile: of random pairs of the catalogue; two products of a group score at least as high.
        where: only products that pass these filters.
        progress: is told how many chains are looked at, and of how many.

    Raises:
        InputError: no percentile, a filter that cannot be used, or a chain of more than ``MOST`` products.
    """
    if not 0 < percentile < 1:
        raise InputError(f"the percentile is {percentile}. Expected a share between 0 and 1, such as 0.999.")
    products, mask = service.products, service.mask(where or {})
    threshold = service.score_at(percentile, Request(about(service.ids[0])))
    chains = _chains(service, mask, threshold)
    found: list[tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]] = []
    for done, rows in enumerate(chains, 1):
        found += _split(service.space(), rows, threshold)
        progress(done, len(chains))
    found.sort(key=lambda group: (-len(group[0]), int(group[0][0])))
    labels = np.zeros(len(products), np.int64)
    for number, (rows, _) in enumerate(found, 1):
        labels[rows] = number
    price = number_column(products, service.number_columns, PRICE)
    return Overlap(
        _groups(products, found, price),
        _products(service, labels)[mask].reset_index(drop=True),
        threshold,
        percentile,
        _notes(service, mask, price),
    )


def _notes(service: Service, mask: npt.NDArray[np.bool_], price: str | None) -> tuple[str, ...]:
    notes = [] if price else ["The catalogue has no column of price; the spread of prices was left out."]
    k = int(np.diff(service.graph.indptr).max(initial=0))
    if k < len(service) - 1:
        notes.append(GRAPH.format(k=k))
    space = service.space()
    text, image = space.vectors[:, : space.split], space.vectors[:, space.split :]
    if partial := int((mask & ~(text.any(axis=1) & image.any(axis=1))).sum()):
        notes.append(PICTURES.format(count=f"{partial:,}"))
    return (*notes, UNKNOWN)


def _chains(service: Service, mask: npt.NDArray[np.bool_], threshold: float) -> list[npt.NDArray[np.int64]]:
    """Rows of the connected components of two or more products, ascending."""
    graph, products = service.graph.tocoo(), service.products
    keys = products[list(SAME)]
    kinds = products.groupby(list(SAME), sort=False).ngroup().to_numpy()
    known = mask & keys.notna().all(axis=1).to_numpy()
    near = (graph.data >= threshold) & (kinds[graph.row] == kinds[graph.col])
    near &= known[graph.row] & known[graph.col]
    edges = coo_matrix((near[near], (graph.row[near], graph.col[near])), shape=graph.shape)
    labels = connected_components(edges, directed=False)[1]
    order = np.argsort(labels, kind="stable")
    parts = np.split(order, np.flatnonzero(np.diff(labels[order])) + 1)
    chains = [part for part in parts if len(part) > 1]
    if (longest := max((len(part) for part in chains), default=0)) > MOST:
        raise InputError(
            f"{longest:,} products hang together at this percentile. Expected at most {MOST:,}: "
            "choose a higher percentile, or filter."
        )
    return chains


def _split(
    space: Space, rows: npt.NDArray[np.int64], threshold: float
) -> list[tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]]:
    """The groups of a chain by complete linkage: their rows and the scores among them."""
    scores = space.pairwise(rows, Weights())
    if scores.min() >= threshold:
        return [(rows, scores)]
    distances = np.maximum(1 - scores, 0)
    np.fill_diagonal(distances, 0)
    limit = np.nextafter(1 - threshold, 2)  # at the threshold two products still belong together
    clustering = AgglomerativeClustering(
        n_clusters=None, metric="precomputed", linkage="complete", distance_threshold=limit
    )
    labels = clustering.fit_predict(distances)
    groups = [np.flatnonzero(labels == label) for label in range(labels.max() + 1)]
    return [(rows[group], scores[np.ix_(group, group)]) for group in groups if len(group) > 1]


def _groups(
    products: pd.DataFrame,
    found: list[tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]],
    price: str | None,
) -> pd.DataFrame:
    columns = {name: products[name].to_numpy(dtype=object) for name in (ID, NAME, "baseColour", *SAME)}
    prices = products[price].to_numpy(np.float64, na_value=np.nan) if price else None
    rows: list[dict[str, object]] = []
    for number, (members, scores) in enumerate(found, 1):
        central = members[int(scores.sum(axis=1).argmax())]
        row: dict[str, object] = {
            "group": number,
            "products": len(members),
            **{name: columns[name][members[0]] for name in SAME},
            "colours": _counts(columns["baseColour"][members]),
            "least_score": float(scores.min()),
            "central": columns[ID][central],
            "central_name": columns[NAME][central],
        }
        if prices is not None:
            known = prices[members][~np.isnan(prices[members])]
            row |= {"price_least": known.min(initial=np.inf), "price_most": known.max(initial=-np.inf)}
        rows.append(row)
    table = pd.DataFrame(rows, columns=[*GROUPS, *(["price_least", "price_most"] if price else [])])
    return table.replace([np.inf, -np.inf], np.nan)


def _counts(values: npt.NDArray[np.object_]) -> str:
    """``Black 3, Blue 1``: values by how many have them."""
    counts = Counter("(missing)" if pd.isna(value) else str(value) for value in values)
    order = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return ", ".join(f"{value} {count}" for value, count in order)


def _products(service: Service, labels: Labels) -> pd.DataFrame:
    """Every product, with its group and its nearest other."""
    graph, products = service.graph, service.products
    count = len(products)
    has = np.diff(graph.indptr) > 0
    nearest, score = np.full(count, -1), np.full(count, np.nan)
    nearest[has] = graph.indices[graph.indptr[:-1][has]]
    score[has] = graph.data[graph.indptr[:-1][has]]
    ascending = np.sort(score[has])
    nearer = len(ascending) - np.searchsorted(ascending, score, side="right")
    ids, names = products[ID].to_numpy(dtype=object), products[NAME].to_numpy(dtype=object)
    return pd.DataFrame(
        {
            "id": ids,
            "name": names,
            "group": pd.array(labels, "Int64"),
            "nearest": np.where(has, ids[nearest], None),
            "nearest_name": np.where(has, names[nearest], None),
            "score": score,
            "uniqueness": np.where(has, nearer / max(count - 1, 1), 1.0),
        }
    ).assign(group=lambda table: table["group"].mask(table["group"] == 0))
