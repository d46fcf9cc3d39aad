"""The model card of an exported encoder, written from its configuration alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

CARD_FILE = "README.md"


def write_card(folder: Path) -> Path:
    """Write the card of the encoder in ``folder`` beside it."""
    config: dict[str, Any] = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    path = folder / CARD_FILE
    path.write_text(_card(config), encoding="utf-8")
    return path


def _card(config: dict[str, Any]) -> str:
    report, settings = config["report"], config["settings"]
    rows = "\n".join(
        f"| {task} | {report['validation'][task]:.3f} | {report['test'][task]:.3f} | {report['majority'][task]:.3f} |"
        for task in report["test"]
    )
    sizes = "\n".join(
        f"| {height} | {accuracy['articleType']:.3f} | {accuracy['baseColour']:.3f} |"
        for height, accuracy in report["validation_by_height"].items()
    )
    retrieval = ", ".join(f"{name} {value:.3f}" for name, value in report["retrieval"].items())
    start = (
        "from random weights"
        if not settings.get("init")
        else "from the weights of an earlier run of the same kind"
    )
    helpers = [
        text
        for weight, text in (
            ("pair_weight", "pairs of article type and colour (by cosine)"),
            ("words_weight", "the title's words"),
        )
        if settings.get(weight)
    ]
    helped = f" Heads for {' and '.join(helpers)} helped and were dropped." if helpers else ""
    return f"""# Picture encoder for products

A torchvision {config["architecture"]} without its classifier: a {config["width"]} × {config["height"]} picture
(letterboxed on white, ImageNet mean and deviation) → {config["dimension"]} numbers. Stored in half precision;
SHA-256 of `model.safetensors`: `{config["sha256"]}`. Licence: MIT, for the weights.

## How it was trained

`mpsr train-encoder`, {start}: {settings["epochs"]} epochs, picture heights {settings["heights"]}, batch
{settings["batch_size"]}, AdamW with a one-cycle schedule, running average of the weights; one head each for
{", ".join(config["vocabulary"])}.{helped} {_origin(config)}

Products were split by family (same normalised name, or near-identical picture by a 256-bit perceptual hash), so no
variant of a training product is among the others: {_counts(config["products"])}.

## How good it is on products never seen

Accuracy per task on the first catalogue given ({report["counts"]["validation"]:,} validation and
{report["counts"]["test"]:,} test pictures); the floor is the share of the most frequent label on test.

| task | validation | test | floor |
|---|---|---|---|
{rows}

The input height was chosen on validation:

| height | articleType | baseColour |
|---|---|---|
{sizes}

Picture → product on test (cosine, self excluded, variants of a product stay in the gallery): {retrieval}.

## What to know before using it

It has seen product photographs on white, most of them 60 × 80 pixels, of an Indian fashion retailer of 2007–2019.
Other photography, other categories and detail finer than those pixels are outside what it learned.
"""


def _counts(products: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {side}" for side, count in products.items())


def _origin(config: dict[str, Any]) -> str:
    return str(config.get("note", "")).strip()
