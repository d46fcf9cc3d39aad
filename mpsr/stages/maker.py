"""How a stage gets its artefact: from the store when it is there, else by making it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mpsr.errors import StoreError
from mpsr.progress import Reporter
from mpsr.store import Artefact, Store, fingerprint
from mpsr.store.manifest import Parameters

Inputs = Mapping[str, Artefact]

#: Fills a new object's folder and returns its facts, one of the types in ``mpsr.store.facts``.
Writer = Callable[[Path], Mapping[str, Any]]


@dataclass(frozen=True)
class Maker:
    """Gives stages their artefacts, and tells the reporter about it.

    Attributes:
        store: where the artefacts are.
        report: hears about it.
        encoded: stage → how many texts or pictures it has encoded; stages of embeddings fill it.
    """

    store: Store
    report: Reporter
    encoded: dict[str, int] = field(default_factory=dict)

    def make(self, stage: str, inputs: Inputs, parameters: Parameters, write: Writer) -> Artefact:
        """The artefact of ``stage``; ``write`` is called when it is not there or damaged."""
        sources = _fingerprints(inputs)
        name = fingerprint(stage, sources, parameters)
        self.report.step(stage)
        if self._is_there(stage, name):
            self.report.step(stage, "already there")
        else:
            facts: dict[str, Any] = {}
            began = time.perf_counter()
            with self.store.new_object(stage, name, sources, parameters, facts) as folder:
                facts.update(write(folder))
                facts.setdefault("seconds", round(time.perf_counter() - began, 2))
        return self.store.open_object(stage, name, verify=False)

    def _is_there(self, stage: str, name: str) -> bool:
        if not self.store.has(stage, name):
            return False
        try:
            self.store.open_object(stage, name)
        except StoreError as error:
            self.report.step(stage, f"made again: {error}")
            return False
        return True

    def work_folder(self, stage: str, inputs: Inputs, parameters: Parameters) -> Path:
        """Where an unfinished stage keeps what lets it resume; removed when its artefact is published."""
        folder = self.store.work_folder(stage, fingerprint(stage, _fingerprints(inputs), parameters))
        folder.mkdir(parents=True, exist_ok=True)
        return folder


def _fingerprints(inputs: Inputs) -> dict[str, str]:
    return {name: artefact.fingerprint for name, artefact in inputs.items()}
