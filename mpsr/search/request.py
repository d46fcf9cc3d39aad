"""What is asked of a store: one type for the library, the command line, the app's address and JSON.

A request checks itself, so that a wrong one fails where it is made. Whether its products, its space and its filters exist
is known only to the store it is asked of (``mpsr.service.Service.search``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypedDict

from mpsr.errors import InputError
from mpsr.search.conditions import Condition, Where, WhereDocument, where_as_json, where_of_json
from mpsr.types import LEXICAL_WEIGHT, Part, PartDocument, Query, Weights

__all__ = ["Condition", "Request", "RequestDocument", "RequestOptions", "Where", "weights_of"]


class WeightsDocument(TypedDict):
    """Weights in JSON."""

    text: float
    image: float


class RequestDocument(TypedDict):
    """A request in JSON; ``from_json`` takes what may be left out as the default."""

    parts: list[PartDocument]
    space: str | None
    k: int
    weights: WeightsDocument
    where: WhereDocument
    hide_variants: bool
    diversity: float
    at_most: dict[str, int]
    lexical: float
    rules: bool
    clicks: bool


class RequestOptions(TypedDict, total=False):
    """Everything of a request but its query, for ``Service.similar``."""

    k: int
    space: str | None
    weights: Weights
    where: Where
    hide_variants: bool
    diversity: float
    at_most: Mapping[str, int]
    lexical: float
    rules: bool
    clicks: bool


#: Results with diversity at most; all candidates, a few times as many, are compared with each other.
MOST_DIVERSE = 500


@dataclass(frozen=True)
class Request:
    """What to look for, where, and what the results have to be.

    Attributes:
        query: the weighted sum of products, words and pictures; ``mpsr.search.query_vector`` says how it is summed.
        k: how many results, at least 1.
        space: name of the space; None is the store's first.
        weights: of text and image.
        where: column → accepted values, or a ``Condition``: refused values, a range of numbers, the query's own value;
            several columns must all hold.
        hide_variants: one product of a family (same normalised name, or near-identical picture), and none of the
            families the query's products belong to.
        diversity: of maximal marginal relevance, from 0 (the most similar) to 1 (as diverse as the best few dozen
            allow); see ``mpsr.search.diversity``.
        at_most: column → how many results may share one of its values, the best ones; those without a value are not
            counted.
        lexical: weight of the words as words where words alone ask, from 0 (off) to below 1; see
            ``mpsr.search.lexical_shares``.
        rules: whether the merchandiser's rules that the store was opened with count; see ``mpsr.search.rules``.
        clicks: whether what was learned from clicks counts, where one product asks; see ``mpsr.search.click_blend``.

    Raises:
        InputError: k below 1, or above ``MOST_DIVERSE`` with diversity, diversity or the lexical weight outside its
            range, a filter whose values are no list of texts, or a limit of results below 1.
    """

    query: Query
    k: int = 5
    space: str | None = None
    weights: Weights = field(default_factory=Weights)
    where: Where = field(default_factory=dict)
    hide_variants: bool = False
    diversity: float = 0.0
    at_most: Mapping[str, int] = field(default_factory=dict)
    lexical: float = LEXICAL_WEIGHT
    rules: bool = True
    clicks: bool = True

    def __post_init__(self) -> None:
        if not isinstance(self.k, int) or isinstance(self.k, bool) or self.k < 1:
            raise InputError(f"k is {self.k}; expected a whole number, at least 1.")
        if not 0 <= self.diversity <= 1:
            raise InputError(f"diversity is {self.diversity}; expected a number from 0 to 1.")
        if not 0 <= self.lexical < 1:
            raise InputError(f"the lexical weight is {self.lexical}; expected a number from 0 to below 1.")
        if self.diversity and self.k > MOST_DIVERSE:
            raise InputError(
                f"k is {self.k:,} with diversity; expected at most {MOST_DIVERSE:,}, or no diversity. Diverse results "
                "are compared with each other, which takes the square of their number."
            )
        for column, said in self.where.items():
            if isinstance(said, str) or not (
                isinstance(said, Condition) or all(isinstance(value, str) for value in said)
            ):
                raise InputError(f"the filter on {column} is {said!r}; expected a list of texts.")
        for column, most in self.at_most.items():
            if not isinstance(most, int) or isinstance(most, bool) or most < 1:
                raise InputError(
                    f"at most {most} results of a {column}; expected a whole number, at least 1."
                )
        plain = {
            name: said if isinstance(said, Condition) else list(said) for name, said in self.where.items()
        }
        object.__setattr__(self, "where", plain)
        object.__setattr__(self, "at_most", dict(self.at_most))

    def as_json(self) -> RequestDocument:
        """A plain document. A picture is named by its SHA-256: documents carry no pictures."""
        return {
            "parts": [part.as_json() for part in self.query.parts],
            "space": self.space,
            "k": self.k,
            "weights": {"text": self.weights.text, "image": self.weights.image},
            "where": where_as_json(self.where),
            "hide_variants": self.hide_variants,
            "diversity": self.diversity,
            "at_most": dict(self.at_most),
            "lexical": self.lexical,
            "rules": self.rules,
            "clicks": self.clicks,
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any], pictures: Iterable[bytes] = ()) -> Request:
        """The request that ``as_json`` wrote; what is left out, but the parts, is the default.

        Args:
            document: parsed JSON.
            pictures: the files that parts name by their SHA-256.

        Raises:
            InputError: it is no request, or a picture it names is not among ``pictures``.
        """
        known = set(RequestDocument.__annotations__)
        if unknown := sorted(set(document) - known):
            raise InputError(f"a request has no {unknown[0]!r}. Expected {', '.join(sorted(known))}.")
        files = {hashlib.sha256(data).hexdigest(): data for data in pictures}
        parts = _typed(document, "parts", list, [])
        options = {
            "k": _typed(document, "k", int, cls.k),
            "space": _typed(document, "space", str, None),
            "weights": _weights(_typed(document, "weights", dict, {"text": 0.5, "image": 0.5})),
            "where": where_of_json(_typed(document, "where", dict, {})),
            "hide_variants": _typed(document, "hide_variants", bool, False),
            "diversity": _typed(document, "diversity", (int, float), 0.0),
            "at_most": _typed(document, "at_most", dict, {}),
            "lexical": _typed(document, "lexical", (int, float), LEXICAL_WEIGHT),
            "rules": _typed(document, "rules", bool, True),
            "clicks": _typed(document, "clicks", bool, True),
        }
        return cls(Query(tuple(_part(part, files) for part in parts)), **options)


def weights_of(text: str) -> Weights:
    """Weights from ``text=0.5,image=0.5``; they are scaled to sum to 1.

    Raises:
        InputError: it is written otherwise, or all weights are zero.
    """
    expected = f"weights are {text!r}. Expected for example text=0.7,image=0.3, none below zero."
    try:
        given = {name: float(value) for name, value in (part.split("=") for part in text.split(","))}
    except ValueError as error:
        raise InputError(expected) from error
    total = sum(given.values())
    if not set(given) <= {"text", "image"} or min(given.values()) < 0 or not 0 < total < float("inf"):
        raise InputError(expected)
    share = given.get("text", 0.0) / total
    return Weights(share, 1 - share)


def _typed(document: Mapping[str, Any], name: str, kind: type | tuple[type, ...], default: Any) -> Any:
    """The value of that name, when it is of that kind; the default for a missing one and for null."""
    value = document.get(name)
    if value is None:
        return default
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise InputError(f"{name} of the request is {value!r}, which is not of the expected type.")
    return value


def _weights(document: Mapping[str, Any]) -> Weights:
    if set(document) != {"text", "image"}:
        raise InputError(f"weights of the request are {dict(document)}. Expected text and image.")
    text, image = (_typed(document, name, (int, float), 0.0) for name in ("text", "image"))
    try:
        return Weights(float(text), float(image))
    except ValueError as error:
        raise InputError(str(error)) from error


def _part(document: object, files: Mapping[str, bytes]) -> Part:
    if not isinstance(document, Mapping):
        raise InputError(f"a part of the request is {document!r}; expected an object.")
    if unknown := sorted(set(document) - set(PartDocument.__annotations__)):
        raise InputError(
            f"a part of a query has no {unknown[0]!r}. Expected product, words or picture, and weight."
        )
    name = _typed(document, "picture", str, None)
    if name is not None and name not in files:
        raise InputError(
            f"the picture {name[:12]}… of the request is not here. Send the file along with the request."
        )
    return Part(
        product=_typed(document, "product", str, None),
        words=_typed(document, "words", str, None),
        picture=None if name is None else files[name],
        weight=float(_typed(document, "weight", (int, float), 1.0)),
    )
