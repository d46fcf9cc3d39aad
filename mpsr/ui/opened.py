"""Opened services, shared by the pages and by the routes that serve pictures. Does not import streamlit."""

from __future__ import annotations

import threading
from pathlib import Path

from cachetools import LRUCache

from mpsr.service import Service, open_service
from mpsr.store import known_stores
from mpsr.store.layout import CURRENT

#: Stores kept open at once: the current one and the one before it.
AT_MOST = 2

_lock = threading.Lock()
#: (store, published snapshot) → service.
_services: LRUCache[tuple[Path, str], Service] = LRUCache(AT_MOST)


def published(root: Path) -> str:
    """Fingerprint of the snapshot a store has published; a new build is a new one.

    Raises:
        OSError: it cannot be read.
    """
    return (root / CURRENT).read_text(encoding="utf-8").strip()


def is_open(root: Path) -> bool:
    """Whether the store's published snapshot is open already."""
    return (root, published(root)) in _services


def opened(root: Path) -> Service:
    """The one service of the store's published snapshot, opened when it is not yet.

    Raises:
        StoreError: it cannot be trusted.
        OSError: it cannot be read.
    """
    key = (root, published(root))
    with _lock:
        if key not in _services:
            _services[key] = open_service(root)
        return _services[key]


def opened_snapshot(fingerprint: str) -> Service | None:
    """The service of a snapshot by its fingerprint: open already, or published now in the stores' folder.

    The fingerprint comes from an address. It is compared, never made a path.
    """
    with _lock:
        for key in list(_services):
            if key[1] == fingerprint:
                return _services[key]
    for root in known_stores():
        if published(root) == fingerprint:
            return opened(root)
    return None
