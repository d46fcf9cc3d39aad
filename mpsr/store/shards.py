"""The results of a long stage, saved piece by piece, so that an interrupted build resumes where it stopped."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import numpy as np

from mpsr.store.files import save_array, sha256_of, write_whole
from mpsr.types import FloatArray


class Shards:
    """Numbered float32 arrays in a folder. A shard counts once its .json is there and agrees with its .npy."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    def has(self, number: int) -> bool:
        """Whether that shard is complete."""
        path = self._path(number)
        try:
            note = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
            return bool(sha256_of(path) == note["sha256"])
        except (OSError, ValueError, KeyError, TypeError):
            return False

    def write(self, number: int, vectors: FloatArray) -> None:
        """Write one shard: first the array, then the note that makes it count."""
        path = self._path(number)
        partial = path.with_suffix(f".{uuid4().hex}.partial")  # another machine may be writing the same shard
        save_array(partial, vectors)
        partial.replace(path)
        digest = sha256_of(path)
        note = path.with_suffix(f".{uuid4().hex}.json")
        write_whole(note, json.dumps({"sha256": digest, "shape": list(vectors.shape)}))
        note.replace(path.with_suffix(".json"))

    def read(self, count: int) -> Iterator[FloatArray]:
        """The first ``count`` shards in order, memory-mapped."""
        for number in range(count):
            yield np.load(self._path(number), mmap_mode="r", allow_pickle=False)

    def _path(self, number: int) -> Path:
        return self._folder / f"shard-{number:05d}.npy"
