"""The stages of embeddings: of texts, of pictures, and of the words in every form the learned space trains on."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from mpsr.catalogue.pictures import decode_picture
from mpsr.catalogue.read import locate
from mpsr.catalogue.split import read_split
from mpsr.catalogue.types import ID
from mpsr.encoders.profiles import ImageModel, TextModel
from mpsr.encoders.stream import Distinct, Streamed, distinct, encode_in_shards, gather
from mpsr.encoders.weights import find_weights
from mpsr.space.forms import FORMS, Form, words_of
from mpsr.stages.catalogue import _picture, products_of
from mpsr.stages.maker import Maker
from mpsr.store import Artefact, save_array
from mpsr.store.layout import IDS, PRESENT, VECTORS
from mpsr.store.shards import Shards
from mpsr.types import Embeddings

if TYPE_CHECKING:
    from mpsr.encoders.network import Runner
    from mpsr.stages.settings import Settings

if TYPE_CHECKING:
    from mpsr.stages.settings import Settings
from mpsr.store.layout import WHERE

if TYPE_CHECKING:
    from mpsr.encoders.network import Runner
    from mpsr.stages.settings import Settings

#: Items a shard and items a batch. Neither changes a result beyond rounding; both stay fixed so that a resumed
#: build batches alike.
TEXT_SHARD, TEXT_BATCH = 4096, 64
IMAGE_SHARD, IMAGE_BATCH = 1024, 32
DECODERS = 2


#: Change when the same model gives other vectors, or the same vectors in another order of the shards.
TEXT_VERSION, IMAGE_VERSION = 2, 2


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


#: Share of the train side whose titles are also shown with words dropped, or masked. More costs minutes of encoding.
THINNED: dict[Form, float] = {"dropped": 0.25, "masked": 0.1}


def words(make: Maker, settings: Settings, catalogue: Artefact, divided: Artefact) -> Artefact:
    """The vectors of the words in every form but the catalogue's own, half precision; distinct texts once."""
    from mpsr.encoders.text import TextEncoder

    model = settings.profile.text
    files = find_weights(model, settings.weights, settings.offline)
    parameters, ran = model_parameters(model, files.sha256, settings)
    parameters |= {"forms": list(FORMS[1:]), "thinned": THINNED, "version": 2}
    inputs = {"catalogue": catalogue, "split": divided}

    def write(folder: Path, facts: dict[str, Any]) -> None:
        products, sides = products_of(catalogue), read_split(divided).side
        texts = {form: words_of(form, products, []) for form in FORMS[1:]}
        chance = np.random.default_rng(0).random(len(products))
        for form, share in THINNED.items():
            wanted = (chance < share) | ((sides != "train") if form == "masked" else False)
            texts[form] = [text if keep else None for text, keep in zip(texts[form], wanted, strict=True)]
        encoder = TextEncoder(model, files, runtime=settings.runtime)
        found = distinct([text for form in FORMS[1:] for text in texts[form]], encoder.lengths)
        shards = make.shards("words", inputs, parameters)
        done = encode_in_shards(
            found.items, str, encoder.encode, shards,
            shard_size=TEXT_SHARD, batch_size=TEXT_BATCH, workers=1, parallel=encoder.runner.parallel,
            progress=make.report.progress,
        )  # fmt: skip
        count = len(found.items)
        half = np.lib.format.open_memmap(folder / VECTORS, "w+", np.float16, (count, model.dimension))
        for number, shard in enumerate(shards.read(-(-count // TEXT_SHARD))):
            half[number * TEXT_SHARD : number * TEXT_SHARD + len(shard)] = shard
        half.flush()
        where = found.where.reshape(len(FORMS) - 1, len(products)).T.astype(np.int32)
        save_array(folder / WHERE, np.ascontiguousarray(where))
        save_array(folder / IDS, products[ID].to_numpy(dtype=str))
        facts |= {
            **ran,
            "distinct": count,
            "encoded": done.encoded,
            "seconds": round(done.seconds, 2),
        }

    return make.make("words", inputs, parameters, write)
