"""Mutates one file of a copy of a store again and again, seals it, opens the store and asks it everything.

Run by ``test_store_mutations.py`` in a process of its own, so that a crash of compiled code is seen as one. Arguments:
store, number of mutations, seed, then the files as stage/name. Prints a line a file; its exit code is 1 when anything
came but an answer or a StoreError that names the object.
"""

from __future__ import annotations

import json
import random
import resource
import shutil
import signal
import sys
import tempfile
import traceback
from collections import Counter
from pathlib import Path
from typing import Any

import mpsr.space.towers  # noqa: F401 - imports torch, which a query would
from mpsr.errors import StoreError
from mpsr.service import Service
from mpsr.store import sealed, sha256_of, snapshot_fingerprint
from mpsr.types import Weights
from tests.faults.mutations import mutated
from tests.faults.resealed import object_of, relist

#: Seconds that opening and asking may take.
LONGEST = 10

#: Bytes of memory beyond what the process has at its start.
MOST_MEMORY = 2 * 2**30

VALUES = [
    None,
    True,
    0,
    -1,
    2**40,
    1.5,
    float("nan"),
    "",
    "x" * 70,
    "../..",
    "f" * 64,
    [],
    {},
    [[]],
    {"a": 1},
    "\0",
]


def ask(root: Path) -> None:
    """Everything that reads a file of the store."""
    service = Service(root)
    first = service.ids[0]
    for space in service.spaces:
        for weights in (Weights(), Weights(0.8, 0.2)):
            service.similar(first, k=4, space=space, weights=weights)
    for product in service.ids[:6]:
        service.product(product)
        service.picture(product)
    service.rejects()
    service.info()
    service.counts()
    for space in service._store.spaces.values():
        for made in ("towers", "scalers"):
            getattr(space, made, lambda: None)()
    service._store.families()
    if "atlas" in service.snapshot.stages:
        service.atlas.middle_first(service._store.families())


def mutate_value(document: Any, draw: random.Random) -> None:
    """Replace, drop or add an entry somewhere in a JSON document."""
    while True:
        keys = list(document) if isinstance(document, dict) else list(range(len(document)))
        if not keys:
            return
        key = draw.choice(keys)
        if isinstance(document[key], dict | list) and document[key] and draw.random() < 0.7:
            document = document[key]
            continue
        if isinstance(document, dict) and draw.random() < 0.2:
            del document[key]
        else:
            document[key] = draw.choice(VALUES)
        return


def change(root: Path, stage: str, name: str, whole: bytes, path: Path, draw: random.Random) -> None:
    """Write a mutation of ``path`` and make the rest of the store agree with it."""
    by_value = path.suffix == ".json" and draw.random() < 0.7
    if not by_value:
        path.write_bytes(mutated(whole, draw))
    else:
        document = json.loads(whole)
        mutate_value(document, draw)
        path.write_text(json.dumps(sealed(document) if name in ("manifest.json", "snapshot") else document))
    if name == "snapshot" and by_value:
        try:
            named = snapshot_fingerprint(json.loads(path.read_text())["stages"])
        except (KeyError, TypeError):
            return
        path.with_name(f"{named}.json").write_bytes(path.read_bytes())
        (root / "current").write_text(named)
    elif name not in ("manifest.json", "snapshot", "current"):
        if name == "towers.safetensors":  # its own configuration names its hash as well
            config = path.with_name("config.json")
            document = json.loads(config.read_text()) | {"sha256": sha256_of(path)}
            config.write_text(json.dumps(document))
            relist(path.parent, config.name)
        relist(path.parent, name)


def run(store: Path, stage: str, name: str, count: int, seed: int) -> tuple[Counter[str], list[str]]:
    """What ``count`` mutations of a file came to, and what should not have come."""
    found, bad = Counter[str](), []
    with tempfile.TemporaryDirectory() as folder:
        root = Path(shutil.copytree(store, Path(folder) / "store"))
        pointer = (root / "current").read_text()
        if name == "current":
            path = root / "current"
        elif name == "snapshot":
            path = root / "snapshots" / f"{pointer.strip()}.json"
        else:
            path = object_of(root, stage) / name
        whole = path.read_bytes()
        manifest = path.parent / "manifest.json"
        others = {one: one.read_bytes() for one in (manifest, path.with_name("config.json")) if one.exists()}
        for number in range(count):
            draw = random.Random(f"{seed}/{stage}/{name}/{number}")
            change(root, stage, name, whole, path, draw)
            signal.alarm(LONGEST)
            try:
                ask(root)
                found["answered"] += 1
            except StoreError as error:
                found["refused"] += 1
                if str(root) not in str(error) or "\n" in str(error):
                    bad.append(f"{stage}/{name} {number}: {error}")
            except BaseException as error:
                found["failed"] += 1
                place = traceback.format_exception(error)[-3:]
                bad.append(f"{stage}/{name} {number}: {''.join(place)}")
            finally:
                signal.alarm(0)
            path.write_bytes(whole)
            for one, content in others.items():
                if one != path:
                    one.write_bytes(content)
            (root / "current").write_text(pointer)
    return found, bad


def main() -> int:
    store, count, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    signal.signal(signal.SIGALRM, lambda *_: (_ for _ in ()).throw(TimeoutError("too long")))
    ask(store)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MOST_MEMORY, resource.RLIM_INFINITY))
    failures: list[str] = []
    for file in sys.argv[4:]:
        stage, name = file.split("/")
        print(f"{file}:", end=" ", flush=True)
        found, bad = run(store, stage, name, count, seed)
        print(dict(found), flush=True)
        failures += bad
    print(*failures[:20], sep="\n", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
