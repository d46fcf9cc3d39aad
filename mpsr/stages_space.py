"""The stages of the learned space: the split, the words in all their forms, the towers, the space."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mpsr.assets import asset
from mpsr.catalogue.pictures import decode_picture
from mpsr.catalogue.types import ID
from mpsr.encoders.stream import distinct, encode_in_shards
from mpsr.encoders.weights import find_weights
from mpsr.errors import InputError
from mpsr.evaluation.pairs import pairs_of, read_forms
from mpsr.evaluation.split import (
    FAMILY,
    HASHED,
    HASHES,
    NEAR_IDENTICAL_BITS,
    SIDE,
    SIDES,
    perceptual_hash,
    read_split,
    split_catalogue,
)
from mpsr.search.opened import EMPHASIS
from mpsr.space.forms import FORMS, Form, words_of
from mpsr.space.fusion import CHUNK, NORMS
from mpsr.space.settings import ENOUGH, SpaceChoice, SpaceSettings
from mpsr.stages import (
    IDS,
    OFFSETS,
    PICTURES,
    TEXT_BATCH,
    TEXT_SHARD,
    VECTORS,
    Maker,
    embeddings_of,
    model_parameters,
    products_of,
)
from mpsr.store import Artefact, new_array, save_array

if TYPE_CHECKING:
    from mpsr.pipeline import Settings

WHERE = "where.npy"

#: The towers that ship with the project, for the embedded profile.
SHIPPED, TOWERS_FILE, TOWERS_CONFIG = "models/towers", "towers.safetensors", "config.json"

#: Changes when training would give other towers from the same settings.
TRAINING = 3

#: Norm of each block of the learned space; two blocks make a unit vector.
HALF = 0.5**0.5

#: Share of the train side whose titles are also shown with words dropped, or masked. More costs minutes of encoding.
THINNED: dict[Form, float] = {"dropped": 0.25, "masked": 0.1}


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
        save_array(folder / FAMILY, found.family)
        save_array(folder / SIDE, found.side)
        save_array(folder / HASHED, hashed)
        save_array(folder / HASHES, hashes)
        facts |= {side: int((found.side == side).sum()) for side in SIDES}
        facts["families"] = len(np.unique(found.family))

    parameters = {"bits": NEAR_IDENTICAL_BITS, "version": 1}
    return make.make("split", {"catalogue": catalogue, "pictures": pictures}, parameters, write)


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


def encoders_of(text: Artefact, image: Artefact) -> dict[str, str]:
    """What towers are tied to: the weights of the two encoders they continue."""
    return {side.manifest["stage"]: str(side.manifest["parameters"]["weights"]) for side in (text, image)}


def learned_space(
    make: Maker,
    settings: Settings,
    catalogue: Artefact,
    divided: Artefact,
    text: Artefact,
    image: Artefact,
    choice: SpaceChoice = "auto",
) -> dict[str, Artefact]:
    """The stages of the learned space, or none where there is nothing to learn it from; the reporter hears which.

    Args:
        make: gives the artefacts.
        settings: of the build; they name the text model.
        catalogue: the products.
        divided: the split.
        text: text embeddings.
        image: image embeddings.
        choice: "auto" trains where there are enough products and else takes the towers that ship with the project,
            where they fit the encoders; "train" and "shipped" insist; "paper" does without.
    """
    products, sides = embeddings_of(text), read_split(divided)
    whole = products.present & embeddings_of(image).present
    trainable = int((whole & (sides.side == "train")).sum())
    if choice == "paper":
        return {}
    if not whole.any():
        make.report.step("towers", "no product has both words and a picture; the paper's space is searched")
        return {}
    if choice == "train" or (choice == "auto" and trainable >= ENOUGH):
        spoken = words(make, settings, catalogue, divided)
        tower = _trained(make, settings.space or SpaceSettings(), catalogue, divided, spoken, text, image)
        made = {"words": spoken, "towers": tower}
    elif _shipped_fit(text, image):
        make.report.step("towers", "the ones that ship with the project")
        made = {"towers": _shipped(make)}
    elif choice == "shipped":
        raise InputError(f"the towers in {asset(SHIPPED)} were trained on other encoders than this store's.")
    else:
        make.report.step(
            "towers",
            f"{trainable:,} products to learn from, at least {ENOUGH:,} are needed; the paper's space is searched",
        )
        return {}
    return made | {"shared": shared(make, made["towers"], text, image)}


def _trained(
    make: Maker, chosen: SpaceSettings, catalogue: Artefact, divided: Artefact, spoken: Artefact,
    text: Artefact, image: Artefact,
) -> Artefact:  # fmt: skip
    from mpsr.space.towers import save_towers
    from mpsr.training.space import train_towers

    inputs = {"catalogue": catalogue, "split": divided, "words": spoken, "text": text, "image": image}
    parameters = {"made": "trained", "version": TRAINING, **json.loads(json.dumps(asdict(chosen)))}

    def write(folder: Path, facts: dict[str, Any]) -> None:
        work = folder.parents[2] / "work" / "towers" / folder.name.removesuffix(".partial")
        work.mkdir(parents=True, exist_ok=True)
        data = pairs_of(
            products_of(catalogue),
            embeddings_of(text),
            embeddings_of(image),
            read_split(divided),
            read_forms(spoken),
        )
        towers, report = train_towers(
            data, chosen, work / "checkpoint.safetensors",
            lambda line: make.report.step("towers", line), make.report.progress,
        )  # fmt: skip
        facts |= {"report": asdict(report)}
        save_towers(folder, towers, {"encoders": encoders_of(text, image), "settings": parameters, **facts})

    return make.make("towers", inputs, parameters, write)


def _shipped_fit(text: Artefact, image: Artefact) -> bool:
    """Whether the towers that ship with the project continue this store's encoders."""
    path = asset(SHIPPED) / TOWERS_CONFIG
    return path.is_file() and json.loads(path.read_text(encoding="utf-8"))["encoders"] == encoders_of(
        text, image
    )


