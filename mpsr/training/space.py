"""Train the two towers: attributes by cross entropy, the residual block by a contrastive loss of texts and pictures."""

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
from scipy.sparse import csr_matrix, vstack
from torch import Tensor

from mpsr.errors import InputError
from mpsr.space.pairs import Pairs, grades_between
from mpsr.space.settings import SpaceSettings
from mpsr.space.towers import Shape, Towers, sparse_words
from mpsr.space.vocabulary import learn_vocabulary
from mpsr.training.checkpoint import load_checkpoint, save_checkpoint
from mpsr.training.space_losses import attribute_loss, contrastive
from mpsr.training.space_selection import Tuning, tune, validation_figures

#: Forms whose texts describe every product of the same type, colour and gender, not just one title.
SENTENCES = ("sentence", "short")


@dataclass(frozen=True)
class SpaceReport:
    """The result of a training run.

    Attributes:
        best: validation figures of the chosen epoch with the chosen tuning.
        epoch: that epoch, from 1.
        epochs: number of epochs run.
        history: the mean validation figure after each epoch.
        products: number of train and validation products with text and picture.
        tuning: the blocks' shares and the temperatures, chosen on validation at the end.
        seconds: duration; of a resumed run, since it resumed.
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
    log: Callable[[str], None] = lambda line: None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[Towers, SpaceReport]:
    """Train on the train side and keep the epoch with the best mean figure on validation.

    Args:
        data: the products. Nothing of the test side is read.
        settings: see ``SpaceSettings``.
        checkpoint: file to resume from; written after every epoch.
        log: receives one line per epoch.
        progress: called with (epochs done, maximum epochs).

    Raises:
        InputError: fewer than two products with text and picture on the train or the validation side.
    """
    settings, began = settings or SpaceSettings(), time.perf_counter()
    train, validation = data.on("train"), data.on("validation")
    if len(train) < 2 or len(validation) < 2:
        raise InputError(
            f"{len(train)} train and {len(validation)} validation products have text and picture; too few. "
            "Expected at least 2 of each; without a learned space, build with --learned paper."
        )
    run = _Run(data, train, settings, checkpoint)
    while run.epoch < settings.epochs and run.epoch - run.best_epoch < settings.patience:
        loss = run.train_epoch()
        figures = validation_figures(run.towers, data)
        run.note(figures)
        log(f"epoch {run.epoch}/{settings.epochs}: loss {loss:.3f}, validation "
            + " ".join(f"{name} {value:.3f}" for name, value in figures.items()))  # fmt: skip
        progress(run.epoch, settings.epochs)
    tuning, run.best_figures = tune(run.best, data)
    log(f"chosen on validation: {tuning}, " + " ".join(f"{n} {v:.3f}" for n, v in run.best_figures.items()))
    report = SpaceReport(
        run.best_figures, run.best_epoch, run.epoch, [round(value, 4) for value in run.history],
        {"train": len(train), "validation": len(validation)}, tuning, round(time.perf_counter() - began, 1),
    )  # fmt: skip
    return run.best.eval(), report


class _Run:
    """The state of a run: towers, temperature, optimizer, and the best towers so far."""

    def __init__(
        self, data: Pairs, train: npt.NDArray[np.intp], settings: SpaceSettings, checkpoint: Path | None
    ) -> None:
        torch.manual_seed(settings.seed)
        self.data, self.train, self.settings, self.checkpoint = data, train, settings, checkpoint
        texts = data.forms["catalogue"]
        classes = tuple((data.labels.max(axis=0, initial=-1) + 1).tolist())
        vocabulary = learn_vocabulary(texts.texts_of(train), data.split.family[train], settings.word_support)
        shape = Shape(
            texts.vectors.shape[1], data.image.shape[1], classes, settings.hidden, settings.residual,
            len(vocabulary.words),
        )  # fmt: skip
        self.towers = Towers(shape, settings.shares, settings.dropout, settings.noise, vocabulary)
        self.towers.text.standardise_like(texts.of(train))
        self.towers.image.standardise_like(np.asarray(data.image[train]))
        missing: list[str | None] = [None] * len(data.title)
        self.bags = vstack([vocabulary.bags(form.texts or missing) for form in data.forms.values()], "csr")
        self.first_bag = {name: number * len(missing) for number, name in enumerate(data.forms)}
        self.temperature = torch.nn.ParameterDict({"log": torch.nn.Parameter(torch.tensor(math.log(0.05)))})
        self.best = copy.deepcopy(self.towers)
        self.optimizer = torch.optim.AdamW(
            [*self.towers.parameters(), *self.temperature.parameters()],
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
        return {"towers": self.towers, "temperature": self.temperature, "best": self.best}

    def note(self, figures: dict[str, float]) -> None:
        """Record the epoch's figures, keep the towers if they are the best so far, save a checkpoint."""
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

    def train_epoch(self) -> float:
        """Train one epoch; returns the mean loss. Order, forms and dropout depend only on seed and epoch."""
        seed = self.settings.seed * 1000 + self.epoch
        torch.manual_seed(seed)
        random = np.random.default_rng(seed)
        order = random.permutation(self.train)
        self.towers.train()
        total = 0.0
        for step in range(self.steps):
            rows = np.sort(order[step * self.settings.batch_size : (step + 1) * self.settings.batch_size])
            for group in self.optimizer.param_groups:
                group["lr"] = self._rate(self.epoch * self.steps + step)
            loss = self._loss(rows, random)
            self.optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.towers.parameters(), 5.0)
            self.optimizer.step()
            total += float(loss.detach())
        return total / self.steps

    def _loss(self, rows: npt.NDArray[np.intp], random: np.random.Generator) -> Tensor:
        data, settings = self.data, self.settings
        drawn_texts, drawn_words, sentence = self._draw_texts(rows, random)
        labels, title = data.labels[rows], data.title[rows]
        text, image = self.towers.text, self.towers.image
        drawn = text.predict(torch.from_numpy(drawn_texts), sparse_words(drawn_words))
        own = text.predict(
            torch.from_numpy(data.forms["catalogue"].of(rows)),
            sparse_words(self.bags[self.first_bag["catalogue"] + rows]),
        )
        pictures = image.predict(torch.from_numpy(np.asarray(data.image[rows])))
        loss = torch.zeros(())
        for output in (drawn, own, pictures):
            learned = attribute_loss(output.attributes, torch.from_numpy(labels), settings.attribute_weights)
            loss = loss + settings.attributes / 3 * learned
        same_title = (title[:, None] == title[None]) & (title[:, None] >= 0)
        same_labels = grades_between(labels, labels) == 3
        described = np.where(sentence[:, None], same_labels, same_title) | np.eye(len(rows), dtype=bool)
        positive = torch.from_numpy(described)
        temperature = self.temperature["log"].exp().clamp(0.01, 0.2)
        with_pictures = contrastive(drawn.residual, pictures.residual, positive, temperature)
        with_texts = contrastive(drawn.residual, own.residual, positive, temperature)
        return loss + settings.contrast * with_pictures + settings.naming * with_texts

    def _draw_texts(
        self, rows: npt.NDArray[np.intp], random: np.random.Generator
    ) -> tuple[npt.NDArray[np.float32], csr_matrix, npt.NDArray[np.bool_]]:
        """Each product's text in a form drawn at random: embedding, known words, and whether that form is a sentence."""
        known = [(form, weight) for form, weight in self.settings.forms if form in self.data.forms]
        weights = np.array([weight for _, weight in known])
        drawn = random.choice(len(known), len(rows), p=weights / weights.sum())
        shown, sentence = self.data.forms["catalogue"].of(rows), np.zeros(len(rows), bool)
        of_form = np.full(len(rows), self.first_bag["catalogue"])
        for number, (form, _) in enumerate(known):
            texts = self.data.forms[form]
            chosen = np.flatnonzero((drawn == number) & (texts.where[rows] >= 0))
            shown[chosen] = texts.of(rows[chosen])
            sentence[chosen] = form in SENTENCES
            of_form[chosen] = self.first_bag[form]
        return shown, self.bags[of_form + rows], sentence

    def _rate(self, step: int) -> float:
        """One-cycle learning rate: linear warm-up over 10 % of the steps, then cosine decay to 1 % of the peak."""
        total = self.settings.epochs * self.steps
        warm = max(total // 10, 1)
        if step < warm:
            return self.settings.learning_rate * (step + 1) / warm
        through = (step - warm) / max(total - warm, 1)
        return self.settings.learning_rate * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * through)))
