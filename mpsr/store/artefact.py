"""A published object of a store, opened read-only, and the snapshot that names a build's objects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NotRequired, TypeVar, cast, get_origin, get_type_hints

import numpy as np
import numpy.typing as npt

from mpsr.errors import StoreError
from mpsr.store.layout import IDS, PRESENT, VECTORS
from mpsr.store.manifest import BuildFacts, Manifest, Parameters
from mpsr.types import Embeddings

Facts = TypeVar("Facts")


@dataclass(frozen=True)
class Artefact:
    """A published object: its folder and what its manifest says."""

    folder: Path
    manifest: Manifest

    @property
    def stage(self) -> str:
        """The stage that made it."""
        return self.manifest["stage"]

    @property
    def fingerprint(self) -> str:
        """Names it among the stage's objects."""
        return self.manifest["fingerprint"]

    @property
    def parameters(self) -> Parameters:
        """What it was made with, beside its inputs."""
        return self.manifest["parameters"]

    @property
    def facts(self) -> Mapping[str, Any]:
        """What the stage noted beside its result (counts, device, seconds)."""
        return self.manifest["facts"]

    def read_facts(self, kind: type[Facts]) -> Facts:
        """The facts as one of the types in ``mpsr.store.facts``.

        Raises:
            StoreError: an entry that this type needs is missing.
        """
        missing = sorted(_required(kind) - self.facts.keys())
        if missing:
            raise StoreError(
                f"{self.folder} lacks the facts {', '.join(missing)}. Rebuild the store with: mpsr build SOURCE "
                f"--store {self.folder.parents[2]}"
            )
        return cast("Facts", dict(self.facts))

    def array(self, name: str) -> npt.NDArray[Any]:
        """A .npy file of the object, memory-mapped and read-only.

        Raises:
            StoreError: it is not a readable array.
        """
        try:
            return np.load(self.folder / name, mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError) as error:
            raise StoreError(f"{self.folder / name} is not a readable array ({error}).") from error


def _required(kind: type[object]) -> set[str]:
    """The entries that a TypedDict must have; ``__required_keys__`` overlooks NotRequired in postponed annotations."""
    hints = get_type_hints(kind, include_extras=True)
    return {name for name, hint in hints.items() if get_origin(hint) is not NotRequired}


@dataclass(frozen=True)
class Snapshot:
    """A published build: stage → fingerprint, and what is noted of it."""

    fingerprint: str
    stages: dict[str, str]
    facts: BuildFacts


def read_embeddings(artefact: Artefact) -> Embeddings:
    """The embeddings of a text or image artefact, memory-mapped."""
    ids = artefact.array(IDS).tolist()
    return Embeddings(ids, artefact.array(VECTORS), artefact.stage, artefact.array(PRESENT))
