"""What a space can do: the protocol behind which ``PaperSpace`` and ``LearnedSpace`` stand.

Both keep a vector per product that consists of a text block and an image block, x = [x_t | x_i], and a zero block stands
for a missing side. They differ in how a query is made, how it is scored, and what a score is compared with; no code
outside these classes asks which one it has before it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from mpsr.types import FloatArray, QueryModality, Weights

if TYPE_CHECKING:
    import faiss

    from mpsr.space.image_maps import ImageMap

#: Rows of a table: the products' places in the catalogue.
Rows = npt.NDArray[np.int64]
Vector = npt.NDArray[np.float64]

#: A text block and an image block.
Blocks = tuple[Vector, Vector]

#: A norm below this is a missing vector; its cosine is undefined.
TINY = 1e-6

#: A sum shorter than this share of its parts has no direction left; single precision leaves about 1e-7.
CANCELLED = 1e-5

#: Rows that are multiplied at a time when products are scanned: 16 MB of 512 dimensions.
CHUNK = 8192


@dataclass(frozen=True)
class Scores:
    """Scores of n products, split into their shares.

    Attributes:
        rows: shape (n,), int64.
        text: text shares, shape (n,), float64; NaN for a product that has no score.
        image: image shares, likewise.
        lexical: shares of the words as words, likewise; None where they do not count.
        rule: what rules add to each score, likewise; None where there are none.
        click: what clicks add to it, likewise.
    """

    rows: Rows
    text: Vector
    image: Vector
    lexical: Vector | None = None
    rule: Vector | None = None
    click: Vector | None = None

    @property
    def total(self) -> Vector:
        """The scores, shape (n,): all shares."""
        total = self.similarity
        for added in (self.click, self.rule):
            total = total if added is None else total + added
        return total

    @property
    def similarity(self) -> Vector:
        """The scores without what rules and clicks add, shape (n,)."""
        both = self.text + self.image
        return both if self.lexical is None else both + self.lexical

    def top(self, k: int) -> Scores:
        """The k best by descending score, equal scores by row; products without a score are left out."""
        total = self.total
        usable = np.flatnonzero(~np.isnan(total))
        return self.take(usable[np.lexsort((self.rows[usable], -total[usable]))[:k]])

    def take(self, order: npt.NDArray[np.integer]) -> Scores:
        """Some of them, in the order of ``order``, which counts from the first."""
        further = (None if share is None else share[order] for share in (self.lexical, self.rule, self.click))
        return Scores(self.rows[order], self.text[order], self.image[order], *further)


class PairScores(NamedTuple):
    """Scores of pairs of products.

    Attributes:
        scores: shape (pairs,), float32, in no order.
        first: shape (pairs,): the product of each pair that asks, counted among those drawn.
        second: the product it is compared with.
    """

    scores: FloatArray
    first: npt.NDArray[np.intp]
    second: npt.NDArray[np.intp]


class RandomPairs(Protocol):
    """All pairs of some products drawn at random."""

    def scored(self, weights: Weights, modality: QueryModality) -> PairScores:
        """All pairs that have a score, with it.

        Args:
            weights: of text and image, as ``Space.effective_weights`` gives them.
            modality: what the first of each pair asks with. "product" compares whole products; "text" (or "image") the
                text (the image) of one with the whole other, as such a query does; "mixed" takes the pairs of both.
        """


@dataclass(frozen=True, eq=False)
class Space(ABC):
    """Vectors of N products in two blocks, text then image.

    Attributes:
        name: "paper" or "learned".
        vectors: shape (N, d), float32.
        split: where the image block begins.
        index: FAISS index over ``vectors``, by inner product; None where an engine serves the vectors.
    """

    #: The match threshold is no score that a smaller share of random pairs stays below, however alike the products are
    #: (``mpsr.search.background``); it has to keep words out that mean nothing here.
    lowest_match_percentile: ClassVar[float]

    name: str
    vectors: FloatArray
    split: int
    index: faiss.Index | None

    def blocks(self, vector: npt.NDArray[np.floating]) -> Blocks:
        """The two blocks of a vector, float64."""
        whole = np.asarray(vector, np.float64)
        return whole[: self.split], whole[self.split :]

    # -- queries ------------------------------------------------------------------------------------------

    @abstractmethod
    def product_blocks(self, row: int) -> Blocks:
        """What a product contributes to a query of several parts."""

    @abstractmethod
    def text_blocks(self, text: str, embedding: FloatArray) -> Blocks:
        """What a text and its embedding, shape (d_text,), contribute to a query; zeros for a missing block."""

    @abstractmethod
    def image_blocks(self, embedding: FloatArray) -> Blocks:
        """What an image's embedding, shape (d_image,), contributes to a query; zeros for a missing block."""

    @abstractmethod
    def confidence_weighted(self, text: Blocks) -> Blocks:
        """What text contributes that stands beside a product or a photo, and so means to change something."""

    @abstractmethod
    def combine(self, amounts: Sequence[float], parts: Sequence[Blocks], modality: QueryModality) -> Vector:
        """The query vector of the weighted parts, shape (d,); zeros where they cancel each other out."""

    @abstractmethod
    def effective_weights(self, weights: Weights, modality: QueryModality) -> Weights:
        """The weights that count for such a query where ``weights`` are asked for."""

    # -- scores -------------------------------------------------------------------------------------------

    @abstractmethod
    def score(self, query: FloatArray, rows: Rows, weights: Weights) -> Scores:
        """Exact scores of some products with both shares, float64; NaN where a product has none.

        The arithmetic of a row does not depend on which other rows are scored with it, so a product has the same
        score however it was found.
        """

    @abstractmethod
    def index_query(self, query: FloatArray, weights: Weights) -> FloatArray | None:
        """The vector whose inner products with ``vectors`` rank as the scores do; None where there is no such vector."""

    @abstractmethod
    def scan(self, query: FloatArray, weights: Weights, rows: Rows) -> FloatArray:
        """Scores of some products in single precision; -inf where a product has none."""

    @abstractmethod
    def pairwise(self, rows: Rows, weights: Weights) -> Vector:
        """Scores of products among each other, shape (n, n); 0 where a product has nothing the weights count."""

    @abstractmethod
    def random_pairs(self, rows: Rows) -> RandomPairs:
        """All pairs of these products, to be scored with any weights."""

    # -- explanations -------------------------------------------------------------------------------------

    @abstractmethod
    def image_factor(self, query: Blocks, product: Blocks, weights: Weights) -> float:
        """The image share of a score is this times the inner product of the two image blocks."""

    @abstractmethod
    def text_shares(
        self, query: Blocks, row: int, texts: Sequence[str], embeddings: FloatArray, weights: Weights
    ) -> Vector:
        """The text shares a product would have with n other texts, of embeddings (n, d_text): shape (n,)."""

    @abstractmethod
    def image_map(self) -> ImageMap:
        """From image embeddings to image blocks, up to a positive factor."""

    @abstractmethod
    def missing(self, what: str) -> str:
        """A sentence that says that a query has no ``what`` (words, picture), and why that may be."""

    # -- for those who implement it -----------------------------------------------------------------------

    def _scaled(self, query: FloatArray, factors: tuple[float, float]) -> FloatArray:
        """The query with its blocks multiplied, float32."""
        text, image = np.array(factors, np.float32)
        return np.concatenate([query[: self.split] * text, query[self.split :] * image])

    def _inner_products(self, query: FloatArray, rows: Rows) -> FloatArray:
        """Of the query with the vectors of the rows, a chunk at a time."""
        if 4 * len(rows) > len(
            self.vectors
        ):  # reading all in their order is faster than picking out this many
            parts = [self.vectors[at : at + CHUNK] @ query for at in range(0, len(self.vectors), CHUNK)]
            return np.concatenate(parts)[rows]
        starts = range(0, len(rows), CHUNK)
        return np.concatenate([self.vectors[rows[at : at + CHUNK]] @ query for at in starts])

    def _row_blocks(self, rows: Rows) -> tuple[Vector, Vector]:
        """The blocks of several rows, (n, d_text) and (n, d_image), float64."""
        vectors = np.asarray(self.vectors[rows], np.float64)
        return vectors[:, : self.split], vectors[:, self.split :]


def weighted_shares(
    query: Blocks, products: tuple[Vector, Vector], weights: Weights
) -> tuple[Vector, Vector]:
    """Each block's inner products times its weight; einsum, so that a row's value depends on that row alone."""
    return (
        weights.text * np.einsum("nd,d->n", products[0], query[0]),
        weights.image * np.einsum("nd,d->n", products[1], query[1]),
    )


def weighted_sum(amounts: Sequence[float], blocks: Sequence[Vector]) -> tuple[Vector, float]:
    """The direction of Σ a_p·block_p, a unit vector, and the mean length of the blocks weighted by |a_p|.

    A part whose block is zero counts in neither. Both are zero where nothing is left.
    """
    lengths = np.array([np.linalg.norm(block) for block in blocks])
    counted = np.abs(amounts) * (lengths > 0)
    total = np.sum([amount * block for amount, block in zip(amounts, blocks, strict=True)], axis=0)
    norm, available = float(np.linalg.norm(total)), float(counted @ lengths)
    if available == 0 or norm <= CANCELLED * available:
        return np.zeros_like(total), 0.0
    return np.asarray(total / norm), available / float(counted.sum())
