"""Where stores are kept, and which there are."""

from __future__ import annotations

import os
from pathlib import Path

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
