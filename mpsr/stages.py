"""The stages of a build. Each asks the store for its result and computes it only when it is not there."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from mpsr.catalogue.pictures import MAX_BYTES, decode_picture, preview
from mpsr.catalogue.read import Located, locate, read_located
from mpsr.catalogue.source import source_fingerprint
from mpsr.catalogue.types import ID
from mpsr.encoders.profiles import ImageModel, TextModel
from mpsr.encoders.stream import Distinct, Streamed, distinct, encode_in_shards, gather
from mpsr.encoders.weights import find_weights
from mpsr.errors import InputError, StoreError
from mpsr.progress import Reporter
from mpsr.search.graph import GRAPH_NEIGHBOURS, neighbour_graph, save_graph
from mpsr.search.index import Kind, build_index, choose_kind, read_index, recall_at, write_index
from mpsr.shards import Shards
from mpsr.space.fusion import fit_scaler, fuse, save_scalers
from mpsr.store import Artefact, Store, fingerprint, save_array
from mpsr.types import Embeddings

if TYPE_CHECKING:
    from mpsr.encoders.runtime import Runner
    from mpsr.pipeline import Settings

#: Items a shard and items a batch. Neither changes a result beyond rounding; both stay fixed so that a resumed
#: build batches alike.
TEXT_SHARD, TEXT_BATCH = 4096, 64
IMAGE_SHARD, IMAGE_BATCH = 1024, 32
DECODERS = 2

PRODUCTS, REJECTS, SUMMARY, CLEANED = (
    "products.parquet",
    "rejects.parquet",
    "summary.json",
    "styles_cleaned.csv",
)
PICTURES, OFFSETS = "pictures.bin", "offsets.npy"
VECTORS, IDS, PRESENT = "vectors.npy", "ids.npy", "present.npy"
INDEX = "index.faiss"

#: Change when the same model gives other vectors, or the same vectors in another order of the shards.
TEXT_VERSION, IMAGE_VERSION = 2, 2


@dataclass(frozen=True)
class Maker:
    """Gives a stage's artefact: from the store when it is there, else by writing it."""

    store: Store
    report: Reporter

    def make(
        self,
        stage: str,
        inputs: dict[str, Artefact],
        parameters: dict[str, Any],
        write: Callable[[Path, dict[str, Any]], None],
    ) -> Artefact:
        """The artefact of ``stage``; ``write(folder, facts)`` fills a new one."""
        sources = {name: artefact.manifest["fingerprint"] for name, artefact in inputs.items()}
        name = fingerprint(stage, sources, parameters)
        self.report.step(stage)
        if not self._is_there(stage, name):
            facts: dict[str, Any] = {}
            began = time.perf_counter()
            with self.store.new_object(stage, name, sources, parameters, facts) as folder:
                write(folder, facts)
                facts.setdefault("seconds", round(time.perf_counter() - began, 2))
        else:
            self.report.step(stage, "already there")
        return self.store.open_object(stage, name, verify=False)

    def _is_there(self, stage: str, name: str) -> bool:
        """Whether the object is there and whole; a damaged one is made again."""
        if not self.store.has(stage, name):
            return False
        try:
            self.store.open_object(stage, name)
        except StoreError as error:
            self.report.step(stage, f"made again: {error}")
            return False
        return True

    def shards(self, stage: str, inputs: dict[str, Artefact], parameters: dict[str, Any]) -> Shards:
        """The shards of ``stage`` under way."""
        sources = {name: artefact.manifest["fingerprint"] for name, artefact in inputs.items()}
        return Shards(self.store.work_folder(stage, fingerprint(stage, sources, parameters)))


def catalogue(make: Maker, source: Path, settings: Settings) -> Artefact:
    """Products, rejects and the summary of both."""
    located = locate(source, settings.mapping)
    parameters = {
        "source": source_fingerprint(located.relevant_members()),
        "policies": asdict(settings.policies),
        "mapping": asdict(settings.mapping) if settings.mapping else None,
    }

    def write(folder: Path, facts: dict[str, Any]) -> None:
        result = read_located(located, settings.policies, progress=make.report.progress)
        result.products.to_parquet(folder / PRODUCTS, index=False)
        result.rejects_table().to_parquet(folder / REJECTS, index=False)
        (folder / SUMMARY).write_text(json.dumps(asdict(result.summary), indent=1), encoding="utf-8")
        if result.cleaned_lines is not None:
            (folder / CLEANED).write_text("\n".join(result.cleaned_lines) + "\n", encoding="utf-8")
        facts |= {"source": str(source.resolve()), "summary": asdict(result.summary)}

    artefact = make.make("catalogue", {}, parameters, write)
    make.report.step("catalogue", _counts(artefact.facts["summary"]))
    return artefact


