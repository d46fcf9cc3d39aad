"""The query vector: the weighted sum of a query's parts, block by block.

Each part p with weight a_p contributes a text block t_p and an image block v_p:

    product      its own two blocks; a missing picture (or missing text) is 0
    words        learned space: both blocks are the text's vector, which lies where image vectors lie too
                 paper's space: the text's standardised embedding, no image block
    picture      learned space: both blocks are the image's vector
                 paper's space: no text block, the image's standardised embedding

    query block = unit(Σ a_p · block_p) · length

``LearnedSpace.combine`` and ``PaperSpace.combine`` say what length is; their modules hold the formulas of the scores.
A query of one product and nothing else is that product's vector as it is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mpsr.errors import InputError
from mpsr.search.query_encoder import Encoders
from mpsr.space.space import Blocks, Space
from mpsr.types import FloatArray, Part, Query, QueryModality, Weights

if TYPE_CHECKING:
    from mpsr.search.store_reader import OpenStore


@dataclass(frozen=True)
class QueryVector:
    """A query in a space.

    Attributes:
        vector: shape (d,), float32; of the norm of the products' vectors, but for the emphasis of text alone.
        weights: those that count, see ``Space.effective_weights``.
        modality: what the query consists of.
        product_rows: of the query's products, never to be among the results.
        single_row: the product's row when the query is one product and nothing else.
    """

    vector: FloatArray
    weights: Weights
    modality: QueryModality
    product_rows: list[int]
    single_row: int | None


def query_vector(
    query: Query, space: Space, weights: Weights, store: OpenStore, encoders: Encoders
) -> QueryVector:
    """The query's vector in the space.

    Raises:
        InputError: unknown product, words too long, a picture that cannot be used, parts that cancel each other out.
    """
    rows = [store.row_of(product) for product in query.products]
    effective = space.effective_weights(weights, query.modality)
    if len(query.parts) == 1 and rows:
        return QueryVector(np.asarray(space.vectors[rows[0]]), effective, query.modality, rows, rows[0])
    blocks = [part_blocks(part, space, store, encoders) for part in query.parts]
    if query.modality != "text":  # words beside something else mean to change it
        blocks = [
            block if part.words is None else space.confidence_weighted(block)
            for part, block in zip(query.parts, blocks, strict=True)
        ]
    vector = space.combine([part.weight for part in query.parts], blocks, query.modality)
    if not vector.any():
        if len(query.parts) == 1:
            raise InputError(
                f"{query.label} tells no product of this catalogue from another: they are all alike in that. Ask with "
                "something else."
            )
        raise InputError(
            f"the parts of {query.label} cancel each other out. Leave one out or change its weight."
        )
    return QueryVector(vector.astype(np.float32), effective, query.modality, rows, None)


def part_blocks(part: Part, space: Space, store: OpenStore, encoders: Encoders) -> Blocks:
    """The text block and the image block of a part; zeros for a missing one."""
    if part.product is not None:
        return space.product_blocks(store.row_of(part.product))
    if part.picture is not None:
        return space.image_blocks(encoders.picture(part.picture))
    words = part.words or ""
    return space.text_blocks(words, encoders.words([words])[0])
