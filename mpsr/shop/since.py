"""Which products' neighbours may have changed since an earlier build of the same store."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_matrix

from mpsr.catalogue.types import ID
from mpsr.errors import InputError
from mpsr.search.graph import read_graph
from mpsr.search.ranking import ROUNDING
from mpsr.service import Service
from mpsr.store import Snapshot, Store
from mpsr.store.layout import PRODUCTS, SPACES, Stage

#: Fewer characters of a snapshot's name are not taken for it.
SHORTEST = 8

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Since:
    """What has changed since a snapshot.

    Attributes:
        snapshot: its fingerprint.
        described: shape (N,): products that are new, or whose columns have changed.
        neighbours: shape (N,): products whose list in the stored graph has changed.
        removed: ids of products that are gone, in the order of that build.
    """

    snapshot: str
    described: Mask
    neighbours: Mask
    removed: tuple[str, ...]

    @property
    def nothing(self) -> bool:
        """Whether the two builds are alike."""
        return not (self.described.any() or self.neighbours.any() or self.removed)


def changes_since(service: Service, name: str, space: str) -> Since:
    """What has changed in an open store since the snapshot of that name.

    Args:
        service: the store.
        name: the snapshot's fingerprint, or the first ``SHORTEST`` characters of it or more.
        space: whose graph is compared.

    Raises:
        InputError: the store has no such snapshot, or several whose names begin like that.
        StoreError: the earlier build is damaged.
    """
    store = Store(service.root)
    before = _named(store, name)
    table = store.open_stage(before, Stage.CATALOGUE).table(PRODUCTS)
    graph = read_graph(store.open_stage(before, SPACES[space][1]))
    now = service.artefact(SPACES[space][1])
    ids = pd.Index(table[ID].astype(str))
    rows = np.asarray(ids.get_indexer(pd.Index(service.ids)), np.int64)
    gone = ids[~ids.isin(service.ids)]
    new_row = np.full(len(ids), -1, np.int64)
    new_row[rows[rows >= 0]] = np.flatnonzero(rows >= 0)
    return Since(
        before.fingerprint,
        _described(service.products, table, rows),
        _neighbours(read_graph(now), graph, rows, new_row),
        tuple(gone),
    )


def _named(store: Store, name: str) -> Snapshot:
    known = store.snapshots()
    found = [one for one in known if len(name) >= SHORTEST and one.fingerprint.startswith(name)]
    if len(found) != 1:
        names = ", ".join(one.fingerprint[:12] for one in known[:5])
        raise InputError(f"--since is {name!r}. Expected one snapshot of this store, of {names}.")
    return found[0]


def _described(now: pd.DataFrame, before: pd.DataFrame, rows: npt.NDArray[np.int64]) -> Mask:
    """Products that are new, or whose values are others."""
    changed = rows < 0
    there = np.flatnonzero(~changed)
    for column in {*now.columns, *before.columns}:
        new, old = (_column(frame, column, at) for frame, at in ((now, there), (before, rows[there])))
        changed[there] |= new != old
    return changed


def _column(table: pd.DataFrame, name: str, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.object_]:
    """Values as text, "" for a missing one or a missing column."""
    if name not in table:
        return np.full(len(rows), "", object)
    values = table[name].iloc[rows]
    return np.where(values.isna(), "", values.astype("str").to_numpy(object))


def _neighbours(
    now: csr_matrix, before: csr_matrix, rows: npt.NDArray[np.int64], new_row: npt.NDArray[np.int64]
) -> Mask:
    """Products with other neighbours, or with other scores of them."""
    changed = np.ones(len(rows), bool)
    for row, old in enumerate(rows.tolist()):
        if old < 0:
            continue
        mine, its = (slice(*graph.indptr[at : at + 2]) for graph, at in ((now, row), (before, old)))
        near, earlier = now.indices[mine], new_row[before.indices[its]]
        changed[row] = (
            not np.array_equal(near, earlier)
            or np.abs(np.asarray(now.data[mine]) - before.data[its]).max(initial=0.0) > ROUNDING
        )
    return changed
