"""Relevance judgments of your own, in BEIR's form, over the whole catalogue: {query: {product id: grade}}."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import numpy as np

from mpsr.errors import InputError
from mpsr.evaluation.bench import Bench, open_bench
from mpsr.evaluation.metrics import METRICS, Judged, count_grades, look_up, measure
from mpsr.types import FloatArray, Modality, QueryModality, Weights

if TYPE_CHECKING:
    from mpsr.service import Service
    from mpsr.space.space import Space

#: What a query is, and the modality it asks with.
QUERY_MODALITY: dict[str, QueryModality] = {"text": "text", "image": "image", "product": "product"}

#: What is searched, and the weights of text and image that stand for it.
GALLERY_WEIGHTS = {"text": Weights(1, 0), "image": Weights(0, 1), "fused": Weights(0.5, 0.5)}

#: Queries scored at a time.
BLOCK = 256

EXPECTED = 'Expected JSON such as {"black shirt for men": {"9065": 2, "9067": 1}}.'


QrelsResult = TypedDict(
    "QrelsResult",
    {
        "space": str,
        "query": str,
        "gallery": str,
        "products searched": int,
        "queries": int,
        "left out": dict[str, int],
        "metrics": dict[str, float],
        "store": str,
    },
)


def read_qrels(path: Path) -> dict[str, dict[str, int]]:
    """Judgments from a file, checked: query → product id → grade of at least 0.

    Raises:
        InputError: no such file, no JSON, another form, a grade that is not a whole number, or no query at all.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{path} cannot be read as judgments ({error}). {EXPECTED}") from error
    if not isinstance(document, dict) or not document:
        raise InputError(f"{path} holds no queries. {EXPECTED}")
    for query, judged in document.items():
        if not isinstance(judged, dict):
            raise InputError(
                f"{path}: the judgments of {query!r} are not an object of product ids and grades. {EXPECTED}"
            )
        for product, grade in judged.items():
            if isinstance(grade, bool) or not isinstance(grade, int) or not 0 <= grade <= 100:
                raise InputError(
                    f"{path}: {query!r} gives {product!r} the grade {grade!r}; "
                    "expected a whole number, 0 to 100."
                )
    return document


def evaluate_qrels(
    service: Service, path: Path, query: str, gallery: str, space: str | None = None
) -> QrelsResult:
    """The metrics of one space on judgments; the gallery is every product that has what is searched.

    A product is never a result of its own query. Judgments of unknown products, unknown products as queries and
    queries without a relevant product are counted and left out.

    Args:
        service: the store.
        path: the judgments.
        query: what a query is: "text", "image" (a product id, of which the picture counts) or "product" (a product id).
        gallery: what is searched: the products' "text", their "image", or both ("fused").
        space: "paper" or "learned"; the store's first by default.

    Raises:
        InputError: malformed judgments, an unknown option, nothing left to measure, a comparison of text with
            pictures in a space where the two cannot be compared, or texts and no text encoder.
    """
    for name, value, choices in (
        ("--query", query, QUERY_MODALITY),
        ("--gallery", gallery, GALLERY_WEIGHTS),
    ):
        if value not in choices:
            raise InputError(f"{name} is {value!r}. Expected {', '.join(choices)}.")
    chosen = space or service.spaces[0]
    if chosen not in service.spaces:
        raise InputError(f"this store has no space {chosen!r}. Expected one of {', '.join(service.spaces)}.")
    searched_by = service.space(chosen)
    weights = _weights(searched_by, query, gallery)
    qrels, bench = read_qrels(path), open_bench(service)
    row_of = {product: row for row, product in enumerate(bench.text.ids)}
    either = bench.text.present | bench.image.present
    needed = {"text": bench.text.present, "image": bench.image.present, "fused": either}[gallery]
    searched = np.flatnonzero(needed)
    asking, left = _usable(qrels, query, row_of, bench, needed)
    if not asking:
        raise InputError(f"nothing to measure in {path}: {left}.")
    queries = _query_vectors(bench, searched_by, query, asking, row_of)
    highest = max(grade for name in asking for grade in qrels[name].values())
    column = {int(row): number for number, row in enumerate(searched)}
    found, available = [], []
    for start in range(0, len(asking), BLOCK):
        block = asking[start : start + BLOCK]
        grades = np.zeros((len(block), len(searched)), np.int8)
        for number, name in enumerate(block):
            for product, grade in qrels[name].items():
                if product in row_of and row_of[product] in column:
                    grades[number, column[row_of[product]]] = grade
            if query != "text" and row_of[name] in column:
                grades[number, column[row_of[name]]] = -1
        vectors = queries[start : start + BLOCK]
        scores = np.stack([searched_by.scan(vector, weights, searched) for vector in vectors])
        found.append(look_up(scores, grades))
        available.append(count_grades(grades, highest))
    values = measure(Judged(np.concatenate(found), np.concatenate(available)))
    return {
        "space": chosen,
        "query": query,
        "gallery": gallery,
        "products searched": len(searched),
        "queries": len(asking),
        "left out": left,
        "metrics": {name: round(float(np.mean(values[name])), 4) for name in METRICS},
        "store": service.snapshot.fingerprint,
    }


def _usable(
    qrels: dict[str, dict[str, int]], query: str, row_of: dict[str, int], bench: Bench, searched: np.ndarray
) -> tuple[list[str], dict[str, int]]:
    """The queries that can be asked and answered, and counts of what cannot."""
    unknown = sum(product not in row_of for judged in qrels.values() for product in judged)
    asking, absent, nothing = [], 0, 0
    mask = bench.image.present if query == "image" else bench.text.present | bench.image.present
    for name, judged in qrels.items():
        known = bool(name.strip()) if query == "text" else name in row_of and bool(mask[row_of[name]])
        if not known:
            absent += 1
        elif not any(
            grade > 0
            and product in row_of
            and searched[row_of[product]]
            and (query == "text" or product != name)
            for product, grade in judged.items()
        ):
            nothing += 1
        else:
            asking.append(name)
    return asking, {
        "judgments of unknown products": unknown,
        "queries that are unknown, empty or without a picture": absent,
        "queries without a relevant product": nothing,
    }


def _weights(space: Space, query: str, gallery: str) -> Weights:
    """The weights of text and image that such a query is scored with.

    Raises:
        InputError: the space cannot compare the two.
    """
    asked = GALLERY_WEIGHTS[gallery]
    weights = space.effective_weights(asked, QUERY_MODALITY[query])
    if weights.text * asked.text + weights.image * asked.image == 0:
        raise InputError(
            f"the {space.name} space cannot compare {query} with {gallery}. "
            "Use --space learned, or --gallery fused."
        )
    return weights


def _query_vectors(
    bench: Bench, space: Space, query: str, names: list[str], row_of: dict[str, int]
) -> list[FloatArray]:
    """The query vector of each name, shape (d,), as a search makes it."""
    if query == "product":
        return [np.asarray(space.vectors[row_of[name]]) for name in names]
    modality: Modality
    if query == "text":
        modality, embeddings = "text", bench.service.embed(names)
        blocks = [space.text_blocks(*pair) for pair in zip(names, embeddings, strict=True)]
    else:
        modality, embeddings = "image", bench.raw("image", np.array([row_of[name] for name in names]))
        blocks = [space.image_blocks(embedding) for embedding in embeddings]
    return [space.combine([1.0], [block], modality).astype(np.float32) for block in blocks]
