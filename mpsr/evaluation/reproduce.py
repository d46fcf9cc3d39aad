"""The published system's figures beside this store's: its Table 1, its similarities, its "accuracy"."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

import faiss
import numpy as np
import numpy.typing as npt

from mpsr.errors import InputError
from mpsr.evaluation.bench import unit
from mpsr.space.pairs import Codes, codes
from mpsr.store import read_embeddings
from mpsr.store.facts import EmbeddingFacts
from mpsr.store.layout import VECTORS, Stage
from mpsr.types import FloatArray

if TYPE_CHECKING:
    from mpsr.service import Service

#: Query → the neighbours published in Table 1, best first.
TABLE_1 = {
    "9065": ("9067", "12006", "12258", "9461", "9462"),
    "52808": ("52806", "52796", "41279", "52794", "43389"),
    "50235": ("28282", "16856", "20879", "17321", "14908"),
}

PUBLISHED = {
    "mean top-1 similarity": 0.9971,
    "deviation of top-1 similarity": 0.0043,
    "mean top-5 similarity, not standardised": 0.9824,
    "accuracy": 0.6439,
}

#: Readings of "accuracy": name → the columns that must agree.
READINGS = {
    "master category": ("masterCategory",),
    "subcategory": ("subCategory",),
    "article type": ("articleType",),
    "article type + colour": ("articleType", "baseColour"),
}
NEIGHBOURS = 10
BLOCK = 1024


class Nearest(TypedDict):
    """A neighbour of a query of Table 1 in this store."""

    id: str
    name: str
    cosine: float


# "rank here" and the like are read by people in the JSON; a class cannot have such names.
Published = TypedDict(
    "Published",
    {"id": str, "name": str | None, "rank here": int | None, "cosine": float | None},
)

Table = TypedDict(
    "Table",
    {"missing": bool, "name": str, "here": list[Nearest], "published": list[Published], "in common": int},
    total=False,
)

Reproduction = TypedDict(
    "Reproduction",
    {
        "profile": str,
        "models": dict[str, str],
        "store": str,
        "products": int,
        "published": dict[str, float],
        "here": dict[str, float],
        "table 1": dict[str, Table],
        "accuracy": dict[str, dict[str, float]],
    },
)


#: Products that the figures can be made of at least: one, and its five nearest.
LEAST = 6


def reproduce(service: Service) -> Reproduction:
    """Everything the published page claims, computed on this store in the paper's space, over the whole catalogue.

    Raises:
        InputError: fewer products than ``LEAST``.
    """
    text, image = (read_embeddings(service.artefact(stage)) for stage in (Stage.TEXT, Stage.IMAGE))
    complete = np.flatnonzero(text.present & image.present)
    if len(complete) < LEAST:
        raise InputError(
            f"{service.root} has {len(complete)} products with both text and picture. Expected at least {LEAST}: the "
            "published figures are of a product's nearest others."
        )
    fused = np.ascontiguousarray(service.artefact(Stage.PAPER).array(VECTORS)[complete])
    plain = unit(np.concatenate([text.vectors[complete], image.vectors[complete]], axis=1))
    cosines, neighbours = _nearest(fused)
    plain_cosines, _ = _nearest(plain)
    return {
        "profile": service.snapshot.facts["profile"],
        "models": {
            stage: service.artefact(stage).read_facts(EmbeddingFacts)["model"]
            for stage in (Stage.TEXT, Stage.IMAGE)
        },
        "store": service.snapshot.fingerprint,
        "products": len(complete),
        "published": PUBLISHED,
        "here": {
            "mean top-1 similarity": _round(cosines[:, 0].mean()),
            "deviation of top-1 similarity": _round(cosines[:, 0].std()),
            "mean top-5 similarity, standardised": _round(cosines[:, :5].mean()),
            "mean top-1 similarity, not standardised": _round(plain_cosines[:, 0].mean()),
            "mean top-5 similarity, not standardised": _round(plain_cosines[:, :5].mean()),
        },
        "table 1": {query: _table(service, query, published) for query, published in TABLE_1.items()},
        "accuracy": {
            name: _accuracy(service, columns, complete, neighbours) for name, columns in READINGS.items()
        },
    }


def _nearest(rows: FloatArray) -> tuple[FloatArray, npt.NDArray[np.int64]]:
    """Cosines and rows of the ``NEIGHBOURS`` nearest others of every row; the rows are unit vectors."""
    k = min(NEIGHBOURS, len(rows) - 1)
    scores, found = faiss.knn(rows, rows, k + 1, metric=faiss.METRIC_INNER_PRODUCT)
    own = found == np.arange(len(rows))[:, None]
    own[~own.any(axis=1), -1] = (
        True  # displaced from its own list by duplicates: the last one is dropped instead
    )
    return scores[~own].reshape(len(rows), k), found[~own].reshape(len(rows), k)


def _table(service: Service, query: str, published: tuple[str, ...]) -> Table:
    """A query of Table 1: the published neighbours and their rank and cosine here, and the neighbours here."""
    known = set(service.products["id"])
    if query not in known:
        return {"missing": True}
    answer = service.similar(query, k=max(len(service) - 1, 1), space=Stage.PAPER).neighbours
    ranks = {item.id: (rank, item.score) for rank, item in enumerate(answer, 1)}
    here = answer[:5]
    return {
        "name": service.name(query),
        "here": [{"id": item.id, "name": item.name, "cosine": _round(item.score)} for item in here],
        "published": [_published(service, product, ranks.get(product)) for product in published],
        "in common": len({item.id for item in here} & set(published)),
    }


def _published(service: Service, product: str, found: tuple[int, float] | None) -> Published:
    """A neighbour of Table 1 and its rank and cosine in this store, None where the catalogue lacks it."""
    if found is None:
        return {"id": product, "name": None, "rank here": None, "cosine": None}
    rank, score = found
    return {"id": product, "name": service.name(product), "rank here": rank, "cosine": _round(score)}


def _accuracy(
    service: Service,
    columns: tuple[str, ...],
    complete: npt.NDArray[np.intp],
    neighbours: npt.NDArray[np.int64],
) -> dict[str, float]:
    """Each plausible reading of "accuracy" for one label, and what picking at random gives."""
    labels = _joint(service, columns)[complete]
    known = labels >= 0
    same = (labels[neighbours] == labels[:, None])[known]
    shares = np.bincount(labels[known]) / max(int(known.sum()), 1)
    one_at_random = float(np.square(shares).sum())
    k = same.shape[1]
    return {
        "top-1": _round(same[:, 0].mean()),
        "vote of the top 5": _round(_vote(labels, neighbours[:, :5])[known].mean()),
        "P@5": _round(same[:, :5].mean()),
        "P@10": _round(same.mean()),
        "hit@10": _round(same.any(axis=1).mean()),
        "random, one product": _round(one_at_random),
        "random, hit@10": _round((shares * (1 - (1 - shares) ** k)).sum()),
        "most frequent label": _round(shares.max()),
    }


def _joint(service: Service, columns: tuple[str, ...]) -> Codes:
    """One number for the combination of the columns, -1 where one is missing."""
    parts = [codes(service.products[column]) for column in columns]
    joint = parts[0]
    for part in parts[1:]:
        joint = np.where((joint < 0) | (part < 0), -1, joint * (part.max(initial=0) + 1) + part)
    return joint


def _vote(labels: Codes, neighbours: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Whether the most frequent label among the neighbours is the product's own; the nearest breaks ties."""
    around = labels[neighbours]
    counts = (around[:, :, None] == around[:, None, :]).sum(axis=2)
    return around[np.arange(len(around)), counts.argmax(axis=1)] == labels


