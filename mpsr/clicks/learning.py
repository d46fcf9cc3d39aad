"""What clicks say: which products are chosen in the same sessions, shrunk where there is little to go by.

    s_ij = n_ij / √(n_i n_j) · n_ij / (n_ij + λ)

n_i is the number of sessions in which somebody chose product i, n_ij that in which both were chosen. A product is chosen
when it is clicked, put into the cart or bought, when its own page is looked at, and when somebody asks what is similar to
it and clicks a result.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_matrix

from mpsr.search.clicked import ClickModel

#: A session with more products than this is no shopper's: it is left out. Its pairs would also grow with their square.
MOST_OF_A_SESSION = 100

#: Neighbours by clicks that are kept of a product.
KEPT = 50

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Counts:
    """Sessions counted.

    Attributes:
        ids: of the U products that were chosen, sorted.
        sessions: n_i, shape (U,), float64.
        both: n_ij, shape (U, U), sparse; nothing on the diagonal.
        left_out: sessions of more than ``MOST_OF_A_SESSION`` products.
    """

    ids: tuple[str, ...]
    sessions: Floats
    both: csr_matrix
    left_out: int


def counts_of(events: pd.DataFrame, products: Collection[str] | None = None) -> Counts:
    """The counts of a table of events (``mpsr.clicks.events.Events.table``).

    Args:
        events: the table.
        products: what a query is taken for a product by; without, the products of the events.
    """
    chosen = chosen_of(events, products)
    sizes = chosen.groupby("session")["product"].transform("size")
    kept = chosen[sizes <= MOST_OF_A_SESSION]
    left_out = int(chosen.loc[sizes > MOST_OF_A_SESSION, "session"].nunique())
    sessions, _ = pd.factorize(kept["session"])
    products, ids = pd.factorize(kept["product"], sort=True)
    shape = (int(sessions.max(initial=-1)) + 1, len(ids))
    table = csr_matrix((np.ones(len(kept)), (sessions, products)), shape=shape)
    both = csr_matrix(table.T @ table)
    alone = both.diagonal()
    both.setdiag(0)
    both.eliminate_zeros()
    return Counts(tuple(map(str, ids)), np.asarray(alone, np.float64), both, left_out)


def chosen_of(events: pd.DataFrame, products: Collection[str] | None = None) -> pd.DataFrame:
    """Session and product of everything that was chosen, each pair once; arguments as of ``counts_of``."""
    clicked = events["kind"] != "view"
    looked_at = (events["kind"] == "view") & events["position"].isna()
    direct = events.loc[clicked | looked_at, ["session", "product"]]
    asked = events.loc[(events["kind"] == "click") & (events["query"] != ""), ["session", "query"]]
    known = set(events["product"] if products is None else products)  # words are no product
    asked = asked[asked["query"].isin(known)].rename(columns={"query": "product"})
    return pd.concat([direct, asked]).drop_duplicates(ignore_index=True)


def model_of(counts: Counts, shrinkage: float, confidence: float) -> ClickModel:
    """The model of some counts.

    Args:
        counts: of the events.
        shrinkage: λ, above 0.
        confidence: κ, above 0.
    """
    both = counts.both.tocoo()
    product = counts.sessions[both.row] * counts.sessions[both.col]
    values = both.data / np.sqrt(product) * both.data / (both.data + shrinkage)
    scores = csr_matrix((values, (both.row, both.col)), shape=both.shape)
    return ClickModel(counts.ids, counts.sessions, _highest(scores), shrinkage, confidence)


def _highest(scores: csr_matrix) -> csr_matrix:
    """The ``KEPT`` highest of every row, the first column first where they are equal."""
    scores = scores.tocsr()
    scores.sort_indices()
    order = np.lexsort(
        (scores.indices, -scores.data, np.repeat(np.arange(scores.shape[0]), np.diff(scores.indptr)))
    )
    rows = np.repeat(np.arange(scores.shape[0]), np.diff(scores.indptr))
    place = np.arange(len(order)) - scores.indptr[rows]
    kept = order[place < KEPT]
    return csr_matrix((scores.data[kept], (rows[kept], scores.indices[kept])), shape=scores.shape)
