"""A store with what was learned from clicks, which ``mpsr learn-clicks`` may replace while the store is open."""

from __future__ import annotations

import logging
import threading

from mpsr.errors import StoreError
from mpsr.search.click_file import read_clicks
from mpsr.service import Service
from mpsr.shop.watched import Watched
from mpsr.store.layout import CLICKS

log = logging.getLogger(__name__)


class LiveClicks:
    """Gives the store with the clicks as they were learned last. Safe to share between threads.

    A question that is being answered ends with the service that it began with. A file that cannot be read changes
    nothing: what was learned before holds on. A store that was opened without clicks stays without.
    """

    def __init__(self, service: Service) -> None:
        self._service, self._lock = service, threading.Lock()
        self.path = service.root / CLICKS
        self._file = Watched(self.path)
        #: What is wrong with the file, "" where nothing is.
        self.error = ""
        if service.uses_clicks:
            self._read()  # it may have changed since the store was opened

    @property
    def service(self) -> Service:
        """The store with what was learned last."""
        if self._service.uses_clicks and self._lock.acquire(blocking=False):  # one looks, the others go on
            try:
                if self._file.changed():
                    self._read()
            finally:
                self._lock.release()
        return self._service

    def _read(self) -> None:
        try:
            model = read_clicks(self._service.root)
        except StoreError as error:
            self.error = str(error)
            log.warning("the clicks learned before hold on: %s", error)
            return
        self.error = ""
        if (model.digest if model else "") != self._service.clicks_digest:
            self._service = self._service.clicked(model)
            log.info("what was learned from clicks was read again")
