"""Explain one result of a query: both shares, attributes, words, and where in the pictures."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from mpsr.explain.attributes import Different, Shared, compared
from mpsr.explain.cells import Affine, Cells, Standardised, Tangent, split_over_cells
from mpsr.explain.explanation import Explanation
from mpsr.explain.words import contributions
from mpsr.search.query_encoder import Encoders, Frame
from mpsr.search.query_vector import Point, blocks_of, length_of, point_of
from mpsr.search.spaces import Space, score
from mpsr.search.store_reader import OpenStore
from mpsr.types import Part, Query, Weights

Vector = npt.NDArray[np.float64]

#: Explanations kept, a few KB each.
KEPT = 256

#: A picture whose own map gives another share than the store's vector by more than this part is told of.
OFF = 0.02

SPREAD = (
    "The picture's share is split exactly over the cells of the network's last feature map; what no cell is to blame "
    "for is spread evenly over them. A cell also sees what lies around it."
)
HELD = "The learned space bends; it is taken as it is at this picture, so that the parts add up to the share."
LEFT_OUT = (
    "What a word brings is what the words' share loses without it; words overlap, so this does not add up."
)


@dataclass(frozen=True)
class Pair:
    """A query and one product in a space, float64.

    Attributes:
        query: the query.
        point: where it lies.
        place: the product's row.
        space: where both lie.
        mine: the query's words block and picture block.
        other: the product's.
        text: share of the words.
        image: share of the picture.
    """

    query: Query
    point: Point
    place: int
    space: Space
    mine: tuple[Vector, Vector]
    other: tuple[Vector, Vector]
    text: float
    image: float

    @property
    def norm(self) -> float:
        """What the paper's space divides the weighted inner product by."""
        weights = np.array([self.point.weights.text, self.point.weights.image])
        squares = [[float(block @ block) for block in blocks] for blocks in (self.mine, self.other)]
        return float(np.sqrt(np.prod(np.array(squares) @ weights)))

    def picture_factor(self) -> float:
        """The image share is this times the inner product of the two picture blocks."""
        weight = self.point.weights.image
        return 2 * weight if self.space.blockwise else weight / self.norm


