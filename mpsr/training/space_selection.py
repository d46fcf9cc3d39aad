"""The figures on validation by which towers are chosen, quick enough for every epoch."""

from __future__ import annotations

import numpy as np

from mpsr.evaluation.metrics import judge, measure
from mpsr.evaluation.pairs import Pairs, grades_between
from mpsr.space.towers import Towers

#: Validation products looked at.
SAMPLE = 2000


def validation_figures(towers: Towers, data: Pairs, side: str = "validation") -> dict[str, float]:
    """Figures in [0, 1] with validation products as queries and as gallery.

    ``both``, ``picture``, ``words``: graded nDCG@10 of product → product, own family left out. ``title``: MRR@10 of
    title → picture. ``sentence``: graded nDCG@10 of attribute sentence → product. ``mean`` of those there are.
    """
    places = data.on(side)
    queries = places[np.sort(np.random.default_rng(0).permutation(len(places))[:SAMPLE])]
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
