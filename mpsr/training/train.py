"""Train the picture encoder: several heads on EfficientNet-Lite2, small pictures, on a CPU or a GPU."""

from __future__ import annotations

import copy
import logging
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from mpsr.encoders.device import autocast, choose_device
from mpsr.errors import InputError
from mpsr.training.augment import Variation, augment, normalise, resized
from mpsr.training.card import write_card
from mpsr.training.checkpoint import load_checkpoint, save_checkpoint
from mpsr.training.contrast import TitleContrast
from mpsr.training.data import NO_LABEL, TASKS, TrainingSet, load_training_set, side_counts
from mpsr.training.export import export_model
from mpsr.training.model import MultiTask, measure_statistics
from mpsr.training.report import Report, evaluate, figures_on
from mpsr.training.start import start_from

logger = logging.getLogger(__name__)

CHECKPOINT = "checkpoint.safetensors"

#: Learning rates of parts with weights of their own from the first step on, as multiples of the trunk's.
HEADS_RATE = 3.0

#: Unaugmented pictures over which the batch statistics of a trained model are measured again.
STATISTICS_PICTURES = 3200

#: Strength of the augmentation in the last epochs, relative to the others.
GENTLE = 0.4


@dataclass(frozen=True)
class TrainingSettings:
    """Settings of a training run.

    Attributes:
        epochs: passes over the train side.
        heights: picture heights in pixels, one per stage of equal length, growing; the width is 3/4 of it.
        batch_size: pictures per step.
        learning_rate: peak of the one-cycle schedule for the trunk; everything else learns ``HEADS_RATE`` times as fast.
        weight_decay: of AdamW, on weights of more than one dimension.
        label_smoothing: of every cross entropy.
        task_weights: weight of each task's loss, in the order of ``TASKS``.
        pair_weight: weight of the loss on pairs of article type and colour.
        words_weight: weight of the loss on the title's words.
        contrast_weight: weight of the loss of pictures against titles.
        contrast_titles: random titles used as negatives beside a batch's own.
        variation: the augmentation.
        gentle_epochs: number of last epochs with weaker augmentation (``GENTLE``), so that the network ends on pictures
            as it will see them (after Touvron et al., "Fixing the train-test resolution discrepancy", 2019).
        further: share of the other sources' training pictures in an epoch, drawn anew for each.
        ema_decay: decay per step of the weights' running average, which is evaluated and exported.
        seed: of initialisation, order and augmentation.
        init: "imagenet" (the released weights; the first groups of blocks keep them), "random", or the folder of an
            exported encoder.
        checkpoint_steps: steps between checkpoints.
    """

    epochs: int = 4
    heights: tuple[int, ...] = (96,)
    batch_size: int = 64
    learning_rate: float = 1e-3
    weight_decay: float = 0.02
    label_smoothing: float = 0.1
    task_weights: tuple[float, ...] = (1.0, 1.0, 0.5, 0.25, 0.1)
    pair_weight: float = 0.5
    words_weight: float = 0.3
    contrast_weight: float = 0.3
    contrast_titles: int = 2048
    variation: Variation = field(default_factory=Variation)
    gentle_epochs: int = 1
    further: float = 0.25
    ema_decay: float = 0.998
    seed: int = 1
    init: str = "imagenet"
    checkpoint_steps: int = 200

    def variation_in(self, epoch: int) -> Variation:
        """The augmentation in that epoch."""
        last = epoch >= self.epochs - self.gentle_epochs
        return self.variation.gentler(GENTLE) if last else self.variation

    def height_of(self, epoch: int) -> int:
        """The picture height in that epoch."""
        return self.heights[min(epoch * len(self.heights) // self.epochs, len(self.heights) - 1)]


def size_of(height: int) -> tuple[int, int]:
    """(height, width) in the catalogue's 4:3, the width a multiple of 4."""
    return height, max(round(height * 0.75 / 4) * 4, 4)


def train_encoder(
    sources: Sequence[Path],
    out: Path,
    settings: TrainingSettings | None = None,
    say: Callable[[str], None] = logger.info,
    *,
    read_test: bool = False,
    note: str = "",
) -> Report:
    """Train on ``sources`` and export to ``out``; resumes from a checkpoint of the same settings in ``out``.

    Args:
        sources: catalogues; the report is on the unseen products of the first.
        out: folder for checkpoint, report and the exported encoder.
        settings: see ``TrainingSettings``.
        say: receives a line at every checkpoint and after every epoch.
        read_test: also report the test side. Do so once per reported result, when nothing is left to choose.
        note: text for the model card: what was tried, with what effect.

    Returns:
        The figures on products of families that were not trained on.

    Raises:
        InputError: no pictures, too few products to split, a checkpoint of other settings, weights to start from that
            are not what they should be.
    """
    settings = settings or TrainingSettings()
    out.mkdir(parents=True, exist_ok=True)
    say("reading the catalogue and its pictures")
    data = load_training_set(sources, size_of(max(settings.heights)), out / "work")
    counts = side_counts(data)
    say(f"products: {counts}")
    if min(counts.values()) == 0:
        raise InputError(f"too few products to split by family: {counts}. Expected some on every side.")
    run = Run(data, settings, out, say)
    history = run.all_epochs()
    say("choosing the input size on validation" + (", then reading test once" if read_test else ""))
    heights = sorted({*settings.heights, *_around(settings)})
    report = evaluate(run.trained, data, heights, size_of, read_test)
    export_model(
        out,
        run.trained(size_of(report.height)),
        size_of(report.height),
        data.vocabulary,
        {
            "settings": plain(settings),
            "report": asdict(report),
            "products": counts,
            "history": history,
            "note": note,
        },
    )
    write_card(out)
    return report


def _around(settings: TrainingSettings) -> list[int]:
    """Heights a sixth smaller and larger than the last one trained at."""
    last = settings.heights[-1]
    return [max(round(last * factor / 16) * 16, 32) for factor in (5 / 6, 7 / 6)]


class Run:
    """One training run: the model, its running average, the optimizer, and the progress."""

    def __init__(
        self, data: TrainingSet, settings: TrainingSettings, out: Path, say: Callable[[str], None]
    ) -> None:
        torch.manual_seed(settings.seed)
        self.data, self.settings, self.path, self.say = data, settings, out / CHECKPOINT, say
        self.device = choose_device()
        self.model = _model(data, settings).to(self.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.average = AveragedModel(
            self.model, multi_avg_fn=get_ema_multi_avg_fn(settings.ema_decay), use_buffers=True
        )
        self.optimizer = torch.optim.AdamW(_groups(self.model, settings), lr=settings.learning_rate)
        own = data.on("train", origin=0)
        self.train, self.own = data.on("train"), len(own)
        self.drawn = len(own) + round(settings.further * (len(self.train) - len(own)))
        self.steps_an_epoch = math.ceil(self.drawn / settings.batch_size)
        self.total = settings.epochs * self.steps_an_epoch
        self.done, self.history = self._resume() if self.path.exists() else (0, [])
        parameters = sum(p.numel() for p in self.model.parameters())
        say(f"{parameters:,} parameters on {self.device}, {self.steps_an_epoch} steps an epoch")

    def trained(self, size: tuple[int, int]) -> MultiTask:
        """The running average of the weights, its batch statistics measured again over photographs of that size.

        Averaged weights have never seen a batch, and the running statistics come from varied photographs (as in
        stochastic weight averaging, Izmailov et al. 2018).
        """
        model = copy.deepcopy(cast(MultiTask, self.average.module))
        order = torch.Generator().manual_seed(self.settings.seed)
        drawn = torch.randperm(self.own, generator=order).numpy()[:STATISTICS_PICTURES]
        batches = np.array_split(self.train[drawn], math.ceil(len(drawn) / self.settings.batch_size))
        pixels = (torch.from_numpy(self.data.pixels[np.sort(batch)]).to(self.device) for batch in batches)
        measure_statistics(model, (normalise(resized(batch, size)) for batch in pixels))
        return model

    @property
    def _models(self) -> dict[str, nn.Module]:
        return {"model": self.model, "average": self.average}

    def _resume(self) -> tuple[int, list[dict[str, Any]]]:
        """Restore the checkpoint; returns the steps done and the figures of each epoch."""
        state = load_checkpoint(self.path, self._models, self.optimizer)
        if state["settings"] != plain(self.settings):
            raise InputError(
                f"{self.path} belongs to a run with other settings. Expected the same settings to resume it; "
                "choose another --out or delete the checkpoint to begin anew."
            )
        return state["steps"], state["history"]

    def all_epochs(self) -> list[dict[str, Any]]:
        """Run the remaining steps; returns the validation figures after each epoch."""
        start, first, losses = time.perf_counter(), self.done, []
        while self.done < self.total:
            losses.append(self.step(self.done))
            self.done += 1
            whole = self.done % self.steps_an_epoch == 0
            if whole:
                self._measure()
            if whole or self.done % self.settings.checkpoint_steps == 0:
                self._save()
                speed = (self.done - first) * self.settings.batch_size / (time.perf_counter() - start)
                self.say(f"step {self.done}/{self.total}: loss {np.mean(losses):.3f}, {speed:.0f} pictures/s")
                start, first, losses = time.perf_counter(), self.done, []
        return self.history

    def _measure(self) -> None:
        """The running average's figures on validation, at the end of an epoch."""
        epoch = self.done // self.steps_an_epoch
        size = size_of(self.settings.height_of(epoch - 1))
        found = figures_on(self.trained(size), self.data, "validation", size)
        figures = found.accuracy | found.retrieval | found.titles
        self.history.append({"epoch": epoch, **figures})
        summary = ", ".join(f"{name} {value:.3f}" for name, value in figures.items())
        self.say(f"epoch {epoch}/{self.settings.epochs}, validation: {summary}")

    def _save(self) -> None:
        state = {"steps": self.done, "settings": plain(self.settings), "history": self.history}
        save_checkpoint(self.path, self._models, self.optimizer, state)

    def step(self, number: int) -> float:
        """One step; its pictures and their augmentation depend only on the seed and the step's number."""
        epoch, within = divmod(number, self.steps_an_epoch)
        places = np.sort(self._order(epoch)[within :: self.steps_an_epoch])
        generator = torch.Generator().manual_seed(self.settings.seed * 1_000_003 + number)
        for group in self.optimizer.param_groups:
            group["lr"] = self._rate(number) * group["times"]
        self.model.learning()
        size, variation = size_of(self.settings.height_of(epoch)), self.settings.variation_in(epoch)
        loss = self._loss(places, size, variation, generator)
        self.optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), 5.0)
        self.optimizer.step()
        self.average.update_parameters(self.model)
        return float(loss.detach())

    def _order(self, epoch: int) -> npt.NDArray[np.intp]:
        """The pictures of one epoch in random order: all of the first source, a share of the others."""
        generator = torch.Generator().manual_seed(self.settings.seed * 1000 + epoch)
        own, further = self.train[: self.own], self.train[self.own :]  # the sources lie one behind the other
        some = torch.randperm(len(further), generator=generator).numpy()[: self.drawn - self.own]
        pictures = np.concatenate([own, further[some]])
        return pictures[torch.randperm(len(pictures), generator=generator).numpy()]

    def _loss(
        self,
        places: npt.NDArray[np.intp],
        size: tuple[int, int],
        variation: Variation,
        generator: torch.Generator,
    ) -> Tensor:
        pixels = torch.from_numpy(self.data.pixels[places]).to(self.device)
        background = torch.from_numpy(self.data.background(places)).to(self.device)
        if tuple(pixels.shape[1:3]) != size:
            pixels = resized(pixels, size)
            background = nn.functional.interpolate(background[:, None].float(), size=size)[:, 0] > 0
        with autocast(self.device):
            features, logits = self.model(augment(pixels, background, variation, generator))
        labels = torch.from_numpy(self.data.labels[places]).to(self.device)
        losses = [
            weight * self._cross_entropy(scores, labels[:, task])
            for task, (scores, weight) in enumerate(zip(logits, self.settings.task_weights, strict=True))
        ]
        return torch.stack([*losses, *self._further_losses(features, places, generator)]).sum()

    def _cross_entropy(self, scores: Tensor, labels: Tensor) -> Tensor:
        """Mean over the known labels; 0 if there is none."""
        known = labels != NO_LABEL
        smoothing = self.settings.label_smoothing
        total = nn.functional.cross_entropy(
            scores.float(), labels, ignore_index=NO_LABEL, label_smoothing=smoothing, reduction="sum"
        )
        return total / known.sum().clamp(min=1)

    def _further_losses(
        self, features: Tensor, places: npt.NDArray[np.intp], generator: torch.Generator
    ) -> list[Tensor]:
        """Losses of the heads used in training only: pairs of type and colour, words of the title, title contrast."""
        losses, titles = [], self.data.titles
        if self.model.pair is not None:
            pairs = torch.from_numpy(self.data.pairs[places]).to(self.device)
            losses.append(self.settings.pair_weight * self._cross_entropy(self.model.pair(features), pairs))
        if self.model.words is not None:
            target = torch.from_numpy(titles.words[titles.of[places]].toarray()).to(self.device)
            scores = self.model.words(features)
            losses.append(self.settings.words_weight * nn.functional.cross_entropy(scores, target))
        if self.model.contrast is not None:
            losses.append(self.settings.contrast_weight * self._contrast(features, places, generator))
        return losses

    def _contrast(self, features: Tensor, places: npt.NDArray[np.intp], generator: torch.Generator) -> Tensor:
        """Contrastive loss of the pictures against their own titles and random titles of the train side."""
        contrast = cast(TitleContrast, self.model.contrast)
        titles = self.data.titles
        drawn = torch.randint(len(titles.train), (self.settings.contrast_titles,), generator=generator)
        among, own = np.unique(
            np.concatenate([titles.of[places], titles.train[drawn.numpy()]]), return_inverse=True
        )
        loss: Tensor = contrast(
            features,
            torch.from_numpy(own[: len(places)]).to(self.device),
            torch.from_numpy(titles.vectors[among]).to(self.device),
            torch.from_numpy(titles.words[among].toarray()).to(self.device),
        )
        return loss

    def _rate(self, step: int) -> float:
        """One-cycle learning rate: linear warm-up over 10 % of the steps, then cosine decay to 1 % of the peak."""
        warm = max(int(0.1 * self.total), 1)
        if step < warm:
            return self.settings.learning_rate * (0.04 + 0.96 * step / warm)
        through = (step - warm) / max(self.total - warm, 1)
        return self.settings.learning_rate * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * through)))


