"""What the towers are trained to do, as losses over a batch."""

from __future__ import annotations

import torch
from torch import Tensor, nn

#: How much a batch neighbour is wanted near, by its grade: 1 same type, 2 and colour, 3 and gender.
CLOSENESS = (0.0, 0.1, 0.5, 1.0)


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


def graded_neighbours(left: Tensor, right: Tensor, grades: Tensor, temperature: float) -> Tensor:
    """Listwise loss: the batch neighbours of each row, in the proportions of ``CLOSENESS``.

    Args:
        left: (B, d), unit vectors.
        right: (B, d), unit vectors.
        grades: (B, B), int64, 0 to 3; the diagonal is left out.
        temperature: of the softmax over the neighbours.
    """
    wanted = torch.tensor(CLOSENESS, device=grades.device)[grades]
    wanted = wanted.masked_fill(torch.eye(len(grades), dtype=torch.bool, device=grades.device), 0)
    logits = (left @ right.T / temperature).masked_fill(torch.eye(len(grades), dtype=torch.bool), -1e4)
    total = wanted.sum(1)
    some = total > 0
    if not some.any():
        return logits.sum() * 0
    losses = -(wanted * logits.log_softmax(1)).sum(1)[some] / total[some]
    return losses.mean()


def grades_between(labels: Tensor) -> Tensor:
    """Grades of each pair by type, colour and gender, (B, 3) → (B, B) int64; a missing label (-1) equals nothing."""
    same = (labels[:, None] == labels[None]) & (labels[:, None] >= 0)
    kind = same[..., 0]
    both = kind & same[..., 1]
    return kind.long() + both.long() + (both & same[..., 2]).long()


class Proxies(nn.Module):
    """One unit vector a label in the space itself; both towers are drawn to the same ones."""

    def __init__(self, classes: list[int], dimension: int, scale: float = 16.0) -> None:
        super().__init__()
        self.scale = scale
        self.labels = nn.ParameterList(
            nn.Parameter(torch.randn(max(count, 1), dimension)) for count in classes
        )

    def forward(self, vectors: Tensor, labels: Tensor, weights: tuple[float, ...]) -> Tensor:
        """Weighted cross entropy of every task, (B, d) and (B, tasks) → scalar."""
        losses = [
            weight
            * nn.functional.cross_entropy(
                self.scale * vectors @ nn.functional.normalize(proxies).T,
                labels[:, task],
                ignore_index=-1,
                label_smoothing=0.05,
            )
            for task, (proxies, weight) in enumerate(zip(self.labels, weights, strict=True))
            if (labels[:, task] >= 0).any()
        ]
        return torch.stack(losses).sum() if losses else vectors.sum() * 0
