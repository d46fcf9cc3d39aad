"""The figures on validation by which towers are chosen, quick enough for every epoch, and tuned at the end."""

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

#: Validation products looked at after an epoch, and for each tuning tried.
SAMPLE, TUNING_SAMPLE = 2000, 1000

#: What is tried for the temperatures, for the attributes' and the rest's shares relative to the type's, and for that of
#: the rest where words alone ask.
TEMPERATURES = (0.35, 0.5, 0.7, 1.0, 1.4)
RATIOS = (0.1, 0.2, 0.35, 0.5, 0.7, 1.0)
SPOKEN = (0.1, 0.2, 0.35, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0, 8.0)

#: What sentences may lose of their best figure for the sake of titles, which gain from the rest.
SENTENCES_LOSE = 0.02

#: Figures of products that ask, and of words alone.
PRODUCTS, WORDS = ("both", "picture", "words"), ("title", "named", "sentence")

Figures = dict[str, float]


@dataclass(frozen=True)
class Tuning:
    """What is set when the towers are trained.

    Attributes:
        shares: of a cosine, each attribute's and the rest's, relative to the first there is.
        text: temperature of the words tower.
        image: temperature of the picture tower.
        spoken: the rest's share where words alone ask, relative to the same.
    """

    shares: tuple[float, ...]
    text: float = 1.0
    image: float = 1.0
    spoken: float = 1.0

    def apply(self, towers: Towers) -> None:
        """Set the towers to it."""
        towers.tune(self.shares, (*self.shares[:-1], self.spoken), (self.text, self.image))


def tune(towers: Towers, data: Pairs) -> tuple[Tuning, Figures]:
    """Choose temperatures, shares and again temperatures by the figures of products that ask on validation.

    The rest's share where words alone ask is chosen last, by theirs. One after the other; the towers are left set to what
    is returned, with its figures.
    """
    start = towers.text.shares.tolist()
    first = next(share for share in start if share)  # an attribute that the catalogue lacks has none
    best = Tuning(tuple(round(share / first, 2) for share in start))
    for place in (*range(len(best.shares) + 1), 0, 1):
        best = _best(towers, data, [best, *_along(best, place)], product_figures)
    best = _spoken(towers, data, best)
    best.apply(towers)
    return best, validation_figures(towers, data)


def _spoken(towers: Towers, data: Pairs, chosen: Tuning) -> Tuning:
    """The same with the rest's share where words alone ask: the best that costs the sentences little."""
    trials, found = [replace(chosen, spoken=value) for value in SPOKEN], []
    for trial in trials:
        trial.apply(towers)
        found.append(words_figures(towers, data, TUNING_SAMPLE))
    if not any(mean_of(figures) for figures in found):  # no names and no sentences to choose by
        return replace(chosen, spoken=chosen.shares[-1])
    sentences = np.nan_to_num([figures.get("sentence", 0.0) for figures in found])
    means = np.array([round(mean_of(figures), 4) for figures in found])
    return trials[int(np.argmax(np.where(sentences >= sentences.max() - SENTENCES_LOSE, means, -1)))]


def _best(
    towers: Towers, data: Pairs, trials: Sequence[Tuning], figures: Callable[[Towers, Pairs, int], Figures]
) -> Tuning:
    """The first of the trials whose mean figure is the highest, to four digits."""
    found = []
    for trial in trials:
        trial.apply(towers)
        found.append(round(mean_of(figures(towers, data, TUNING_SAMPLE)), 4))
    return trials[int(np.argmax(found))]


def _along(start: Tuning, place: int) -> list[Tuning]:
    """The tunings tried in one place: 0 and 1 the temperatures, then the shares but for the first."""
    if place == 0:
        return [replace(start, text=value) for value in TEMPERATURES]
    if place == 1:
        return [replace(start, image=value) for value in TEMPERATURES]
    at = place - 1
    return [replace(start, shares=(*start.shares[:at], ratio, *start.shares[at + 1 :])) for ratio in RATIOS]


def validation_figures(
    towers: Towers, data: Pairs, side: Side = "validation", sample: int = SAMPLE
) -> Figures:
    """``product_figures`` and ``words_figures``, and the ``mean`` of those there are; all in [0, 1]."""
    figures = product_figures(towers, data, sample, side) | words_figures(towers, data, sample, side)
    return {**figures, "mean": mean_of(figures)}


def mean_of(figures: Mapping[str, float]) -> float:
    """The mean of the figures there are; 0 where there is none."""
    known = [value for value in figures.values() if not np.isnan(value)]
    return float(np.mean(known)) if known else 0.0


def product_figures(towers: Towers, data: Pairs, sample: int = SAMPLE, side: Side = "validation") -> Figures:
    """Graded nDCG@10 of product → product by ``both``, ``picture`` and ``words``.

    At most ``sample`` products of the side ask, all of it are the gallery; their own family is left out.
    """
    places, queries = _asking(data, sample, side)
    where = np.searchsorted(places, queries)
    t, v = _gallery(towers, data, places)
    grades = grades_between(data.labels[queries], data.labels[places])
    others = np.where(data.split.family[queries][:, None] == data.split.family[places], np.int8(-1), grades)
    by_words, by_picture = t[where] @ t.T, v[where] @ v.T
    scores = {"both": by_words + by_picture, "picture": by_picture, "words": by_words}
    return {name: _mean(scores[name], others, "nDCG@10") for name in PRODUCTS}


def words_figures(towers: Towers, data: Pairs, sample: int = SAMPLE, side: Side = "validation") -> Figures:
    """What words alone find among the products of the side.

    ``title``: MRR@10 of title → picture, ``named``: of title → product with words and picture, ``sentence``: graded
    nDCG@10 of attribute sentence → product.
    """
    places, queries = _asking(data, sample, side)
    t, v = _gallery(towers, data, places)
    figures: Figures = {}
    for form in ("title", "sentence"):
        said = data.forms[form].where[queries] >= 0 if form in data.forms else np.zeros(len(queries), bool)
        if not said.any():
            continue
        asked = queries[said]
        spoken = towers.project("text", data.forms[form].rows(asked)) * towers.emphasis()
        if form == "title":
            named = (data.title[asked][:, None] == data.title[places]).astype(np.int8)
            figures["title"] = _mean(spoken @ v.T, named, "MRR@10")
            figures["named"] = _mean(spoken @ mixed(t, v, TEXT_ONLY).T, named, "MRR@10")
        else:
            grades = grades_between(data.labels[asked], data.labels[places])
            figures["sentence"] = _mean(spoken @ mixed(t, v, TEXT_ONLY).T, grades, "nDCG@10")
    return figures


def _asking(data: Pairs, sample: int, side: Side) -> tuple[np.ndarray, np.ndarray]:
    """The products of the side, and those of them that ask."""
    places = data.on(side)
    return places, places[np.sort(np.random.default_rng(0).permutation(len(places))[:sample])]


def _gallery(towers: Towers, data: Pairs, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What both towers say of the products at ``places``."""
    words = towers.project("text", data.forms["catalogue"].rows(places))
    return words, towers.project("image", np.asarray(data.image[places]))


def _mean(scores: np.ndarray, grades: np.ndarray, metric: str) -> float:
    values = measure(judge(scores, grades, 3))[metric]
    return float(np.nanmean(values)) if not np.isnan(values).all() else float("nan")
