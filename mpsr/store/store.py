"""Artefacts on disk: fingerprints, manifests, atomic publish, verification.

    <store>/objects/<stage>/<fingerprint>/{manifest.json, ...}   whole or not there
            work/<stage>/<fingerprint>/                          shards of a build under way
            snapshots/<fingerprint>.json                         stage → fingerprint, never changed
            current                                              one line: the snapshot that is open to readers

An object is written beside its place, flushed, and renamed; its manifest lists every file with size and SHA-256.
``current`` is replaced last. So a reader never sees half a build, and a killed build leaves only ``work/``.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from filelock import FileLock, Timeout

from mpsr.errors import StoreBusyError, StoreError
from mpsr.store.layout import CURRENT, MANIFEST

#: Changes whenever the layout or the meaning of a file changes; stores of another schema are refused.
SCHEMA = 1

SEAL = "seal"
REBUILD = "Rebuild it with: mpsr build SOURCE --store {root}"


def fingerprint(stage: str, inputs: dict[str, str], parameters: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON of everything a stage's result depends on."""
    document = {"schema": SCHEMA, "stage": stage, "inputs": inputs, "parameters": parameters}
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True)
class Artefact:
    """A published object: its folder and what its manifest says."""

    folder: Path
    manifest: dict[str, Any]

    def array(self, name: str) -> npt.NDArray[Any]:
        """A .npy file of the object, memory-mapped and read-only.

        Raises:
            StoreError: it is no array.
        """
        try:
            return np.load(self.folder / name, mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError) as error:
            raise StoreError(f"{self.folder / name} is not a readable array ({error}).") from error

    @property
    def facts(self) -> dict[str, Any]:
        """What the stage noted beside its result (counts, device, seconds)."""
        return dict(self.manifest["facts"])


@dataclass(frozen=True)
class Snapshot:
    """One published build: stage → fingerprint, and where it came from."""

    fingerprint: str
    stages: dict[str, str]
    facts: dict[str, Any]


