"""What the stages note beside their results, as types; ``Artefact.read_facts`` reads them."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict


class CatalogueSummary(TypedDict):
    """The counts of reading a catalogue, as ``mpsr.catalogue.types.Summary``; older stores lack some."""

    rows_read: int
    rows_kept: int
    rows_repaired: int
    rejected: dict[str, int]
    pictures_found: int
    pictures_missing: int
    pictures_refused: dict[str, int]
    pictures_unused: NotRequired[int]
    missing_values: dict[str, int]
    unread_values: NotRequired[dict[str, int]]
    rows_joined: NotRequired[int]


class CatalogueFacts(TypedDict):
    """Of the catalogue stage."""

    summary: CatalogueSummary


class SegmentFacts(TypedDict):
    """Of a segment: how the model ran that encoded it, or most of it where it was packed from several."""

    runtime: str
    device: str
    encoded: int
    seconds: float
    per_second: NotRequired[float]
    packed: NotRequired[bool]


class UsedSegments(TypedDict):
    """Of any stage: the segments that its embeddings came from, by their fingerprints."""

    segments: NotRequired[list[str]]


class EmbeddingFacts(TypedDict):
    """Of the stages text, image and text_forms.

    Of ``distinct`` items ``encoded`` were encoded now, ``resumed`` were found in shards of an interrupted build, and
    the others in ``segments``. ``runtime``, ``device`` and ``per_second`` are of the segment that holds most of them.
    """

    model: str
    licence: str
    runtime: NotRequired[str]
    device: str
    distinct: int
    encoded: int
    resumed: int
    seconds: float
    per_second: NotRequired[float]
    segments: list[str]


class GenerationFacts(TypedDict):
    """Of a generation: the products it was fitted to, and why it was fitted; older stores lack the reason."""

    products: int
    because: NotRequired[str]


class GenerationParameters(TypedDict):
    """Of a generation, what a later build of the same settings is told: see ``mpsr.stages.settings.Settings``."""

    learned: Literal["auto", "train", "shipped", "paper"]
    index: Literal["exact", "ivf"] | None
    space: dict[str, Any]


class DriftFacts(TypedDict):
    """How far a catalogue is from the generation that its build kept; ``mpsr.stages.drift`` says how it is measured."""

    products: int
    added: int
    removed: int
    changed: int
    share_changed: float
    mean_shift: float
    scale_ratio: float
    agreement: float
    unseen_labels: float


class EmbeddingParameters(TypedDict):
    """Of a stage of embeddings, what every one of them has: the model, the SHA-256 of its weights, and the precision."""

    model: str
    weights: str
    precision: str


class TextParameters(EmbeddingParameters):
    """Of the stage text: also the columns that a product's text is made of, and whether it is put in lower case."""

    columns: list[str]
    lowercase: bool


class FormsParameters(TypedDict):
    """Of the stage text_forms: the forms, in the order of its columns."""

    forms: list[str]


class AtlasParameters(TypedDict):
    """Of the stage atlas: the space it is a map of."""

    space: str


class SplitFacts(TypedDict):
    """Of the split stage: products on each side, and the number of families."""

    train: int
    validation: int
    test: int
    families: int


class SpaceFacts(TypedDict):
    """Of a space: its dimension, and the column at which the image block begins."""

    dimension: int
    split: int


# Of an index: its kind, and its recall@5 against exact search. No class: the name is no identifier.
IndexFacts = TypedDict("IndexFacts", {"kind": str, "recall@5": float})


class TowersFacts(TypedDict):
    """Of the towers stage: how their training went, see ``mpsr.training.space.SpaceReport``."""

    report: dict[str, Any]


# Products on the map, those of them that were placed after it was laid out, and the version of the library that did.
AtlasFacts = TypedDict("AtlasFacts", {"placed": int, "added": int, "umap-learn": str})


class RegionsFacts(TypedDict):
    """Of the regions stage: their number, and the products outside all of them."""

    regions: int
    in_none: int
