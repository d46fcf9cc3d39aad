"""What the towers are trained to do, as losses over a batch."""

from __future__ import annotations

import torch
from torch import Tensor, nn


def contrastive(words: Tensor, pictures: Tensor, positive: Tensor, temperature: Tensor) -> Tensor:
    """Cross-modal contrastive loss where a row may have several positives.

    Args:
        words: (B, d), unit vectors.
        pictures: (B, d), unit vectors.
        positive: (B, B), bool; whether the words of a row describe the picture of a column. Each row and each
            column has at least one.
        temperature: scalar.

    Returns:
        The mean over both directions of the cross entropy against an even spread over the positives.
    """
    logits = words @ pictures.T / temperature
    wanted = positive.float()
    forth = -(wanted * logits.log_softmax(1)).sum(1) / wanted.sum(1)
    back = -(wanted * logits.log_softmax(0)).sum(0) / wanted.sum(0)
    return (forth.mean() + back.mean()) / 2


def grades_between(labels: Tensor) -> Tensor:
    """Grades of each pair by type, colour and gender, (B, 3) → (B, B) int64; a missing label (-1) equals nothing."""
    same = (labels[:, None] == labels[None]) & (labels[:, None] >= 0)
    kind = same[..., 0]
    both = kind & same[..., 1]
    return kind.long() + both.long() + (both & same[..., 2]).long()


def attribute_loss(attributes: list[Tensor], labels: Tensor, weights: tuple[float, ...]) -> Tensor:
    """Weighted cross entropy of every attribute.

    Args:
        attributes: log-probabilities, (B, classes) each.
        labels: (B, attributes), int64, -1 where missing.
        weights: of the attributes.
    """
    losses = [
        weight * nn.functional.nll_loss(log, labels[:, number], ignore_index=-1)
        for number, (log, weight) in enumerate(zip(attributes, weights, strict=True))
        if (labels[:, number] >= 0).any()
    ]
    return torch.stack(losses).sum() if losses else torch.zeros(())
