"""Models that OpenVINO compiles from the torch module for this CPU; compiled models are cached on disk.

The weights are never quantised: inference is in float32, or in bfloat16 where the CPU computes in it natively.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import sys
import threading
import warnings
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from mpsr.encoders.device import Precision
from mpsr.encoders.network import Network, Runtime
from mpsr.store import write_whole
from mpsr.types import FloatArray

if TYPE_CHECKING:
    import numpy.typing as npt

# OpenVINO sends usage data to Intel if its telemetry package can be imported. Blocking that import, before the first
# import of openvino, also keeps it from writing to the user's home folder.
if "openvino" not in sys.modules:
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]

import openvino

logger = logging.getLogger(__name__)

#: Environment variable: the folder of the cache, in place of the user's cache folder.
CACHE_VARIABLE = "MPSR_CACHE"

#: Raised when the conversion of a network changes.
VERSION = 2

#: Compiled models cached for each network (other precisions, earlier OpenVINO); older ones are deleted.
KEPT = 3

#: A memory-mapped file.
Mapped = np.memmap[Any, np.dtype[np.uint8]]

HINTS: dict[Precision, str] = {"float32": "f32", "bfloat16": "bf16"}


@cache
def core() -> openvino.Core:
    """The process's one OpenVINO core."""
    return openvino.Core()


def fast_precision() -> Precision:
    """bfloat16 if the CPU supports it natively, else float32."""
    return "bfloat16" if "BF16" in core().get_property("CPU", "OPTIMIZATION_CAPABILITIES") else "float32"


class OpenVinoRunner:
    """See ``mpsr.encoders.network.Runner``. Calls from several threads run concurrently."""

    runtime: Runtime = "openvino"
    device = "cpu"

    def __init__(self, network: Network, precision: Precision | None = None) -> None:
        self.precision: Precision = precision or fast_precision()
        self._compiled, self._kept = _compiled(
            network, self.precision
        )  # the weights are read from the mapped file
        self.parallel: int = self._compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS")
        self._own = threading.local()

    def __call__(self, inputs: dict[str, npt.NDArray[Any]]) -> FloatArray:
        """As ``Runner.__call__``."""
        if not hasattr(self._own, "request"):
            self._own.request = self._compiled.create_infer_request()
        found = self._own.request.infer(inputs, share_inputs=True)[0]
        return np.array(found, dtype=np.float32)  # the next call overwrites the request's buffer


def _compiled(network: Network, precision: Precision) -> tuple[openvino.CompiledModel, Mapped | None]:
    """The compiled model, and the cache file it is mapped from; None for the file if it had to be compiled now."""
    settings = {"INFERENCE_PRECISION_HINT": HINTS[precision], "PERFORMANCE_HINT": "THROUGHPUT", **_threads()}
    path = cache_folder() / f"{network.identity['model']}-{_name(network, precision)}.blob"
    kept = _read(path)
    if kept is not None:
        return core().import_model(openvino.Tensor(kept, shared_memory=True), "CPU", settings), kept
    compiled = core().compile_model(_converted(network), "CPU", settings)
    _write(path, compiled)
    return compiled, None


def _threads() -> dict[str, int]:
    """The threads that ``OMP_NUM_THREADS`` allows, if set; OpenVINO itself does not read it."""
    told = os.environ.get("OMP_NUM_THREADS", "")
    return {"INFERENCE_NUM_THREADS": int(told)} if told.isdigit() and int(told) else {}


def _name(network: Network, precision: Precision) -> str:
    """A hash of everything the compiled model depends on."""
    document = {
        "version": VERSION,
        "network": network.identity,
        "precision": precision,
        "openvino": openvino.get_version(),
        "cpu": core().get_property("CPU", "FULL_DEVICE_NAME"),
        "capabilities": sorted(core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")),
    }
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()[:24]


def _converted(network: Network) -> openvino.Model:
    """The torch module as an OpenVINO graph; axes that are not fixed accept any length."""
    module = network.make(torch.device("cpu"), "float32")
    examples = {name: torch.from_numpy(array) for name, array in network.example.items()}
    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter(
            "ignore"
        )  # the tracer warns of branches on shapes; tests compare the output with golden vectors
        model = openvino.convert_model(module, example_input=examples)
    shapes = {
        name: [length if axis in network.fixed[name] else -1 for axis, length in enumerate(array.shape)]
        for name, array in network.example.items()
    }
    model.reshape(shapes)
    return model


def cache_folder() -> Path:
    """The folder of the cache: ``MPSR_CACHE``, else the user's cache folder."""
    from platformdirs import user_cache_path

    told = os.environ.get(CACHE_VARIABLE)
    return (Path(told) if told else user_cache_path("mpsr")) / "openvino"


def _read(path: Path) -> Mapped | None:
    """A cached model, None if it is missing or damaged.

    The file is memory-mapped so that the weights are not read into memory twice. OpenVINO refuses read-only arrays, so
    it is mapped copy-on-write.
    """
    try:
        digest = path.with_suffix(".sha256").read_text(encoding="utf-8")
        blob = np.memmap(path, np.uint8, "c")
    except (OSError, ValueError):  # an empty file, or a digest that is not text
        return None
    return blob if hashlib.sha256(blob.data).hexdigest() == digest else None


def _write(path: Path, compiled: openvino.CompiledModel) -> None:
    """Cache a compiled model. If the cache cannot be written, the next start compiles again."""
    blob = compiled.export_model().getbuffer()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{os.getpid()}.partial")
        partial.write_bytes(blob)
        partial.replace(path)
        write_whole(path.with_suffix(".sha256"), hashlib.sha256(blob).hexdigest())
        _drop_oldest(path)
    except OSError as error:
        logger.warning("the compiled model could not be cached in %s (%s)", path.parent, error)


def _drop_oldest(path: Path) -> None:
    """Delete all but the ``KEPT`` latest compiled models of the network."""
    model = path.name.rpartition("-")[0]
    forms = [form for form in path.parent.glob("*.blob") if form.name.rpartition("-")[0] == model]
    for form in sorted(forms, key=lambda form: form.stat().st_mtime)[:-KEPT]:
        form.unlink(missing_ok=True)
        form.with_suffix(".sha256").unlink(missing_ok=True)
