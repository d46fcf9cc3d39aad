"""The stage of the towers, which project both embeddings into the learned space: trained here, or shipped."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from mpsr.assets import asset
from mpsr.catalogue.split import read_split
from mpsr.errors import InputError
from mpsr.space.pairs import pairs_of, read_forms
from mpsr.space.settings import ENOUGH, SpaceSettings
from mpsr.stages.catalogue import read_products
from mpsr.stages.text_forms import keep_text_forms
from mpsr.store import Artefact, read_embeddings
from mpsr.store.facts import EmbeddingParameters, TowersFacts
from mpsr.store.layout import CHECKPOINT, TOWERS_CONFIG, TOWERS_WEIGHTS, Stage

if TYPE_CHECKING:
    from mpsr.stages.artefacts import Artefacts
    from mpsr.stages.maker import Maker
    from mpsr.stages.settings import Settings

#: The towers that ship with the project, for the embedded profile.
SHIPPED = "models/towers"

#: Changes when training would give other towers from the same settings.
VERSION = 4

Origin = Literal["kept", "train", "shipped", "own"]


def choose_towers(make: Maker, settings: Settings, base: Artefacts) -> Origin | None:
    """Where the towers come from, None where there is nothing to learn from or to project; the reporter is told why.

    Where the generation is kept, so are its towers, or that it has none.

    "auto" takes the encoder's own space where one model made both embeddings. Otherwise it trains where there are enough
    products, or takes the towers that ship with the project, where they fit the store's encoders. "train" and "shipped"
    insist; "paper" does without a learned space.

    Raises:
        InputError: the shipped towers are insisted on and do not fit.
    """
    if make.kept:
        return "kept" if make.published(Stage.TOWERS) else None
    choice = settings.learned
    if choice == "auto" and settings.profile.shared:
        make.report.step(Stage.TOWERS, "none needed: the encoder's words and pictures are in one space")
        return "own"
    complete = read_embeddings(base.text).present & read_embeddings(base.image).present
    trainable = int((complete & read_split(base.split).on("train")).sum())
    if choice == "paper":
        return None
    if not complete.any():
        make.report.step(
            Stage.TOWERS, "no product has both text and picture; the default is the paper's space"
        )
        return None
    if choice == "train" or (choice == "auto" and trainable >= ENOUGH):
        return "train"
    if shipped_fit(base.text, base.image):
        make.report.step(Stage.TOWERS, "taking the ones that ship with the project")
        return "shipped"
    if choice == "shipped":
        raise InputError(
            f"the towers in {asset(SHIPPED)} were trained on other encoders than this store's. Use another value for "
            "--learned: auto, train or paper."
        )
    make.report.step(
        Stage.TOWERS,
        f"{trainable:,} products to learn from, at least {ENOUGH:,} are needed; the default is the paper's space",
    )
    return None


def learn_towers(make: Maker, settings: Settings, base: Artefacts, text_forms: Artefact) -> Artefact:
    """Towers trained on this store's train side; interrupted training resumes after its last whole epoch.

    Raises:
        InputError: too few products to train on.
    """
    from mpsr.encoders.text import product_texts, text_columns
    from mpsr.space.towers import save_towers
    from mpsr.training.space import train_towers

    chosen = settings.space or SpaceSettings()
    inputs = {
        "catalogue": base.catalogue,
        "split": base.split,
        "text_forms": text_forms,
        "text": base.text,
        "image": base.image,
    }
    parameters = {"made": "trained", "version": VERSION, **asdict(chosen)}

    def write(folder: Path) -> TowersFacts:
        products = read_products(base.catalogue)
        data = pairs_of(
            products,
            product_texts(products, text_columns(base.text)),
            read_embeddings(base.text),
            read_embeddings(base.image),
            read_split(base.split),
            read_forms(text_forms, products),
        )
        towers, report = train_towers(
            data,
            chosen,
            make.work_folder(Stage.TOWERS, inputs, parameters) / CHECKPOINT,
            lambda line: make.report.step(Stage.TOWERS, line),
            make.report.progress,
        )
        facts: TowersFacts = {"report": asdict(report)}
        encoders = encoders_of(base.text, base.image)
        save_towers(folder, towers, {"encoders": encoders, "settings": parameters, **facts})
        return facts

    return make.make(Stage.TOWERS, inputs, parameters, write)


def keep_towers(make: Maker, catalogue: Artefact, split: Artefact) -> dict[str, Artefact]:
    """The generation's towers and the text forms they were trained on, by stage."""
    make.report.step(Stage.TOWERS, "kept with the generation")
    kept = {Stage.TOWERS: make.published(Stage.TOWERS)}
    if forms := make.published(Stage.TEXT_FORMS):
        kept[Stage.TEXT_FORMS] = keep_text_forms(make, catalogue, split, forms)
    return {stage: artefact for stage, artefact in kept.items() if artefact}


def copy_shipped_towers(make: Maker) -> Artefact:
    """The towers that ship with the project.

    Raises:
        InputError: they are damaged.
    """
    from mpsr.space.towers import read_config

    config = read_config(asset(SHIPPED))

    def write(folder: Path) -> TowersFacts:
        for name in (TOWERS_WEIGHTS, TOWERS_CONFIG):
            shutil.copyfile(asset(SHIPPED) / name, folder / name)
        return {"report": config.get("report", {})}

    return make.make(Stage.TOWERS, {}, {"made": "shipped", "sha256": config["sha256"]}, write)


def pass_through_towers(make: Maker, settings: Settings, text: Artefact, image: Artefact) -> Artefact:
    """Towers that leave embeddings as they are, for encoders whose words and pictures are in one space."""
    from mpsr.space.towers import identity_towers, save_towers

    def write(folder: Path) -> TowersFacts:
        save_towers(
            folder, identity_towers(settings.profile.text.dimension), {"encoders": encoders_of(text, image)}
        )
        return {"report": {}}

    return make.make(Stage.TOWERS, {"text": text, "image": image}, {"made": "own", "version": 1}, write)


def shipped_fit(text: Artefact, image: Artefact) -> bool:
    """Whether the towers that ship with the project were trained on this store's encoders."""
    path = asset(SHIPPED) / TOWERS_CONFIG
    if not path.is_file():
        return False
    return bool(json.loads(path.read_text(encoding="utf-8"))["encoders"] == encoders_of(text, image))


def encoders_of(text: Artefact, image: Artefact) -> dict[str, str]:
    """The weights of the two encoders whose embeddings the towers project."""
    return {side.stage: side.read_parameters(EmbeddingParameters)["weights"] for side in (text, image)}
