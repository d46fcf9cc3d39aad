"""The exported encoder: half-precision safetensors, a configuration, a model card."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save
from torch import Tensor

from mpsr.encoders.efficientnet import DIMENSION, STRIDE
from mpsr.encoders.profiles import EFFICIENTNET
from mpsr.errors import InputError
from mpsr.store import write_file
from mpsr.training.augment import MEAN, STD
from mpsr.training.model import MultiTask

MODEL_FILE, CONFIG_FILE = "model.safetensors", "config.json"
SCHEMA = 2


def export_model(
    folder: Path,
    model: MultiTask,
    size: tuple[int, int],
    vocabulary: dict[str, list[str]],
    facts: dict[str, Any],
) -> Path:
    """Write weights (float16, batch statistics float32) and configuration; returns the weights' path.

    The backbone and the heads of the tasks are written, not the heads that only helped in training.
    """
    tensors = {
        key: (value.half() if value.is_floating_point() and value.ndim > 1 else value).cpu().contiguous()
        for key, value in _exported(model).items()
    }
    path = folder / MODEL_FILE
    write_file(path, save(tensors))
    config = {
        "schema": SCHEMA,
        "architecture": EFFICIENTNET,
        "dimension": DIMENSION,
        "height": size[0],
        "width": size[1],
        "stride": STRIDE,
        "mean": MEAN,
        "std": STD,
        "preprocessing": "letterbox on white, bicubic",
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "torch": str(torch.__version__),
        "vocabulary": vocabulary,
        **facts,
    }
    write_file(folder / CONFIG_FILE, (json.dumps(config, indent=1, ensure_ascii=False) + "\n").encode())
    return path


def _exported(model: MultiTask) -> dict[str, Tensor]:
    """The network with the features' standardisation in its projection, and the heads of the tasks."""
    backbone = {f"backbone.{key}": value for key, value in model.folded().state_dict().items()}
    heads = {f"heads.{key}": value for key, value in model.heads.state_dict().items()}
    return backbone | heads


def read_config(folder: Path) -> dict[str, Any]:
    """The configuration of the encoder in ``folder``, once its weights were checked against it.

    Raises:
        InputError: a file is missing, of another schema, or the weights are not the ones the configuration names.
    """
    try:
        config: dict[str, Any] = json.loads((folder / CONFIG_FILE).read_text(encoding="utf-8"))
        digest = hashlib.sha256((folder / MODEL_FILE).read_bytes()).hexdigest()
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(
            f"{folder} holds no exported encoder ({error}). Expected {MODEL_FILE} and {CONFIG_FILE}."
        ) from error
    if config.get("schema") != SCHEMA or config.get("sha256") != digest:
        raise InputError(
            f"{folder / MODEL_FILE} does not match {CONFIG_FILE} beside it "
            f"(expected SHA-256 {config.get('sha256')}, found {digest}). Restore both files together."
        )
    return config
