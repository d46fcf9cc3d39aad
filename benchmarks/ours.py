"""MPSR's build of the same sample with the same weights."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from benchmarks.models import random_profile
from mpsr.catalogue import Policies
from mpsr.pipeline import Settings, build
from mpsr.service import open_service
from mpsr.store import Store


def run(source: Path, limit: int, models: Path) -> dict[str, float]:
    """Build into a folder that is thrown away; rates are per product, as for the recipe."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        store = Store(Path(folder) / "store")
        build(source, store, Settings(random_profile(models), Policies(limit=limit, no_image="drop")))
        seconds = time.perf_counter() - began
        facts = open_service(store.root).info()
    text, image = facts["models"]["text"], facts["models"]["image"]
    return {
        "products": facts["catalogue"]["rows_kept"],
        "texts/s": text["per_second"],
        "pictures/s": image["per_second"],
        "distinct texts": text["distinct"],
        "distinct pictures": image["distinct"],
        "seconds": seconds,
    }
