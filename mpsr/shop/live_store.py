"""The build that a store has published now, for a server that is never started again."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

from mpsr.errors import MPSRError
from mpsr.service import Service, open_service
from mpsr.shop.live_clicks import LiveClicks
from mpsr.shop.live_rules import LiveRules
from mpsr.store import Store

log = logging.getLogger(__name__)

#: Seconds for which the published build is taken to be the same, and after which one that failed to open is tried again.
LOOK_EVERY, RETRY_AFTER = 1.0, 60.0


class LiveStore:
    """Gives the service of the published build. Safe to share between threads.

    A new build is opened beside the questions: those that come meanwhile are answered by the one before, and an answer
    under way ends on the one that it began with. A build that cannot be opened changes nothing, and is logged.
    """

    def __init__(
        self,
        service: Service,
        rules: LiveRules | None = None,
        open_build: Callable[[Path], Service] = open_service,
        follow: bool = True,
    ) -> None:
        """Begin with an open store.

        Args:
            service: the store.
            rules: it under a file of rules, which goes with every build.
            open_build: opens the build that the store has published.
            follow: go on to new builds; else only what is learned from clicks, and the rules, are followed.
        """
        self._service, self._rules, self._open_build, self._follow = service, rules, open_build, follow
        #: What was learned from clicks on the build that answers.
        self.clicks = LiveClicks(service)
        self._store, self._lock = Store(service.root), threading.Lock()
        self._look_at = time.monotonic() + LOOK_EVERY
        self._opening: threading.Thread | None = None

    @property
    def service(self) -> Service:
        """The store as it answers now, with the clicks that were learned last, under the rules."""
        if self._follow:
            self._look()
        clicked = self.clicks.service
        return self._rules.over(clicked) if self._rules else clicked

    def _look(self) -> None:
        """Begin to open a new build where there is one."""
        with self._lock:
            if self._opening or time.monotonic() < self._look_at:
                return
            self._look_at = time.monotonic() + LOOK_EVERY
            try:
                published = self._store.named()
            except (MPSRError, OSError):  # moved away for now; what is open answers
                return
            if published is None or published == self._service.snapshot.fingerprint:
                return
            self._opening = threading.Thread(target=self._open, name="mpsr-new-build", daemon=True)
            self._opening.start()

    def _open(self) -> None:
        try:
            service = self._open_build(self._store.root)
            if self._rules:
                self._rules.follow(service)
            self._service, self.clicks = service, LiveClicks(service)
            log.info("a new build is open: %s", service.snapshot.fingerprint)
        except (MPSRError, OSError) as error:
            self._look_at = time.monotonic() + RETRY_AFTER
            log.warning("the build before answers on: %s", error)
        finally:
            self._opening = None
