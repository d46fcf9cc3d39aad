"""Evaluate a trained encoder on unseen products."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import faiss
import numpy as np
import numpy.typing as npt
import torch

from mpsr.encoders.device import autocast
from mpsr.training.augment import normalise, resized
from mpsr.training.data import NO_LABEL, TASKS, TrainingSet
from mpsr.training.model import MultiTask

#: Pictures predicted at a time.
TOGETHER = 256


@dataclass(frozen=True)
class Figures:
    """Figures on one side of the first source.

    Attributes:
        pictures: how many there are.
        accuracy: share of right labels per task, among products with a label.
        majority: share of the most frequent label of each task, the floor for ``accuracy``.
        retrieval: picture → product by cosine of the pooled features, self excluded, gallery the side's pictures
            (variants of a product stay in the gallery): P@10 for article type, hit@5 and P@10 for type + colour.
        titles: title → picture among the side's pictures by the heads that are not exported: R@10 and MRR@10.
    """

    pictures: int
    accuracy: dict[str, float]
    majority: dict[str, float]
    retrieval: dict[str, float]
    titles: dict[str, float]


@dataclass(frozen=True)
class Report:
    """Figures of one run.

    Attributes:
        height: input height chosen on validation (by the mean accuracy of article type and colour).
        validation_by_height: accuracy per task on validation, for each height tried.
        validation: figures at the chosen height.
        test: the same on test, read once and only when asked for.
    """

    height: int
    validation_by_height: dict[str, dict[str, float]]
    validation: Figures
    test: Figures | None


def evaluate(
    model_at: Callable[[tuple[int, int]], MultiTask],
    data: TrainingSet,
    heights: Sequence[int],
    size_of: Callable[[int], tuple[int, int]],
    read_test: bool = False,
) -> Report:
    """Choose the input height on validation; measure the test side with it if asked to.

    Args:
        model_at: the model for pictures of a size (height, width).
        data: what it was trained on.
        heights: picture heights to try.
        size_of: the size of pictures of a height.
        read_test: measure the test side, too.
    """
    tried = {
        height: figures_on(model_at(size_of(height)), data, "validation", size_of(height))
        for height in heights
    }
    best = max(heights, key=lambda h: tried[h].accuracy["articleType"] + tried[h].accuracy["baseColour"])
    return Report(
        height=best,
        validation_by_height={str(height): found.accuracy for height, found in tried.items()},
        validation=tried[best],
        test=figures_on(model_at(size_of(best)), data, "test", size_of(best)) if read_test else None,
    )


def figures_on(model: MultiTask, data: TrainingSet, side: str, size: tuple[int, int]) -> Figures:
    """The figures on one side of the first source."""
    places = data.on(side, origin=0)
    labels = data.labels[places]
    accuracy, features = _predict(model, data, places, size)
    return Figures(
        pictures=len(places),
        accuracy=accuracy,
        majority={task: _majority(labels[:, number]) for number, task in enumerate(TASKS)},
        retrieval=retrieval(features, labels[:, 0], labels[:, 1]),
        titles=title_to_picture(model, data, places, features),
    )


@torch.inference_mode()
def _predict(
    model: MultiTask, data: TrainingSet, places: npt.NDArray[np.intp], size: tuple[int, int]
) -> tuple[dict[str, float], npt.NDArray[np.float32]]:
    """Accuracy per task and the pooled features, shape (len(places), dimension)."""
    device = next(model.parameters()).device
    model.eval()
    guesses, features = [], []
    for start in range(0, len(places), TOGETHER):
        batch = torch.from_numpy(data.pixels[places[start : start + TOGETHER]]).to(device)
        with autocast(device):
            pooled, logits = model(normalise(resized(batch, size)))
        guesses.append(np.stack([scores.argmax(1).cpu().numpy() for scores in logits], axis=1))
        features.append(pooled.float().cpu().numpy())
    guess, labels = np.concatenate(guesses), data.labels[places]
    known = labels != NO_LABEL
    accuracy = ((guess == labels) & known).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    return dict(zip(TASKS, accuracy.round(4).tolist(), strict=True)), np.concatenate(features)


def _majority(labels: npt.NDArray[np.int64]) -> float:
    known = labels[labels != NO_LABEL]
    return round(float(np.bincount(known).max() / len(known)), 4) if len(known) else 0.0


def retrieval(
    features: npt.NDArray[np.float32], kind: npt.NDArray[np.int64], colour: npt.NDArray[np.int64]
) -> dict[str, float]:
    """Picture → product by cosine: shares of the first answers with the query's type, and with its type and colour.

    A missing label equals nothing.
    """
    unit = features / np.maximum(np.linalg.norm(features, axis=1, keepdims=True), 1e-12)
    k = min(10, len(unit) - 1)
    if k < 1:
        return {}
    _, found = faiss.knn(unit, unit, k + 1, metric=faiss.METRIC_INNER_PRODUCT)
    others = np.stack([row[row != place][:k] for place, row in enumerate(found)])
    same_type = (kind[others] == kind[:, None]) & (kind != NO_LABEL)[:, None]
    same_both = same_type & (colour[others] == colour[:, None]) & (colour != NO_LABEL)[:, None]
    return {
        "type P@10": round(float(same_type.mean()), 4),
        "type+colour hit@5": round(float(same_both[:, :5].any(axis=1).mean()), 4),
        "type+colour P@10": round(float(same_both.mean()), 4),
    }


@torch.inference_mode()
def title_to_picture(
    model: MultiTask, data: TrainingSet, places: npt.NDArray[np.intp], features: npt.NDArray[np.float32]
) -> dict[str, float]:
    """Title → picture retrieval among ``places``; each distinct title is one query, all its products are relevant."""
    own = data.titles.of[places]
    asked = np.unique(own[data.titles.vectors[own].any(axis=1)])
    if model.contrast is None or not len(asked):
        return {}
    device = next(model.parameters()).device
    titles = model.contrast.of_titles(
        torch.from_numpy(data.titles.vectors[asked]).to(device),
        torch.from_numpy(data.titles.words[asked].toarray()).to(device),
    )
    scores = titles @ model.contrast.of_pictures(torch.from_numpy(features).to(device)).T
    right = torch.from_numpy(own[None] == asked[:, None]).to(device)
    best = scores.masked_fill(~right, -2).amax(1, keepdim=True)
    rank = 1 + ((scores > best) & ~right).sum(1).cpu().numpy()
    return {
        "title R@10": round(float((rank <= 10).mean()), 4),
        "title MRR@10": round(float(np.where(rank <= 10, 1 / rank, 0).mean()), 4),
    }
