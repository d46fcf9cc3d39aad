"""Choose and start a runtime: torch everywhere, OpenVINO on the CPUs on which it is faster."""

from __future__ import annotations

import importlib.util
import os
import platform

import numpy as np

from mpsr.encoders.device import Precision, choose_device, choose_precision
from mpsr.encoders.network import RUNTIMES, Network, Runner, Runtime
from mpsr.errors import InputError
from mpsr.types import FloatArray

#: Environment variable: the runtime to use if neither the command line nor the caller names one.
OVERRIDE = "MPSR_RUNTIME"

#: Processors on which OpenVINO is faster than torch (measured by ``python -m benchmarks``).
MEASURED = ("x86_64", "AMD64")


def choose_runtime(wanted: Runtime | str | None = None) -> Runtime:
    """The runtime that the caller or ``MPSR_RUNTIME`` names, else the faster one.

    The faster one is OpenVINO if it is installed, the processor is x86-64, and torch finds no accelerator.

    Raises:
        InputError: there is no such runtime, or it is not installed.
    """
    name = wanted or os.environ.get(OVERRIDE)
    if name:
        return _named(name)
    faster = platform.machine() in MEASURED and has_openvino() and choose_device().type == "cpu"
    return "openvino" if faster else "torch"


def _named(name: str) -> Runtime:
    """The runtime of that name, checked."""
    if name not in RUNTIMES:
        raise InputError(f"unknown runtime {name!r}. Expected one of {', '.join(RUNTIMES)}.")
    if name == "openvino" and not has_openvino():
        raise InputError(
            "the runtime openvino was requested but is not installed. Install it with: pip install openvino; "
            "or use --runtime torch."
        )
    return "openvino" if name == "openvino" else "torch"


def has_openvino() -> bool:
    """Whether OpenVINO is installed. Does not import it."""
    return importlib.util.find_spec("openvino") is not None


def start(network: Network, runtime: Runtime | None = None, precision: Precision | None = None) -> Runner:
    """Load the network into a runtime.

    Args:
        network: the model.
        runtime: as in ``choose_runtime``.
        precision: None uses bfloat16 if the device is faster in it.

    Raises:
        InputError: the runtime is unknown or not installed.
    """
    if choose_runtime(runtime) == "openvino":
        from mpsr.encoders.openvino_runner import OpenVinoRunner

        return OpenVinoRunner(network, precision)
    from mpsr.encoders.torch_runner import TorchRunner

    return TorchRunner(network, precision)


def choice(runtime: Runtime | None = None) -> tuple[Runtime, str, Precision]:
    """The runtime, device and precision that ``start`` would use, without loading a model."""
    chosen = choose_runtime(runtime)
    if chosen == "openvino":
        from mpsr.encoders.openvino_runner import fast_precision

        return chosen, "cpu", fast_precision()
    device = choose_device()
    return chosen, str(device), choose_precision(device)


def unit(vectors: FloatArray) -> FloatArray:
    """Each row divided by its norm; rows of zeros stay zero."""
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.float32(1e-12))
