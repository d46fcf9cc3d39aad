"""What a runtime is given (``Network``) and what it returns (``Runner``)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol, get_args

from mpsr.encoders.device import Precision
from mpsr.types import FloatArray

if TYPE_CHECKING:
    import numpy.typing as npt
    import torch
    from torch import nn


Runtime = Literal["torch", "openvino"]


RUNTIMES: tuple[Runtime, ...] = get_args(Runtime)


@dataclass(frozen=True)
class Network:
    """A model that every runtime can load.

    Attributes:
        make: builds the torch module on a device and in a precision; its inputs and its one output are tensors.
        example: a small batch of inputs by name; axes that are not fixed may have other lengths later.
        fixed: for each input, the axes whose length is always the example's.
        identity: everything the module's output depends on; names the compiled model in the cache.
    """

    make: Callable[[torch.device, Precision], nn.Module]
    example: dict[str, npt.NDArray[Any]]
    fixed: dict[str, tuple[int, ...]]
    identity: dict[str, Any]


class Runner(Protocol):
    """A model ready to run.

    Attributes:
        runtime: the library that runs it.
        device: where it runs.
        precision: of its arithmetic.
        parallel: how many concurrent calls keep the machine busy; more are allowed.
    """

    runtime: Runtime
    device: str
    precision: Precision
    parallel: int

    def __call__(self, inputs: dict[str, npt.NDArray[Any]]) -> FloatArray:
        """The model's output for a batch, shape (batch, ...), float32."""
