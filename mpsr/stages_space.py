"""The stages of the learned space: the split, the words in all their forms, the towers, the space."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mpsr.catalogue.pictures import decode_picture
from mpsr.catalogue.types import ID
from mpsr.encoders.stream import distinct, encode_in_shards
from mpsr.encoders.weights import find_weights
from mpsr.evaluation.split import NEAR_IDENTICAL_BITS, SIDES, Split, perceptual_hash, split_catalogue
from mpsr.space.forms import FORMS, words_of
from mpsr.stages import (
    IDS,
    OFFSETS,
    PICTURES,
    TEXT_BATCH,
    TEXT_SHARD,
    VECTORS,
    Maker,
    _model_parameters,
    products_of,
)
from mpsr.store import Artefact

if TYPE_CHECKING:
    from mpsr.pipeline import Settings

FAMILY, SIDE, HASHES, HASHED = "family.npy", "side.npy", "hashes.npy", "hashed.npy"
WHERE = "where.npy"

#: Share of the train side whose titles are also shown with words dropped, or masked. More costs minutes of encoding.
THINNED = {"dropped": 0.25, "masked": 0.1}


def split(make: Maker, catalogue: Artefact, pictures: Artefact) -> Artefact:
    """Families and sides, from the names and from perceptual hashes of the store's pictures."""

    def write(folder: Path, facts: dict[str, Any]) -> None:
        products, offsets = products_of(catalogue), pictures.array(OFFSETS)
        hashed = np.flatnonzero(offsets[:, 1])
        hashes = np.empty((len(hashed), 32), np.uint8)
        with (pictures.folder / PICTURES).open("rb") as file:
            for place, (start, length) in enumerate(offsets[hashed]):
                file.seek(start)
                hashes[place] = perceptual_hash(decode_picture(file.read(length)))
                if place % 256 == 0:
                    make.report.progress(place, len(hashed))
        found = split_catalogue(products, hashed, hashes)
        np.save(folder / FAMILY, found.family, allow_pickle=False)
        np.save(folder / SIDE, found.side, allow_pickle=False)
        np.save(folder / HASHED, hashed, allow_pickle=False)
        np.save(folder / HASHES, hashes, allow_pickle=False)
        facts |= {side: int((found.side == side).sum()) for side in SIDES}
        facts["families"] = len(np.unique(found.family))

    parameters = {"bits": NEAR_IDENTICAL_BITS, "version": 1}
    return make.make("split", {"catalogue": catalogue, "pictures": pictures}, parameters, write)


def split_of(artefact: Artefact) -> Split:
    """The split of a split artefact."""
    return Split(np.asarray(artefact.array(FAMILY)), np.asarray(artefact.array(SIDE)))


def words(make: Maker, settings: Settings, catalogue: Artefact, divided: Artefact) -> Artefact:
    """The vectors of the words in every form but the catalogue's own, half precision; distinct texts once."""
    from mpsr.encoders.text import TextEncoder

    model = settings.profile.text
    files = find_weights(model, settings.weights, settings.offline)
    parameters, device = _model_parameters(model, files.sha256)
    parameters |= {"forms": list(FORMS[1:]), "thinned": THINNED, "version": 1}
    inputs = {"catalogue": catalogue, "split": divided}

    def write(folder: Path, facts: dict[str, Any]) -> None:
        products, sides = products_of(catalogue), split_of(divided).side
        texts = {form: words_of(form, products, []) for form in FORMS[1:]}
        chance = np.random.default_rng(0).random(len(products))
        for form, share in THINNED.items():
            wanted = (chance < share) | ((sides != "train") if form == "masked" else False)
            texts[form] = [text if keep else None for text, keep in zip(texts[form], wanted, strict=True)]
        found = distinct([text for form in FORMS[1:] for text in texts[form]], by_length=True)
        encoder = TextEncoder(model, files)
        shards = make.shards("words", inputs, parameters)
        done = encode_in_shards(
            found.items, str, encoder.encode, shards,
            shard_size=TEXT_SHARD, batch_size=TEXT_BATCH, workers=1, progress=make.report.progress,
        )  # fmt: skip
        count = len(found.items)
        half = np.lib.format.open_memmap(folder / VECTORS, "w+", np.float16, (count, model.dimension))
        for number, shard in enumerate(shards.read(-(-count // TEXT_SHARD))):
            half[number * TEXT_SHARD : number * TEXT_SHARD + len(shard)] = shard
        half.flush()
        where = found.where.reshape(len(FORMS) - 1, len(products)).T.astype(np.int32)
        np.save(folder / WHERE, np.ascontiguousarray(where), allow_pickle=False)
        np.save(folder / IDS, products[ID].to_numpy(dtype=str), allow_pickle=False)
        facts |= {
            "device": device,
            "distinct": count,
            "encoded": done.encoded,
            "seconds": round(done.seconds, 2),
        }

    return make.make("words", inputs, parameters, write)
