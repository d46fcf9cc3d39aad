"""How a stage gets its artefact: from the store when it is there, else by making it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mpsr.errors import StoreError
from mpsr.progress import Reporter
from mpsr.store import Artefact, Store, fingerprint
from mpsr.store.manifest import Parameters

if TYPE_CHECKING:
    from mpsr.stages.before import Before
    from mpsr.stages.changes import Changes

#: The input that an artefact began from; see ``Maker.make``.
BEFORE = "before"

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
        before: the published build, from which stages copy what is still true.
        kept: how its products relate to those of this build, where its generation is kept; None in a new generation.
    """

    store: Store
    report: Reporter
    encoded: dict[str, int] = field(default_factory=dict)
    before: Before | None = None
    kept: Changes | None = None

    def published(self, stage: str) -> Artefact | None:
        """The stage's artefact in the published build, verified; None where there is none, or it is damaged."""
        return self.before.get(stage) if self.before else None

    def make(
        self,
        stage: str,
        inputs: Inputs,
        parameters: Parameters,
        write: Writer,
        before: Artefact | None = None,
    ) -> Artefact:
        """The artefact of ``stage``; ``write`` is called when it is not there or damaged.

        Args:
            stage: its name.
            inputs: the artefacts it is made from.
            parameters: what its result depends on beside them.
            write: makes it.
            before: the published build's artefact of this stage, where ``write`` begins from that one. It is the answer
                itself when it was made from the same inputs.
        """
        self.report.step(stage)
        if before and _made_from(before, inputs, parameters):
            self.report.step(stage, "already there")
            return before
        sources = _fingerprints({**inputs, BEFORE: before} if before else inputs)
        name = fingerprint(stage, sources, parameters)
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


def _made_from(artefact: Artefact, inputs: Inputs, parameters: Parameters) -> bool:
    """Whether an artefact was made from these inputs, whatever it began from."""
    sources = {name: one for name, one in artefact.manifest["inputs"].items() if name != BEFORE}
    return sources == _fingerprints(inputs) and artefact.parameters == as_json(parameters)


def as_json(parameters: Parameters) -> dict[str, Any]:
    """Parameters as they come back from a manifest."""
    return dict(json.loads(json.dumps(parameters)))


def _fingerprints(inputs: Inputs) -> dict[str, str]:
    return {name: artefact.fingerprint for name, artefact in inputs.items()}
