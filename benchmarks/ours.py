"""MPSR's build of the same sample with the same weights."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from benchmarks.models import random_profile
from mpsr.catalogue import Policies
from mpsr.encoders.network import Runtime
from mpsr.pipeline import build
from mpsr.service import open_service
from mpsr.stages.settings import Settings
from mpsr.store import Store

#: Stages whose work the published recipe does not do: pictures kept for showing, families, the map.
BEYOND = ("pictures", "split", "atlas", "regions")

#: Products of a first build that leaves the compiled models in the cache, as they are from the second build on.
FIRST = 4


class Timed:
    """A reporter that adds up the seconds of each stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._stage, self._since = "", time.perf_counter()

    def step(self, name: str, note: str = "") -> None:
        """Time until now belongs to the stage before."""
        now = time.perf_counter()
        self.seconds[self._stage] = self.seconds.get(self._stage, 0) + now - self._since
        self._stage, self._since = name, now

    def progress(self, done: int, total: int) -> None:
        """Nothing to note."""


def run(source: Path, limit: int, models: Path, runtime: Runtime) -> dict[str, float]:
    """Build into a folder that is thrown away; rates are of distinct texts and pictures, as they were encoded."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(random_profile(models), Policies(limit=FIRST), runtime=runtime, learned="paper")
        began = time.perf_counter()
        build(source, Store(Path(folder) / "first"), settings)
        first = time.perf_counter() - began
        settings = Settings(
            settings.profile, Policies(limit=limit, no_image="drop"), runtime=runtime, learned="paper"
        )
        timed, began = Timed(), time.perf_counter()
        store = Store(Path(folder) / "store")
        build(source, store, settings, timed)
        timed.step("")
        seconds = time.perf_counter() - began
        facts = open_service(store.root).info()
    text, image = facts["models"]["text"], facts["models"]["image"]
    return {
        "products": facts["catalogue"]["rows_kept"],
        "texts/s": text["per_second"],
        "pictures/s": image["per_second"],
        "distinct texts": text["distinct"],
        "distinct pictures": image["distinct"],
        "seconds": seconds - sum(timed.seconds.get(stage, 0) for stage in BEYOND),
        "seconds with everything": seconds,
        "seconds of a first build of four": first,
    }
