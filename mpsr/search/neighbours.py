"""The answer to a request: results with their scores, and everything they were asked with."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypedDict

from mpsr.search.request import Request, RequestDocument


class QueryLabel(TypedDict):
    """What a query is called: a product's id and name; for any other query "" and the query in one line."""

    id: str
    name: str


class NeighbourDocument(TypedDict):
    """A result in JSON."""

    id: str
    name: str
    score: float
    text: float
    image: float
    lexical: float
    rule: float
    click: float
    pinned: bool
    percentile: float


class NeighboursDocument(RequestDocument):
    """An answer in JSON: its request, and what was found."""

    query: QueryLabel
    store: str
    match_threshold: float
    match_percentile: float
    rules_digest: str
    neighbours: list[NeighbourDocument]


@dataclass(frozen=True)
class Neighbour:
    """One result. ``similarity`` is exactly ``text + image + lexical``; ``score`` is ``similarity + click + rule``.

    ``text`` and ``image`` are the shares of a cosine, ``lexical`` that of the words as words, which is 0 unless words
    alone ask. ``percentile`` is the share in [0, 1] of random pairs of the catalogue's products with a lower similarity.
    ``click`` is what clicks add to the score (``mpsr.search.click_blend``), ``rule`` what rules add; a pinned product has
    its place by a rule, whatever its score.
    """

    id: str
    name: str
    text: float
    image: float
    percentile: float = math.nan
    lexical: float = 0.0
    rule: float = 0.0
    pinned: bool = False
    click: float = 0.0

    @property
    def similarity(self) -> float:
        """How similar it is to the query, before any rule and without clicks."""
        return self.text + self.image + self.lexical

    @property
    def score(self) -> float:
        """What the results are ordered by: the similarity, what clicks add, and what rules add."""
        return self.similarity + self.click + self.rule

    def as_json(self) -> NeighbourDocument:
        """A plain document."""
        return {
            "id": self.id,
            "name": self.name,
            "score": self.score,
            "text": self.text,
            "image": self.image,
            "lexical": self.lexical,
            "rule": self.rule,
            "click": self.click,
            "pinned": self.pinned,
            "percentile": self.percentile,
        }


@dataclass(frozen=True)
class Neighbours:
    """The answer to a request.

    Attributes:
        label: what the query is called.
        request: what was asked; its space is the one that was searched.
        store: fingerprint of the store's snapshot.
        neighbours: by descending score, but for pinned ones; equal scores in catalogue order. With diversity, in the
            order chosen. Fewer than the request's k when the (filtered) catalogue holds fewer.
        match_threshold: the score below which a result is no good match, see ``Service.match_threshold``.
        match_percentile: the share in [0, 1] of random pairs of the catalogue's products that stay below it.
        rules_digest: SHA-256 of the file of rules, where some of them hold for the request; else "".
    """

    label: QueryLabel
    request: Request
    store: str
    neighbours: list[Neighbour]
    match_threshold: float = -1.0
    match_percentile: float = 0.0
    rules_digest: str = ""

    @property
    def good(self) -> list[Neighbour]:
        """The neighbours at or above the match threshold."""
        return [item for item in self.neighbours if item.similarity >= self.match_threshold]

    def as_json(self) -> NeighboursDocument:
        """A plain document for ``--json``."""
        return {
            "query": self.label,
            **self.request.as_json(),
            "store": self.store,
            "match_threshold": self.match_threshold,
            "match_percentile": self.match_percentile,
            "rules_digest": self.rules_digest,
            "neighbours": [item.as_json() for item in self.neighbours],
        }
