"""MPSR: find, show and explain similar products in a catalogue, from their pictures and their words.

>>> import mpsr
>>> shop = mpsr.open()                             # the newest store   # doctest: +SKIP
>>> shop.similar("1005", k=5).neighbours           # doctest: +SKIP
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mpsr.service import Service

__version__ = "0.2.0"
__all__ = ["__version__", "open"]


def open(
    store: Path | str | None = None,
    verify: bool = True,
    rules: Path | str | None = None,
    engine: str | None = None,
) -> Service:
    """Open a published store read-only, with a file of rules and an engine if given; see ``mpsr.service.Service``."""
    from mpsr.service import open_service

    return open_service(store, verify, rules, engine)