def _shipped(make: Maker) -> Artefact:
    from mpsr.space.towers import read_config

    config = read_config(asset(SHIPPED))

    def write(folder: Path, facts: dict[str, Any]) -> None:
        for name in (TOWERS_FILE, TOWERS_CONFIG):
            shutil.copyfile(asset(SHIPPED) / name, folder / name)
        facts["report"] = config.get("report")

    return make.make("towers", {}, {"made": "shipped", "sha256": config["sha256"]}, write)


def shared(make: Maker, tower: Artefact, text: Artefact, image: Artefact) -> Artefact:
    """The learned space: [t | v], each a unit vector times √½ (zero where the product lacks that side)."""
    from mpsr.space.towers import load_towers

    def write(folder: Path, facts: dict[str, Any]) -> None:
        words, photos, towers = embeddings_of(text), embeddings_of(image), load_towers(tower.folder)
        width, count = towers.shape.dimension, len(words.ids)
        vectors = new_array(folder / VECTORS, (count, 2 * width))
        for start in range(0, count, CHUNK):
            rows = slice(start, start + CHUNK)
            for modality, part, block in (
                ("text", words, slice(0, width)),
                ("image", photos, slice(width, None)),
            ):
                unit = towers.project(modality, part.vectors[rows])  # type: ignore[arg-type]
                vectors[rows, block] = np.where(part.present[rows, None], unit * np.float32(HALF), 0)
        vectors.flush()
        save_array(folder / NORMS, np.full((count, 2), HALF, np.float32))
        save_array(folder / EMPHASIS, towers.emphasis())
        save_array(folder / IDS, np.array(words.ids))
        facts |= {"split": width, "dimension": 2 * width}

    return make.make("shared", {"towers": tower, "text": text, "image": image}, {"version": 2}, write)
