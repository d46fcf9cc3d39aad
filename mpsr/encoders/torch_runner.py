"""Run models with torch: on CUDA, on Apple's MPS, or on any CPU."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from mpsr.encoders.device import Precision, choose_device, choose_precision
from mpsr.encoders.network import Network, Runtime
from mpsr.types import FloatArray

if TYPE_CHECKING:
    import numpy.typing as npt


class TorchRunner:
    """See ``mpsr.encoders.network.Runner``."""

    runtime: Runtime = "torch"
    parallel = 1  # torch itself uses all threads for each call

    def __init__(self, network: Network, precision: Precision | None = None) -> None:
        chosen = choose_device()
        self.device = str(chosen)
        self.precision: Precision = precision or choose_precision(chosen)
        self._module = network.make(chosen, self.precision)

    @torch.inference_mode()
    def __call__(self, inputs: dict[str, npt.NDArray[Any]]) -> FloatArray:
        """As ``Runner.__call__``."""
        tensors = {name: torch.from_numpy(array).to(self.device) for name, array in inputs.items()}
        return np.ascontiguousarray(self._module(**tensors).cpu().numpy(), dtype=np.float32)
