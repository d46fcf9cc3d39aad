"""Explain one result of a query: both shares, attributes, words, and where in the pictures."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import orjson
from cachetools import LRUCache

from mpsr.explain.attributes import Different, Shared, compared
from mpsr.explain.cells import Cells, split_over_cells
from mpsr.explain.explanation import Explanation
from mpsr.explain.words import contributions
from mpsr.search.lexical_shares import Lexicon, lexical_weight
from mpsr.search.query_encoder import Encoders, Frame
from mpsr.search.query_vector import QueryVector, part_blocks, query_vector
from mpsr.search.request import Request
from mpsr.search.store_reader import OpenStore
from mpsr.space.image_maps import ImageMap
from mpsr.space.lazy import Lazy
from mpsr.space.space import Blocks, Space
from mpsr.types import Part, Query

Vector = npt.NDArray[np.float64]

#: Explanations kept, a few KB each.
KEPT = 256

#: A picture whose own map gives another share than the store's vector by more than this part is told of.
OFF = 0.02

SPREAD = (
    "The picture's share is split exactly over the cells of the network's last feature map; the constant term is spread "
    "evenly over them. A cell also sees what lies around it."
)
LEFT_OUT = (
    "What a word brings is what the words' share loses without it; words overlap, so this does not add up."
)


@dataclass(frozen=True)
class Pair:
    """A query and one product in a space.

    Attributes:
        query: the query.
        vector: its query vector.
        row: the product's row.
        space: where both lie.
        asked: the query's text block and image block, float64.
        found: the product's.
        text: text share of the score.
        image: image share.
        lexical: share of the words as words.
        typed: each typed word and its part of the lexical share; None where that does not count.
        rest: what the text and image shares of the space are multiplied by, 1 less the lexical weight.
    """

    query: Query
    vector: QueryVector
    row: int
    space: Space
    asked: Blocks
    found: Blocks
    text: float
    image: float
    lexical: float
    typed: list[tuple[str, float]] | None
    rest: float

    def image_factor(self) -> float:
        """The image share is this times the inner product of the two image blocks."""
        return self.rest * self.space.image_factor(self.asked, self.found, self.vector.weights)


class Explainer:
    """Explains results of one open store; the latest explanations are kept, and safe to ask for from several threads."""

    def __init__(self, store: OpenStore, encoders: Encoders, lexicon: Lexicon) -> None:
        self._store, self._encoders, self._lexicon = store, encoders, lexicon
        self._kept: LRUCache[bytes, Explanation] = LRUCache(KEPT)
        self._lock = threading.Lock()
        self._image_maps: dict[str, Lazy[ImageMap]] = {
            name: Lazy(space.image_map) for name, space in store.spaces.items()
        }

    def why(self, request: Request, product: str) -> Explanation:
        """As ``mpsr.service.Service.why``."""
        space = self._store.space(request.space)
        document = request.as_json()
        key = orjson.dumps([document["parts"], document["weights"], document["lexical"], space.name, product])
        with self._lock:
            known = self._kept.get(key)
        if known is None:
            known = self._explained(self._pair(request, product, space))
            with self._lock:
                self._kept[key] = known
        return known

    def _pair(self, request: Request, product: str, space: Space) -> Pair:
        row = self._store.row_of(product)
        query, weight = self._lexicon.understood(request.query), lexical_weight(request)
        vector = query_vector(query, space, request.weights, self._store, self._encoders)
        scored = space.score(vector.vector, np.array([row]), vector.weights)
        shares = self._lexicon.shares(query, weight)
        scored = scored if shares is None else shares.added_to(scored)
        text, image = np.nan_to_num([scored.text[0], scored.image[0]])
        asked, found = space.blocks(vector.vector), space.blocks(space.vectors[row])
        lexical = 0.0 if scored.lexical is None else float(scored.lexical[0])
        typed = self._lexicon.parts(query, weight, row) if weight else None
        return Pair(
            query, vector, row, space, asked, found, float(text), float(image), lexical, typed, 1 - weight
        )

    def _explained(self, pair: Pair) -> Explanation:
        notes: list[str] = []
        shared, different = self._attributes(pair, notes)
        words = self._words(pair, notes)
        (query_cells, query_frame), (product_cells, product_frame) = self._cells(pair, notes)
        return Explanation(
            pair.text, pair.image, shared, different, words, query_cells, product_cells, query_frame, product_frame,
            notes, pair.lexical, pair.typed,
        )  # fmt: skip

    # -- attributes ---------------------------------------------------------------------------------------

    def _attributes(self, pair: Pair, notes: list[str]) -> tuple[Shared, Different]:
        """Against the products and the words that were asked for."""
        wanted = [part for part in pair.query.parts if part.weight > 0]
        products = [
            self._store.product(self._store.row_of(part.product))
            for part in wanted
            if part.product is not None
        ]
        words = [part.words for part in wanted if part.words is not None]
        if not products and not words:
            notes.append("A photo has no attributes to compare.")
        elif products and len(wanted) > 1:
            notes.append(
                "An attribute is shared when one of the query's products has it or its words name it."
            )
        return compared(products, words, self._store.product(pair.row))

    # -- words --------------------------------------------------------------------------------------------

    def _words(self, pair: Pair, notes: list[str]) -> list[tuple[str, float]] | None:
        """What each of the product's words brings, None with a note when there is nothing to say."""
        if not pair.found[0].any():
            notes.append("The product has no words.")
        elif not pair.asked[0].any():
            notes.append(pair.space.missing("words"))
        elif pair.vector.weights.text == 0:
            notes.append("Words do not count here.")
        else:
            text = self._encoders.product_texts(self._store.products.iloc[[pair.row]])[0]
            notes.append(LEFT_OUT)
            return contributions(text, lambda texts: self._text_shares(pair, texts))
        return None

    def _text_shares(self, pair: Pair, texts: Sequence[str]) -> Vector:
        """The text shares the product would have with these words instead of its own, shape (n,)."""
        embeddings = self._encoders.words(texts)
        return pair.rest * pair.space.text_shares(
            pair.asked, pair.row, texts, embeddings, pair.vector.weights
        )

    # -- pictures -----------------------------------------------------------------------------------------

    def _cells(
        self, pair: Pair, notes: list[str]
    ) -> tuple[tuple[Cells | None, Frame | None], tuple[Cells | None, Frame | None]]:
        """The split over the query's picture and over the product's; (None, None) with a note for what has none."""
        nothing = (None, None)
        photo = self._store.picture(pair.row)
        if photo is None:
            notes.append("The product has no picture.")
            return nothing, nothing
        if not pair.asked[1].any():
            notes.append(pair.space.missing("picture"))
            return nothing, nothing
        if pair.vector.weights.image == 0:
            notes.append("Pictures do not count here.")
            return nothing, nothing
        asked = self._picture_of(pair, notes)
        maps = self._encoders.feature_maps([photo] if asked is None else [photo, asked])
        image_map = self._image_maps[pair.space.name]()
        notes += [note for note in (SPREAD, image_map.note) if note]
        found: list[tuple[Cells | None, Frame | None]] = []
        sides = (("product", pair.found[1], pair.asked[1]), ("query", pair.asked[1], pair.found[1]))
        for (name, block, against), (cells, frame) in zip(sides, maps, strict=False):
            towards = against * (pair.image_factor() * float(np.linalg.norm(block)))
            split, off = split_over_cells(cells, image_map, towards, pair.image)
            if off > OFF:
                notes.append(
                    f"The {name}'s picture as it is kept differs from the one that was indexed ({100 * off:.0f} %); the "
                    "difference is spread evenly too."
                )
            found.append((split, frame))
        return (found[1] if asked is not None else nothing), found[0]

    def _picture_of(self, pair: Pair, notes: list[str]) -> bytes | None:
        """The one picture the query's picture block comes from, None with a note when there is no such one."""
        parts = [part for part in pair.query.parts if self._has_image_block(part, pair.space)]
        if len(parts) == 1 and parts[0].weight > 0:
            part = parts[0]
            if part.product is not None:
                return self._store.picture(self._store.row_of(part.product))
            if part.picture is not None:
                return part.picture
            notes.append("The query is words: there is no picture of its own to look into.")
        else:
            notes.append(
                "Several things make up the query's picture side: no one picture of it can be split."
            )
        return None

    def _has_image_block(self, part: Part, space: Space) -> bool:
        return bool(part_blocks(part, space, self._store, self._encoders)[1].any())
