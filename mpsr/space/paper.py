"""The paper's space: standardise each modality, concatenate, compare by cosine.

    x = [z_t | z_i] / |[z_t | z_i]|,  z = (e - mean) / deviation per feature,  e the L2-normalised embedding
    score(q, x) = (w_t q_t·x_t + w_i q_i·x_i) / (|q|_w |x|_w),  |x|_w² = w_t x_t·x_t + w_i x_i·x_i

With equal weights that is the cosine of the published system. A missing block counts in neither the inner product nor the
norm, so a product without a picture is compared by its text. Text is not compared with images: a query of text alone
scores by cos(q_t, x_t) and one of images alone by cos(q_i, x_i), whatever the weights.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from mpsr.space.fusion import Scaler
from mpsr.space.image_maps import ImageMap, Standardised
from mpsr.space.space import (
    TINY,
    Blocks,
    PairScores,
    Rows,
    Scores,
    Space,
    Vector,
    weighted_shares,
    weighted_sum,
)
from mpsr.types import MODALITIES, Embeddings, FloatArray, Modality, QueryModality, Weights


@dataclass(frozen=True, eq=False)
class PaperSpace(Space):
    """The paper's space; see the module.

    Attributes:
        norms: shape (N, 2), float32: of the two blocks of each vector.
        scalers: gives the standardisation of each modality; called when something new is encoded.
        embeddings: of the products, of which the vectors were made.
    """

    #: Standardised vectors compare products with the catalogue's mean. In a shop of 80 T-shirts "lawn mower" scores
    #: as high as 84 % of the pairs of T-shirts.
    lowest_match_percentile: ClassVar[float] = 0.9

    norms: FloatArray
    scalers: Callable[[], Mapping[Modality, Scaler]]
    embeddings: Mapping[Modality, Embeddings]

    def product_blocks(self, row: int) -> Blocks:
        """As long as they were before the product's vector was divided by its norm."""
        text, image = self.blocks(self.vectors[row])
        length = self._length(row)
        return text * length, image * length

    def text_blocks(self, text: str, embedding: FloatArray) -> Blocks:
        """The standardised embedding as the text block, no image block."""
        block = self._standardised("text", embedding[None])[0]
        return block, np.zeros(self.vectors.shape[1] - self.split)

    def image_blocks(self, embedding: FloatArray) -> Blocks:
        """The standardised embedding as the image block, no text block."""
        return np.zeros(self.split), self._standardised("image", embedding[None])[0]

    def confidence_weighted(self, text: Blocks) -> Blocks:
        """As it is: this space knows no attributes to be sure of."""
        return text

    def combine(self, amounts: Sequence[float], parts: Sequence[Blocks], modality: QueryModality) -> Vector:
        """Each block as long as the parts' blocks are on average, the whole of norm 1.

        Parts that pull apart do not shift the balance of text and image that way.
        """
        text, image = (weighted_sum(amounts, side) for side in zip(*parts, strict=True))
        whole = np.concatenate([text[0] * text[1], image[0] * image[1]])
        norm = float(np.linalg.norm(whole))
        return whole / norm if norm else whole

    def effective_weights(self, weights: Weights, modality: QueryModality) -> Weights:
        """As asked for, but a query of one modality alone can be compared with that modality only."""
        return {"text": Weights(1, 0), "image": Weights(0, 1)}.get(modality, weights)

    def score(self, query: FloatArray, rows: Rows, weights: Weights) -> Scores:
        """The weighted cosine; NaN where a weighted norm is zero."""
        asked, products = self.blocks(query), self._row_blocks(rows)
        shares = weighted_shares(asked, products, weights)
        squares = weights.text * np.einsum("nd,nd->n", products[0], products[0])
        squares += weights.image * np.einsum("nd,nd->n", products[1], products[1])
        norms = np.sqrt(squares * _weighted_square(asked, weights))
        norms[norms < TINY] = np.nan
        return Scores(rows, shares[0] / norms, shares[1] / norms)

    def index_query(self, query: FloatArray, weights: Weights) -> FloatArray | None:
        """The query itself where weights are equal; otherwise the norms of the products depend on the weights."""
        return query if weights.equal else None

    def scan(self, query: FloatArray, weights: Weights, rows: Rows) -> FloatArray:
        """Weighted cosines in single precision."""
        products = self._inner_products(self._scaled(query, (weights.text, weights.image)), rows)
        squares = np.square(self.norms[rows]) @ np.array([weights.text, weights.image], np.float32)
        norms = np.sqrt(squares * np.float32(_weighted_square(self.blocks(query), weights)))
        return np.where(norms > TINY, products / np.maximum(norms, TINY), -np.inf)

    def pairwise(self, rows: Rows, weights: Weights) -> Vector:
        """Weighted cosines."""
        text, image = self._row_blocks(rows)
        products = weights.text * text @ text.T + weights.image * image @ image.T
        norms = np.sqrt(np.diag(products))
        scale = np.where(norms > TINY, 1 / np.maximum(norms, TINY), 0)
        return np.asarray(products * np.outer(scale, scale))

    def random_pairs(self, rows: Rows) -> PaperPairs:
        """All pairs of these products."""
        vectors = np.asarray(self.vectors[rows], np.float32)
        text, image = vectors[:, : self.split], vectors[:, self.split :]
        norms = np.stack([np.linalg.norm(text, axis=1), np.linalg.norm(image, axis=1)], axis=1)
        first, second = np.triu_indices(len(rows), 1)
        return PaperPairs(
            (text @ text.T)[first, second], (image @ image.T)[first, second], first, second, norms
        )

    def image_factor(self, query: Blocks, product: Blocks, weights: Weights) -> float:
        """The weight over the two weighted norms."""
        squares = _weighted_square(query, weights) * _weighted_square(product, weights)
        return weights.image / float(np.sqrt(squares))

    def text_shares(
        self, query: Blocks, row: int, texts: Sequence[str], embeddings: FloatArray, weights: Weights
    ) -> Vector:
        """Another text changes the product's norm, too."""
        text = self._standardised("text", embeddings)
        image = self.product_blocks(row)[1]
        squares = weights.text * np.square(text).sum(axis=1) + weights.image * float(image @ image)
        return np.asarray(
            weights.text * (text @ query[0]) / np.sqrt(squares * _weighted_square(query, weights))
        )

    def image_map(self) -> ImageMap:
        """The standardisation of images."""
        return Standardised(self.scalers()["image"])

    def missing(self, what: str) -> str:
        """As ``Space``."""
        return f"The query has no {what}, and this space does not compare words with pictures."

    def _standardised(self, modality: Modality, embeddings: FloatArray) -> Vector:
        return self.scalers()[modality].transform(embeddings).astype(np.float64)

    def _length(self, row: int) -> float:
        """What a product's vector was divided by when the space was made."""
        squares = 0.0
        for modality in MODALITIES:
            embeddings = self.embeddings[modality]
            if embeddings.present[row]:
                standardised = self.scalers()[modality].transform(
                    np.asarray(embeddings.vectors[row : row + 1])
                )
                squares += float(np.square(standardised, dtype=np.float64).sum())
        return float(np.sqrt(squares))