class Explainer:
    """Explains results of one open store; the latest explanations are kept, and safe to ask for from several threads."""

    def __init__(self, store: OpenStore, encoders: Encoders) -> None:
        self._store, self._encoders = store, encoders
        self._kept: OrderedDict[str, Explanation] = OrderedDict()
        self._lock = threading.Lock()
        self._affine: dict[str, Affine] = {}

    def why(self, query: Query, product: str, space: Space, weights: Weights) -> Explanation:
        """As ``mpsr.service.Service.why``."""
        key = json.dumps([[part.as_json() for part in query.parts], product, space.name, weights.text])
        with self._lock:
            known = self._kept.get(key)
        if known is None:
            known = self._explained(self._pair(query, product, space, weights))
            with self._lock:
                self._kept[key] = known
                while len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
        return known

    def _pair(self, query: Query, product: str, space: Space, weights: Weights) -> Pair:
        place = self._store.row_of(product)
        point = point_of(query, space, weights, self._store, self._encoders)
        scored = score(space, point.vector, np.array([place]), point.weights)
        shares = np.nan_to_num([scored.text[0], scored.image[0]])
        blocks = [
            (vector[: space.split], vector[space.split :])
            for vector in (point.vector.astype(np.float64), np.asarray(space.vectors[place], np.float64))
        ]
        return Pair(query, point, place, space, blocks[0], blocks[1], float(shares[0]), float(shares[1]))

    def _explained(self, pair: Pair) -> Explanation:
        notes: list[str] = []
        shared, different = self._attributes(pair, notes)
        words = self._words(pair, notes)
        (query_cells, query_frame), (product_cells, product_frame) = self._cells(pair, notes)
        return Explanation(
            pair.text, pair.image, shared, different, words, query_cells, product_cells, query_frame, product_frame, notes
        )  # fmt: skip

    # -- attributes ---------------------------------------------------------------------------------------

    def _attributes(self, pair: Pair, notes: list[str]) -> tuple[Shared, Different]:
        """Against the products and the words that were asked for."""
        wanted = [part for part in pair.query.parts if part.weight > 0]
        products = [
            self._row(self._store.row_of(part.product)) for part in wanted if part.product is not None
        ]
        words = [part.words for part in wanted if part.words is not None]
        if not products and not words:
            notes.append("A photo has no attributes to compare.")
        elif products and len(wanted) > 1:
            notes.append(
                "An attribute is shared when one of the query's products has it or its words name it."
            )
        return compared(products, words, self._row(pair.place))

    def _row(self, place: int) -> Mapping[str, Any]:
        return self._store.product(place)

    # -- words --------------------------------------------------------------------------------------------

    def _words(self, pair: Pair, notes: list[str]) -> list[tuple[str, float]] | None:
        """What each of the product's words brings, None with a note when there is nothing to say."""
        if not pair.other[0].any():
            notes.append("The product has no words.")
        elif not pair.mine[0].any():
            notes.append(_lacking("words", pair.space))
        elif pair.point.weights.text == 0:
            notes.append("Words do not count here.")
        else:
            text = self._encoders.written(self._store.products.iloc[[pair.place]])[0]
            notes.append(LEFT_OUT)
            return contributions(text, lambda texts: self._text_shares(pair, texts))
        return None

    def _text_shares(self, pair: Pair, texts: Sequence[str]) -> Vector:
        """The text shares the product would have with these words instead of its own, shape (n,)."""
        embeddings = self._encoders.words(texts)
        weight = pair.point.weights.text
        if pair.space.blockwise:
            blocks = self._encoders.projected("text", embeddings).astype(np.float64) * 0.5**0.5
            return np.asarray(2 * weight * (blocks @ pair.mine[0]))
        blocks = self._encoders.standardised("text", embeddings).astype(np.float64)
        picture = pair.other[1] * length_of(pair.place, pair.space, self._store, self._encoders)
        own = weight * float(pair.mine[0] @ pair.mine[0])
        own += pair.point.weights.image * float(pair.mine[1] @ pair.mine[1])
        squares = weight * np.square(blocks).sum(axis=1)
        squares += pair.point.weights.image * float(picture @ picture)
        return np.asarray(weight * (blocks @ pair.mine[0]) / np.sqrt(squares * own))

    # -- pictures -----------------------------------------------------------------------------------------

    def _cells(
        self, pair: Pair, notes: list[str]
    ) -> tuple[tuple[Cells | None, Frame | None], tuple[Cells | None, Frame | None]]:
        """The split over the query's picture and over the product's; (None, None) with a note for what has none."""
        nothing = (None, None)
        photo = self._store.picture(pair.place)
        if photo is None:
            notes.append("The product has no picture.")
            return nothing, nothing
        if not pair.mine[1].any():
            notes.append(_lacking("picture", pair.space))
            return nothing, nothing
        if pair.point.weights.image == 0:
            notes.append("Pictures do not count here.")
            return nothing, nothing
        asked = self._picture_of(pair, notes)
        looked = self._encoders.looked_at([photo] if asked is None else [photo, asked])
        affine = self._affine_of(pair.space)
        notes += [SPREAD, HELD] if pair.space.blockwise else [SPREAD]
        found: list[tuple[Cells | None, Frame | None]] = []
        sides = (("product", pair.other[1], pair.mine[1]), ("query", pair.mine[1], pair.other[1]))
        for (name, block, against), (cells, frame) in zip(sides, looked, strict=False):
            towards = against * (pair.picture_factor() * float(np.linalg.norm(block)))
            split, off = split_over_cells(cells, affine, towards, pair.image)
            if off > OFF:
                notes.append(
                    f"The {name}'s picture as it is kept differs from the one that was indexed ({100 * off:.0f} %); the "
                    "difference is spread evenly too."
                )
            found.append((split, frame))
        return (found[1] if asked is not None else nothing), found[0]

    def _picture_of(self, pair: Pair, notes: list[str]) -> bytes | None:
        """The one picture the query's picture block comes from, None with a note when there is no such one."""
        parts = [part for part in pair.query.parts if self._speaks_of_pictures(part, pair.space)]
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

    def _speaks_of_pictures(self, part: Part, space: Space) -> bool:
        if part.words is not None:
            return space.blockwise
        return part.picture is not None or bool(blocks_of(part, space, self._store, self._encoders)[1].any())

    def _affine_of(self, space: Space) -> Affine:
        if space.name not in self._affine:
            if space.blockwise:
                self._affine[space.name] = Tangent(self._encoders.towers().image)
            else:
                self._affine[space.name] = Standardised(self._encoders.scalers()["image"])
        return self._affine[space.name]


def _lacking(what: str, space: Space) -> str:
    across = "" if space.blockwise else ", and this space does not compare words with pictures"
    return f"The query has no {what}{across}."
