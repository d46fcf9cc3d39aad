"""How good a trained encoder is on products it has never seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import faiss
import numpy as np
import numpy.typing as npt
import torch

from mpsr.encoders.device import autocast
from mpsr.training.data import NO_LABEL, TASKS, TrainingSet
from mpsr.training.augment import normalise, resized
from mpsr.training.model import MultiTask


@dataclass(frozen=True)
class Report:
    """Figures of one run on the first source; test is read once, with what validation chose.

    Attributes:
        height: input height chosen on validation (by the mean accuracy of article type and colour).
        validation_by_height: accuracy per task on validation, for each height tried.
        validation: accuracy per task, at the chosen height.
        test: the same on test.
        majority: share of the most frequent label of each task on test, the floor for ``test``.
        retrieval: on test, picture → product by cosine of the pooled features, self excluded, gallery the test
            pictures (variants of a product stay in the gallery): P@10 for article type, hit@5 and P@10 for
            type + colour.
        counts: pictures on validation and test.
    """

    height: int
    validation_by_height: dict[str, dict[str, float]]
    validation: dict[str, float]
    test: dict[str, float]
    majority: dict[str, float]
    retrieval: dict[str, float]
    counts: dict[str, int]


def evaluate(
    model: MultiTask, data: TrainingSet, heights: Sequence[int], size_of: Callable[[int], tuple[int, int]]
) -> Report:
    """Choose the input height on validation, then measure test with it."""
    validation, test = data.on("validation", origin=0), data.on("test", origin=0)
    by_height = {height: _predict(model, data, validation, size_of(height))[0] for height in heights}
    best = max(heights, key=lambda h: by_height[h]["articleType"] + by_height[h]["baseColour"])
    accuracy, features = _predict(model, data, test, size_of(best))
    return Report(
        height=best,
        validation_by_height={str(height): value for height, value in by_height.items()},
        validation=by_height[best],
        test=accuracy,
        majority={task: _majority(data.labels[test, number]) for number, task in enumerate(TASKS)},
        retrieval=retrieval(features, data.labels[test, 0], data.labels[test, 1]),
        counts={"validation": len(validation), "test": len(test)},
    )


def validation_figures(model: MultiTask, data: TrainingSet, size: tuple[int, int]) -> dict[str, float]:
    """Accuracy per task and retrieval on the validation products of the first source."""
    places = data.on("validation", origin=0)
    accuracy, features = _predict(model, data, places, size)
    found = retrieval(features, data.labels[places, 0], data.labels[places, 1])
    return accuracy | found | title_to_picture(model, data, places, features)


@torch.inference_mode()
def title_to_picture(
    model: MultiTask, data: TrainingSet, places: npt.NDArray[np.intp], features: npt.NDArray[np.float32]
) -> dict[str, float]:
    """How a title finds its picture among those of ``places``; each title asks once, all of its products are right."""
    if model.contrast is None or len(places) < 2:
        return {}
    device = next(model.parameters()).device
    own = data.titles.of[places]
    asked = np.unique(own[data.titles.vectors[own].any(axis=1)])
    titles = model.contrast.of_titles(
        torch.from_numpy(data.titles.vectors[asked]).to(device),
        torch.from_numpy(data.titles.words[asked].toarray()).to(device),
    )
    scores = titles @ model.contrast.of_pictures(torch.from_numpy(features).to(device)).T
    right = torch.from_numpy(own[None] == asked[:, None]).to(device)
    best = scores.masked_fill(~right, -2).amax(1, keepdim=True)
    rank = ((scores > best) & ~right).sum(1).cpu().numpy() + 1
    return {
        "title R@10": round(float((rank <= 10).mean()), 4),
        "title MRR@10": round(float(np.where(rank <= 10, 1 / rank, 0).mean()), 4),
    }


@torch.inference_mode()
def _predict(
    model: MultiTask, data: TrainingSet, places: npt.NDArray[np.intp], size: tuple[int, int]
) -> tuple[dict[str, float], npt.NDArray[np.float32]]:
    """Accuracy per task and the pooled features, shape (len(places), dimension)."""
    device = next(model.parameters()).device
    model.eval()
    guesses, features = [], []
    for start in range(0, len(places), 256):
        pixels = resized(torch.from_numpy(data.pixels[places[start : start + 256]]).to(device), size)
        with autocast(device):
            pooled, logits = model(normalise(pixels))
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
    """Picture → product by cosine: shares of the first answers with the query's type, and with its type and colour."""
    unit = features / np.maximum(np.linalg.norm(features, axis=1, keepdims=True), 1e-12)
    k = min(10, len(unit) - 1)
    if k < 1:
        return {}
    _, found = faiss.knn(unit, unit, k + 1, metric=faiss.METRIC_INNER_PRODUCT)
    others = np.stack([row[row != place][:k] for place, row in enumerate(found)])
    same_type = kind[others] == kind[:, None]
    same_both = same_type & (colour[others] == colour[:, None])
    return {
        "type P@10": round(float(same_type.mean()), 4),
        "type+colour hit@5": round(float(same_both[:, :5].any(axis=1).mean()), 4),
        "type+colour P@10": round(float(same_both.mean()), 4),
    }
