"""Writes a store's snapshot into Milvus. Readers never see half of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from mpsr.engines.connection import asking, connect
from mpsr.engines.fields import DIGEST, ID, MOST_BYTES, VECTOR, Records
from mpsr.engines.milvus import METRIC, READ, batches, read_vectors
from mpsr.engines.names import Names
from mpsr.errors import EngineError
from mpsr.progress import Reporter, silent
from mpsr.search.filters import Filters
from mpsr.search.index import LISTS, choose_kind
from mpsr.search.store_reader import OpenStore

#: Where more than this share of the products has changed, a new collection is written.
MOST_CHANGED = 0.1

#: Vectors that are read back before a collection is shown to readers.
READ_BACK = 100

#: Bytes of an id.
ID_BYTES = 4096

Way = Literal["new", "updated", "already there"]


@dataclass(frozen=True)
class Published:
    """What was done to the collection of one space.

    Attributes:
        space: the space.
        collection: its name.
        alias: what other programs find it by.
        way: whether it is new, an update of the one before, or was there.
        written: products written.
        removed: products removed.
    """

    space: str
    collection: str
    alias: str
    way: Way
    written: int
    removed: int


def publish(store: OpenStore, address: str, report: Reporter = silent) -> list[Published]:
    """Write every space of a store's snapshot into the engine, and let the aliases lead to it.

    A little that has changed is written into the collection that is there (upsert and delete); anything else into a new
    collection, to which the aliases then move. The collection before it is kept for those who have it open. A publish
    that was stopped is completed by the next one. Only one at a time may run.

    Args:
        store: the store.
        address: as ``mpsr.engines.connection.connect``.
        report: hears about it.

    Raises:
        InputError: no address of an engine.
        EngineError: nothing answers there, or what was written cannot be read back.
    """
    client = connect(address, make=True)
    filters = Filters(store.products)
    with asking(address):
        return [_Publisher(client, address, store, name, filters, report).run() for name in store.spaces]


class _Publisher:
    """Writes one space."""

    def __init__(
        self, client: Any, address: str, store: OpenStore, space: str, filters: Filters, report: Reporter
    ) -> None:
        self._client, self._address, self._report, self._space = client, address, report, space
        self._names = Names(store.root.resolve().name, space)
        self._snapshot = store.snapshot.fingerprint
        self._ids = store.ids
        self._records = Records(store.ids, store.spaces[space].vectors, filters)

    def run(self) -> Published:
        """Write what is not there, then move the aliases."""
        self._report.step(f"publishing the {self._space} space")
        names, before = self._names, self._leads_to(self._names.newest)
        there = self._leads_to(names.exactly(self._snapshot))
        if there:
            self._point(names.newest, there)
            return self._published(there, "already there", 0, 0)
        if before and self._same_fields(before):
            changed, removed = self._changes(before)
            if len(changed) + len(removed) <= MOST_CHANGED * len(self._ids):
                self._update(before, changed, removed)
                self._point(names.exactly(self._snapshot), before)
                return self._published(before, "updated", len(changed), len(removed))
        collection = names.collection(self._snapshot)
        self._write(collection)
        self._point(names.newest, collection)
        self._point(names.exactly(self._snapshot), collection)
        self._drop_all_but({collection, before})
        return self._published(collection, "new", len(self._ids), 0)

    def _published(self, collection: str, way: Way, written: int, removed: int) -> Published:
        return Published(self._space, collection, self._names.newest, way, written, removed)

    # -- aliases ------------------------------------------------------------------------------------------

    def _leads_to(self, alias: str) -> str | None:
        """The collection of an alias; None where there is no such alias."""
        if not self._client.has_collection(alias):
            return None
        return str(self._client.describe_alias(alias)["collection_name"])

    def _point(self, alias: str, collection: str) -> None:
        if self._client.has_collection(alias):
            self._client.alter_alias(collection, alias)
        else:
            self._client.create_alias(collection, alias)

    def _drop_all_but(self, kept: set[str | None]) -> None:
        for collection in self._client.list_collections():
            if self._names.is_ours(collection) and collection not in kept:
                self._drop(collection)

    def _drop(self, collection: str) -> None:
        """Remove a collection; a server keeps one that has aliases."""
        for alias in self._client.list_aliases(collection)["aliases"]:
            self._client.drop_alias(alias)
        self._client.drop_collection(collection)

    # -- a new collection ---------------------------------------------------------------------------------

    def _write(self, collection: str) -> None:
        """Fill a new collection; one of that name is the rest of a publish that was stopped."""
        if self._client.has_collection(collection):
            self._drop(collection)
        self._client.create_collection(
            collection, schema=self._schema(), index_params=self._index(), consistency_level="Strong"
        )
        self._upsert(collection, range(len(self._ids)))
        self._check(collection, range(len(self._ids)))

    def _schema(self) -> Any:
        from pymilvus import DataType

        schema = self._client.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field(ID, DataType.VARCHAR, max_length=ID_BYTES, is_primary=True)
        schema.add_field(VECTOR, DataType.FLOAT_VECTOR, dim=self._records.dimension)
        schema.add_field(DIGEST, DataType.VARCHAR, max_length=32)
        for field in self._records.fields:
            if field.numeric:
                schema.add_field(field.name, DataType.DOUBLE, nullable=True)
            else:
                schema.add_field(field.name, DataType.VARCHAR, max_length=MOST_BYTES)
        return schema

    def _index(self) -> Any:
        """An exact index, or inverted lists where FAISS here would have them, too."""
        count, wanted = len(self._ids), self._client.prepare_index_params()
        if choose_kind(count, self._records.dimension) == "exact":
            wanted.add_index(VECTOR, index_type="FLAT", metric_type=METRIC)
        else:
            lists = int(LISTS * count**0.5)
            wanted.add_index(VECTOR, index_type="IVF_FLAT", metric_type=METRIC, params={"nlist": lists})
        return wanted

    def _upsert(self, collection: str, rows: Sequence[int]) -> None:
        for done, part in enumerate(batches(rows)):
            self._client.upsert(collection, self._records.records(part))
            self._report.progress(min((done + 1) * READ, len(rows)), len(rows))
        self._client.flush(collection)
        self._client.load_collection(collection)

    def _check(self, collection: str, written: Sequence[int]) -> None:
        """Compare the number of products, and some of those written, with what the engine gives back."""
        count = int(self._client.query(collection, filter="", output_fields=["count(*)"])[0]["count(*)"])
        if count != len(self._ids):
            raise EngineError(
                f"{collection} holds {count:,} products after writing, expected {len(self._ids):,}. Publish again."
            )
        sample = [
            written[place]
            for place in np.linspace(0, len(written) - 1, min(READ_BACK, len(written))).astype(int)
        ]
        wanted = {self._ids[row]: self._records.record(row)[VECTOR] for row in sample}
        found = read_vectors(self._client, collection, self._address, list(wanted))
        wrong = [
            one
            for one, vector in wanted.items()
            if one not in found or not np.array_equal(found[one], vector)
        ]
        if wrong:
            raise EngineError(
                f"{collection} gives another vector of the product {wrong[0]!r} back. Publish again."
            )

    # -- an update ----------------------------------------------------------------------------------------

    def _same_fields(self, collection: str) -> bool:
        """Whether a collection was made for the same fields."""
        held = {field["name"]: field for field in self._client.describe_collection(collection)["fields"]}
        wanted = {field.name: field.to_dict() for field in self._schema().fields}
        return held.keys() == wanted.keys() and all(
            held[name]["type"] == wanted[name]["type"]
            and held[name]["params"].get("dim") == wanted[name].get("params", {}).get("dim")
            for name in held
        )

    def _changes(self, collection: str) -> tuple[list[int], list[str]]:
        """Rows that a collection lacks or has otherwise, and ids that it has too many."""
        self._client.load_collection(collection)
        held: dict[str, str] = {}
        found = self._client.query_iterator(
            collection, batch_size=READ, filter="", output_fields=[ID, DIGEST]
        )
        while part := found.next():
            held.update((one[ID], one[DIGEST]) for one in part)
        found.close()
        digests = self._records.digests
        changed = [row for row, one in enumerate(self._ids) if held.get(one) != digests[row]]
        return changed, sorted(held.keys() - set(self._ids))

    def _update(self, collection: str, changed: list[int], removed: list[str]) -> None:
        """Change a collection in place. Until it is done, no alias says which snapshot it holds."""
        for alias in self._client.list_aliases(collection)["aliases"]:
            if alias != self._names.newest:
                self._client.drop_alias(alias)
        for part in batches(removed):
            self._client.delete(collection, ids=part)
        self._upsert(collection, changed)
        self._check(collection, changed)