def _model(data: TrainingSet, settings: TrainingSettings) -> MultiTask:
    """The initial model."""
    words = data.titles.words.shape[1]
    model = MultiTask(
        [max(len(data.vocabulary[task]), 1) for task in TASKS],
        pairs=max(int(data.pairs.max(initial=-1)) + 1, 0) if settings.pair_weight else 0,
        words=words if settings.words_weight or settings.contrast_weight else 0,
        text_dimension=data.titles.vectors.shape[1] if settings.contrast_weight else 0,
    )
    start_from(settings.init, model, data.vocabulary)
    return model


def _groups(model: MultiTask, settings: TrainingSettings) -> list[dict[str, Any]]:
    """Parameter groups by learning rate and weight decay."""
    trunk = {id(p) for p in model.backbone.trunk.parameters()}
    learning = [p for p in model.parameters() if p.requires_grad]
    return [
        {"params": chosen, "weight_decay": settings.weight_decay * decays, "times": times}
        for decays in (True, False)
        for times, of_trunk in ((1.0, True), (HEADS_RATE, False))
        if (chosen := [p for p in learning if (p.ndim > 1) is decays and (id(p) in trunk) is of_trunk])
    ]


def plain(settings: TrainingSettings) -> dict[str, Any]:
    """The settings as plain JSON values."""

    def listed(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: listed(one) for key, one in value.items()}
        return list(value) if isinstance(value, tuple) else value

    made: dict[str, Any] = listed(asdict(settings))
    return made
