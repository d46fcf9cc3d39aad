"""A model as the runtimes take it, and as they give it back ready to run."""

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
    """A model that a runtime can take.

    Attributes:
        make: builds the torch module on a device and in a precision; arrays in, one array out.
        example: one small batch of inputs by name; every axis but the fixed ones may have another length later.
        fixed: for each input, which axes always have the example's length.
        identity: everything the module's output depends on, for the name of its compiled form.
    """

    make: Callable[[torch.device, Precision], nn.Module]
    example: dict[str, npt.NDArray[Any]]
    fixed: dict[str, tuple[int, ...]]
    identity: dict[str, Any]


class Runner(Protocol):
    """A model ready to run.

    Attributes:
        runtime: what computes it.
        device: where.
        precision: in which numbers.
        parallel: how many calls at a time keep the machine busy; more may be made.
    """

    runtime: Runtime
    device: str
    precision: Precision
    parallel: int

    def __call__(self, inputs: dict[str, npt.NDArray[Any]]) -> FloatArray:
        """The model's output for a batch, shape (batch, ...), float32."""
