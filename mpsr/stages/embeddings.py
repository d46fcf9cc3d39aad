"""What the stages of embeddings share: content that no segment holds is encoded, shard by shard, and written by row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt

from mpsr.encoders.stream import Distinct, Streamed, distinct, encode_in_shards
from mpsr.encoders.weights import find_weights
from mpsr.stages.shard_jobs import ShardJob, ShardStage, encode_elsewhere
from mpsr.store import Artefact, new_array, save_array
from mpsr.store.facts import EmbeddingFacts, SegmentFacts
from mpsr.store.layout import DIGESTS, IDS, PRESENT, SEGMENT, VECTORS
from mpsr.store.segments import DIGEST_BYTES, MOST_SEGMENTS, Digests, Place, Segments, names_of
from mpsr.store.shards import Shards

if TYPE_CHECKING:
    from mpsr.encoders.network import Runner
    from mpsr.encoders.profiles import ImageModel, TextModel
    from mpsr.encoders.weights import ModelFiles
    from mpsr.stages.maker import Maker
    from mpsr.stages.settings import Settings
    from mpsr.types import FloatArray

#: Changes when the same model gives other vectors of the same content.
VERSION = 3

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
class Inputs:
    """What a stage wants the vectors of.

    Attributes:
        ids: the N product ids.
        items: a text or the digest of a picture for each input, None for a missing one. There may be several inputs
            a product: those of the first form for all products, then those of the second form, and so on.
        digests: the SHA-256 of what each of some items stands for, shape (n, 32).
    """

    ids: npt.NDArray[Any]
    items: Sequence[str | None]
    digests: Callable[[Sequence[str]], Digests]


@dataclass(frozen=True)
class Encoder(Generic[Loaded]):
    """A model at work; it is loaded only when there is something to encode.

    Attributes:
        load: an item to what the model takes.
        encode: a batch to vectors, shape (batch, dimension), float32.
        runner: what computes them.
        widths: to what length each text is padded; texts of one width are batched together, so that a vector does not
            depend on what else is encoded with it. None where all items are of one size.
    """

    load: Callable[[str], Loaded]
    encode: Callable[[Sequence[Loaded]], FloatArray]
    runner: Runner
    widths: Callable[[Sequence[str]], Sequence[int]] | None = None


@dataclass(frozen=True)
class Encoded:
    """The distinct items of a stage, encoded.

    Attributes:
        ids: the N product ids.
        distinct: the items, and which of them each input is.
        digests: of the items, shape (M, 32).
        place: where their vectors are.
        dimension: of a vector.
    """

    ids: npt.NDArray[Any]
    distinct: Distinct
    digests: Digests
    place: Place
    dimension: int


def save_by_product(folder: Path, encoded: Encoded) -> None:
    """One float32 row a product and the digest of what it encodes, both zero where it has no item."""
    vectors = new_array(folder / VECTORS, (len(encoded.ids), encoded.dimension))
    encoded.place.copy(encoded.distinct.where, vectors)
    vectors.flush()
    present = encoded.distinct.where >= 0
    save_array(folder / PRESENT, present)
    digests = np.zeros((len(present), DIGEST_BYTES), np.uint8)
    digests[present] = encoded.digests[encoded.distinct.where[present]]
    save_array(folder / DIGESTS, digests)


@dataclass(frozen=True)
class EmbeddingStage(Generic[Loaded]):
    """A stage that encodes texts or pictures.

    Attributes:
        name: of the stage.
        model: the encoder's model.
        inputs: the artefacts it depends on.
        parameters: what its result depends on beside the model and ``inputs``.
        batching: sizes of shards and batches.
        list_inputs: lists what is wanted.
        start: loads the model.
        save: writes the vectors into the object's folder.
        kept_as: the precision in which vectors are kept.
        reopen: makes this stage again in another process; None where it is encoded in this one only.
        source: the catalogue's source, for that.
    """

    name: str
    model: TextModel | ImageModel
    inputs: Mapping[str, Artefact]
    parameters: Mapping[str, Any]
    batching: Batching
    list_inputs: Callable[[], Inputs]
    start: Callable[[ModelFiles], Encoder[Loaded]]
    save: Callable[[Path, Encoded], None] = save_by_product
    kept_as: type[np.floating] = np.float32
    reopen: Callable[[ShardJob], ShardStage] | None = None
    source: Path | None = None

    def run(self, make: Maker, settings: Settings) -> Artefact:
        """The stage's artefact.

        Precision is a parameter because it changes the vectors. Runtime and device are facts: in the same precision
        the vectors of both runtimes agree (the golden vectors show it).

        Raises:
            InputError: the model's weights cannot be found.
        """
        from mpsr.encoders.runtime import choice

        files = find_weights(self.model, settings.weights, settings.offline)
        identity = {
            **self.model.identity(),
            "weights": files.sha256,
            "precision": choice(settings.runtime)[2],
            "version": VERSION,
        }

        def damaged(what: str) -> None:
            make.report.step(self.name, f"made again: {what}")

        of_segments = {**identity, "kept_as": np.dtype(self.kept_as).name}

        def write(folder: Path) -> EmbeddingFacts:
            wanted = self.list_inputs()
            found = distinct(wanted.items)
            segments = Segments(make.store, of_segments, damaged)
            digests = wanted.digests(found.items)
            place, streamed = self._complete(make, settings, segments, found.items, digests, files)
            save_array(folder / IDS, wanted.ids)
            self.save(folder, Encoded(wanted.ids, found, digests, place, self.model.dimension))
            make.encoded[self.name] = streamed.encoded
            return _facts(self.model, place, len(found.items), streamed)

        made = make.make(self.name, self.inputs, {**identity, **self.parameters}, write)
        many = len(list(names_of(make.store, of_segments, lambda _: None))) > MOST_SEGMENTS
        if settings.compact or many:
            self._pack(make, Segments(make.store, of_segments, damaged), settings.compact)
        return made

    def _pack(self, make: Maker, segments: Segments, compact: bool) -> None:
        """One segment of all; of what this catalogue does not use, only where it was asked for.

        A catalogue may shrink for a day by mistake, so nothing is given up unasked.
        """
        digests = segments.digests
        held = len(digests)
        if compact:
            wanted = self.list_inputs()
            digests = wanted.digests(distinct(wanted.items).items)
        if count := segments.pack(digests):
            kept = len(segments.digests)
            make.report.step(
                self.name,
                f"packed: {count} segments are one of {kept:,} vectors, {held - kept:,} were given up",
            )

    def _complete(
        self,
        make: Maker,
        settings: Settings,
        segments: Segments,
        items: Sequence[str],
        digests: Digests,
        files: ModelFiles,
    ) -> tuple[Place, Streamed]:
        """Where all the items' vectors are, once those that no segment holds are encoded."""
        place = segments.find(digests)
        if not len(place.missing):
            return place, Streamed(0, 0, 0.0)
        encoder = self.start(files)
        make.report.step(self.name, _how(self.model, encoder.runner))
        if len(place.missing) < len(items):
            make.report.step(self.name, f"{len(place.missing):,} of {len(items):,} are new")
        order, widths = _by_width([items[n] for n in place.missing], encoder.widths)
        order = place.missing[order]
        name = segments.name(digests[order])
        folder = make.store.work_folder(SEGMENT, name)
        shards = Shards(folder)
        if settings.cluster and self.reopen:
            job = self._job(make, settings, folder, files, encoder.runner)
            streamed = encode_elsewhere(job, shards, order, settings.cluster, make.report.progress)
        else:
            streamed = encode_in_shards(
                [items[n] for n in order],
                encoder.load,
                encoder.encode,
                shards,
                shard_size=self.batching.shard,
                batch_size=self.batching.batch,
                workers=self.batching.workers,
                parallel=encoder.runner.parallel,
                widths=widths,
                progress=make.report.progress,
            )

        def parts() -> Iterator[FloatArray]:
            return shards.read(-(-len(order) // self.batching.shard))

        shape = (len(order), self.model.dimension)
        segments.add(digests[order], shape, self.kept_as, parts, _segment_facts(encoder.runner, streamed))
        return segments.find(digests), streamed

    def _job(
        self, make: Maker, settings: Settings, folder: Path, files: ModelFiles, runner: Runner
    ) -> ShardJob:
        """The shards of this stage, for other processes."""
        if self.reopen is None:
            raise RuntimeError(f"{self.name} cannot be made again in another process")
        return ShardJob(
            self.reopen,
            make.store.root.resolve(),
            self.inputs["catalogue"].fingerprint,
            self.source,
            replace(settings, runtime=runner.runtime),
            folder.resolve(),
            (self.batching.shard, self.batching.batch, self.batching.workers),
            files.sha256,
            runner.precision,
        )


def _by_width(
    items: Sequence[str], widths: Callable[[Sequence[str]], Sequence[int]] | None
) -> tuple[npt.NDArray[np.intp], Sequence[int] | None]:
    """The order in which items are encoded, those of one width together, and their widths in that order."""
    if widths is None:
        return np.arange(len(items)), None
    found = np.asarray(widths(items))
    order = np.lexsort((np.asarray(items, dtype=object).astype(str), found))
    return order, found[order].tolist()


def _how(model: TextModel | ImageModel, runner: Runner) -> str:
    return f"{model.name} by {runner.runtime} on {runner.device} in {runner.precision}"


def _segment_facts(runner: Runner, streamed: Streamed) -> SegmentFacts:
    facts: SegmentFacts = {
        "runtime": runner.runtime,
        "device": runner.device,
        "encoded": streamed.encoded + streamed.resumed,
        "seconds": round(streamed.seconds, 2),
    }
    if streamed.seconds:
        facts["per_second"] = round(streamed.encoded / streamed.seconds, 1)
    return facts


def _facts(model: TextModel | ImageModel, place: Place, count: int, streamed: Streamed) -> EmbeddingFacts:
    """The facts of a stage; how its model ran is of the segment that holds most of its items."""
    ran = place.used[0].read_facts(SegmentFacts) if place.used else None
    facts: EmbeddingFacts = {
        "model": model.name,
        "licence": model.licence,
        "device": ran["device"] if ran else "none",
        "distinct": count,
        "encoded": streamed.encoded,
        "resumed": streamed.resumed,
        "seconds": round(streamed.seconds, 2),
        "segments": [segment.fingerprint for segment in place.used],
    }
    if ran:
        facts["runtime"] = ran["runtime"]
        facts["per_second"] = ran.get("per_second", 0.0)
    return facts
