"""The stages of the two spaces: the paper's, and the learned one with its towers."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mpsr.assets import asset
from mpsr.catalogue.split import read_split
from mpsr.errors import InputError
from mpsr.space.fusion import CHUNK, NORMS, fit_scaler, fuse, save_scalers
from mpsr.space.pairs import pairs_of, read_forms
from mpsr.space.settings import ENOUGH, SpaceChoice, SpaceSettings
from mpsr.stages.catalogue import products_of
from mpsr.stages.embeddings import embeddings_of, words
from mpsr.stages.maker import Maker
from mpsr.store import Artefact, new_array, save_array
from mpsr.store.layout import EMPHASIS, IDS, VECTORS

if TYPE_CHECKING:
    from mpsr.stages.settings import Settings


#: The towers that ship with the project, for the embedded profile.
SHIPPED, TOWERS_FILE, TOWERS_CONFIG = "models/towers", "towers.safetensors", "config.json"

#: Changes when training would give other towers from the same settings.
TRAINING = 3

#: Norm of each block of the learned space; two blocks make a unit vector.
HALF = 0.5**0.5


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
