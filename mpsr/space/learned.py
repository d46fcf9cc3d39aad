"""The learned space: two towers that end in unit vectors of one dimension, so that text and images compare.

    x = [t | v] · √½,  t and v the unit vectors of the product's text and image (mpsr.space.towers)
    score(q, x) = w_t cos(q_t, x_t) + w_i cos(q_i, x_i) = 2 w_t q_t·x_t + 2 w_i q_i·x_i

The score is an inner product once the two blocks of the query are multiplied by 2 w_t and 2 w_i, so one index serves
every weighting. A missing block counts 0. Text, as well as an image, is compared with both blocks of a product.

Two corrections, both measured on the public catalogue. Where text alone asks, the attributes decide less of a cosine, and
the residual block, which holds what names a product, decides more (``emphasis``). Text beside a product or a photo means
to change something; what it says of each attribute counts by how sure it is (``confidence_weighted``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import numpy.typing as npt
from scipy.stats import entropy

from mpsr.space.image_maps import ImageMap, Tangent
from mpsr.space.modality_weights import image_only_weights, text_only_weights
from mpsr.space.space import Blocks, PairScores, Rows, Scores, Space, Vector, weighted_shares, weighted_sum
from mpsr.types import FloatArray, QueryModality, Weights

if TYPE_CHECKING:
    from mpsr.space.towers import Towers

#: Norm of each block of a vector, so that two blocks make a unit vector.
BLOCK_NORM = 0.5**0.5

#: What the inner product of two blocks lacks to be their cosine: 1 / ``BLOCK_NORM``².
COSINE = 2

#: Of text beside a product or a photo: the factor of an attribute that is certain, the power with which it falls as the
#: attribute gets uncertain, and the factor of the residual block; see ``LearnedSpace.confidence_weighted``. Of eight
#: settings tried on 100 queries such as "like this product, but red" in the public catalogue of 44,446 products, one of
#: the two that got type and colour right most often: for 95 % of the five nearest, and for 63 % without this weighting.
CERTAIN, FALL, RESIDUAL_BESIDE = 2.0, 4, 0.3


@dataclass(frozen=True, eq=False)
class LearnedSpace(Space):
    """The learned space; see the module.

    Attributes:
        towers: gives the towers; called when something new is encoded, and imports torch.
        emphasis: shape (split,), float32: what each number of a block is multiplied by where text alone asks, see
            ``mpsr.space.towers.Towers.emphasis``.
    """

    #: What the towers do not know scores low: in a shop of 80 T-shirts "lawn mower" as 3 % of the pairs of T-shirts do,
    #: "striped" as 8 %, "navy tshirt" as 99 %.
    lowest_match_percentile: ClassVar[float] = 0.25

    towers: Callable[[], Towers]
    emphasis: FloatArray

    def product_blocks(self, row: int) -> Blocks:
        """Its own blocks."""
        return self.blocks(self.vectors[row])

    def text_blocks(self, text: str, embedding: FloatArray) -> Blocks:
        """The text tower's vector as both blocks."""
        block = self._text_projected([text], embedding[None])[0]
        return block, block

    def image_blocks(self, embedding: FloatArray) -> Blocks:
        """The image tower's vector as both blocks."""
        block = self.towers().project_image(embedding[None]).astype(np.float64)[0] * BLOCK_NORM
        return block, block

    def confidence_weighted(self, text: Blocks) -> Blocks:
        """Each attribute times ``CERTAIN`` (1 - H / ln n)^``FALL``, the residual block times ``RESIDUAL_BESIDE``.

        H is the entropy of the probabilities of an attribute's n values. What the text leaves open (a type, when it only
        names a colour) then hardly counts, and what it names counts more than the product it stands beside.
        """
        weighted, start = text[0].copy(), 0
        if not self.towers().shape.classes:
            return text  # a space without attributes has nothing to weight by
        for width in self.towers().shape.classes:
            attribute = slice(start, start + width)
            probabilities = np.square(weighted[attribute])
            if width > 1 and probabilities.sum() > 0:
                uncertainty = float(entropy(probabilities)) / float(np.log(width))
                weighted[attribute] *= CERTAIN * (1 - uncertainty) ** FALL
            start += width
        weighted[start:] *= RESIDUAL_BESIDE
        return weighted, weighted

    def combine(self, amounts: Sequence[float], parts: Sequence[Blocks], modality: QueryModality) -> Vector:
        """Each block of the products' norm, so that it scores by cosines; with the emphasis for text alone."""
        text, image = (weighted_sum(amounts, side)[0] * BLOCK_NORM for side in zip(*parts, strict=True))
        if modality == "text":
            text, image = text * self.emphasis, image * self.emphasis
        return np.concatenate([text, image])

    def effective_weights(self, weights: Weights, modality: QueryModality) -> Weights:
        """As asked for, but where one modality alone asks, that side of the products counts more."""
        if modality == "text":
            return text_only_weights(weights)
        return image_only_weights(weights) if modality == "image" else weights

    def score(self, query: FloatArray, rows: Rows, weights: Weights) -> Scores:
        """The weighted sum of the two cosines."""
        text, image = weighted_shares(self.blocks(query), self._row_blocks(rows), weights)
        return Scores(rows, COSINE * text, COSINE * image)

    def index_query(self, query: FloatArray, weights: Weights) -> FloatArray | None:
        """Its inner products are the scores, whatever the weights."""
        return self._weighted_query(query, weights)

    def scan(self, query: FloatArray, weights: Weights, rows: Rows) -> FloatArray:
        """Inner products of the weighted query."""
        return self._inner_products(self._weighted_query(query, weights), rows)

    def pairwise(self, rows: Rows, weights: Weights) -> Vector:
        """Weighted sums of the two cosines."""
        text, image = self._row_blocks(rows)
        return np.asarray(COSINE * (weights.text * text @ text.T + weights.image * image @ image.T))

    def random_pairs(self, rows: Rows) -> LearnedPairs:
        """All pairs of these products; where text or an image asks, both blocks of the query are that one."""
        vectors = np.asarray(self.vectors[rows], np.float32)
        text, image = vectors[:, : self.split], vectors[:, self.split :]
        emphasised = text * self.emphasis
        first, second = np.triu_indices(len(rows), 1)
        has_text, has_image = ((np.linalg.norm(block, axis=1) > 0)[first] for block in (text, image))
        has_any = has_text | has_image
        texts, images = (text @ text.T)[first, second], (image @ image.T)[first, second]
        return LearnedPairs(
            {
                "product": (texts[has_any], images[has_any]),
                "text": (
                    (emphasised @ text.T)[first, second][has_text],
                    (emphasised @ image.T)[first, second][has_text],
                ),
                "image": ((text @ image.T)[second, first][has_image], images[has_image]),
            },
            {
                "product": (first[has_any], second[has_any]),
                "text": (first[has_text], second[has_text]),
                "image": (first[has_image], second[has_image]),
            },
        )

    def image_factor(self, query: Blocks, product: Blocks, weights: Weights) -> float:
        """What makes a cosine of an inner product, times the weight."""
        return COSINE * weights.image

    def text_shares(
        self, query: Blocks, row: int, texts: Sequence[str], embeddings: FloatArray, weights: Weights
    ) -> Vector:
        """Weighted cosines of the query's text block and the texts."""
        return np.asarray(COSINE * weights.text * (self._text_projected(texts, embeddings) @ query[0]))

    def image_map(self) -> ImageMap:
        """The image tower, replaced by its tangent."""
        return Tangent(self.towers().image)

    def missing(self, what: str) -> str:
        """As ``Space``."""
        return f"The query has no {what}."

    def _text_projected(self, texts: Sequence[str], embeddings: FloatArray) -> Vector:
        """Blocks of texts, embeddings (n, d) → (n, split)."""
        return self.towers().project_text(embeddings, texts).astype(np.float64) * BLOCK_NORM

    def _weighted_query(self, query: FloatArray, weights: Weights) -> FloatArray:
        return self._scaled(query, (COSINE * weights.text, COSINE * weights.image))


@dataclass(frozen=True)
class LearnedPairs:
    """Pairs of products.

    Attributes:
        products: modality of the query ("product", "text" or "image") → inner products of the text blocks and of the
            image blocks of the pairs whose first product has that side, float32, shape (pairs,) each.
        rows: modality of the query → the first and the second product of those pairs, counted among those drawn.
    """

    products: dict[QueryModality, tuple[FloatArray, FloatArray]]
    rows: dict[QueryModality, tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]]

    def scored(self, weights: Weights, modality: QueryModality) -> PairScores:
        """Weighted sums of the two cosines."""
        if modality == "mixed":
            text, image = self.scored(weights, "text"), self.scored(weights, "image")
            return PairScores(
                np.concatenate([text.scores, image.scores]),
                np.concatenate([text.first, image.first]),
                np.concatenate([text.second, image.second]),
            )
        text_products, image_products = self.products[modality]
        factors = np.array([weights.text, weights.image], np.float32)
        scores = COSINE * factors[0] * text_products + COSINE * factors[1] * image_products
        return PairScores(np.asarray(scores), *self.rows[modality])
