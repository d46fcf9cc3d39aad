"""A file that may change while a store is open."""

from __future__ import annotations

import time
from pathlib import Path

#: Seconds for which a file is taken to be as it was.
LOOK_EVERY = 1.0

#: What tells a file from the one before: time, size and number; None where there is none.
Stamp = tuple[int, int, int] | None


class Watched:
    """A file, and whether it is another than before. Not safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._looked, self._stamp = time.monotonic(), _stamp(path)

    def changed(self) -> bool:
        """Whether it has changed since this was last true; it is looked at once in ``LOOK_EVERY`` seconds."""
        if time.monotonic() - self._looked < LOOK_EVERY:
            return False
        self._looked, before, self._stamp = time.monotonic(), self._stamp, _stamp(self.path)
        return self._stamp != before


def _stamp(path: Path) -> Stamp:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
