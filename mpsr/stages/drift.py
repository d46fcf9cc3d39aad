"""The stage of the drift: how far a catalogue has moved from the generation that its build keeps.

Past a gate the generation no longer describes the catalogue, and the build fits a new one. The measures are

- the share of products added, removed or changed in text or picture since the generation was fitted;
- the shift of the mean embedding, as the root mean square over the features, in standard deviations of the generation,
  and the ratio of the standard deviations likewise; the larger of both modalities counts;
- the agreement of the five nearest in the paper's space with those in a space fitted anew, in a sample;
- the share of products whose type, colour or gender the generation has never seen.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from mpsr.space.fusion import Scaler, fit_scaler, fused_rows, load_scalers
from mpsr.space.pairs import LABELS
from mpsr.stages.catalogue import read_products
from mpsr.stages.changes import changes_between, contents
from mpsr.store import Artefact, read_embeddings
from mpsr.store.facts import DriftFacts
from mpsr.store.layout import DIGESTS, IDS, KNOWN_LABELS, Stage
from mpsr.types import Embeddings

if TYPE_CHECKING:
    import pandas as pd

    from mpsr.stages.maker import Maker

#: Products that agreement is measured among, and those of them that ask.
SAMPLE, ASKING, NEAREST = 4096, 512, 5


def measure_drift(
    make: Maker, generation: Artefact, catalogue: Artefact, text: Artefact, image: Artefact
) -> Artefact:
    """How far this catalogue is from a generation; the figures are in the artefact's facts."""

    def write(folder: Path) -> DriftFacts:
        ids, digests = contents(text, image)
        before = np.asarray(generation.array(IDS))
        same = len(changes_between(before, np.asarray(generation.array(DIGESTS)), ids, digests).same)
        there = int(np.isin(ids, before).sum())
        added, removed, changed = len(ids) - there, len(before) - there, there - same
        embeddings = read_embeddings(text), read_embeddings(image)
        frozen = load_scalers(generation.folder)
        fitted = fit_scaler(embeddings[0]), fit_scaler(embeddings[1])
        return {
            "products": len(before),
            "added": added,
            "removed": removed,
            "changed": changed,
            "share_changed": round((added + removed + changed) / len(before), 6),
            "mean_shift": round(max(map(_mean_shift, frozen, fitted)), 6),
            "scale_ratio": round(max(map(_scale_ratio, frozen, fitted)), 6),
            "agreement": round(agreement(*embeddings, frozen, fitted), 6),
            "unseen_labels": round(_unseen(read_products(catalogue), generation), 6),
        }

    inputs = {"generation": generation, "catalogue": catalogue, "text": text, "image": image}
    return make.make(Stage.DRIFT, inputs, {"version": 2}, write)


def agreement(
    text: Embeddings, image: Embeddings, frozen: tuple[Scaler, Scaler], fitted: tuple[Scaler, Scaler]
) -> float:
    """The share of the nearest products, in a sample, that two pairs of scalers have in common."""
    count = len(text.ids)
    rows = np.sort(np.random.default_rng(0).choice(count, min(SAMPLE, count), replace=False))
    asking = np.arange(min(ASKING, len(rows)))
    k = min(NEAREST, len(rows) - 1)
    if k < 1:
        return 1.0
    one, other = (
        _nearest(fused_rows(text, image, scalers, rows)[0], asking, k) for scalers in (frozen, fitted)
    )
    return float(np.mean([len(np.intersect1d(a, b)) / k for a, b in zip(one, other, strict=True)]))


def _nearest(
    vectors: npt.NDArray[np.float32], asking: npt.NDArray[np.int64], k: int
) -> npt.NDArray[np.int64]:
    scores = vectors[asking] @ vectors.T
    scores[asking, asking] = -np.inf
    return np.argpartition(-scores, k - 1, axis=1)[:, :k]


def _mean_shift(frozen: Scaler, fitted: Scaler) -> float:
    return float(np.sqrt(np.mean(np.square((fitted.mean - frozen.mean) / frozen.scale))))


def _scale_ratio(frozen: Scaler, fitted: Scaler) -> float:
    """Features that were or have become constant count as unchanged: their scale of 1 is a stand-in, no deviation."""
    varies = (frozen.scale != 1) & (fitted.scale != 1)
    ratios = np.where(varies, np.log(fitted.scale / frozen.scale), 0)
    return float(np.exp(np.sqrt(np.mean(np.square(ratios)))))


def _unseen(products: pd.DataFrame, generation: Artefact) -> float:
    """The share of products with a label that the generation does not know."""
    known = generation.document(KNOWN_LABELS, dict[str, list[str]])
    unseen = np.zeros(len(products), dtype=bool)
    for column in LABELS:
        unseen |= (products[column].notna() & ~products[column].isin(known[column])).to_numpy()
    return float(unseen.mean())


def known_labels(products: pd.DataFrame) -> dict[str, list[str]]:
    """The values of each column that the towers predict."""
    return {column: sorted(products[column].dropna().astype(str).unique()) for column in LABELS}
