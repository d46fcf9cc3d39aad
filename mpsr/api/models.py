"""The answers, as their JSON is documented."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, Field

from mpsr.api.schema import model_of
from mpsr.search.request import RequestDocument

#: A request as the library's own JSON codec writes it.
if TYPE_CHECKING:
    RequestJson = RequestDocument
else:  # the same fields, as pydantic takes them
    RequestJson = model_of(RequestDocument)

Snapshot = Annotated[str, Field(description="Fingerprint of the published build that answered.")]
PictureLink = Annotated[str | None, Field(description="Path of its picture here; null where it has none.")]
Score = Annotated[
    float, Field(description="What results are ordered by: exactly text + image + lexical + click + rule.")
]
Share = Annotated[float, Field(description="What this side of the product adds to the score.")]
Percentile = Annotated[
    float, Field(description="Share of random pairs of this catalogue with a lower score.")
]


class Health(BaseModel):
    """The server answers."""

    status: str = "ok"
    version: str


class Ready(BaseModel):
    """The store answers requests."""

    status: str = "ready"
    snapshot: Snapshot
    products: int


class Catalogue(BaseModel):
    """What can be asked here."""

    snapshot: Snapshot
    published: Annotated[
        float, Field(description="When the build was published, in seconds since 1970 (UTC).")
    ]
    products: int
    pictures: Annotated[int, Field(description="Products with a picture.")]
    spaces: Annotated[list[str], Field(description="Names of the spaces, the default first.")]
    filter_columns: Annotated[list[str], Field(description="Columns that filters accept.")]
    number_columns: Annotated[
        list[str], Field(description="Columns of numbers, whose ranges filters accept.")
    ]
    max_k: Annotated[int, Field(description="Most results of one request.")]
    rules_digest: Annotated[
        str, Field(description="SHA-256 of the file of rules that counts, empty without rules.")
    ]
    rules_error: Annotated[
        str,
        Field(
            description="What is wrong with the file of rules as it is now, with its line; the last ones hold on."
        ),
    ]
    clicks_digest: Annotated[
        str, Field(description="SHA-256 of what was learned from clicks, empty where nothing was.")
    ]
    clicks_error: Annotated[
        str, Field(description="Why what was learned cannot be read; what was learned before holds on.")
    ]


class Product(BaseModel):
    """A product of the catalogue."""

    id: str
    name: str
    picture: PictureLink
    pictures: Annotated[list[str], Field(description="Paths of all its pictures here, the first first.")]
    attributes: Annotated[dict[str, Any], Field(description="Its columns; missing values are null.")]
    snapshot: Snapshot


class Neighbour(BaseModel):
    """A result."""

    id: str
    name: str
    score: Score
    text: Share
    image: Share
    lexical: Share
    click: Annotated[float, Field(description="What was learned from clicks adds to the score.")]
    rule: Annotated[float, Field(description="What the merchandiser's rules add to the score.")]
    pinned: Annotated[bool, Field(description="Whether a rule gave it its place.")]
    percentile: Percentile
    picture: PictureLink
    arm: Annotated[
        str, Field(description="Where rankings are interleaved, which picked it. Send it along with events.")
    ] = ""


class QueryLabel(BaseModel):
    """What the query is called: a product's id and name, else "" and the query in one line."""

    id: str
    name: str


class Answer(BaseModel):
    """Results and everything they were asked with."""

    snapshot: Snapshot
    query: QueryLabel
    request: RequestJson
    match_threshold: Annotated[float, Field(description="A result with a lower score is no good match.")]
    match_percentile: Annotated[
        float, Field(description="Share of random pairs of this catalogue below the match threshold.")
    ]
    rules_digest: Annotated[
        str, Field(description="SHA-256 of the rules that hold for the request, else empty.")
    ]
    neighbours: Annotated[list[Neighbour], Field(description="The best first; with diversity, as chosen.")]
    arm: Annotated[
        str,
        Field(
            description="Which ranking it is: content, clicks, or interleaved; each result then has its own."
        ),
    ]


class Word(BaseModel):
    """A word of a product, and what the text share loses without it."""

    word: str
    loss: float


Cells = Annotated[
    list[list[float]] | None,
    Field(
        description="The image share split over the cells of the picture, row by row; null where it cannot be."
    ),
]
Frame = Annotated[
    tuple[float, float, float, float] | None,
    Field(description="Left, top, right, bottom of the cells, in fractions of the picture."),
]


class Explanation(BaseModel):
    """Why a product is similar to a query."""

    snapshot: Snapshot
    request: RequestJson
    product: str
    score: Score
    text: Share
    image: Share
    lexical: Share
    percentile: Percentile
    sentence: str
    shared: Annotated[dict[str, str], Field(description="Column → the value both have.")]
    different: Annotated[
        dict[str, tuple[str | None, str | None]],
        Field(description="Column → the query's value, and the product's."),
    ]
    words: list[Word] | None
    query_cells: Cells
    product_cells: Cells
    query_frame: Frame
    product_frame: Frame
    notes: Annotated[list[str], Field(description="What could not be explained, and why.")]


class Range(BaseModel):
    """The numbers that products have in a column."""

    least: float
    most: float
    products: Annotated[int, Field(description="How many have one and pass all other filters.")]


class Facets(BaseModel):
    """For each column worth filtering on: how many products have each value and pass all other filters."""

    snapshot: Snapshot
    where: Annotated[dict[str, Any], Field(description="The filters that were asked for.")]
    facets: dict[str, dict[str, int]]
    ranges: Annotated[dict[str, Range], Field(description="For each column of numbers.")]


class Accepted(BaseModel):
    """What became of the events of a request."""

    received: int
    new: Annotated[int, Field(description="Those whose id was not there yet.")]


class Forgotten(BaseModel):
    """How many events of a session were removed."""

    removed: int


class EventJson(BaseModel):
    """Something that somebody did with a product."""

    id: Annotated[
        str, Field(min_length=1, max_length=64, description="Of the sender; the same id is the same event.")
    ]
    kind: Literal["view", "click", "cart", "purchase"]
    session: Annotated[
        str, Field(min_length=1, max_length=128, description="Of one visit; nothing that names a person.")
    ]
    product: Annotated[str, Field(min_length=1, max_length=512)]
    time: Annotated[
        float | str | None, Field(description="Seconds since 1970, or an ISO 8601 text; now without it.")
    ] = None
    query: Annotated[
        str, Field(max_length=1000, description="What the list answered: a product's id, or words.")
    ] = ""
    position: Annotated[int | None, Field(ge=1, le=1000, description="The place in a list, from 1.")] = None
    snapshot: Annotated[str, Field(max_length=64)] = ""
    arm: Annotated[str, Field(max_length=32, description="As the answer said.")] = ""


class EventsJson(BaseModel):
    """Events, 1,000 at most."""

    events: Annotated[list[EventJson], Field(max_length=1000)]


class Suggestion(BaseModel):
    """A product for what is being typed."""

    id: str
    name: str
    picture: PictureLink
    exact: Annotated[bool, Field(description="Whether its id is what was typed.")]


class Suggestions(BaseModel):
    """Products for what is being typed."""

    snapshot: Snapshot
    suggestions: list[Suggestion]


class Problem(BaseModel):
    """An error (RFC 9457). ``type`` names its kind; ``errors`` lists the fields of a request that is written wrongly."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[dict[str, str]] | None = None
