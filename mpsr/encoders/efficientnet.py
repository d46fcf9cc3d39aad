"""The network of the embedded picture encoder: EfficientNet-Lite2 with a finer last map and fewer features."""

from __future__ import annotations

from collections.abc import Mapping

import timm
from torch import Tensor, nn

from mpsr.encoders.profiles import EFFICIENTNET
from mpsr.errors import InputError

#: Features of the network's last map before and after the projection.
WIDE, DIMENSION = 1280, 512

#: Epsilon of the batch norms in the released weights.
BN_EPSILON = 1e-3

#: Pixels of the input from one cell of the last map to the next. As published it is 32; without the last halving a
#: picture of 96 × 72 gives a map of 6 × 5 cells in place of 3 × 3.
STRIDE = 16

#: The group of blocks that halves the map for the last time.
LAST_HALVING = 5


class ProductNet(nn.Module):
    """EfficientNet-Lite2 (timm's definition), its last group of blocks with stride 1, and a linear projection.

    The projection makes the vectors as long as those of the words, roughly, so that a concatenation of both is not
    decided by pictures alone.

    Attributes:
        trunk: standardised pixels (B, 3, h, w) to the map (B, WIDE, h / STRIDE, w / STRIDE).
        neck: to (B, DIMENSION, h / STRIDE, w / STRIDE); linear, so it may stand before or behind the pooling.
    """

    def __init__(self, dimension: int = DIMENSION) -> None:
        super().__init__()
        self.trunk = timm.create_model(EFFICIENTNET, pretrained=False, num_classes=0, bn_eps=BN_EPSILON)
        self.trunk.blocks[LAST_HALVING][0].conv_dw.stride = (1, 1)
        self.neck = nn.Conv2d(WIDE, dimension, 1)

    def forward(self, pixels: Tensor) -> Tensor:
        """Standardised pixels (B, 3, h, w) to the last map (B, DIMENSION, h / STRIDE, w / STRIDE)."""
        made: Tensor = self.neck(self.trunk.forward_features(pixels))
        return made


def load_release(trunk: nn.Module, released: Mapping[str, Tensor]) -> None:
    """Put EfficientNet-Lite2's released tensors into a trunk.

    They have other names, but stand in the order in which the network computes; the classifier's two come last and are
    left out.

    Raises:
        InputError: the tensors are not those of this network.
    """
    own = trunk.state_dict()
    found = [tensor for name, tensor in released.items() if not name.startswith("_fc.")]
    shapes = [tuple(tensor.shape) for tensor in found]
    expected = [tuple(tensor.shape) for tensor in own.values()]
    if shapes != expected:
        raise InputError(
            f"the weights are not those of {EFFICIENTNET}: {len(shapes)} tensors without the classifier, expected "
            f"{len(expected)} of the network's own shapes."
        )
    trunk.load_state_dict(dict(zip(own, found, strict=True)))
