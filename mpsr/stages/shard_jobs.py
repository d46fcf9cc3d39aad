"""One shard of an embedding stage, encoded in another process: what travels there, and what is opened there.

The other process opens the store and the source by their paths, which have to lead to the same files everywhere. It
encodes a shard in the same batches as this process would, and writes it where this process would.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from mpsr.catalogue.located import Located
from mpsr.catalogue.source import open_source
from mpsr.encoders.stream import Progress, Streamed, distinct, encode_in_shards
from mpsr.encoders.weights import find_weights
from mpsr.engines.ray_shards import RayCluster, work_on_shards
from mpsr.errors import InputError, MPSRError
from mpsr.store import Artefact, Store, save_array
from mpsr.store.layout import Stage
from mpsr.store.shards import Shards
from mpsr.types import FloatArray

if TYPE_CHECKING:
    from mpsr.stages.settings import Settings

#: Beside the shards: which distinct item each of the items to encode is, in the order in which they are encoded.
ORDER = "order.npy"


class ShardStage(Protocol):
    """What a job needs of an embedding stage (``mpsr.stages.embeddings.EmbeddingStage``)."""

    @property
    def model(self) -> Any:
        """The encoder's model."""

    @property
    def list_inputs(self) -> Callable[[], Any]:
        """Lists what is wanted."""

    @property
    def start(self) -> Callable[[Any], Any]:
        """Loads the model."""


@dataclass(frozen=True)
class ShardJob:
    """The shards of one stage of one build.

    Attributes:
        reopen: makes the stage again; a function of a module, so that it can travel.
        root: the store's folder.
        catalogue: fingerprint of the catalogue.
        source: the catalogue's source; None where a build has none.
        settings: of the build.
        folder: where the shards are.
        sizes: items of a shard, of a batch, and threads that load them.
        weights: SHA-256 of the model's weights.
        precision: in which the model runs.
    """

    reopen: Callable[[ShardJob], ShardStage]
    root: Path
    catalogue: str
    source: Path | None
    settings: Settings
    folder: Path
    sizes: tuple[int, int, int]
    weights: str
    precision: str

    def artefact(self) -> Artefact:
        """The catalogue."""
        return Store(self.root).open_object(Stage.CATALOGUE, self.catalogue, verify=False)

    def located(self) -> Located | None:
        """The source, opened to read the pictures that the catalogue's table names."""
        return Located(open_source(self.source), "", self.settings.mapping, {}) if self.source else None


class OneShard:
    """The shard of one number, as ``encode_in_shards`` writes its first."""

    def __init__(self, shards: Shards, number: int) -> None:
        self._shards, self._number = shards, number

    def has(self, number: int) -> bool:
        """It is asked for because it is not there."""
        return False

    def write(self, number: int, vectors: FloatArray) -> None:
        """Write it under its own number."""
        self._shards.write(self._number, vectors)


def encode_elsewhere(
    job: ShardJob, shards: Shards, order: npt.NDArray[np.intp], cluster: RayCluster, progress: Progress
) -> Streamed:
    """Let a cluster encode the shards that are missing.

    Args:
        job: the shards.
        shards: they themselves, in ``job.folder``.
        order: which distinct item each of the M items to encode is, shape (M,).
        cluster: where.
        progress: called with (items done, items in all).

    Raises:
        MPSRError: a worker cannot do it, or a shard that was said to be there is not.
    """
    size, began = job.sizes[0], time.perf_counter()
    starts = range(0, len(order), size)
    missing = [number for number, start in enumerate(starts) if not shards.has(number)]
    held = {number: min(size, len(order) - starts[number]) for number in missing}
    resumed = len(order) - sum(held.values())
    if not missing:
        return Streamed(0, resumed, 0.0)
    save_array(job.folder / ORDER, order)
    finished: set[int] = set()

    def done(number: int) -> None:
        finished.add(number)
        progress(resumed + sum(held[one] for one in finished), len(order))

    work_on_shards(missing, partial(open_worker, job), cluster, done)
    lost = [number for number in missing if not shards.has(number)]
    if lost:
        raise MPSRError(
            f"{len(lost)} of {len(missing)} shards are not in {job.folder}. Do all machines of the cluster see this "
            "folder under this name? Run the same command to resume."
        )
    return Streamed(len(order) - resumed, resumed, time.perf_counter() - began)


def open_worker(job: ShardJob) -> Callable[[int], int]:
    """What encodes a shard by its number; the number of items it encoded.

    Raises:
        InputError: this machine has other weights than the one that builds, or another precision.
    """
    stage = job.reopen(job)
    files = find_weights(stage.model, job.settings.weights, job.settings.offline)
    if files.sha256 != job.weights:
        raise InputError(
            f"a worker found other weights of {stage.model.name} ({files.sha256[:12]}…), expected {job.weights[:12]}…."
        )
    encoder = stage.start(files)
    if encoder.runner.precision != job.precision:
        raise InputError(
            f"a worker computes in {encoder.runner.precision}, the machine that builds in {job.precision}. Build on "
            "machines of one kind."
        )
    items = distinct(stage.list_inputs().items).items
    order = np.load(job.folder / ORDER, mmap_mode="r", allow_pickle=False)
    shards, (size, batch, workers) = Shards(job.folder), job.sizes

    def work(number: int) -> int:
        if shards.has(number):  # by an actor that died before it could say so
            return 0
        own = [items[at] for at in order[number * size : (number + 1) * size]]
        encode_in_shards(
            own,
            encoder.load,
            encoder.encode,
            OneShard(shards, number),
            shard_size=len(own),
            batch_size=batch,
            workers=workers,
            parallel=encoder.runner.parallel,
            widths=encoder.widths(own) if encoder.widths else None,
        )
        return len(own)

    return work
