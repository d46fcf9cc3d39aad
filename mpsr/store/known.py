"""Where stores are kept, and which there are."""

from __future__ import annotations

import os
from pathlib import Path

from mpsr.errors import StoreError
from mpsr.store.layout import CURRENT


def stores_folder() -> Path:
    """The folder of all stores, absolute: ``MPSR_STORES``, or the user's data folder."""
    from platformdirs import user_data_path

    chosen = os.environ.get("MPSR_STORES")
    return Path(chosen).expanduser().absolute() if chosen else user_data_path("mpsr") / "stores"


def known_stores() -> list[Path]:
    """The published stores in ``stores_folder()``, newest first."""
    pointers = sorted(
        stores_folder().glob(f"*/{CURRENT}"), key=lambda path: path.lstat().st_mtime, reverse=True
    )
    return [path.parent for path in pointers]


def newest_store() -> Path:
    """The store that was published last.

    Raises:
        StoreError: there is none.
    """
    known = known_stores()
    if not known:
        raise StoreError(f"there is no store in {stores_folder()}. Make one with: mpsr build SOURCE")
    return known[0]
