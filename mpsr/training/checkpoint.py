"""Checkpoints of a training run as safetensors: weights, their running average, and AdamW's moments."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import save
from torch import Tensor, nn

from mpsr.store import write_file


def save_checkpoint(
    path: Path, models: dict[str, nn.Module], optimizer: torch.optim.Optimizer, state: dict[str, Any]
) -> None:
    """Write everything needed to go on to ``path``, whole or not at all."""
    tensors: dict[str, Tensor] = {}
    for name, model in models.items():
        tensors |= {f"{name}/{key}": value for key, value in model.state_dict().items()}
    for number, moments in optimizer.state_dict()["state"].items():
        tensors |= {f"optimizer/{number}/{key}": torch.as_tensor(value) for key, value in moments.items()}
    partial = path.with_suffix(".partial")
    copies = {key: value.contiguous().clone() for key, value in tensors.items()}
    write_file(partial, save(copies, {"state": json.dumps(state)}))
    partial.replace(path)


def load_checkpoint(
    path: Path, models: dict[str, nn.Module], optimizer: torch.optim.Optimizer
) -> dict[str, Any]:
    """Put a checkpoint back into the models and the optimizer; returns the saved state."""
    with safe_open(path, "pt") as file:
        tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 - no mapping, it has keys only
        state: dict[str, Any] = json.loads(file.metadata()["state"])
    for name, model in models.items():
        prefix = f"{name}/"
        model.load_state_dict({k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)})
    moments: dict[int, dict[str, Tensor]] = {}
    for key, value in tensors.items():
        if key.startswith("optimizer/"):
            _, number, what = key.split("/")
            moments.setdefault(int(number), {})[what] = value
    optimizer.load_state_dict(optimizer.state_dict() | {"state": moments})
    return state
