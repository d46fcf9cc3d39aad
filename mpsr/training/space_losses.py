"""The losses that the towers are trained with, over a batch."""

from __future__ import annotations

import torch
from torch import Tensor, nn


def contrastive(texts: Tensor, others: Tensor, positive: Tensor, temperature: Tensor) -> Tensor:
    """Contrastive loss where a row may have several positives.

    Args:
        texts: (B, d), unit vectors.
        others: (B, d), unit vectors of pictures, or of the same texts in another form.
        positive: (B, B), bool; whether the text of a row describes the product of a column. Each row and each column
            has at least one.
        temperature: scalar.

    Returns:
        The mean over both directions of the cross entropy against an even spread over the positives.
    """
    logits = texts @ others.T / temperature
    wanted = positive.float()
    forth = -(wanted * logits.log_softmax(1)).sum(1) / wanted.sum(1)
    back = -(wanted * logits.log_softmax(0)).sum(0) / wanted.sum(0)
    return (forth.mean() + back.mean()) / 2


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
