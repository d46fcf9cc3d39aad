"""A published object of a store, opened read-only, and the snapshot that names a build's objects."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow.parquet as pq

from mpsr.errors import StoreError
from mpsr.store.damage import REBUILD, told_as_damage
from mpsr.store.documents import MAX_DOCUMENT, checked, read_bounded
from mpsr.store.layout import IDS, MANIFEST, PRESENT, VECTORS
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
            StoreError: an entry that this type needs is missing, or of another type.
        """
        return checked(self.manifest["facts"], kind, self.folder / MANIFEST, self.root)

    def read_parameters(self, kind: type[Facts]) -> Facts:
        """Those of the parameters that one of the types in ``mpsr.store.facts`` has.

        Raises:
            StoreError: an entry that this type needs is missing, or of another type.
        """
        return checked(self.parameters, kind, self.folder / MANIFEST, self.root)

    @property
    def root(self) -> Path:
        """The store's folder."""
        return self.folder.parents[2]

    def path(self, name: str) -> Path:
        """A file of the object, which its manifest lists, so that it was checked at opening.

        Raises:
            StoreError: the manifest does not list it.
        """
        if name not in self.manifest["files"]:
            raise StoreError(
                f"{self.folder / MANIFEST} does not list {name}. {REBUILD.format(root=self.root)}"
            )
        return self.folder / name

    def array(self, name: str) -> npt.NDArray[Any]:
        """A .npy file of the object, memory-mapped and read-only.

        Raises:
            StoreError: the manifest does not list it, or it is not a readable array.
        """
        path = self.path(name)
        with told_as_damage(path, self.root):
            found = np.load(path, mmap_mode="r", allow_pickle=False)
            if not isinstance(found, np.ndarray):  # a .npz archive, which is never one of ours
                raise TypeError(f"{type(found).__name__} instead of an array")
            return found

    def table(self, name: str) -> pd.DataFrame:
        """A Parquet file of the object.

        Raises:
            StoreError: the manifest does not list it, or it is not a readable table.
        """
        path = self.path(name)
        with told_as_damage(path, self.root):
            table = pq.read_table(path, partitioning=None)
            table.validate(full=True)  # texts that are not UTF-8, among others
            return table.to_pandas()

    def document(self, name: str, form: type[Facts]) -> Facts:
        """A JSON file of the object, checked against a type: a TypedDict, or a list of dataclasses, for example.

        Raises:
            StoreError: the manifest does not list it, or it is not of that form.
        """
        path = self.path(name)
        with told_as_damage(path, self.root):
            return checked(json.loads(read_bounded(path, MAX_DOCUMENT, self.root)), form, path, self.root)


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
