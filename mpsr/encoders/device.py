"""Where a model runs and in which precision."""

from __future__ import annotations

from typing import Literal

import torch

Precision = Literal["float32", "bfloat16"]


def choose_device() -> torch.device:
    """CUDA if available, else Apple's MPS, else the CPU."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def choose_precision(device: torch.device) -> Precision:
    """bfloat16 if the device computes faster in it than in float32, else float32."""
    if device.type == "cuda":
        return "bfloat16" if torch.cuda.is_bf16_supported(including_emulation=False) else "float32"
    if device.type == "cpu" and torch.ops.mkldnn._is_mkldnn_bf16_supported():
        return "bfloat16" if "AVX512_BF16" in cpu_features() or "AMX" in cpu_features() else "float32"
    return "float32"


def cpu_features() -> str:
    """The CPU's bfloat16 instruction sets, as text: "", "AVX512_BF16" or "AVX512_BF16 AMX"."""
    found = []
    if torch.cpu._is_avx512_bf16_supported():
        found.append("AVX512_BF16")
    if torch.cpu._is_amx_tile_supported():
        found.append("AMX")
    return " ".join(found)


def autocast(device: torch.device, precision: Precision | None = None) -> torch.autocast:
    """A context manager in which a model computes in ``precision``, by default the one ``choose_precision`` picks."""
    chosen = precision or choose_precision(device)
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=chosen == "bfloat16")