def _counts(summary: dict[str, Any]) -> str:
    rejected = sum(summary["rejected"].values())
    return (
        f"{summary['rows_read']:,} rows read, {summary['rows_kept']:,} kept, {summary['rows_repaired']:,} repaired, "
        f"{rejected:,} rejected; {summary['pictures_found']:,} pictures"
    )


def products_of(artefact: Artefact) -> pd.DataFrame:
    """The products of a catalogue artefact."""
    return pd.read_parquet(artefact.folder / PRODUCTS)


def pictures(make: Maker, source: Path, settings: Settings, catalogue: Artefact) -> Artefact:
    """Every product's picture for showing, in one file, so that a store needs its source no more."""

    def write(folder: Path, facts: dict[str, Any]) -> None:
        located, products = locate(source, settings.mapping), products_of(catalogue)
        offsets = np.zeros((len(products), 2), np.int64)
        kept: dict[str, tuple[int, int]] = {}
        with (folder / PICTURES).open("wb") as file:
            for place, (member, digest) in enumerate(
                zip(products["picture"], products["picture_sha256"], strict=True)
            ):
                if isinstance(member, str):
                    if digest not in kept:
                        data = preview(_picture(located, member, digest))
                        kept[digest] = (file.tell(), len(data))
                        file.write(data)
                    offsets[place] = kept[digest]
                if place % 256 == 0:
                    make.report.progress(place, len(products))
        save_array(folder / OFFSETS, offsets)
        facts["distinct"] = len(kept)

    return make.make("pictures", {"catalogue": catalogue}, {}, write)


def _picture(located: Located, member: str, digest: str) -> bytes:
    """The bytes of a picture that was checked before.

    Raises:
        InputError: it is not that picture any more.
    """
    data = located.source.read(member, MAX_BYTES)
    if hashlib.sha256(data).hexdigest() != digest:
        raise InputError(f"{member} was changed during the build. Run the same command again.")
    return data


def text(make: Maker, settings: Settings, catalogue: Artefact) -> Artefact:
    """Text embeddings."""
    from mpsr.encoders.text import TextEncoder, product_texts

    model = settings.profile.text
    files = find_weights(model, settings.weights, settings.offline)
    parameters, ran = model_parameters(model, files.sha256, settings)
    parameters["version"] = TEXT_VERSION
    inputs = {"catalogue": catalogue}

    def write(folder: Path, facts: dict[str, Any]) -> None:
        products = products_of(catalogue)
        texts: list[str | None] = [value or None for value in product_texts(products, model)]
        encoder = TextEncoder(model, files, runtime=settings.runtime)
        found = distinct(texts, encoder.lengths)
        make.report.step("text", _how(model, encoder.runner))
        shards = make.shards("text", inputs, parameters)
        done = encode_in_shards(
            found.items, str, encoder.encode, shards,
            shard_size=TEXT_SHARD, batch_size=TEXT_BATCH, workers=1, parallel=encoder.runner.parallel,
            progress=make.report.progress,
        )  # fmt: skip
        _finish(folder, facts, products, found, shards, TEXT_SHARD, model, done, ran)

    return make.make("text", inputs, parameters, write)


def image(make: Maker, source: Path, settings: Settings, catalogue: Artefact) -> Artefact:
    """Picture embeddings; zero rows for products without a picture."""
    from mpsr.encoders.image import ImageEncoder, Pixels

    model = settings.profile.image
    files = find_weights(model, settings.weights, settings.offline)
    parameters, ran = model_parameters(model, files.sha256, settings)
    parameters["version"] = IMAGE_VERSION
    inputs = {"catalogue": catalogue}

    def write(folder: Path, facts: dict[str, Any]) -> None:
        located, products = locate(source, settings.mapping), products_of(catalogue)
        digests: list[str | None] = [v if isinstance(v, str) else None for v in products["picture_sha256"]]
        found = distinct(digests)
        members = dict(zip(products["picture_sha256"], products["picture"], strict=True))
        encoder = ImageEncoder(model, files, runtime=settings.runtime)
        make.report.step("image", _how(model, encoder.runner))

        def load(digest: str) -> Pixels:
            return encoder.prepare(decode_picture(_picture(located, members[digest], digest)))

        shards = make.shards("image", inputs, parameters)
        done = encode_in_shards(
            found.items, load, encoder.encode, shards,
            shard_size=IMAGE_SHARD, batch_size=IMAGE_BATCH, workers=DECODERS, parallel=encoder.runner.parallel,
            progress=make.report.progress,
        )  # fmt: skip
        _finish(folder, facts, products, found, shards, IMAGE_SHARD, model, done, ran)

    return make.make("image", inputs, parameters, write)


