"""The image encoder in training: the embedded profile's network with one head per task."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from mpsr.encoders.efficientnet import DIMENSION, ProductNet
from mpsr.training.contrast import TitleContrast

#: Cosines to class proxies are multiplied by this before the softmax (as in NormFace, Wang et al. 2017).
PROXY_SCALE = 16.0

#: Number of first groups of blocks that keep the released weights: edges and textures are the same everywhere, and the
#: large maps of these blocks take much of a step's time.
FROZEN_GROUPS = 2


class Proxies(nn.Module):
    """One direction per class: (B, d) → scaled cosines (B, classes), which shape the angles between features."""

    def __init__(self, dimension: int, classes: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(classes, dimension) * dimension**-0.5)

    def forward(self, features: Tensor) -> Tensor:
        """Cosine of every feature to every class, times ``PROXY_SCALE``."""
        unit = nn.functional.normalize
        cosines: Tensor = nn.functional.linear(unit(features.float()), unit(self.weight))
        return PROXY_SCALE * cosines


class MultiTask(nn.Module):
    """Network and heads: (B, 3, h, w) → the features (B, d) and one (B, classes) tensor per task.

    The pooled features are standardised over the batch (no learned scale), so that their cosines are about 0 for
    products that have nothing in common. ``folded`` puts that into the projection.

    Further heads help in training and are not exported: ``pair`` (article type with colour, by cosine), ``words`` (the
    title's words, as in Joulin et al., "Learning Visual Features from Large Weakly Supervised Data", 2016) and
    ``contrast`` (the title).
    """

    def __init__(self, classes: list[int], pairs: int = 0, words: int = 0, text_dimension: int = 0) -> None:
        super().__init__()
        self.backbone = ProductNet()
        nn.init.orthogonal_(self.backbone.neck.weight)
        self.standardise = nn.BatchNorm1d(DIMENSION, affine=False)
        self.heads = nn.ModuleList(nn.Linear(DIMENSION, count) for count in classes)
        self.pair = Proxies(DIMENSION, pairs) if pairs else None
        self.words = nn.Linear(DIMENSION, words) if words else None
        self.contrast = TitleContrast(DIMENSION, text_dimension, words) if text_dimension else None

    def forward(self, pixels: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Standardised pooled features and the logits of every task."""
        pooled = self.backbone.trunk.forward_features(pixels).mean((2, 3), keepdim=True)
        features = self.standardise(self.backbone.neck(pooled).flatten(1).float())
        return features, [head(features) for head in self.heads]

    def frozen(self) -> list[nn.Module]:
        """The parts that keep their initial weights, batch statistics included."""
        trunk = self.backbone.trunk
        return [trunk.conv_stem, trunk.bn1, *trunk.blocks[:FROZEN_GROUPS]]

    def freeze(self) -> None:
        """Freeze those parts."""
        for part in self.frozen():
            part.requires_grad_(False)

    def learning(self) -> None:
        """Training mode, except for the frozen parts."""
        self.train()
        if not next(self.frozen()[0].parameters()).requires_grad:
            for part in self.frozen():
                part.eval()

    @torch.no_grad()
    def folded(self) -> ProductNet:
        """A network of its own whose map, pooled, gives the features: the standardisation within the projection."""
        mean, variance = self.standardise.running_mean, self.standardise.running_var
        if mean is None or variance is None:
            raise RuntimeError("the standardisation keeps no statistics")
        scale = (variance.cpu() + self.standardise.eps).rsqrt()
        state = {name: tensor.cpu().clone() for name, tensor in self.backbone.state_dict().items()}
        state["neck.weight"] *= scale.view(-1, 1, 1, 1)
        state["neck.bias"] = (state["neck.bias"] - mean.cpu()) * scale
        made = ProductNet()
        made.load_state_dict(state)
        return made


@torch.no_grad()
def measure_statistics(model: MultiTask, batches: Iterable[Tensor]) -> None:
    """Measure the batch norms' mean and variance again, as the average over ``batches``; frozen parts keep theirs.

    Args:
        model: left in evaluation mode.
        batches: standardised pixels, (B, 3, h, w) each.
    """
    model.learning()
    norms = [
        part
        for part in model.modules()
        if isinstance(part, nn.modules.batchnorm._BatchNorm) and part.training
    ]
    momenta = [part.momentum for part in norms]
    for part in norms:
        part.reset_running_stats()
        part.momentum = None  # the plain average over all batches
    for batch in batches:
        model(batch)
    for part, momentum in zip(norms, momenta, strict=True):
        part.momentum = momentum
    model.eval()
