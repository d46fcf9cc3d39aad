"""What cannot be read of a store is told as damage of a file, whichever library found it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mpsr.errors import StoreError

REBUILD = "Rebuild it with: mpsr build SOURCE --store {root}"

#: Characters of a library's message that are shown; some repeat what they read.
SHOWN = 200


@contextmanager
def told_as_damage(path: Path, root: Path) -> Iterator[None]:
    """Turn whatever a parser raises about ``path`` into a StoreError that names it.

    Any kind of error, since the files may come from anybody: parsers raise more kinds than they document.

    Raises:
        StoreError: the block raised an error.
    """
    try:
        yield
    except StoreError:
        raise
    except Exception as error:
        raise StoreError(f"{path} cannot be read ({_brief(error)}). {REBUILD.format(root=root)}") from error


def _brief(error: Exception) -> str:
    text = " ".join(str(error).split())
    text = text if len(text) <= SHOWN else text[:SHOWN] + "…"
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
