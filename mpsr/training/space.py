"""Train the two towers: attributes from words and from pictures, and words against pictures for the rest."""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from mpsr.errors import InputError
from mpsr.space.pairs import Pairs
from mpsr.space.settings import SpaceSettings
from mpsr.space.towers import Shape, Towers
from mpsr.training.checkpoint import load_checkpoint, save_checkpoint
from mpsr.training.space_losses import attribute_loss, contrastive, grades_between
from mpsr.training.space_selection import Tuning, tune, validation_figures

#: Forms whose words describe every product of the same type, colour and gender, not one title.
SENTENCES = ("sentence", "short")


@dataclass(frozen=True)
class SpaceReport:
    """How a run went.

    Attributes:
        best: the figures on validation at the chosen epoch, with the tuning chosen.
        epoch: that epoch, from 1.
        epochs: how many were run.
        history: the mean figure after each.
        products: train and validation products with words and picture.
        tuning: the blocks' shares and the temperatures chosen on validation at the end.
        seconds: of this run; a resumed one counts from where it went on.
    """

    best: dict[str, float]
    epoch: int
    epochs: int
    history: list[float]
    products: dict[str, int]
    tuning: Tuning
    seconds: float


def train_towers(
    data: Pairs,
    settings: SpaceSettings | None = None,
    checkpoint: Path | None = None,
    say: Callable[[str], None] = lambda line: None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[Towers, SpaceReport]:
    """Train on the train side; the epoch with the best mean figure on validation is kept.

    Args:
        data: what to train on. Nothing of its test side is read.
        settings: see ``SpaceSettings``.
        checkpoint: file to go on from, and to leave the state in after every epoch.
        say: receives one line an epoch.
        progress: called with (epochs done, epochs at most).

    Raises:
        InputError: no product with words and picture on the train or the validation side.
    """
    settings, began = settings or SpaceSettings(), time.perf_counter()
    train, validation = data.on("train"), data.on("validation")
    if len(train) < 2 or len(validation) < 2:
        raise InputError(
            f"{len(train)} train and {len(validation)} validation products have words and picture; too few."
        )
    run = _Run(data, train, settings, checkpoint)
    while run.epoch < settings.epochs and run.epoch - run.best_epoch < settings.patience:
        loss = run.pass_over()
        figures = validation_figures(run.towers, data)
        run.note(figures)
        say(f"epoch {run.epoch}/{settings.epochs}: loss {loss:.3f}, validation "
            + " ".join(f"{name} {value:.3f}" for name, value in figures.items()))  # fmt: skip
        progress(run.epoch, settings.epochs)
    tuning, run.best_figures = tune(run.best, data)
    say(f"chosen on validation: {tuning}, " + " ".join(f"{n} {v:.3f}" for n, v in run.best_figures.items()))
    report = SpaceReport(
        run.best_figures, run.best_epoch, run.epoch, [round(value, 4) for value in run.history],
        {"train": len(train), "validation": len(validation)}, tuning, round(time.perf_counter() - began, 1),
    )  # fmt: skip
    return run.best.eval(), report


class _Run:
    """Where a run stands: towers, proxies, optimizer, the best so far."""

    def __init__(
        self, data: Pairs, train: npt.NDArray[np.intp], settings: SpaceSettings, checkpoint: Path | None
    ) -> None:
        torch.manual_seed(settings.seed)
        self.data, self.train, self.settings, self.checkpoint = data, train, settings, checkpoint
        words = data.forms["catalogue"]
        classes = tuple((data.labels.max(axis=0, initial=-1) + 1).tolist())
        shape = Shape(words.vectors.shape[1], data.image.shape[1], classes, settings.hidden, settings.rest)
        self.towers = Towers(shape, settings.shares, settings.dropout, settings.noise)
        _standardise(self.towers.text, words.rows(train))
        _standardise(self.towers.image, np.asarray(data.image[train]))
        self.heat = torch.nn.ParameterDict({"log": torch.nn.Parameter(torch.tensor(math.log(0.05)))})
        self.best = copy.deepcopy(self.towers)
        self.optimizer = torch.optim.AdamW(
            [*self.towers.parameters(), *self.heat.parameters()],
            lr=settings.learning_rate, weight_decay=settings.weight_decay,
        )  # fmt: skip
        self.steps = max(len(train) // settings.batch_size, 1)
        self.epoch, self.best_epoch, self.best_figures, self.history = 0, 0, {"mean": -1.0}, list[float]()
        if checkpoint and checkpoint.exists():
            state = load_checkpoint(checkpoint, self._models, self.optimizer)
            self.epoch, self.best_epoch = state["epoch"], state["best_epoch"]
            self.best_figures, self.history = state["best_figures"], state["history"]

    @property
    def _models(self) -> dict[str, torch.nn.Module]:
        return {"towers": self.towers, "heat": self.heat, "best": self.best}

    def note(self, figures: dict[str, float]) -> None:
        """Count the epoch, keep the towers when they are the best, leave a checkpoint."""
        self.epoch += 1
        self.history.append(figures["mean"])
        if figures["mean"] > self.best_figures["mean"]:
            self.best_epoch, self.best_figures = self.epoch, figures
            self.best.load_state_dict(self.towers.state_dict())
        if self.checkpoint:
            state: dict[str, Any] = {
                name: getattr(self, name) for name in ("epoch", "best_epoch", "best_figures", "history")
            }
            save_checkpoint(
                self.checkpoint, self._models, self.optimizer, state | {"settings": asdict(self.settings)}
            )

    def pass_over(self) -> float:
        """One epoch; order, forms and dropout depend on seed and epoch alone. Returns the mean loss."""
        seed = self.settings.seed * 1000 + self.epoch
        torch.manual_seed(seed)
        random = np.random.default_rng(seed)
        order = random.permutation(self.train)
        self.towers.train()
        total = 0.0
        for step in range(self.steps):
            places = np.sort(order[step * self.settings.batch_size : (step + 1) * self.settings.batch_size])
            for group in self.optimizer.param_groups:
                group["lr"] = self._rate(self.epoch * self.steps + step)
            loss = self._loss(places, random)
            self.optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.towers.parameters(), 5.0)
            self.optimizer.step()
            total += float(loss.detach())
        return total / self.steps

    def _loss(self, places: npt.NDArray[np.intp], random: np.random.Generator) -> Tensor:
        data, settings = self.data, self.settings
        shown, sentence = self._shown(places, random)
        labels, title = torch.from_numpy(data.labels[places]), torch.from_numpy(data.title[places])
        text, image = self.towers.text, self.towers.image
        said = text.say(torch.from_numpy(shown))
        told = text.say(torch.from_numpy(data.forms["catalogue"].rows(places)))
        seen = image.say(torch.from_numpy(np.asarray(data.image[places])))
        loss = torch.zeros(())
        for one in (said, told, seen):
            learned = attribute_loss(one.attributes, labels, settings.attribute_weights)
            loss = loss + settings.attributes / 3 * learned
        own = torch.eye(len(places), dtype=torch.bool)
        named = (title[:, None] == title[None]) & (title[:, None] >= 0)
        graded = grades_between(labels) == 3
        positive = torch.where(torch.from_numpy(sentence)[:, None], graded, named) | own
        heat = self.heat["log"].exp().clamp(0.01, 0.2)
        with_pictures = contrastive(said.rest, seen.rest, positive, heat)
        with_words = contrastive(said.rest, told.rest, positive, heat)
        return loss + settings.contrast * with_pictures + settings.naming * with_words

    def _shown(
        self, places: npt.NDArray[np.intp], random: np.random.Generator
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
        """The words of each product in a form drawn for it, and which of them are sentences."""
        known = [(form, weight) for form, weight in self.settings.forms if form in self.data.forms]
        weights = np.array([weight for _, weight in known])
        drawn = random.choice(len(known), len(places), p=weights / weights.sum())
        shown, sentence = self.data.forms["catalogue"].rows(places), np.zeros(len(places), bool)
        for number, (form, _) in enumerate(known):
            words = self.data.forms[form]
            chosen = np.flatnonzero((drawn == number) & (words.where[places] >= 0))
            shown[chosen] = words.rows(places[chosen])
            sentence[chosen] = form in SENTENCES
        return shown, sentence

    def _rate(self, step: int) -> float:
        """One cycle: linear warm-up over a tenth of the steps, then a cosine down to a hundredth."""
        total = self.settings.epochs * self.steps
        warm = max(total // 10, 1)
        if step < warm:
            return self.settings.learning_rate * (step + 1) / warm
        through = (step - warm) / max(total - warm, 1)
        return self.settings.learning_rate * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * through)))


def _standardise(tower: Any, rows: npt.NDArray[np.float32]) -> None:
    """Fix a tower's mean and deviation to those of the train rows; the mean deviation for all features keeps angles."""
    tower.mean.copy_(torch.from_numpy(rows.mean(axis=0, dtype=np.float64).astype(np.float32)))
    tower.scale.copy_(
        torch.from_numpy(np.maximum(rows.std(axis=0, dtype=np.float64), 1e-3).astype(np.float32))
    )
