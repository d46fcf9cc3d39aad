"""The fields of the API's answers; a newer server may send more."""

from __future__ import annotations

from typing import Any, TypedDict


class Neighbour(TypedDict):
    """A result: ``score`` is exactly text + image + lexical + click + rule."""

    id: str
    name: str
    score: float
    text: float
    image: float
    lexical: float
    click: float
    rule: float
    pinned: bool
    percentile: float
    picture: str | None
    arm: str


class QueryLabel(TypedDict):
    """What the query is called."""

    id: str
    name: str


class Answer(TypedDict):
    """Results and everything they were asked with."""

    snapshot: str
    query: QueryLabel
    request: dict[str, Any]
    match_threshold: float
    match_percentile: float
    rules_digest: str
    neighbours: list[Neighbour]
    arm: str


class Catalogue(TypedDict):
    """What can be asked of a server."""

    snapshot: str
    published: float
    products: int
    pictures: int
    spaces: list[str]
    filter_columns: list[str]
    number_columns: list[str]
    max_k: int
    rules_digest: str
    rules_error: str
    clicks_digest: str
    clicks_error: str


class Product(TypedDict):
    """A product."""

    id: str
    name: str
    picture: str | None
    pictures: list[str]
    attributes: dict[str, Any]
    snapshot: str


class Word(TypedDict):
    """A word of a product, and what the text share loses without it."""

    word: str
    loss: float


class Explanation(TypedDict):
    """Why a product is similar to a query."""

    snapshot: str
    request: dict[str, Any]
    product: str
    score: float
    text: float
    image: float
    lexical: float
    percentile: float
    sentence: str
    shared: dict[str, str]
    different: dict[str, tuple[str | None, str | None]]
    words: list[Word] | None
    query_cells: list[list[float]] | None
    product_cells: list[list[float]] | None
    query_frame: tuple[float, float, float, float] | None
    product_frame: tuple[float, float, float, float] | None
    notes: list[str]


class Range(TypedDict):
    """The numbers that products have in a column."""

    least: float
    most: float
    products: int


class Facets(TypedDict):
    """How many products have each value of each column."""

    snapshot: str
    where: dict[str, Any]
    facets: dict[str, dict[str, int]]
    ranges: dict[str, Range]


class Accepted(TypedDict):
    """What became of the events of a request."""

    received: int
    new: int


class Suggestion(TypedDict):
    """A product for what is being typed."""

    id: str
    name: str
    picture: str | None
    exact: bool


class Suggestions(TypedDict):
    """Products for what is being typed."""

    snapshot: str
    suggestions: list[Suggestion]
