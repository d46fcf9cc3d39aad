"""Objects and snapshots on disk: verified when they are opened, published atomically.

An object is written beside its place, flushed, and renamed; its manifest lists every file with size and SHA-256.
``current`` is replaced last. So a reader never sees half a build, and a killed build leaves only ``work/``.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from filelock import FileLock, Timeout

from mpsr.errors import StoreBusyError, StoreError
from mpsr.store import manifest
from mpsr.store.artefact import Artefact, Snapshot
from mpsr.store.contents import check_contents
from mpsr.store.damage import REBUILD
from mpsr.store.documents import MAX_POINTER, check_folders, read_bounded, read_sealed, size_of
from mpsr.store.files import flush, sha256_of, write_whole
from mpsr.store.layout import CURRENT, LOCK, MANIFEST, OBJECTS, SNAPSHOTS, STAGES, WORK
from mpsr.store.lease import hold
from mpsr.store.manifest import (
    BuildFacts,
    Manifest,
    Parameters,
    SnapshotDocument,
    as_text,
    is_fingerprint,
    snapshot_fingerprint,
)

#: Ending of what is still being written, or being removed.
PARTIAL = ".partial"


class Store:
    """A store folder. Reading never writes; writing happens inside ``writing()``."""

    def __init__(self, root: Path) -> None:
        self.root = root

    # -- reading ------------------------------------------------------------------------------------------

    def current(self) -> Snapshot:
        """The published snapshot.

        Raises:
            StoreError: there is none, it is of another version, or it is damaged.
        """
        found, path = self._published()
        self._check_names(path, found.stages)
        return found

    def source(self) -> str | None:
        """The catalogue that the published build was made from, also of a store whose stages this version does not know.

        None where no published build can be read.
        """
        try:
            return self._published()[0].facts["source"]
        except (StoreError, KeyError):
            return None

    def _published(self) -> tuple[Snapshot, Path]:
        """The snapshot that ``current`` names, whatever its stages, and the file it is in.

        Raises:
            StoreError: there is none, it is of another schema, or it is damaged.
        """
        name = self.named()
        if name is None:
            state = "holds an unfinished build" if (self.root / WORK).exists() else "is not a store"
            raise StoreError(f"{self.root} {state}. {self._rebuild()}")
        if not is_fingerprint(name):
            raise StoreError(
                f"{self.root / CURRENT} holds {name[:80]!r}, expected a fingerprint. {self._rebuild()}"
            )
        path = self.snapshot_file(name)
        return self._snapshot(path, name), path

    def _snapshot(self, path: Path, name: str) -> Snapshot:
        document = read_sealed(path, SnapshotDocument, self.root)
        if snapshot_fingerprint(document["stages"]) != name:
            raise StoreError(f"{self.root / CURRENT} and {path} do not agree. {self._rebuild()}")
        return Snapshot(name, document["stages"], document["facts"])

    def snapshot_file(self, name: str) -> Path:
        """Where the snapshot of that fingerprint is or would be."""
        return self.root / SNAPSHOTS / f"{Path(name).name}.json"

    def snapshots(self) -> list[Snapshot]:
        """All snapshots that can be read, the one published last first."""
        found: list[Snapshot] = []
        for path in self.snapshot_files():
            with suppress(StoreError):
                found.append(self._snapshot(path, path.stem))
        return found

    def snapshot_files(self) -> list[Path]:
        """The files of all snapshots, the one published last first."""
        paths = (self.root / SNAPSHOTS).glob("*.json")
        return sorted(paths, key=lambda path: path.stat().st_mtime, reverse=True)

    def hold_current(self) -> tuple[Snapshot, BinaryIO | None]:
        """The published snapshot, and a lease on it: as long as that file is open, ``mpsr gc`` leaves the snapshot.

        Raises:
            StoreError: as ``current``.
        """
        while True:
            named = self.named()
            try:
                found, path = self._published()
                self._check_names(path, found.stages)
                return found, hold(path)
            except (StoreError, FileNotFoundError) as error:
                if self.named() == named:  # and not published anew and collected in between
                    raise StoreError(str(error)) from error

    def named(self) -> str | None:
        """What ``current`` says, unchecked; None where there is none.

        Raises:
            StoreError: it is no regular file, or too large.
        """
        pointer = self.root / CURRENT
        if not os.path.lexists(pointer):
            return None
        return read_bounded(pointer, MAX_POINTER, self.root).decode(errors="replace").strip()

    def _check_names(self, path: Path, stages: Mapping[str, str]) -> None:
        """Refuse stages of another version, which would otherwise be overlooked.

        Raises:
            StoreError: a stage is unknown.
        """
        unknown = sorted(stages.keys() - STAGES)
        if unknown:
            raise StoreError(
                f"{path} names the stages {', '.join(unknown)}, which this version of MPSR does not know: another "
                f"version built the store. {self._rebuild()}"
            )

    def open_stage(self, snapshot: Snapshot, stage: str, verify: bool = True) -> Artefact:
        """A stage of a snapshot; see ``open_object``.

        Raises:
            StoreError: the snapshot has no such stage, or it is damaged.
        """
        if stage not in snapshot.stages:
            raise StoreError(f"{self.root} lacks the stage {stage}. {self._rebuild()}")
        return self.open_object(stage, snapshot.stages[stage], verify)

    def open_object(self, stage: str, name: str, verify: bool = True) -> Artefact:
        """A published object, its files checked against its manifest.

        Raises:
            StoreError: a file is missing, of another size, or (with ``verify``) of other content, or an array is not what
                its stage has to hold.
        """
        folder = self.object_folder(stage, name)
        check_folders(self.root, folder)
        found = read_sealed(folder / MANIFEST, Manifest, self.root)
        if (found["stage"], found["fingerprint"]) != (stage, name):
            raise StoreError(f"{folder / MANIFEST} belongs to another place. {self._rebuild()}")
        for file, facts in found["files"].items():
            path, size = folder / file, size_of(folder / file)
            if size is None and os.path.lexists(path):
                raise StoreError(f"{path} is no regular file. {self._rebuild()}")
            if size != facts["size"]:
                came = "no" if size is None else size
                raise StoreError(f"{path} has {came} bytes, expected {facts['size']}. {self._rebuild()}")
        if verify:
            self._check_hashes(folder, found)
        made = Artefact(folder, found)
        check_contents(made, verify)
        return made

    def _check_hashes(self, folder: Path, found: Manifest) -> None:
        with ThreadPoolExecutor() as pool:
            digests = list(pool.map(lambda file: sha256_of(folder / file), found["files"]))
        for (file, facts), digest in zip(found["files"].items(), digests, strict=True):
            if digest != facts["sha256"]:
                raise StoreError(
                    f"{folder / file} is damaged: SHA-256 {digest[:12]}…, expected {facts['sha256'][:12]}…. "
                    f"{self._rebuild()}"
                )

    def object_folder(self, stage: str, name: str) -> Path:
        """Where the object is or would be."""
        return self.root / OBJECTS / stage / name

    def work_folder(self, stage: str, name: str) -> Path:
        """Where the shards of an unfinished object are."""
        return self.root / WORK / stage / name

    def objects(self, stage: str) -> list[Path]:
        """The folders of a stage's published objects, by name."""
        found = (path.parent for path in (self.root / OBJECTS / stage).glob(f"*/{MANIFEST}"))
        return sorted(folder for folder in found if not folder.suffix)  # "<name>.partial" is not published

    def has(self, stage: str, name: str) -> bool:
        """Whether the object was published; an incomplete one never is."""
        return (self.object_folder(stage, name) / MANIFEST).is_file()

    def _is_whole(self, path: Path) -> bool:
        try:
            return bool(read_sealed(path, SnapshotDocument, self.root))
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
            StoreError: a file is in its way.
        """
        try:
            self.root.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError) as error:
            raise StoreError(
                f"{self.root} cannot be a store: a file is in the way. Choose another --store."
            ) from error
        lock = FileLock(self.root / LOCK)
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
        self,
        stage: str,
        name: str,
        inputs: dict[str, str],
        parameters: Parameters,
        facts: Mapping[str, Any],
    ) -> Iterator[Path]:
        """A folder to write an object's files into; published when the block ends without an error.

        ``facts`` may be filled inside the block; they go into the manifest and not into the fingerprint.
        """
        final = self.object_folder(stage, name)
        folder = final.with_name(name + PARTIAL)
        check_folders(self.root, final)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        yield folder
        files = sorted(folder.iterdir())
        for path in files:
            flush(path)
        document: Manifest = {
            "schema": manifest.SCHEMA,
            "stage": stage,
            "fingerprint": name,
            "inputs": inputs,
            "parameters": parameters,
            "facts": facts,
            "files": {path.name: {"size": path.stat().st_size, "sha256": sha256_of(path)} for path in files},
        }
        write_whole(folder / MANIFEST, as_text(document))
        flush(folder)
        shutil.rmtree(final, ignore_errors=True)  # a folder without a manifest is no object
        folder.rename(final)
        flush(final.parent)
        shutil.rmtree(self.work_folder(stage, name), ignore_errors=True)

    def remove_object(self, stage: str, name: str) -> None:
        """Remove an object that nothing needs any more; inside ``writing()``."""
        remove_folder(self.object_folder(stage, name))

    def publish(self, stages: dict[str, str], facts: BuildFacts) -> Snapshot:
        """Make a set of objects the current snapshot.

        Raises:
            StoreError: a stage is unknown to this version.
        """
        name = snapshot_fingerprint(stages)
        path = self.snapshot_file(name)
        self._check_names(path, stages)
        document: SnapshotDocument = {
            "schema": manifest.SCHEMA,
            "stages": stages,
            "facts": {**facts, "published": round(time.time(), 3)},  # whole digits: any change of one shows
        }
        check_folders(self.root, path.parent)
        path.parent.mkdir(exist_ok=True)
        if self._is_whole(path):
            os.utime(path)  # published again: the newest, for ``snapshots``; its leases stay
        else:
            write_whole(path, as_text(document))
        write_whole(self.root / CURRENT, name + "\n")
        for folder in (self.root / WORK).glob(
            "*/*"
        ):  # a build killed just after an object's rename leaves its shards
            if self.has(folder.parent.name, folder.name):
                shutil.rmtree(folder, ignore_errors=True)
        return self.current()


def remove_folder(folder: Path) -> None:
    """Remove a folder; renamed first, so that no half of it is ever taken for an object."""
    if folder.is_symlink() or not folder.is_dir():
        folder.unlink()
        return
    going = folder if folder.suffix == PARTIAL else folder.with_name(folder.name + PARTIAL)
    if going != folder:
        shutil.rmtree(going, ignore_errors=True)
        folder.rename(going)
    shutil.rmtree(going)