class Store:
    """A store folder. Reading never writes; writing happens under ``writing()``."""

    def __init__(self, root: Path) -> None:
        self.root = root

    # -- reading ------------------------------------------------------------------------------------------

    def current(self) -> Snapshot:
        """The published snapshot.

        Raises:
            StoreError: there is none, it is of another schema, or it is damaged.
        """
        pointer = self.root / CURRENT
        if not pointer.is_file():
            state = "holds an unfinished build" if (self.root / "work").exists() else "is no store"
            raise StoreError(f"{self.root} {state}. {self._rebuild()}")
        name = pointer.read_text(encoding="utf-8", errors="replace").strip()
        document = self._json(self.root / "snapshots" / f"{Path(name).name}.json")
        if snapshot_fingerprint(document["stages"]) != name:
            raise StoreError(f"{pointer} and its snapshot do not agree. {self._rebuild()}")
        return Snapshot(name, document["stages"], document["facts"])

    def open_object(self, stage: str, name: str, verify: bool = True) -> Artefact:
        """A published object, its files checked against its manifest.

        Raises:
            StoreError: a file is missing, of another size, or (with ``verify``) of other content.
        """
        folder = self.object_folder(stage, name)
        manifest = self._json(folder / MANIFEST)
        if (manifest["stage"], manifest["fingerprint"]) != (stage, name):
            raise StoreError(f"{folder / MANIFEST} belongs to another place. {self._rebuild()}")
        for file, facts in manifest["files"].items():
            path = folder / file
            if not path.is_file() or path.stat().st_size != facts["size"]:
                size = path.stat().st_size if path.is_file() else "no"
                raise StoreError(f"{path} has {size} bytes, expected {facts['size']}. {self._rebuild()}")
        if verify:
            with ThreadPoolExecutor() as pool:
                digests = list(pool.map(lambda file: sha256_of(folder / file), manifest["files"]))
            for file, digest in zip(manifest["files"], digests, strict=True):
                if digest != manifest["files"][file]["sha256"]:
                    raise StoreError(
                        f"{folder / file} is damaged: SHA-256 {digest[:12]}…, "
                        f"expected {manifest['files'][file]['sha256'][:12]}…. {self._rebuild()}"
                    )
        return Artefact(folder, manifest)

    def object_folder(self, stage: str, name: str) -> Path:
        """Where the object lies or would lie."""
        return self.root / "objects" / stage / name

    def has(self, stage: str, name: str) -> bool:
        """Whether the object was published; an incomplete one never is."""
        return (self.object_folder(stage, name) / MANIFEST).is_file()

    def _json(self, path: Path) -> dict[str, Any]:
        """A sealed document.

        Raises:
            StoreError: it is missing, of another schema, or not as it was written.
        """
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise StoreError(f"{path} is missing or damaged ({error}). {self._rebuild()}") from error
        schema = document.get("schema") if isinstance(document, dict) else None
        if schema != SCHEMA:
            raise StoreError(
                f"{path} has schema {schema}; this version reads schema {SCHEMA}. {self._rebuild()}"
            )
        if document != sealed(document):
            raise StoreError(f"{path} is damaged: it is not as it was written. {self._rebuild()}")
        return dict(document)

    def _is_whole(self, path: Path) -> bool:
        try:
            return bool(self._json(path))
        except StoreError:
            return False

    def _rebuild(self) -> str:
        return REBUILD.format(root=self.root)

    # -- writing ------------------------------------------------------------------------------------------

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the store for one build.

        Raises:
            StoreBusyError: another build holds it.
            StoreError: there is a file in its way.
        """
        try:
            self.root.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError) as error:
            raise StoreError(
                f"{self.root} cannot be a store: a file is in the way. Choose another --store."
            ) from error
        lock = FileLock(self.root / ".lock")
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise StoreBusyError(
                f"another build is writing to {self.root}. Wait until it ends, or build into another --store."
            ) from error
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def new_object(
        self, stage: str, name: str, inputs: dict[str, str], parameters: dict[str, Any], facts: dict[str, Any]
    ) -> Iterator[Path]:
        """A folder to write an object's files into; published when the block ends well.

        ``facts`` may be filled inside the block; it goes into the manifest and not into the fingerprint.
        """
        final = self.object_folder(stage, name)
        folder = final.with_name(f"{name}.partial")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        yield folder
        files = sorted(path for path in folder.iterdir())
        manifest = {
            "schema": SCHEMA,
            "stage": stage,
            "fingerprint": name,
            "inputs": inputs,
            "parameters": parameters,
            "facts": facts,
            "files": {path.name: {"size": path.stat().st_size, "sha256": sha256_of(path)} for path in files},
        }
        for path in files:
            _flush(path)
        write_whole(folder / MANIFEST, json.dumps(sealed(manifest), indent=1, ensure_ascii=False))
        _flush(folder)
        shutil.rmtree(final, ignore_errors=True)  # a folder without a manifest is no object
        folder.rename(final)
        _flush(final.parent)
        shutil.rmtree(self.work_folder(stage, name), ignore_errors=True)

    def work_folder(self, stage: str, name: str) -> Path:
        """Where the shards of an object under way lie."""
        return self.root / "work" / stage / name

    def publish(self, stages: dict[str, str], facts: dict[str, Any]) -> Snapshot:
        """Make a set of objects the current snapshot."""
        name = snapshot_fingerprint(stages)
        document = {"schema": SCHEMA, "stages": stages, "facts": {**facts, "published": time.time()}}
        (self.root / "snapshots").mkdir(exist_ok=True)
        path = self.root / "snapshots" / f"{name}.json"
        if not self._is_whole(path):
            write_whole(path, json.dumps(sealed(document), indent=1, ensure_ascii=False))
        write_whole(self.root / CURRENT, name + "\n")
        return self.current()


def snapshot_fingerprint(stages: dict[str, str]) -> str:
    """The fingerprint of a set of objects."""
    return fingerprint("snapshot", stages, {})


def sealed(document: dict[str, Any]) -> dict[str, Any]:
    """The document with the SHA-256 of everything else in it, so that no byte of it can change unseen."""
    content = {name: value for name, value in document.items() if name != SEAL}
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return {**content, SEAL: hashlib.sha256(canonical.encode(errors="surrogatepass")).hexdigest()}


def new_array(path: Path, shape: tuple[int, ...]) -> np.memmap[Any, np.dtype[np.float32]]:
    """A new float32 .npy file to fill through memory.

    Its room is taken at once: writing to a mapped file on a full disk would end the process without a word.
    """
    array = np.lib.format.open_memmap(path, "w+", np.float32, shape)
    if hasattr(os, "posix_fallocate"):
        with path.open("r+b") as file:
            os.posix_fallocate(file.fileno(), 0, path.stat().st_size)
    return array


def save_array(path: Path, array: npt.NDArray[Any]) -> None:
    """As ``numpy.save``, through Python's own writing: the error of a full disk then names its cause."""
    if array.dtype.hasobject:
        raise TypeError(f"{path.name}: an array of objects would need pickle")
    whole = np.ascontiguousarray(array)
    with path.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, np.lib.format.header_data_from_array_1_0(whole))
        file.write(whole.data)
        file.flush()
        os.fsync(file.fileno())


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_whole(path: Path, text: str) -> None:
    """Write a small file whole or not at all."""
    partial = path.with_name(path.name + ".partial")
    partial.write_text(text, encoding="utf-8")
    _flush(partial)
    partial.replace(path)
    _flush(path.parent)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def stores_folder() -> Path:
    """Where stores lie unless told otherwise: ``MPSR_STORES``, else the user's data folder."""
    from platformdirs import user_data_path

    told = os.environ.get("MPSR_STORES")
    return Path(told) if told else user_data_path("mpsr") / "stores"


def known_stores() -> list[Path]:
    """The published stores under ``stores_folder()``, newest first."""
    pointers = sorted(
        stores_folder().glob(f"*/{CURRENT}"), key=lambda path: path.stat().st_mtime, reverse=True
    )
    return [path.parent for path in pointers]
