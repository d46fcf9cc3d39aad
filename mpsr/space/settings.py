"""What the learned space is trained with; no torch here, so that settings can be read without it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

#: Where a build takes its towers from; see ``mpsr.stages.towers.choose_towers``.
SpaceChoice = Literal["auto", "train", "shipped", "paper"]

#: With fewer train products that have text and picture, a space is not learned.
ENOUGH = 2000


@dataclass(frozen=True)
class SpaceSettings:
    """What the learned space is trained with.

    Attributes:
        residual: width of the residual block, the only one that the contrastive losses shape.
        hidden: width of each tower's hidden layer.
        dropout: in both towers.
        noise: deviation of the noise added to standardised text and image embeddings; simulates unseen products.
        epochs: at most this many.
        patience: epochs without a better validation figure after which training stops.
        batch_size: products a step; each is contrasted with all others.
        learning_rate: peak of the one-cycle schedule.
        weight_decay: AdamW's.
        contrast: weight of the cross-modal contrastive loss.
        naming: weight of the contrastive loss between a product's text in two forms, so that its name finds it.
        attributes: weight of the losses on type, colour and gender.
        attribute_weights: of the three within ``attributes``.
        shares: of a cosine during training: type, colour, gender, residual. Tuned on validation at the end.
        forms: form of text → how often it is shown.
        word_support: the text tower knows the words that catalogue texts of so many families have.
        seed: of initialisation and order.
    """

    residual: int = 128
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
    word_support: int = 5
    seed: int = 1
