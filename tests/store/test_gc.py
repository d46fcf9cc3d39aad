"""Garbage collection: what a kept build or a reader needs stays, everything else goes."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mpsr
from mpsr.errors import InputError, StoreBusyError, StoreError
from mpsr.pipeline import build
from mpsr.service import Service
from mpsr.stages.settings import Settings
from mpsr.store import Store
from mpsr.store.gc import collect, size_of
from mpsr.store.lease import is_held
from tests.conftest import line, shop_rows, write_catalogue

FACTS = {"source": "", "profile": "", "seconds": 0.0}
STAGES = ("catalogue", "text", "image")
A, B, C, D = (letter * 64 for letter in "abcd")


def segment_of(name: str) -> str:
    """The fingerprint of the segment that an object of that name came from."""
    return name.translate(str.maketrans("abcd", "0123"))


def add_object(store: Store, stage: str, name: str, segments: tuple[str, ...] = ()) -> None:
    if not store.has(stage, name):
        with store.new_object(stage, name, {}, {}, {"segments": list(segments)}) as folder:
            (folder / "content.txt").write_text(name)


def publish(store: Store, objects: dict[str, str]) -> str:
    """Publish objects, each of which came from the segment of its name."""
    for stage, name in objects.items():
        add_object(store, "segment", segment_of(name))
        add_object(store, stage, name, (segment_of(name),))
    return store.publish(objects, FACTS).fingerprint


def there(store: Store) -> set[tuple[str, str]]:
    return {(path.parent.name, path.name) for path in (store.root / "objects").glob("*/*")}


def needed(snapshots: list[dict[str, str]]) -> set[tuple[str, str]]:
    pairs = {pair for snapshot in snapshots for pair in snapshot.items()}
    return pairs | {("segment", segment_of(name)) for _, name in pairs}


builds = st.lists(
    st.fixed_dictionaries({stage: st.sampled_from((A, B, C, D)) for stage in STAGES}), min_size=1, max_size=6
)


@settings(max_examples=25, deadline=None)
@given(builds, st.integers(1, 4), st.sets(st.integers(0, 5)), st.booleans())
def test_kept_and_held_builds_stay_whole_and_nothing_else_does(
    tmp_path_factory, wanted, keep, opened, dry_run
) -> None:
    store, names = Store(tmp_path_factory.mktemp("store")), {}
    leases = []
    for number, objects in enumerate(wanted):
        name = publish(store, objects)
        names.pop(name, None)
        names[name] = objects
        os.utime(store.snapshot_file(name), ns=(number, number))  # publications in one tick of the clock
        if number in opened:
            leases.append((name, store.hold_current()[1]))
    before, size = there(store), size_of(store.root)
    swept = collect(store, keep, unfinished=True, dry_run=dry_run)
    newest = list(names)[-keep:]
    stay = [*newest, *(name for name, _ in leases if name not in newest)]
    assert set(swept.kept) == set(stay)
    assert set(swept.snapshots) == set(names) - set(stay)
    left = needed([names[name] for name in stay])
    assert there(store) == (before if dry_run else left)
    assert len(swept.objects) == len(before - left)
    assert swept.bytes_before == size
    if not dry_run:
        assert swept.bytes_after == size_of(store.root)
        assert {snapshot.fingerprint for snapshot in store.snapshots()} == set(stay)
        for stage, name in left:
            store.open_object(stage, name)
    for _, lease in leases:
        lease.close()


def test_a_dry_run_says_what_the_run_then_does(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for name in (A, B, C):
        publish(store, dict.fromkeys(STAGES, name))
    said, done = collect(store, dry_run=True), collect(store)
    assert (said.snapshots, said.objects, said.bytes_after) == (
        done.snapshots,
        done.objects,
        done.bytes_after,
    )
    assert len(done.snapshots) == 2
    assert collect(store).objects == ()


def test_what_an_interrupted_build_would_resume_from_stays_unless_asked_for(tmp_path: Path) -> None:
    store = Store(tmp_path)
    publish(store, {"text": A})
    os.utime(tmp_path / "current", (1, 1))
    add_object(store, "catalogue", B)
    shard = store.work_folder("segment", C)
    shard.mkdir(parents=True)
    stale = store.object_folder("image", f"{D}.partial")
    stale.mkdir(parents=True)
    collect(store)
    assert store.has("catalogue", B)
    assert shard.exists()
    assert not stale.exists()
    collect(store, unfinished=True)
    assert not store.has("catalogue", B)
    assert not shard.exists()
    assert store.has("text", A)


def test_a_damaged_earlier_build_is_no_hindrance(tmp_path: Path) -> None:
    store = Store(tmp_path)
    old = publish(store, {"text": A})
    publish(store, {"text": B})
    store.snapshot_file(old).write_text("{")
    assert collect(store, keep=2).snapshots == (old,)
    assert not store.has("text", A)


def test_nothing_is_removed_while_a_build_runs(tmp_path: Path) -> None:
    store = Store(tmp_path)
    publish(store, {"text": A})
    publish(store, {"text": B})
    with Store(tmp_path).writing(), pytest.raises(StoreBusyError, match="another build is writing"):
        collect(store)
    assert store.has("text", A)


def test_a_keep_of_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"--keep is 0\. Expected at least 1"):
        collect(Store(tmp_path), keep=0)


HOLDER = """
import sys, mpsr
service = mpsr.open(sys.argv[1])
print("open", flush=True)
sys.stdin.readline()
print(service.picture(service.ids[0])[:2], len(service.similar(service.ids[0]).neighbours), flush=True)
"""


def test_a_reader_in_another_process_answers_from_the_build_it_opened(shop, tiny_profile, tmp_path) -> None:
    store, source = Store(tmp_path / "store"), Path(shutil.copytree(shop, tmp_path / "catalogue"))
    first = build(source, store, Settings(tiny_profile))
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(store.root)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as reader:  # fmt: skip
        assert reader.stdout.readline() == "open\n"
        write_catalogue(source, [*shop_rows(), line(900, "Birch Men Green Watch", "Green", "Watches")])
        second = build(source, store, Settings(tiny_profile))
        assert collect(store).held == (first.fingerprint,)
        answer = reader.communicate("\n")[0]
    assert answer == "b'\\xff\\xd8' 5\n"
    swept = collect(store)
    assert swept.snapshots == (first.fingerprint,)
    assert swept.bytes_after < swept.bytes_before
    assert Service(store.root).snapshot.fingerprint == second.fingerprint
    assert build(source, store, Settings(tiny_profile)).encoded == {}


def test_a_service_no_longer_used_holds_nothing(store_copy: Path) -> None:
    service = mpsr.open(store_copy)
    path = Store(store_copy).snapshot_file(service.snapshot.fingerprint)
    assert is_held(path)
    del service
    gc.collect()
    assert not is_held(path)


def test_nothing_behind_a_link_is_removed(tmp_path: Path) -> None:
    """In a store from somebody else, ``objects/spare`` may lead to the reader's own files."""
    store, mine = Store(tmp_path / "store"), tmp_path / "mine"
    publish(store, {"text": A})
    (mine / "letters").mkdir(parents=True)
    (store.root / "objects" / "spare").symlink_to(mine)
    with pytest.raises(StoreError, match="spare is a symbolic link"):
        collect(store, unfinished=True)
    (store.root / "objects" / "spare").unlink()
    (store.root / "objects" / "text" / B).symlink_to(mine)
    collect(store, unfinished=True)
    assert (mine / "letters").is_dir()
    assert not (store.root / "objects" / "text" / B).is_symlink()
