"""What there is to say about one result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from mpsr.explain.attributes import Different, Shared
from mpsr.explain.standing_out import NOTHING, Frame, telling_place, telling_words

#: What the columns are called in a sentence.
CALLED = {
    "articleType": "type", "baseColour": "colour", "gender": "gender", "usage": "usage", "season": "season",
}  # fmt: skip

#: The columns a sentence speaks of, the most telling first; the others say less, or the same again.
TOLD = ("articleType", "baseColour", "gender", "usage", "season")


@dataclass(frozen=True)
class Explanation:
    """Why a product is among the results.

    Attributes:
        text: share of the words in the score.
        image: share of the picture.
        shared: column → the value the query and the product share.
        different: column → the query's value and the product's.
        words: each of the product's words and what the text share loses without it, in the order of its text; None when
            there is nothing to leave out.
        query_cells: shape (h, w): the picture's share split over the cells of the query picture's feature map, their sum
            the picture's share; None when no one picture stands behind the query.
        product_cells: the same over the product's picture.
        query_frame: where the cells lie on the query's picture: left, top, right, bottom in fractions of its width and
            height; what is below 0 or above 1 lies outside.
        product_frame: the same of the product's picture.
        notes: what could not be explained, and why; what else to know about the figures.
        lexical: share of the words as words; text + image + lexical is the score.
        typed: each word of the query and its part of the lexical share, their sum that share; None where it does not
            count.
    """

    text: float
    image: float
    shared: Shared = field(default_factory=dict)
    different: Different = field(default_factory=dict)
    words: list[tuple[str, float]] | None = None
    query_cells: npt.NDArray[np.float64] | None = None
    product_cells: npt.NDArray[np.float64] | None = None
    query_frame: Frame | None = None
    product_frame: Frame | None = None
    notes: list[str] = field(default_factory=list)
    lexical: float = 0.0
    typed: list[tuple[str, float]] | None = None

    @property
    def score(self) -> float:
        """The score that is explained."""
        return self.text + self.image + self.lexical

    def sentence(self) -> str:
        """The explanation in one sentence, as plain text."""
        told = [part for part in (self._attributes(), self._shares()) if part]
        line = "; ".join(told)
        return line[0].upper() + line[1:] + "."

    def _attributes(self) -> str:
        same = [f"{CALLED[name]} ({self.shared[name]})" for name in TOLD if name in self.shared]
        other = [_another(CALLED[name], *self.different[name]) for name in TOLD if name in self.different]
        parts = [f"the same {_listed(same)}"] if same else []
        parts += [_listed(other)] if other else []
        return " but ".join(parts)

    def _shares(self) -> str:
        words, place = self._telling_words(), self._telling_place()
        text = f"its words{f' ({words})' if words else ''}"
        image = f"its picture{f' (above all {place})' if place else ''}"
        if abs(self.lexical) >= NOTHING:
            return self._three_shares(text, image)
        score, shares = f"{self.score:.2f}", (abs(self.text), abs(self.image))
        if max(shares) < NOTHING:
            return "its score is 0.00: neither its words nor its picture are like the query's"
        if min(shares) < NOTHING:
            return f"the score of {score} comes from {text if shares[0] > shares[1] else image} alone"
        if self.text > 0 and self.image > 0:
            return f"of the score of {score}, {self.text:.2f} comes from {text} and {self.image:.2f} from {image}"
        if self.text > 0:
            return (
                f"the score of {score} is {self.text:.2f} from {text} less {-self.image:.2f} for its picture"
            )
        if self.image > 0:
            return (
                f"the score of {score} is {self.image:.2f} from {image} less {-self.text:.2f} for its words"
            )
        return f"the score of {score} is below zero: its words and its picture are unlike the query's"

    def _three_shares(self, text: str, image: str) -> str:
        """The same where the words that were typed count as words, too."""
        typed = _told(self.typed) if self.lexical > NOTHING else ""
        exact = f"words of the query that it has{f' ({typed})' if typed else ''}"
        shares = [
            (self.text, text, "its words"),
            (self.image, image, "its picture"),
            (self.lexical, exact, "exact words"),
        ]
        raising = [f"{share:.2f} from {said}" for share, said, _ in shares if share >= NOTHING]
        lowering = [f"{-share:.2f} for {said}" for share, _, said in shares if share <= -NOTHING]
        if not raising:
            return f"the score of {self.score:.2f} is below zero: its words and its picture are unlike the query's"
        less = f" less {_listed(lowering)}" if lowering else ""
        return f"the score of {self.score:.2f} is {_listed(raising)}{less}"

    def _telling_words(self) -> str:
        """The words that count clearly more than the rest, where the words' share is above zero."""
        return _told(self.words) if self.text > NOTHING else ""

    def _telling_place(self) -> str:
        """The place of the product's picture that counts clearly more than the rest."""
        if self.product_cells is None or self.product_frame is None or self.image <= NOTHING:
            return ""
        return telling_place(self.product_cells, self.product_frame)


def _told(words: Sequence[tuple[str, float]] | None) -> str:
    """The words that count clearly more than the rest, those that lower a share named as such; "" for none."""
    told = telling_words(words or [])
    raising = _listed([f'"{word}"' for word, share in told if share > 0])
    lowering = _listed([f'"{word}"' for word, share in told if share < 0])
    parts = [f"above all {raising}"] if raising else []
    if lowering:
        parts.append(f"{lowering} {'lower' if ' and ' in lowering else 'lowers'} it")
    return "; ".join(parts)


def _another(name: str, mine: str | None, other: str | None) -> str:
    if other is None:
        return f"no {name} (not {mine})"
    return f"another {name} ({other}" + (f", not {mine})" if mine else ")")


def _listed(parts: list[str]) -> str:
    """The parts with commas, the last with "and"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""
