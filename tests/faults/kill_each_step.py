"""Writes to a store and is killed before each of its file operations in turn; run by ``test_kill_each_step.py``.

Arguments: "object", "publish" or "gc", a published store, a folder for the copies. A child of its own is killed before
its first operation on a file, the next one before its second, until one is through. Prints one JSON line: kills, what was
wrong after them, and how many of them left the work undone.
"""

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from mpsr.store import Store
from mpsr.store.gc import collect
from mpsr.store.layout import WORK

#: What Python announces before it asks the system to change files.
CHANGES = {
    "os.rename",
    "os.remove",
    "os.rmdir",
    "os.mkdir",
    "os.utime",
    "os.link",
    "os.symlink",
    "os.truncate",
    "os.chmod",
}

NEW, STAGE = "f" * 64, "text"


class Killer:
    """Counts operations on files, and ends the process before the n-th."""

    def __init__(self, last: int) -> None:
        self.left = last
        fsync = os.fsync
        os.fsync = lambda file: (self.step(), fsync(file))[1]
        sys.addaudithook(self.heard)

    def heard(self, event: str, told: tuple) -> None:
        writes = (
            event == "open" and isinstance(told[2], int) and told[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        )
        if writes or event in CHANGES:
            self.step()

    def step(self) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def new_object(root: Path) -> None:
    store = Store(root)
    with store.writing(), store.new_object(STAGE, NEW, {}, {}, {}) as folder:
        for name in ("one.bin", "two.bin"):
            (folder / name).write_bytes(name.encode() * 1000)


def publish(root: Path) -> None:
    """Publish the current stages without the last, whose removal needs no object."""
    store = Store(root)
    with store.writing():
        found = store.current()
        store.publish(
            {stage: name for stage, name in found.stages.items() if stage != "regions"}, found.facts
        )


def gc(root: Path) -> None:
    collect(Store(root), unfinished=True)


def prepare(mode: str, root: Path) -> None:
    """For the collection: an older snapshot, an object that nothing names, one half written, and shards of a build."""
    if mode != "gc":
        return
    publish(root)
    new_object(root)
    partial = root / "objects" / STAGE / ("e" * 64 + ".partial")
    work = root / WORK / STAGE / ("d" * 64)
    for folder in (partial, work):
        folder.mkdir(parents=True)
        (folder / "half.bin").write_bytes(b"half")


def wrong(root: Path, published: set[str]) -> list[str]:
    """What does not hold of a store after a kill."""
    store, found = Store(root), []
    snapshot = store.current()
    if snapshot.fingerprint not in published:
        found.append(f"{snapshot.fingerprint} is published")
    for stage in snapshot.stages:
        store.open_stage(snapshot, stage)  # verified
    if store.has(STAGE, NEW):
        store.open_object(STAGE, NEW)
    return found


def tree(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.suffix != ".lock")


def forked(work: Callable[[Path], None], root: Path, last: int) -> int:
    pid = os.fork()
    if pid == 0:
        try:
            Killer(last)
            work(root)
        except BaseException as error:
            print(repr(error), file=sys.stderr)
            os._exit(3)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def main() -> None:
    mode, given, copies = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    work = {"object": new_object, "publish": publish, "gc": gc}[mode]
    before, whole = copies / "before", copies / "whole"
    shutil.copytree(given, before)
    prepare(mode, before)
    shutil.copytree(before, whole)
    work(whole)
    published = {Store(before).current().fingerprint, Store(whole).current().fingerprint}
    kills, undone, told = 0, 0, list[str]()
    while True:
        root = Path(shutil.copytree(before, copies / f"killed-{kills}"))
        code = forked(work, root, kills + 1)
        told += [f"kill {kills + 1}: {one}" for one in wrong(root, published)]
        if code == 0:
            break
        if code != -signal.SIGKILL:
            told.append(f"kill {kills + 1}: ended with {code}")
        kills += 1
        undone += tree(root) != tree(whole)
        work(root)  # the same once more, to its end
        told += [f"kill {kills}, again: {one}" for one in wrong(root, published)]
        if tree(root) != tree(whole):
            told.append(f"kill {kills}, again: {sorted(set(tree(root)) ^ set(tree(whole)))[:5]}")
        shutil.rmtree(root)
    print(json.dumps({"kills": kills, "undone": undone, "wrong": told}))


if __name__ == "__main__":
    main()
