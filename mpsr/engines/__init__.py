"""Engines beside this process: where vectors are served from (Milvus), and where shards are encoded (Ray).

The defaults, FAISS and encoding in this process, are ``mpsr.search.engine`` and ``mpsr.encoders.stream``.
"""

from __future__ import annotations

from mpsr.search.engine import Engine, InProcess
from mpsr.search.filters import Filters
from mpsr.search.store_reader import OpenStore

__all__ = ["open_engine"]


def open_engine(address: str | None, store: OpenStore, filters: Filters) -> Engine:
    """The engine that serves a store's vectors.

    Args:
        address: of a Milvus; None is FAISS in this process.
        store: the store, opened with its indexes where ``address`` is None.
        filters: over its columns.

    Raises:
        InputError: no address of an engine, or the extra is not installed.
        EngineError: nothing answers there, or it does not hold the store's snapshot.
    """
    if address is None:
        return InProcess(store.rows, filters)
    from mpsr.engines.milvus import MilvusEngine

    return MilvusEngine(address, store, filters)
