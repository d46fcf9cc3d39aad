"""The engine that asks Milvus: the same answers as FAISS in this process, from a server that others may ask too."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from mpsr.engines.connection import asking, connect
from mpsr.engines.expressions import expression, one_of
from mpsr.engines.fields import ID, VECTOR, fields_of
from mpsr.engines.names import Names
from mpsr.errors import EngineError
from mpsr.search.conditions import Where
from mpsr.search.engine import Found, rows_of
from mpsr.search.filters import Filters, Mask
from mpsr.search.index import PROBED, PROBED_SHARE, SINGLE_ERROR
from mpsr.search.store_reader import OpenStore
from mpsr.space.space import Space
from mpsr.types import FloatArray

#: Results asked for, times as many as are wanted: what the filters left in may still not be allowed.
TIMES = 4

#: Milvus gives no more results than this.
MOST = 16_384

#: Where so few products are allowed, and they are less than one in ``NARROW`` of those that the filters pass, the engine
#: is told which.
FEW, NARROW = 4096, 4

#: Records read at a time.
READ = 1000

METRIC = "IP"

log = logging.getLogger(__name__)


class MilvusEngine:
    """An engine of one open store. Safe to share between threads."""

    def __init__(self, address: str, store: OpenStore, filters: Filters) -> None:
        """Connect, and find the collections that hold the store's snapshot.

        Raises:
            InputError: no address of an engine.
            EngineError: nothing answers there, or it does not hold this snapshot.
        """
        self.address, self._rows, self._filters = address, store.rows, filters
        self.client = connect(address)
        self._fields = fields_of(filters)
        snapshot = store.snapshot.fingerprint
        self._collections = {
            name: self._open(Names(store.root.resolve().name, name), snapshot) for name in store.spaces
        }

    def _open(self, names: Names, snapshot: str) -> str:
        """The collection of a space, loaded: a reopened one is not. Its alias may move on, so its own name is kept."""
        with asking(self.address):
            if not self.client.has_collection(names.exactly(snapshot)):
                held = self.client.has_collection(names.newest)
                raise EngineError(
                    f"the engine at {self.address} {'holds another snapshot' if held else 'does not hold the space'} of "
                    f"{names.newest}, expected {snapshot[:12]}…. Publish this one with: mpsr publish --to {self.address}"
                )
            found: str = self.client.describe_alias(names.exactly(snapshot))["collection_name"]
            self.client.load_collection(found)
        return found

    def nearest(self, space: Space, where: Where, asked: Sequence[int]) -> MilvusNearest:
        """As ``mpsr.search.engine.Engine``."""
        return MilvusNearest(self, space, where, asked)

    def vectors(self, space: Space, ids: Sequence[str]) -> FloatArray:
        """As ``mpsr.search.engine.Engine``."""
        rows_of(ids, self._rows)
        found = read_vectors(self.client, self._collections[space.name], self.address, ids)
        missing = [one for one in ids if one not in found]
        if missing:
            raise EngineError(
                f"the engine at {self.address} lacks the product {missing[0]!r}. Publish the store again."
            )
        return (
            np.stack([found[one] for one in ids])
            if len(ids)
            else np.empty((0, space.vectors.shape[1]), np.float32)
        )

    def count(self, space: Space, where: Where, asked: Sequence[int] = ()) -> int:
        """As ``mpsr.search.engine.Engine``; filters on columns that the engine does not have are counted here."""
        named = {field.column for field in self._fields}
        if any(column not in named for column in where) or not self._exact(where, asked):
            return int(self._filters.mask(where, asked).sum())
        with asking(self.address):
            found = self.client.query(
                self._collections[space.name],
                filter=self.expression(where, asked),
                output_fields=["count(*)"],
            )
        return int(found[0]["count(*)"])

    def _exact(self, where: Where, asked: Sequence[int]) -> bool:
        """Whether an expression passes nothing but what the filters pass."""
        return all(not field.numeric for field in self._fields if field.column in where)

    def expression(self, where: Where, asked: Sequence[int]) -> str:
        """The filters as the engine is asked."""
        return expression(where, asked, self._filters, self._fields)

    def passing(self, where: Where, asked: Sequence[int]) -> int:
        """How many products pass the filters."""
        return int(self._filters.mask(where, asked).sum()) if where else len(self._rows)

    def ids(self, rows: npt.NDArray[np.int64]) -> list[str]:
        """The ids of rows."""
        return [self._ids[row] for row in rows]

    @cached_property
    def _ids(self) -> list[str]:
        return list(self._rows)

    def search(
        self, space: str, query: FloatArray, limit: int, told: str
    ) -> tuple[FloatArray, npt.NDArray[np.int64]]:
        """What the engine finds, best first; -1 is the row of a product that this store does not have."""
        with asking(self.address):
            hits = self.client.search(
                self._collections[space],
                data=[np.ascontiguousarray(query, np.float32)],
                anns_field=VECTOR,
                limit=limit,
                filter=told,
                output_fields=[ID],
                search_params={"metric_type": METRIC, "params": {"nprobe": self._probes}},
            )[0]
        scores = np.array([hit["distance"] for hit in hits], np.float32)
        return scores, np.array([self._rows.get(hit[ID], -1) for hit in hits], np.int64)

    @property
    def _probes(self) -> int:
        """How many lists of an IVF index are searched; an exact one takes no notice."""
        return max(PROBED, int(4 * len(self._rows) ** 0.5) // PROBED_SHARE)


class MilvusNearest:
    """Finds the nearest of one request."""

    error = SINGLE_ERROR

    def __init__(self, engine: MilvusEngine, space: Space, where: Where, asked: Sequence[int]) -> None:
        self._engine, self._space, self._where, self._asked = engine, space.name, where, asked

    @cached_property
    def _told(self) -> str:
        return self._engine.expression(self._where, self._asked)

    @cached_property
    def _passing(self) -> int:
        return self._engine.passing(self._where, self._asked)

    def __call__(self, query: FloatArray, k: int, allowed: Mask | None) -> Found | None:
        """As ``mpsr.search.engine.Nearest``: asks for several times k, and for more until k of those are allowed."""
        told, limit = self._told, TIMES * k
        available = self._passing if allowed is None else int(allowed.sum())
        if allowed is not None and available <= FEW and NARROW * available < self._passing:
            told = one_of(self._engine.ids(np.flatnonzero(allowed)))
        while k <= MOST:
            limit = min(limit, MOST)
            scores, rows = self._engine.search(self._space, query, limit, told)
            kept = rows >= 0 if allowed is None else (rows >= 0) & allowed[rows]
            if kept.sum() >= k:
                return scores[kept], rows[kept]
            if len(rows) < limit:
                log.warning(
                    "the engine at %s found %d of the %d products that pass %s; all are scanned",
                    self._engine.address, kept.sum(), available, told or "no filter",
                )  # fmt: skip
                return None
            if limit == MOST:
                return None
            limit *= TIMES
        return None


def read_vectors(client: Any, collection: str, address: str, ids: Sequence[str]) -> Mapping[str, FloatArray]:
    """Id → vector, shape (d,), of those products that are there."""
    found: dict[str, FloatArray] = {}
    for part in batches(ids):
        with asking(address):
            hits = client.query(collection, ids=part, output_fields=[ID, VECTOR])
        found.update((hit[ID], np.asarray(hit[VECTOR], np.float32)) for hit in hits)
    return found


def batches(items: Sequence[Any]) -> Iterator[list[Any]]:
    """``READ`` of them at a time."""
    for at in range(0, len(items), READ):
        yield list(items[at : at + READ])
