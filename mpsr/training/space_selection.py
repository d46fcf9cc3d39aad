"""The validation figures that choose an epoch, and the tuning after training."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from mpsr.catalogue.split import Side
from mpsr.evaluation.metrics import judge, measure
from mpsr.evaluation.tasks import mixed
from mpsr.space.modality_weights import TEXT_ONLY
from mpsr.space.pairs import Pairs, grades_between
from mpsr.space.towers import Towers

#: Validation products used as queries after an epoch, and for each tuning tried.
SAMPLE, TUNING_SAMPLE = 2000, 1000

#: Values tried: temperatures; shares of attributes and residual block relative to the type's; the residual block's share
#: in queries of text alone.
TEMPERATURES = (0.35, 0.5, 0.7, 1.0, 1.4)
RATIOS = (0.1, 0.2, 0.35, 0.5, 0.7, 1.0)
TEXT_ONLY_RATIOS = (0.1, 0.2, 0.35, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0, 8.0)

#: How far the sentence figure may fall below its best in favour of titles, which gain from the residual block.
SENTENCES_LOSE = 0.02

#: Figures with products as queries; with text alone they are "title", "named" and "sentence".
PRODUCTS = ("both", "picture", "words")

Figures = dict[str, float]


@dataclass(frozen=True)
class Tuning:
    """Settings chosen after the towers are trained.

    Attributes:
        shares: of each attribute and of the residual block in a cosine, relative to the first that is not 0.
        text: temperature of the text tower.
        image: temperature of the image tower.
        text_only: the residual block's share in queries of text alone, relative to the same.
    """

    shares: tuple[float, ...]
    text: float = 1.0
    image: float = 1.0
    text_only: float = 1.0

    def apply(self, towers: Towers) -> None:
        """Set the towers' shares and temperatures."""
        towers.tune(self.shares, (*self.shares[:-1], self.text_only), (self.text, self.image))


def tune(towers: Towers, data: Pairs) -> tuple[Tuning, Figures]:
    """Choose temperatures, then shares, then temperatures again, one at a time, by products as queries on validation.

    The residual block's share in queries of text alone is chosen last, by such queries. On return the towers have the
    tuning returned, and the figures are measured with it.
    """
    start = towers.text.shares.tolist()
    first = next(share for share in start if share)  # the share of an attribute that the catalogue lacks is 0
    best = Tuning(tuple(round(share / first, 2) for share in start))
    for setting in (*range(len(best.shares) + 1), 0, 1):
        best = _best(towers, data, [best, *_variants(best, setting)], product_figures)
    best = _tune_text_only(towers, data, best)
    best.apply(towers)
    return best, validation_figures(towers, data)


def _tune_text_only(towers: Towers, data: Pairs, chosen: Tuning) -> Tuning:
    """The tuning with the best residual share for text alone that costs the sentences at most ``SENTENCES_LOSE``."""
    trials, found = [replace(chosen, text_only=value) for value in TEXT_ONLY_RATIOS], []
    for trial in trials:
        trial.apply(towers)
        found.append(text_figures(towers, data, TUNING_SAMPLE))
    if not any(mean_of(figures) for figures in found):  # no names and no sentences to choose by
        return replace(chosen, text_only=chosen.shares[-1])
    sentences = np.nan_to_num([figures.get("sentence", 0.0) for figures in found])
    means = np.array([round(mean_of(figures), 4) for figures in found])
    return trials[int(np.argmax(np.where(sentences >= sentences.max() - SENTENCES_LOSE, means, -1)))]


def _best(
    towers: Towers, data: Pairs, trials: Sequence[Tuning], figures: Callable[[Towers, Pairs, int], Figures]
) -> Tuning:
    """The first trial with the highest mean figure, rounded to four digits."""
    found = []
    for trial in trials:
        trial.apply(towers)
        found.append(round(mean_of(figures(towers, data, TUNING_SAMPLE)), 4))
    return trials[int(np.argmax(found))]


