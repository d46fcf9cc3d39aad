"""Where a query lies in a space: the weighted sum of its parts, block by block.

Each part p with weight a_p stands for a words block t_p and a picture block v_p:

    product      its own two blocks; a missing picture (or missing words) is 0
    words        learned space: both blocks are the words' vector, which lies where pictures lie too
                 paper's space: the words' standardised embedding, no picture
    picture      learned space: both blocks are the picture's vector
                 paper's space: no words, the picture's standardised embedding

    query block = unit(Σ a_p · block_p) · length

Learned space: length is that of every product's block, so score = w_t·cos(q_t, x_t) + w_i·cos(q_v, x_v). For words
alone this is w_t·cos(words, product's words) + w_i·cos(words, product's picture), for a photo alone the same with the
photo. Where words alone ask, type, colour and gender decide less of a cosine, and the rest, which holds what names a
product, more (``Space.emphasis``); and equal weights let the products' words count more, or their pictures where a
photo alone asks (``mpsr.search.modality_weights``). Words beside a product or a photo mean to change something: of
what they say of type, colour and gender, each counts by how sure it is (``surely``). With a product of another colour
asked for that way ("like this one, but red"), 95 % of the five nearest have its type and the colour asked for, 63 % when
everything the words say counts the same (100 questions to the public catalogue of 44,446 products).

Paper's space: length is Σ |a_p|·|block_p| / Σ |a_p| over the parts that have the block, so that parts which pull apart
do not shift the balance of words and picture; |block_p| is the norm before products are divided by theirs. When no
part of the query is a product, a block that none of them speaks of counts on neither side: words alone score by
cos(q_t, x_t), a photo alone by cos(q_v, x_v), and the weights do not apply.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
from scipy.stats import entropy

from mpsr.errors import InputError
from mpsr.search.modality_weights import seen, spoken
from mpsr.search.query_encoder import MODALITIES, Encoders, Modality
from mpsr.search.spaces import Space
from mpsr.store.layout import PRESENT, VECTORS
from mpsr.types import FloatArray, Part, Query, Weights

if TYPE_CHECKING:
    from mpsr.search.store_reader import OpenStore

Vector = npt.NDArray[np.float64]

#: What a query speaks with: a product's two sides, words alone, pictures alone, or words and pictures without a product.
#: It decides which scores of random pairs its own are compared with.
Voice = Literal["both", "words", "picture", "mixed"]

#: How loud words beside a product may be, how much an unsure attribute loses of it, and how loud what they say beyond the
#: attributes is; see ``surely``. Of eight settings tried on 100 questions, one of the two that got type and colour right
#: most often.
LOUDEST, SURE, REST_BESIDE = 2.0, 4, 0.3

#: A sum shorter than this share of its parts has no direction left; single precision leaves about 1e-7.
CANCELLED = 1e-5


@dataclass(frozen=True)
class Point:
    """A query in a space.

    Attributes:
        vector: shape (d,), float32, unit norm (or, of the learned space, as far as its blocks are there).
        weights: that count: as asked, but for what the paper's space cannot compare, and where only words or a photo ask.
        voice: what the query speaks with.
        own: positions of the query's products, never to be among the results.
        alone: position of the product when the query is one product and nothing else.
    """

    vector: FloatArray
    weights: Weights
    voice: Voice
    own: list[int]
    alone: int | None


def point_of(query: Query, space: Space, weights: Weights, store: OpenStore, encoders: Encoders) -> Point:
    """Where the query lies in the space.

    Raises:
        InputError: unknown product, words too long, a picture that cannot be used, parts that cancel each other out.
    """
    own = [store.row_of(product) for product in query.products]
    if len(query.parts) == 1 and own:
        return Point(np.asarray(space.vectors[own[0]]), weights, "both", own, own[0])
    voice, weights = voice_of(query, space, weights)
    beside = any(part.words is None for part in query.parts)
    blocks = [
        surely(blocks_of(part, space, store, encoders), space, encoders)
        if beside and part.words is not None
        else blocks_of(part, space, store, encoders)
        for part in query.parts
    ]
    amounts = [part.weight for part in query.parts]
    text, image = (_summed(amounts, [block[side] for block in blocks], space.blockwise) for side in (0, 1))
    if voice == "words" and space.emphasis is not None:
        text, image = text * space.emphasis, image * space.emphasis
    whole = np.concatenate([text, image])
    norm = float(np.linalg.norm(whole))
    if norm == 0:
        raise InputError(
            f"the parts of {query.label} cancel each other out. Leave one out or change its weight."
        )
    if not space.blockwise:
        whole /= norm
    return Point(whole.astype(np.float32), weights, voice, own, None)


def voice_of(query: Query | None, space: Space, weights: Weights) -> tuple[Voice, Weights]:
    """What a query speaks with, and the weights that count; a query of None is a product."""
    parts = query.parts if query else ()
    words = any(part.words is not None for part in parts)
    picture = any(part.picture is not None for part in parts)
    if not (words or picture) or any(part.product is not None for part in parts):
        return "both", weights
    if words and picture:
        return "mixed", weights
    if words:
        return "words", spoken(weights) if space.blockwise else Weights(1, 0)
    return "picture", seen(weights) if space.blockwise else Weights(0, 1)


def blocks_of(part: Part, space: Space, store: OpenStore, encoders: Encoders) -> tuple[Vector, Vector]:
    """The words block and the picture block of a part; zeros for a missing one."""
    if part.product is not None:
        place = store.row_of(part.product)
        vector = np.asarray(space.vectors[place], np.float64) * length_of(place, space, store, encoders)
        return vector[: space.split], vector[space.split :]
    modality: Modality = "text" if part.picture is None else "image"
    embedding = (
        encoders.words([part.words or ""])[0] if part.picture is None else encoders.picture(part.picture)
    )
    if space.blockwise:
        unit = encoders.projected(modality, embedding[None])[0].astype(np.float64) * 0.5**0.5
        return unit, unit
    block = encoders.standardised(modality, embedding[None])[0].astype(np.float64)
    words, picture = np.zeros(space.split), np.zeros(space.vectors.shape[1] - space.split)
    return (block, picture) if modality == "text" else (words, block)


def surely(blocks: tuple[Vector, Vector], space: Space, encoders: Encoders) -> tuple[Vector, Vector]:
    """Words' blocks with each attribute times ``LOUDEST`` (1 - H / ln n)^``SURE``.

    H is the entropy of the probabilities of its n values.

    What the words leave open (a type, when they only name a colour) then hardly speaks, and what they name speaks louder
    than the product they stand beside. The rest is times ``REST_BESIDE``. The paper's space has no attributes: nothing
    changes there.
    """
    if not space.blockwise:
        return blocks
    said, start = blocks[0].copy(), 0
    for width in encoders.towers().shape.classes:
        part = slice(start, start + width)
        chance = np.square(said[part])
        if width > 1 and chance.sum() > 0:
            open_ = float(entropy(chance)) / float(np.log(width))
            said[part] *= LOUDEST * (1 - open_) ** SURE
        start += width
    said[start:] *= REST_BESIDE
    return said, said


def length_of(place: int, space: Space, store: OpenStore, encoders: Encoders) -> float:
    """What a product's vector was divided by when it was stored; 1 in the learned space."""
    if space.blockwise:
        return 1.0
    squares = 0.0
    for modality in MODALITIES:
        artefact = store.artefact(modality)
        if artefact.array(PRESENT)[place]:
            embedding = np.asarray(artefact.array(VECTORS)[place : place + 1])
            squares += float(np.square(encoders.standardised(modality, embedding), dtype=np.float64).sum())
    return float(np.sqrt(squares))


def _summed(amounts: list[float], blocks: list[Vector], blockwise: bool) -> Vector:
    """The weighted sum of one block over all parts, as long as the module's text says; zero where nothing is left."""
    lengths = np.array([np.linalg.norm(block) for block in blocks])
    weights = np.abs(amounts) * (lengths > 0)
    total = np.sum([amount * block for amount, block in zip(amounts, blocks, strict=True)], axis=0)
    norm, available = float(np.linalg.norm(total)), float(weights @ lengths)
    if available == 0 or norm <= CANCELLED * available:
        return np.zeros_like(total)
    length = 0.5**0.5 if blockwise else available / float(weights.sum())
    return np.asarray(total * (length / norm))
