"""Two catalogues side by side: what both have, what only one has, and how their shares differ.

Both stores must have been encoded by the same models. Where their towers are the same files, products are compared in the
learned space. Otherwise each store's space was fitted to its own catalogue, so the embeddings of both are standardised
together and fused as in the paper's space.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from mpsr.assortment.numbers import PRICE, number_column
from mpsr.assortment.shares import side_by_side
from mpsr.catalogue.types import ID, NAME
from mpsr.errors import InputError
from mpsr.search.background import BackgroundDistribution, MatchThreshold
from mpsr.service import Service
from mpsr.space.fusion import fit_scaler, fused_rows
from mpsr.space.paper import PaperSpace
from mpsr.space.space import Space
from mpsr.store.layout import Stage
from mpsr.types import MODALITIES, Embeddings, FloatArray, Modality, Weights

#: Products of the first catalogue that are compared with all of the second at a time.
BATCH = 512

#: Digits of a score that count: of twins, whose scores differ by rounding alone, the first in the catalogue is taken.
DIGITS = 6

PAIRS = ["a", "a_name", "b", "b_name", "score"]
ONLY = ["id", "name", "articleType", "baseColour", "nearest", "nearest_name", "score", "why"]

TAKEN, NOTHING = "its nearest has a nearer one", "nothing at or above the match threshold"

LEARNED = "Both stores have the same towers; products are compared in the learned space."
JOINT = (
    "The stores' spaces were fitted to different catalogues. Products are compared in the paper's space, with the "
    "embeddings of both catalogues standardised together."
)
UNKNOWN = (
    "A pair is what looks and reads alike, not proof of the same product: no bar codes are compared. Of several equal "
    "products one is paired, the others are listed with their nearest."
)
INTERVALS = (
    "Intervals are Wilson's and Newcombe's at 95 % for all values of a column together. They treat the products as a "
    "sample of what each assortment usually holds."
)

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Comparison:
    """Two catalogues, A and B.

    Attributes:
        pairs: products of A and B that are each other's nearest at or above the match threshold, the most similar first:
            columns ``PAIRS`` and, where both have prices, price_a, price_b and price_difference (b - a).
        only_a: products of A without a pair, in catalogue order: columns ``ONLY``, the nearest being of B.
        only_b: likewise of B.
        shares: as ``mpsr.assortment.shares.side_by_side`` returns.
        space: "learned", or "paper" where the embeddings were standardised together.
        threshold: the match threshold of both catalogues together.
        notes: how it was compared and what is not known, a sentence each.
    """

    pairs: pd.DataFrame
    only_a: pd.DataFrame
    only_b: pd.DataFrame
    shares: pd.DataFrame
    space: str
    threshold: MatchThreshold
    notes: tuple[str, ...]


def compare(
    a: Service, b: Service, progress: Callable[[int, int], None] = lambda done, total: None
) -> Comparison:
    """Compare two catalogues.

    Args:
        a: the first store.
        b: the second.
        progress: is told how many products of A are compared, and of how many.

    Raises:
        InputError: the stores were encoded by different models.
    """
    _check_encoders(a, b)
    space = _learned(a, b) or _joint(a, b)
    kinds = pd.factorize(pd.concat([a.products["articleType"], b.products["articleType"]]))[0]
    threshold = BackgroundDistribution(space, kinds).match_threshold(Weights(), "product")
    to_b, to_a = _nearest(space.vectors[: len(a)], space.vectors[len(a) :], progress)
    mutual = np.flatnonzero(to_a.rows[to_b.rows] == np.arange(len(a)))
    mutual = mutual[to_b.scores[mutual] >= threshold.score]
    mutual = mutual[np.argsort(-to_b.scores[mutual], kind="stable")]
    prices = [number_column(one.products, one.number_columns, PRICE) for one in (a, b)]
    matched = to_b.rows[mutual]
    return Comparison(
        _pairs(a, b, mutual, matched, to_b.scores[mutual], prices),
        _only(a, b, np.setdiff1d(np.arange(len(a)), mutual), to_b, threshold.score),
        _only(b, a, np.setdiff1d(np.arange(len(b)), matched), to_a, threshold.score),
        side_by_side(a.products, b.products, prices),
        space.name,
        threshold,
        _notes(space, prices),
    )


def _check_encoders(a: Service, b: Service) -> None:
    models = [one.info()["models"] for one in (a, b)]
    for stage in (Stage.TEXT, Stage.IMAGE):
        one, other = ({**model[stage]["parameters"], "model": model[stage]["model"]} for model in models)
        if one != other:
            differing = sorted(name for name in {*one, *other} if one.get(name) != other.get(name))
            raise InputError(
                f"the two stores' {stage} embeddings were not made alike ({', '.join(differing)}). Expected stores "
                f"of one profile and one version; these are of {a.info()['profile']} and {b.info()['profile']}. "
                "Build one of them again with --profile."
            )


def _learned(a: Service, b: Service) -> Space | None:
    """The learned space of both; None where their towers are not the same."""
    spaces = [one.spaces for one in (a, b)]
    if not all("learned" in names for names in spaces):
        return None
    files = [
        {name: file["sha256"] for name, file in one.artefact(Stage.TOWERS).manifest["files"].items()}
        for one in (a, b)
    ]
    if files[0] != files[1]:
        return None
    vectors = np.concatenate([one.space("learned").vectors for one in (a, b)])
    return replace(a.space("learned"), vectors=vectors)


def _joint(a: Service, b: Service) -> Space:
    """The paper's space, fitted to both catalogues."""
    papers = [one.space("paper") for one in (a, b)]
    embeddings: dict[Modality, Embeddings] = {}
    for modality in MODALITIES:
        parts = [paper.embeddings[modality] for paper in papers if isinstance(paper, PaperSpace)]
        embeddings[modality] = Embeddings(
            [*parts[0].ids, *parts[1].ids],
            np.concatenate([part.vectors for part in parts]),
            modality,
            np.concatenate([part.present for part in parts]),
        )
    text, image = embeddings["text"], embeddings["image"]
    scalers = (fit_scaler(text), fit_scaler(image))
    vectors, norms = fused_rows(text, image, scalers, np.arange(len(text.ids)))
    return replace(papers[0], vectors=vectors, norms=norms, embeddings=embeddings)  # type: ignore[call-arg]