def model_parameters(
    model: TextModel | ImageModel, sha256: str, settings: Settings
) -> tuple[dict[str, Any], dict[str, str]]:
    """What the vectors depend on (precision included: it changes them), and what computes them.

    The runtime is no part of the former: in the same precision the vectors of both agree (see the golden vectors).
    """
    from mpsr.encoders.runtime import choice

    runtime, device, precision = choice(settings.runtime)
    return {**model.identity(), "weights": sha256, "precision": precision}, {
        "runtime": runtime,
        "device": device,
    }


def _how(model: TextModel | ImageModel, runner: Runner) -> str:
    return f"{model.name} by {runner.runtime} on {runner.device} in {runner.precision}"


def _finish(
    folder: Path,
    facts: dict[str, Any],
    products: pd.DataFrame,
    found: Distinct,
    shards: Shards,
    shard_size: int,
    model: TextModel | ImageModel,
    done: Streamed,
    ran: dict[str, str],
) -> None:
    """Gather the shards into catalogue order and note how it went."""
    gather(shards, shard_size, found, model.dimension, folder / VECTORS)
    save_array(folder / IDS, products[ID].to_numpy(dtype=str))
    save_array(folder / PRESENT, found.where >= 0)
    facts |= {
        "model": model.name,
        "licence": model.licence,
        **ran,
        "distinct": len(found.items),
        "encoded": done.encoded,
        "resumed": done.resumed,
        "seconds": round(done.seconds, 2),
    }
    with suppress(ZeroDivisionError):
        facts["per_second"] = round(done.encoded / done.seconds, 1)


def embeddings_of(artefact: Artefact) -> Embeddings:
    """The embeddings of a text or image artefact, memory-mapped."""
    ids = artefact.array(IDS).tolist()
    return Embeddings(ids, artefact.array(VECTORS), artefact.manifest["stage"], artefact.array(PRESENT))


def paper_space(make: Maker, text: Artefact, image: Artefact) -> Artefact:
    """The paper's space: standardised, concatenated, divided by the norm."""

    def write(folder: Path, facts: dict[str, Any]) -> None:
        words, photos = embeddings_of(text), embeddings_of(image)
        if words.ids != photos.ids:
            raise AssertionError("text and image embeddings are of different products")
        scalers = fit_scaler(words), fit_scaler(photos)
        fuse(words, photos, scalers, folder)
        save_scalers(folder, *scalers)
        save_array(folder / IDS, np.array(words.ids))
        facts |= {
            "split": words.vectors.shape[1],
            "dimension": words.vectors.shape[1] + photos.vectors.shape[1],
        }

    return make.make("paper", {"text": text, "image": image}, {}, write)


def searchable(make: Maker, shared: Artefact | None, kind: Kind | None) -> dict[str, Artefact]:
    """Index and graph of the learned space, where there is one."""
    if shared is None:
        return {}
    found = index(make, shared, kind, "shared_index")
    return {"shared_index": found, "shared_graph": graph(make, shared, found, "shared_graph")}


def index(make: Maker, space: Artefact, kind: Kind | None, stage: str = "index") -> Artefact:
    """The FAISS index of a space, with its recall@5 against exact search."""
    vectors = space.array(VECTORS)
    chosen = kind or choose_kind(*vectors.shape)

    def write(folder: Path, facts: dict[str, Any]) -> None:
        built = build_index(vectors, chosen)
        if chosen != "exact":  # the exact index is the vectors themselves and is made at opening
            write_index(built, folder / INDEX)
        facts |= {"kind": chosen, "recall@5": recall_at(built, vectors, 5)}

    return make.make(stage, {"space": space}, {"kind": chosen}, write)


def graph(make: Maker, space: Artefact, index: Artefact, stage: str = "graph") -> Artefact:
    """Every product's nearest others as a sparse matrix."""

    def write(folder: Path, facts: dict[str, Any]) -> None:
        vectors = space.array(VECTORS)
        exact = index.facts["kind"] == "exact"
        searched = build_index(vectors, "exact") if exact else read_index(index.folder / INDEX)
        save_graph(folder, neighbour_graph(searched, vectors, progress=make.report.progress))

    return make.make(stage, {"space": space, "index": index}, {"k": GRAPH_NEIGHBOURS}, write)
