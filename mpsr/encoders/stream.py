"""Encode a long list in bounded memory: each distinct item once, prefetched, shard by shard."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from mpsr.types import FloatArray

Item = TypeVar("Item")
Loaded = TypeVar("Loaded")

#: Called with (items done, items in all); items of shards found on disk count as done at once.
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Distinct:
    """The distinct items of a list.

    Attributes:
        items: the M distinct items.
        where: shape (N,), position of each input in ``items``, -1 for a missing one.
    """

    items: list[str]
    where: npt.NDArray[np.intp]


def distinct(values: Sequence[str | None]) -> Distinct:
    """Each value once, as they come."""
    items = list(dict.fromkeys(value for value in values if value is not None))
    place = {item: number for number, item in enumerate(items)}
    return Distinct(items, np.array([-1 if v is None else place[v] for v in values], dtype=np.intp))


class ShardWriter(Protocol):
    """Where shards are written (``mpsr.store.shards.Shards``)."""

    def has(self, number: int) -> bool:
        """Whether that shard is complete."""

    def write(self, number: int, vectors: FloatArray) -> None:
        """Write one shard."""


@dataclass(frozen=True)
class Streamed:
    """What was done: how many items were encoded now, how many were found on disk, in how many seconds."""

    encoded: int
    resumed: int
    seconds: float


def encode_in_shards(
    items: Sequence[Item],
    load: Callable[[Item], Loaded],
    encode: Callable[[Sequence[Loaded]], FloatArray],
    shards: ShardWriter,
    *,
    shard_size: int,
    batch_size: int,
    workers: int,
    parallel: int = 1,
    widths: Sequence[int] | None = None,
    progress: Progress | None = None,
) -> Streamed:
    """Encode ``items`` and leave the vectors in ``shards``, ceil(len(items) / shard_size) of them.

    With ``widths``, one for each item, a batch holds items of one width only.

    ``load`` runs in ``workers`` threads, a few batches ahead of ``encode``, which runs in ``parallel`` threads, a few
    batches ahead of the writing; so all three overlap and memory does not grow with the list. The batches depend on
    the list and the sizes alone, so a resumed run gives the same vectors as one that was never stopped.
    """
    starts = range(0, len(items), shard_size)
    missing = [number for number in range(len(starts)) if not shards.has(number)]
    resumed = len(items) - sum(len(items[starts[n] : starts[n] + shard_size]) for n in missing)
    done, began = resumed, time.perf_counter()
    batches = [
        items[begin:end]
        for number in missing
        for begin, end in _cut(
            starts[number], min(starts[number] + shard_size, len(items)), batch_size, widths
        )
    ]
    encoded = _ahead(_ahead(batches, lambda batch: [load(item) for item in batch], workers), encode, parallel)
    for number in missing:
        size = len(items[starts[number] : starts[number] + shard_size])
        parts: list[FloatArray] = []
        while sum(map(len, parts)) < size:
            parts.append(next(encoded))
            if progress:
                progress(done + sum(map(len, parts)), len(items))
        shards.write(number, np.concatenate(parts))
        done += size
    return Streamed(len(items) - resumed, resumed, time.perf_counter() - began)


def _cut(start: int, stop: int, size: int, widths: Sequence[int] | None) -> Iterator[tuple[int, int]]:
    """Where the batches from ``start`` to ``stop`` begin and end: after ``size`` items, or where the width changes."""
    begin = start
    for at in range(start + 1, stop + 1):
        if at == stop or at - begin == size or (widths is not None and widths[at] != widths[begin]):
            yield begin, at
            begin = at


def _ahead(batches: Iterable[Item], work: Callable[[Item], Loaded], workers: int) -> Iterator[Loaded]:
    """The batches worked on, in order, at most ``workers`` + 2 of them in memory."""
    with ThreadPoolExecutor(workers) as pool:
        waiting: deque[Future[Loaded]] = deque()
        for batch in batches:
            waiting.append(pool.submit(work, batch))
            if len(waiting) > workers + 1:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
