"""The catalogues behind the products of boards, and the addresses of their pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from mpsr.boards import Key
from mpsr.errors import StoreError
from mpsr.service import Service
from mpsr.store import known_stores
from mpsr.ui import pictures
from mpsr.ui.opened import AT_MOST, is_open, opened
from mpsr.ui.stores import current_service


def catalogues(stores: Iterable[str]) -> list[Service]:
    """The open store, and of the stores named the one that is named most often: as many as are kept open at once."""
    services = [current_service()]
    known = {path.name: path for path in known_stores()}
    for name, _ in Counter(stores).most_common():
        if len(services) == AT_MOST:
            break
        if name in known and name != services[0].root.name:
            try:
                services.append(opened(known[name]))
            except (
                StoreError,
                OSError,
            ):  # its products are then shown by name; opening it says what is wrong
                continue
    return services


class Addresses:
    """Addresses of the pictures of products of any store that is open already; none is opened for it."""

    def __init__(self) -> None:
        self._services = {}
        for path in known_stores():
            try:
                if is_open(path):
                    self._services[path.name] = (service := opened(path)), set(service.ids)
            except (StoreError, OSError):
                continue

    def of(self, key: Key) -> str | None:
        """The picture's address; None where there is no picture, no such product, or the store is not open."""
        service, ids = self._services.get(key.store, (None, ()))
        return pictures.url(service, key.product) if service and key.product in ids else None
