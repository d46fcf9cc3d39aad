"""What the stages of embeddings share: distinct items are encoded once, shard by shard, and written by row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import numpy.typing as npt

from mpsr.encoders.stream import Distinct, Streamed, distinct, encode_in_shards, gather
from mpsr.encoders.weights import find_weights
from mpsr.store import Artefact, save_array
from mpsr.store.facts import EmbeddingFacts
from mpsr.store.layout import IDS, PRESENT, VECTORS
from mpsr.store.shards import Shards

if TYPE_CHECKING:
    from mpsr.encoders.network import Runner
    from mpsr.encoders.profiles import ImageModel, TextModel
    from mpsr.encoders.weights import ModelFiles
    from mpsr.stages.maker import Maker
    from mpsr.stages.settings import Settings
    from mpsr.types import FloatArray

Loaded = TypeVar("Loaded")


@dataclass(frozen=True)
class Batching:
    """How many items a shard and a batch hold, and how many threads load them.

    None of it changes a vector beyond rounding. All of it is fixed, so that a resumed build makes the same batches.
    """

    shard: int
    batch: int
    workers: int = 1


@dataclass(frozen=True)
class Work(Generic[Loaded]):
    """What a stage encodes, and with what; prepared only when there is something to encode.

    Attributes:
        ids: the N product ids.
        items: a text or the digest of a picture for each input, None for a missing one. There may be several inputs
            a product: those of the first form for all products, then those of the second form, and so on.
        load: an item to what the encoder takes.
        encode: a batch to vectors, shape (batch, dimension), float32.
        runner: what computes them.
        lengths: tokens of each text, to batch texts of like length; None keeps the order.
    """

    ids: npt.NDArray[Any]
    items: Sequence[str | None]
    load: Callable[[str], Loaded]
    encode: Callable[[Sequence[Loaded]], FloatArray]
    runner: Runner
    lengths: Callable[[Sequence[str]], Sequence[int]] | None = None


@dataclass(frozen=True)
class Encoded:
    """The distinct items of a stage, encoded and in shards on disk.

    Attributes:
        ids: the N product ids.
        distinct: the items, and which of them each input is.
        shards: their vectors.
        shard_size: items a shard.
        dimension: of a vector.
    """

    ids: npt.NDArray[Any]
    distinct: Distinct
    shards: Shards
    shard_size: int
    dimension: int


def save_by_product(folder: Path, encoded: Encoded) -> None:
    """One float32 row a product, zero where it has no item."""
    gather(encoded.shards, encoded.shard_size, encoded.distinct, encoded.dimension, folder / VECTORS)
    save_array(folder / PRESENT, encoded.distinct.where >= 0)


@dataclass(frozen=True)
class EmbeddingStage(Generic[Loaded]):
    """A stage that encodes texts or pictures.

    Attributes:
        name: of the stage.
        model: the encoder's model.
        inputs: the artefacts it depends on.
        parameters: what its vectors depend on beside the model. Its ``version`` changes when the same model gives other
            vectors, or the same vectors in another order of the shards.
        batching: sizes of shards and batches.
        prepare: loads the model and lists the items.
        save: writes the vectors into the object's folder.
    """

    name: str
    model: TextModel | ImageModel
    inputs: Mapping[str, Artefact]
    parameters: Mapping[str, Any]
    batching: Batching
    prepare: Callable[[ModelFiles], Work[Loaded]]
    save: Callable[[Path, Encoded], None] = save_by_product

    def run(self, make: Maker, settings: Settings) -> Artefact:
        """The stage's artefact.

        Precision is a parameter because it changes the vectors. Runtime and device are facts: in the same precision
        the vectors of both runtimes agree (the golden vectors show it).

        Raises:
            InputError: the model's weights cannot be found.
        """
        from mpsr.encoders.runtime import choice

        files = find_weights(self.model, settings.weights, settings.offline)
        precision = choice(settings.runtime)[2]
        parameters = {
            **self.model.identity(),
            "weights": files.sha256,
            "precision": precision,
            **self.parameters,
        }

        def write(folder: Path) -> EmbeddingFacts:
            work = self.prepare(files)
            make.report.step(self.name, _how(self.model, work.runner))
            shards = Shards(make.work_folder(self.name, self.inputs, parameters))
            found = distinct(work.items, work.lengths)
            streamed = self._encode(work, found, shards, make)
            save_array(folder / IDS, work.ids)
            self.save(folder, Encoded(work.ids, found, shards, self.batching.shard, self.model.dimension))
            return _facts(self.model, work.runner, found, streamed)

        return make.make(self.name, self.inputs, parameters, write)

    def _encode(self, work: Work[Loaded], found: Distinct, shards: Shards, make: Maker) -> Streamed:
        return encode_in_shards(
            found.items,
            work.load,
            work.encode,
            shards,
            shard_size=self.batching.shard,
            batch_size=self.batching.batch,
            workers=self.batching.workers,
            parallel=work.runner.parallel,
            progress=make.report.progress,
        )


def _how(model: TextModel | ImageModel, runner: Runner) -> str:
    return f"{model.name} by {runner.runtime} on {runner.device} in {runner.precision}"


def _facts(
    model: TextModel | ImageModel, runner: Runner, found: Distinct, streamed: Streamed
) -> EmbeddingFacts:
    facts: EmbeddingFacts = {
        "model": model.name,
        "licence": model.licence,
        "runtime": runner.runtime,
        "device": runner.device,
        "distinct": len(found.items),
        "encoded": streamed.encoded,
        "resumed": streamed.resumed,
        "seconds": round(streamed.seconds, 2),
    }
    if streamed.seconds:
        facts["per_second"] = round(streamed.encoded / streamed.seconds, 1)
    return facts
