"""Contrastive loss of pictures and titles."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

#: Dimension of the space that pictures and titles share.
SHARED = 256

#: Width of the title tower's hidden layer.
HIDDEN = 512

#: Initial and largest inverse temperature (as in CLIP, Radford et al. 2021).
SCALE, LARGEST_SCALE = 1 / 0.07, 100.0


class TitleContrast(nn.Module):
    """A tower for titles, a projection of pictures, and a temperature.

    A title is given as the text encoder's embedding and as a bag of words: the first carries meaning, the second tells
    brands and models apart.
    """

    def __init__(self, features: int, text_dimension: int, words: int) -> None:
        super().__init__()
        self.meaning = nn.Linear(text_dimension, HIDDEN)
        self.bag = nn.Linear(words, HIDDEN, bias=False) if words else None
        self.titles = nn.Linear(HIDDEN, SHARED)
        self.pictures = nn.Linear(features, SHARED)
        self.scale = nn.Parameter(torch.tensor(math.log(SCALE)))

    def of_titles(self, vectors: Tensor, words: Tensor) -> Tensor:
        """Unit vectors of titles: (T, text_dimension) and (T, words) → (T, SHARED)."""
        hidden = self.meaning(vectors)
        if self.bag is not None:
            hidden = hidden + self.bag(words)
        return nn.functional.normalize(self.titles(nn.functional.gelu(hidden)), dim=1)

    def of_pictures(self, features: Tensor) -> Tensor:
        """Unit vectors of pictures: (B, features) → (B, SHARED)."""
        return nn.functional.normalize(self.pictures(features.float()), dim=1)

    def forward(self, features: Tensor, own: Tensor, vectors: Tensor, words: Tensor) -> Tensor:
        """The contrastive loss of a batch.

        Args:
            features: the B pictures' features.
            own: (B,), int64: index of each picture's title among the T titles.
            vectors: (T, text_dimension), of the batch's titles and of others drawn at random.
            words: (T, words), the same titles' bags of words.
        """
        pictures, titles = self.of_pictures(features), self.of_titles(vectors, words)
        scores = self.scale.exp().clamp(max=LARGEST_SCALE) * pictures @ titles.T
        by_picture = nn.functional.cross_entropy(scores, own)
        among = scores.T[own]  # (B, B): each picture's title against the pictures of the batch
        same = (own[:, None] == own[None]).float()
        by_title = -(among.log_softmax(1) * same / same.sum(1, keepdim=True)).sum(1).mean()
        return (by_picture + by_title) / 2
