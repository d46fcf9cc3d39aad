"""The published build that a new one follows: what is still true in it is copied instead of made again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpsr.errors import StoreError
from mpsr.store import Artefact, Snapshot, Store
from mpsr.store.contents import check_contents

if TYPE_CHECKING:
    from mpsr.progress import Reporter


class Before:
    """The artefacts of the published build, each verified when it is first asked for."""

    def __init__(self, store: Store, report: Reporter) -> None:
        self._store, self._report = store, report
        self._snapshot = _published(store)
        self._opened: dict[str, Artefact | None] = {}

    @property
    def stages(self) -> frozenset[str]:
        """The stages that it has."""
        return frozenset(self._snapshot.stages) if self._snapshot else frozenset()

    def get(self, stage: str) -> Artefact | None:
        """A stage's artefact; None where there is none, or where it is damaged, which is told."""
        if stage not in self._opened:
            self._opened[stage] = self._open(stage)
        return self._opened[stage]

    def _open(self, stage: str) -> Artefact | None:
        if self._snapshot is None or stage not in self._snapshot.stages:
            return None
        try:
            artefact = self._store.open_stage(self._snapshot, stage)
            check_contents(artefact)
            return artefact
        except StoreError as error:
            self._report.step(stage, f"made again: {error}")
            return None


def _published(store: Store) -> Snapshot | None:
    try:
        return store.current()
    except StoreError:  # there is none, or another version built it: a build makes everything
        return None
