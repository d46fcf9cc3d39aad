"""How a stage gets its artefact: from the store when it is there, else by writing it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mpsr.errors import StoreError
from mpsr.progress import Reporter
from mpsr.store import Artefact, Store, fingerprint
from mpsr.store.shards import Shards


@dataclass(frozen=True)
class Maker:
    """Gives a stage's artefact: from the store when it is there, else by writing it."""

    store: Store
    report: Reporter

    def make(
        self,
        stage: str,
        inputs: dict[str, Artefact],
        parameters: dict[str, Any],
        write: Callable[[Path, dict[str, Any]], None],
    ) -> Artefact:
        """The artefact of ``stage``; ``write(folder, facts)`` fills a new one."""
        sources = {name: artefact.manifest["fingerprint"] for name, artefact in inputs.items()}
        name = fingerprint(stage, sources, parameters)
        self.report.step(stage)
        if not self._is_there(stage, name):
            facts: dict[str, Any] = {}
            began = time.perf_counter()
            with self.store.new_object(stage, name, sources, parameters, facts) as folder:
                write(folder, facts)
                facts.setdefault("seconds", round(time.perf_counter() - began, 2))
        else:
            self.report.step(stage, "already there")
        return self.store.open_object(stage, name, verify=False)

    def _is_there(self, stage: str, name: str) -> bool:
        """Whether the object is there and whole; a damaged one is made again."""
        if not self.store.has(stage, name):
            return False
        try:
            self.store.open_object(stage, name)
        except StoreError as error:
            self.report.step(stage, f"made again: {error}")
            return False
        return True

    def shards(self, stage: str, inputs: dict[str, Artefact], parameters: dict[str, Any]) -> Shards:
        """The shards of ``stage`` under way."""
        sources = {name: artefact.manifest["fingerprint"] for name, artefact in inputs.items()}
        return Shards(self.store.work_folder(stage, fingerprint(stage, sources, parameters)))
