"""What the learned space is trained with; no torch here, so that settings can be read without it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

#: Which towers a build takes; see ``stages_space.learned_space``.
SpaceChoice = Literal["auto", "train", "shipped", "paper"]

#: Fewer train products with words and picture than this are too few to learn a space from.
ENOUGH = 2000


@dataclass(frozen=True)
class SpaceSettings:
    """What a run is made with.

    Attributes:
        rest: width of the block beside the attributes', which alone the contrastive loss shapes.
        hidden: width of each tower's hidden layer.
        dropout: in both towers.
        noise: deviation of the noise added to standardised words and pictures; stands in for products not seen.
        epochs: passes over the train side at most.
        patience: passes without a better validation figure before it ends.
        batch_size: products a step; each is measured against all others.
        learning_rate: peak of the one-cycle schedule.
        weight_decay: AdamW's.
        contrast: weight of the cross-modal contrastive loss.
        naming: weight of the contrastive loss between a product's words in two forms, so that its name finds it.
        attributes: weight of the losses on type, colour and gender.
        attribute_weights: of the three within ``attributes``.
        shares: of a cosine while training: type, colour, gender, the rest. Chosen anew on validation at the end.
        forms: form of words → how often it is shown.
        seed: of initialisation and order.
    """

    rest: int = 128
    hidden: int = 768
    dropout: float = 0.2
    noise: tuple[float, float] = (0.1, 0.3)
    epochs: int = 14
    patience: int = 5
    batch_size: int = 1024
    learning_rate: float = 2e-3
    weight_decay: float = 0.05
    contrast: float = 1.0
    naming: float = 0.5
    attributes: float = 1.0
    attribute_weights: tuple[float, ...] = (1.0, 1.0, 0.5)
    shares: tuple[float, ...] = (0.45, 0.25, 0.1, 0.2)
    forms: tuple[tuple[str, float], ...] = (
        ("catalogue", 0.35),
        ("title", 0.35),
        ("sentence", 0.1),
        ("short", 0.1),
        ("dropped", 0.06),
        ("masked", 0.04),
    )
    seed: int = 1