def _variants(start: Tuning, setting: int) -> list[Tuning]:
    """Tunings that differ in one setting: 0 and 1 are the temperatures, the others the shares after the first."""
    if setting == 0:
        return [replace(start, text=value) for value in TEMPERATURES]
    if setting == 1:
        return [replace(start, image=value) for value in TEMPERATURES]
    at = setting - 1
    return [replace(start, shares=(*start.shares[:at], ratio, *start.shares[at + 1 :])) for ratio in RATIOS]


def validation_figures(
    towers: Towers, data: Pairs, side: Side = "validation", sample: int = SAMPLE
) -> Figures:
    """``product_figures`` and ``text_figures``, and the ``mean`` of the available ones; all in [0, 1]."""
    figures = product_figures(towers, data, sample, side) | text_figures(towers, data, sample, side)
    return {**figures, "mean": mean_of(figures)}


def mean_of(figures: Mapping[str, float]) -> float:
    """The mean of the available figures; 0 without any."""
    known = [value for value in figures.values() if not np.isnan(value)]
    return float(np.mean(known)) if known else 0.0


def product_figures(towers: Towers, data: Pairs, sample: int = SAMPLE, side: Side = "validation") -> Figures:
    """Graded nDCG@10 of product → product by ``both``, ``picture`` and ``words``.

    At most ``sample`` products of the side are queries, all its products the gallery; a query's own family is excluded.
    """
    gallery, queries = _gallery_and_queries(data, sample, side)
    where = np.searchsorted(gallery, queries)
    t, v = _project(towers, data, gallery)
    grades = grades_between(data.labels[queries], data.labels[gallery])
    others = np.where(data.split.family[queries][:, None] == data.split.family[gallery], np.int8(-1), grades)
    by_text, by_image = t[where] @ t.T, v[where] @ v.T
    scores = {"both": by_text + by_image, "picture": by_image, "words": by_text}
    return {name: _mean(scores[name], others, "nDCG@10") for name in PRODUCTS}


def text_figures(towers: Towers, data: Pairs, sample: int = SAMPLE, side: Side = "validation") -> Figures:
    """Retrieval by text alone among the products of the side.

    ``title``: MRR@10 of title → picture. ``named``: MRR@10 of title → product with text and picture. ``sentence``:
    graded nDCG@10 of attribute sentence → product.
    """
    gallery, queries = _gallery_and_queries(data, sample, side)
    t, v = _project(towers, data, gallery)
    figures: Figures = {}
    for form in ("title", "sentence"):
        asked = queries[data.forms[form].where[queries] >= 0] if form in data.forms else queries[:0]
        if not len(asked):
            continue
        vectors = _project_form(towers, data, form, asked) * towers.emphasis()
        if form == "title":
            named = (data.title[asked][:, None] == data.title[gallery]).astype(np.int8)
            figures["title"] = _mean(vectors @ v.T, named, "MRR@10")
            figures["named"] = _mean(vectors @ mixed(t, v, TEXT_ONLY).T, named, "MRR@10")
        else:
            grades = grades_between(data.labels[asked], data.labels[gallery])
            figures["sentence"] = _mean(vectors @ mixed(t, v, TEXT_ONLY).T, grades, "nDCG@10")
    return figures


def _gallery_and_queries(data: Pairs, sample: int, side: Side) -> tuple[np.ndarray, np.ndarray]:
    """Rows of the side's products, and of the queries among them."""
    rows = data.on(side)
    return rows, rows[np.sort(np.random.default_rng(0).permutation(len(rows))[:sample])]


def _project(towers: Towers, data: Pairs, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The products' vectors by the text tower and by the image tower."""
    return _project_form(towers, data, "catalogue", rows), towers.project_image(np.asarray(data.image[rows]))


def _project_form(towers: Towers, data: Pairs, form: str, rows: np.ndarray) -> np.ndarray:
    """The texts of these products in that form, by the text tower."""
    texts = data.forms[form]
    return towers.project_text(texts.of(rows), texts.texts_of(rows))


def _mean(scores: np.ndarray, grades: np.ndarray, metric: str) -> float:
    values = measure(judge(scores, grades, 3))[metric]
    return float(np.nanmean(values)) if not np.isnan(values).all() else float("nan")