@dataclass(frozen=True)
class _Nearest:
    """For each product of one catalogue the nearest of the other: its row and the score, shape (n,) each."""

    rows: Rows
    scores: FloatArray


def _nearest(
    one: FloatArray, other: FloatArray, progress: Callable[[int, int], None]
) -> tuple[_Nearest, _Nearest]:
    """The nearest in both directions, of equal ones the first."""
    forth = _Nearest(np.zeros(len(one), np.int64), np.zeros(len(one), np.float32))
    back = _Nearest(np.zeros(len(other), np.int64), np.full(len(other), -np.inf, np.float32))
    for start in range(0, len(one), BATCH):
        scores = np.round(one[start : start + BATCH] @ other.T, DIGITS)
        own = np.arange(start, start + len(scores))
        forth.rows[own] = scores.argmax(axis=1)
        forth.scores[own] = scores.max(axis=1)
        best = scores.argmax(axis=0)
        score = scores[best, np.arange(len(other))]
        nearer = score > back.scores
        back.rows[nearer], back.scores[nearer] = start + best[nearer], score[nearer]
        progress(int(own[-1]) + 1, len(one))
    return forth, back


def _pairs(
    a: Service, b: Service, rows: Rows, matched: Rows, scores: FloatArray, prices: list[str | None]
) -> pd.DataFrame:
    left, right = a.products.iloc[rows], b.products.iloc[matched]
    columns = [left[ID], left[NAME], right[ID], right[NAME]]
    table = pd.DataFrame(
        {name: column.to_numpy() for name, column in zip(PAIRS[:4], columns, strict=True)}
    ).assign(score=scores.astype(np.float64))
    if prices[0] and prices[1]:
        for name, part, price in (("price_a", left, prices[0]), ("price_b", right, prices[1])):
            table[name] = part[price].to_numpy(np.float64, na_value=np.nan)
        table["price_difference"] = table["price_b"] - table["price_a"]
    return table


def _only(own: Service, other: Service, rows: Rows, near: _Nearest, threshold: float) -> pd.DataFrame:
    part, nearest = own.products.iloc[rows], other.products.iloc[near.rows[rows]]
    scores = near.scores[rows].astype(np.float64)
    columns = [part[ID], part[NAME], part["articleType"], part["baseColour"], nearest[ID], nearest[NAME]]
    return pd.DataFrame(
        {name: column.to_numpy() for name, column in zip(ONLY[:6], columns, strict=True)}
    ).assign(score=scores, why=np.where(scores >= threshold, TAKEN, NOTHING))


def _notes(space: Space, prices: list[str | None]) -> tuple[str, ...]:
    how = LEARNED if space.name == "learned" else JOINT
    missing = [name for name, price in zip("AB", prices, strict=True) if price is None]
    left_out = [f"Catalogue {name} has no column of price; prices were left out." for name in missing]
    return (how, *left_out, INTERVALS, UNKNOWN)
