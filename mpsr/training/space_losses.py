"""Losses of the towers over a batch."""

from __future__ import annotations

import torch
from torch import Tensor, nn


def contrastive(texts: Tensor, others: Tensor, positive: Tensor, temperature: Tensor) -> Tensor:
    """Contrastive loss in which a row may have several positives.

    Args:
        texts: (B, d), unit vectors.
        others: (B, d), unit vectors of pictures, or of the same texts in another form.
        positive: (B, B), bool: whether the text of the row describes the product of the column; at least one in each
            row and column.
        temperature: scalar.

    Returns:
        The mean over both directions of the cross entropy against a uniform distribution over the positives.
    """
    logits = texts @ others.T / temperature
    target = positive.float()
    by_row = -(target * logits.log_softmax(1)).sum(1) / target.sum(1)
    by_column = -(target * logits.log_softmax(0)).sum(0) / target.sum(0)
    return (by_row.mean() + by_column.mean()) / 2


def attribute_loss(attributes: list[Tensor], labels: Tensor, weights: tuple[float, ...]) -> Tensor:
    """Weighted sum of the attributes' cross entropies; an attribute without a label in the batch is omitted.

    Args:
        attributes: for each attribute, log-probabilities (B, classes).
        labels: (B, attributes), int64, -1 where missing.
        weights: one per attribute.
    """
    losses = [
        weight * nn.functional.nll_loss(log, labels[:, number], ignore_index=-1)
        for number, (log, weight) in enumerate(zip(attributes, weights, strict=True))
        if (labels[:, number] >= 0).any()
    ]
    return torch.stack(losses).sum() if losses else torch.zeros(())
