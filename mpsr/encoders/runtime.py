"""What computes a model: torch everywhere, OpenVINO on CPUs where it is faster, both behind one call."""

from __future__ import annotations

import importlib.util
import os
import platform

import numpy as np

from mpsr.encoders.device import Precision, choose_device, choose_precision
from mpsr.encoders.network import RUNTIMES, Network, Runner, Runtime
from mpsr.errors import InputError
from mpsr.types import FloatArray

#: Names a runtime where neither the command line nor the caller does.
OVERRIDE = "MPSR_RUNTIME"

#: Processors on which OpenVINO was measured to be faster than torch (``python -m benchmarks``).
MEASURED = ("x86_64", "AMD64")


def choose_runtime(wanted: Runtime | str | None = None) -> Runtime:
    """The runtime asked for, by the caller or by ``MPSR_RUNTIME``; else the one that is faster here.

    That is OpenVINO where it is installed, the processor is an x86-64, and torch sees no accelerator.

    Raises:
        InputError: there is no such runtime, or it is not installed.
    """
    told = wanted or os.environ.get(OVERRIDE)
    if told:
        return _told(told)
    faster = platform.machine() in MEASURED and has_openvino() and choose_device().type == "cpu"
    return "openvino" if faster else "torch"


def _told(name: str) -> Runtime:
    if name not in RUNTIMES:
        raise InputError(f"unknown runtime {name!r}. Expected one of {', '.join(RUNTIMES)}.")
    if name == "openvino" and not has_openvino():
        raise InputError(
            "the runtime openvino was asked for and is not installed. Install it with: pip install openvino; "
            "or take --runtime torch."
        )
    return "openvino" if name == "openvino" else "torch"


def has_openvino() -> bool:
    """Whether OpenVINO is installed; it is not imported."""
    return importlib.util.find_spec("openvino") is not None


def start(network: Network, runtime: Runtime | None = None, precision: Precision | None = None) -> Runner:
    """The network, ready to run.

    Args:
        network: the model.
        runtime: as in ``choose_runtime``.
        precision: None takes bfloat16 where the device computes in it faster.

    Raises:
        InputError: the runtime is unknown or not installed.
    """
    if choose_runtime(runtime) == "openvino":
        from mpsr.encoders.openvino_runner import OpenVinoRunner

        return OpenVinoRunner(network, precision)
    from mpsr.encoders.torch_runner import TorchRunner

    return TorchRunner(network, precision)


def choice(runtime: Runtime | None = None) -> tuple[Runtime, str, Precision]:
    """Runtime, device and precision that ``start`` would take, without loading a model."""
    chosen = choose_runtime(runtime)
    if chosen == "openvino":
        from mpsr.encoders.openvino_runner import fast_precision

        return chosen, "cpu", fast_precision()
    device = choose_device()
    return chosen, str(device), choose_precision(device)


def unit(vectors: FloatArray) -> FloatArray:
    """Each row divided by its norm; a row of zeros stays one."""
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.float32(1e-12))
