"""A limit of requests a second, for each who asks."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from cachetools import LRUCache

#: Who asked last are remembered, so many of them; one who is forgotten begins anew.
REMEMBERED = 10_000

#: Seconds' worth of requests that may come at once.
BURST = 2


class Rate:
    """A token bucket for each name. Used from one thread, the event loop's."""

    def __init__(self, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._clock = rate, clock
        self._most = max(1.0, BURST * rate)
        self._levels: LRUCache[str, tuple[float, float]] = LRUCache(REMEMBERED)

    def wait(self, name: str) -> int:
        """Takes one request: 0 when it may go on, else the whole seconds until the next may."""
        now = self._clock()
        level, then = self._levels.get(name, (self._most, now))
        level = min(self._most, level + (now - then) * self._rate)
        allowed = level >= 1
        self._levels[name] = (level - allowed, now)
        return 0 if allowed else math.ceil((1 - level) / self._rate)