def _round(value: float) -> float:
    return round(float(value), 4)


def markdown(found: Reproduction) -> str:
    """The comparison as a Markdown page."""
    models = " and ".join(found["models"].values())
    lines = [
        "# The published figures, and this store's",
        "",
        f"Profile **{found['profile']}** ({models}), {found['products']:,} products with text and picture, store "
        f"`{found['store'][:12]}`. "
        + ("The published models." if found["profile"] == "paper"
           else "Not the published models: BERT and ResNet-50 need their weights from a hub (--profile paper)."),
        "",
        "| | published | here |",
        "|---|---|---|",
    ]  # fmt: skip
    for name in dict.fromkeys([*found["here"], *found["published"]]):
        if name != "accuracy":
            lines.append(
                f"| {name} | {_or_dash(found['published'].get(name))} | {_or_dash(found['here'].get(name))} |"
            )
    for query, table in found["table 1"].items():
        lines += ["", f"## {query}" + ("" if table.get("missing") else f": {table['name']}"), ""]
        if table.get("missing"):
            lines.append("This catalogue does not hold the product.")
            continue
        lines += [
            "| published | rank here | cosine here | | nearest here | cosine |",
            "|---|---|---|---|---|---|",
        ]
        for theirs, ours in zip(table["published"], table["here"], strict=False):
            lines.append(
                f"| {theirs['id']} {theirs['name'] or ''} | {_or_dash(theirs['rank here'])} "
                f"| {_or_dash(theirs['cosine'])} | | {ours['id']} {ours['name']} | {ours['cosine']:.4f} |"
            )
        lines.append(f"\n{table['in common']} of the five in common.")
    readings = next(iter(found["accuracy"].values()))
    lines += [
        "",
        '## What "accuracy 64.39 %" could mean',
        "",
        "The publication does not say of what. Here every product is a query against all others, in the paper's space.",
        "",
        "| label | " + " | ".join(readings) + " |",
        "|---|" + "---|" * len(readings),
        *(
            f"| {name} | " + " | ".join(f"{value:.4f}" for value in values.values()) + " |"
            for name, values in found["accuracy"].items()
        ),
        "",
    ]
    return "\n".join(lines)


def _or_dash(value: float | None) -> str:
    return "—" if value is None else f"{value:,}"
