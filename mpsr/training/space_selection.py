"""The figures on validation by which towers are chosen, quick enough for every epoch, and tuned at the end."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from mpsr.evaluation.metrics import judge, measure
from mpsr.evaluation.pairs import Pairs, grades_between
from mpsr.space.towers import Towers

#: Validation products looked at after an epoch, and for each tuning tried.
SAMPLE, TUNING_SAMPLE = 2000, 1000


#: What is tried for the temperatures and for the attributes' and the rest's shares relative to the type's.
TEMPERATURES = (0.35, 0.5, 0.7, 1.0, 1.4)
RATIOS = (0.1, 0.2, 0.35, 0.5, 0.7, 1.0)


@dataclass(frozen=True)
class Tuning:
    """What is set when the towers are trained.

    Attributes:
        shares: of a cosine, each attribute's and the rest's, relative to the first.
        text: temperature of the words tower.
        image: temperature of the picture tower.
    """

    shares: tuple[float, ...]
    text: float = 1.0
    image: float = 1.0

    def apply(self, towers: Towers) -> None:
        """Set the towers to it."""
        towers.tune(self.shares, (self.text, self.image))


def tune(towers: Towers, data: Pairs) -> tuple[Tuning, dict[str, float]]:
    """Choose temperatures, shares and again temperatures by the mean figure on validation, one after the other.

    The towers are left set to what is returned, with its figures.
    """
    start = towers.text.shares.tolist()
    best = Tuning(tuple(round(share / start[0], 2) for share in start))
    best.apply(towers)
    highest = validation_figures(towers, data, sample=TUNING_SAMPLE)["mean"]
    for place in (*range(len(best.shares) + 1), 0, 1):
        for trial in _along(best, place):
            trial.apply(towers)
            found = validation_figures(towers, data, sample=TUNING_SAMPLE)["mean"]
            if found > highest + 1e-4:
                best, highest = trial, found
    best.apply(towers)
    return best, validation_figures(towers, data)


def _along(start: Tuning, place: int) -> list[Tuning]:
    """The tunings tried in one place: 0 and 1 the temperatures, then the shares but for the first."""
    if place == 0:
        return [replace(start, text=value) for value in TEMPERATURES]
    if place == 1:
        return [replace(start, image=value) for value in TEMPERATURES]
    at = place - 1
    return [replace(start, shares=(*start.shares[:at], ratio, *start.shares[at + 1 :])) for ratio in RATIOS]


def validation_figures(
    towers: Towers, data: Pairs, side: str = "validation", sample: int = SAMPLE
) -> dict[str, float]:
    """Figures in [0, 1] with validation products as queries and as gallery.

    ``both``, ``picture``, ``words``: graded nDCG@10 of product → product, own family left out. ``title``: MRR@10 of
    title → picture. ``sentence``: graded nDCG@10 of attribute sentence → product. ``mean`` of those there are.
    """
    places = data.on(side)
    queries = places[np.sort(np.random.default_rng(0).permutation(len(places))[:sample])]
    where = np.searchsorted(places, queries)
    t = towers.project("text", data.forms["catalogue"].rows(places))
    v = towers.project("image", np.asarray(data.image[places]))
    grades = grades_between(data.labels[queries], data.labels[places])
    others = np.where(data.split.family[queries][:, None] == data.split.family[places], np.int8(-1), grades)
    by_words, by_picture = t[where] @ t.T, v[where] @ v.T
    figures = {
        "both": _mean(by_words + by_picture, others, "nDCG@10"),
        "picture": _mean(by_picture, others, "nDCG@10"),
        "words": _mean(by_words, others, "nDCG@10"),
    }
    for form, name in (("title", "title"), ("sentence", "sentence")):
        if form not in data.forms:
            continue
        said = np.flatnonzero(data.forms[form].where[queries] >= 0)
        if not len(said):
            continue
        spoken = towers.project("text", data.forms[form].rows(queries[said]))
        if form == "title":
            named = (data.title[queries[said]][:, None] == data.title[places]).astype(np.int8)
            figures[name] = _mean(spoken @ v.T, named, "MRR@10")
        else:
            figures[name] = _mean(spoken @ (t + v).T, grades[said], "nDCG@10")
    known = [value for value in figures.values() if not np.isnan(value)]
    return {**figures, "mean": float(np.mean(known)) if known else 0.0}


def _mean(scores: np.ndarray, grades: np.ndarray, metric: str) -> float:
    values = measure(judge(scores, grades, 3))[metric]
    return float(np.nanmean(values)) if not np.isnan(values).all() else float("nan")
