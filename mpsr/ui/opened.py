"""Opened services, shared by the pages and by the routes that serve pictures. Does not import streamlit."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict, defaultdict
from contextlib import suppress
from pathlib import Path

from mpsr.errors import StoreError
from mpsr.service import Service, open_service
from mpsr.shop.live_clicks import LiveClicks
from mpsr.store import Store, known_stores

#: Bytes of memory that open stores may take together, and stores that are kept open at most. The one asked for last stays
#: open whatever it takes. What is mapped from files does not count: the system takes it back when it needs to.
MEMORY, AT_MOST = 3_000_000_000, 16

#: Builds of one store that are kept open: the published one and the one before.
BUILDS = 2

#: Names the engine that serves the vectors of every store; without it they are served from this process.
ENGINE = "MPSR_ENGINE"

#: (store, published snapshot).
Key = tuple[Path, str]

_lock = threading.Lock()
#: The one asked for last is the last.
_services: OrderedDict[Key, LiveClicks] = OrderedDict()
#: One lock a store, so that opening a large one does not hold up who asks another.
_opening: defaultdict[Path, threading.Lock] = defaultdict(threading.Lock)


def published(root: Path) -> str:
    """Fingerprint of the snapshot a store has published; a new build is a new one.

    Raises:
        StoreError: it cannot be read.
        OSError: likewise.
    """
    name = Store(root).named()
    if name is None:
        raise StoreError(f"{root} is not a store. Rebuild it with: mpsr build SOURCE --store {root}")
    return name


def is_open(root: Path) -> bool:
    """Whether the store's published snapshot is open already."""
    return (root, published(root)) in _services


def opened(root: Path) -> Service:
    """The one service of the store's published snapshot, opened when it is not yet, with the clicks learned last.

    Raises:
        StoreError: it cannot be trusted.
        OSError: it cannot be read.
    """
    key = (root, published(root))
    found = _kept(key)
    if found is None:
        with _lock:
            opening = _opening[root]
        with opening:
            found = _kept(key)
            if found is None:
                live = LiveClicks(open_service(root, engine=os.environ.get(ENGINE) or None))
                _keep(key, live)
                found = live.service
    return found


def _kept(key: Key) -> Service | None:
    with _lock:
        if key in _services:
            _services.move_to_end(key)
        live = _services.get(key)
    return live.service if live else None


def _keep(key: Key, live: LiveClicks) -> None:
    """Keep it open, and close those that nobody has asked for the longest where they are too many.

    Of one store the build before stays open too, for pages that still show it; ``mpsr gc`` may remove older ones. Answers
    under way hold their service themselves.
    """
    with _lock:
        _services[key] = live
        for old in [one for one in _services if one[0] == key[0]][:-BUILDS]:
            del _services[old]
        while len(_services) > 1 and (
            len(_services) > AT_MOST or sum(one.service.memory for one in _services.values()) > MEMORY
        ):
            _services.popitem(last=False)


def opened_snapshot(fingerprint: str) -> Service | None:
    """The service of a snapshot by its fingerprint: open already, or published now in the stores' folder.

    The fingerprint comes from an address. It is compared, never made a path.
    """
    with _lock:
        for key in list(_services):
            if key[1] == fingerprint:
                _services.move_to_end(key)
                return _services[key].service
    for root in known_stores():
        with suppress(StoreError, OSError):  # another store that is damaged is no reason
            if published(root) == fingerprint:
                return opened(root)
    return None
