"""Remove what no snapshot and no reader needs: mark from the snapshots kept, sweep the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from mpsr.errors import InputError, StoreError
from mpsr.store.artefact import Snapshot
from mpsr.store.documents import check_folders
from mpsr.store.facts import UsedSegments
from mpsr.store.layout import CURRENT, OBJECTS, SEGMENT, WORK
from mpsr.store.lease import is_held, remove_unheld
from mpsr.store.manifest import Parameters
from mpsr.store.segments import OF_SEGMENTS
from mpsr.store.store import PARTIAL, Store, remove_folder


@dataclass(frozen=True)
class Swept:
    """What a collection removed, or would remove.

    Attributes:
        kept: snapshots that stay, the current one first.
        held: those of them that stay only because a reader has them open.
        snapshots: that were removed.
        objects: folders that were removed, relative to the store.
        bytes_before: size of the store before.
        bytes_after: and after.
    """

    kept: tuple[str, ...]
    held: tuple[str, ...]
    snapshots: tuple[str, ...]
    objects: tuple[str, ...]
    bytes_before: int
    bytes_after: int


def collect(store: Store, keep: int = 1, unfinished: bool = False, dry_run: bool = False) -> Swept:
    """Remove the snapshots before the ``keep`` newest, and everything that none of the others names.

    A snapshot that a reader has open stays, with all that it names. No build can run meanwhile. Should this be killed,
    the next call removes the rest.

    Args:
        store: the store.
        keep: snapshots to keep, the current one counted.
        unfinished: also remove what a build has made since the last publication, which it would reuse when it resumes.
        dry_run: remove nothing.

    Raises:
        InputError: ``keep`` is below 1.
        StoreError: there is no published store, or it is damaged.
        StoreBusyError: a build is writing to it.
    """
    if keep < 1:
        raise InputError(f"--keep is {keep}. Expected at least 1: the published snapshot stays.")
    store.current()
    with store.writing():
        current, before = store.current(), size_of(store.root)
        readable = {one.fingerprint: one for one in store.snapshots()}
        newest = [name for name in readable if name != current.fingerprint][: keep - 1]
        chosen = [current.fingerprint, *newest]
        going = [path for path in store.snapshot_files() if path.stem not in chosen]
        held = [path.stem for path in going if _stays(path, dry_run)]
        kept = [*chosen, *held]
        gone = [path.stem for path in going if path.stem not in held]
        snapshots = sum(path.stat().st_size for path in going if dry_run and path.stem in gone)
        swept = list(_unmarked(store, marked(store, [readable[name] for name in kept]), unfinished))
        rest = before - snapshots - sum(size_of(folder) for folder in swept)
        if not dry_run:
            for folder in swept:
                remove_folder(folder)
            rest = size_of(store.root)
        names = tuple(str(folder.relative_to(store.root)) for folder in swept)
        return Swept(tuple(kept), tuple(held), tuple(gone), names, before, rest)


def marked(store: Store, snapshots: Iterable[Snapshot]) -> set[Path]:
    """The folders of all objects that these snapshots name, with the segments that their embeddings came from.

    Raises:
        StoreError: one of them is damaged.
    """
    found: set[Path] = set()
    models: list[Parameters] = []
    for snapshot in snapshots:
        for stage, name in snapshot.stages.items():
            folder = store.object_folder(stage, name)
            if folder not in found:
                found.add(folder)
                made = store.open_object(stage, name, verify=False)
                used = made.read_facts(UsedSegments).get("segments", [])
                found |= {store.object_folder(SEGMENT, segment) for segment in used}
                models += [made.parameters] if used else []
    return found | set(_packed(store, models))


def _packed(store: Store, models: Sequence[Parameters]) -> Iterator[Path]:
    """The packed segments of these models: they stand for those that the embeddings were made from."""
    for folder in store.objects(SEGMENT):
        with suppress(StoreError):  # damaged: no build can use it
            segment = store.open_object(SEGMENT, folder.name, verify=False)
            identity = {name: value for name, value in segment.parameters.items() if name not in OF_SEGMENTS}
            if segment.facts.get("packed") and any(identity.items() <= model.items() for model in models):
                yield folder


def _stays(snapshot: Path, dry_run: bool) -> bool:
    """Whether a reader holds the snapshot; if not, its file is removed."""
    return is_held(snapshot) if dry_run else not remove_unheld(snapshot)


def _unmarked(store: Store, kept: set[Path], unfinished: bool) -> Iterator[Path]:
    """Folders that go: objects and work that nothing names, and what was never finished writing.

    Raises:
        StoreError: one of them lies behind a link.
    """
    published = (store.root / CURRENT).stat().st_mtime
    for room in (OBJECTS, WORK):
        for folder in sorted((store.root / room).glob("*/*")):
            check_folders(store.root, folder.parent)  # a link would lead the removal elsewhere
            resumable = not unfinished and _changed(folder) > published
            if folder.suffix == PARTIAL or not (folder in kept or resumable):
                yield folder


def _changed(folder: Path) -> float:
    """When something was last added to a folder."""
    return folder.lstat().st_mtime


def size_of(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file())