@dataclass(frozen=True)
class PaperPairs:
    """All m pairs of n products; the modality of a query changes only its weights here.

    Attributes:
        text: inner products of the text blocks, shape (m,), float32.
        image: of the image blocks.
        first: the first product of each pair, counted among the n.
        second: the second.
        norms: shape (n, 2): of the two blocks, 0 for a missing one.
    """

    text: FloatArray
    image: FloatArray
    first: npt.NDArray[np.intp]
    second: npt.NDArray[np.intp]
    norms: FloatArray

    def scored(self, weights: Weights, modality: QueryModality) -> PairScores:
        """Weighted cosines; pairs without one are omitted."""
        factors = np.array([weights.text, weights.image], np.float32)
        norms = np.sqrt(np.square(self.norms) @ factors)
        scale = np.where(norms > TINY, 1 / np.maximum(norms, TINY), np.nan).astype(np.float32)
        total = (factors[0] * self.text + factors[1] * self.image) * scale[self.first] * scale[self.second]
        known = ~np.isnan(total)
        return PairScores(total[known], self.first[known], self.second[known])


def _weighted_square(blocks: Blocks, weights: Weights) -> float:
    """|x|_w², the square of a vector's weighted norm."""
    return weights.text * float(np.square(blocks[0]).sum()) + weights.image * float(
        np.square(blocks[1]).sum()
    )
