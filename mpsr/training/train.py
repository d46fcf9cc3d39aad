"""Train the picture encoder: several heads on one ResNet, small pictures, on a CPU or a GPU."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from mpsr.encoders.device import autocast, choose_device
from mpsr.errors import InputError
from mpsr.training.card import write_card
from mpsr.training.checkpoint import load_checkpoint, save_checkpoint
from mpsr.training.data import NO_LABEL, TASKS, TrainingSet, load_training_set, side_counts
from mpsr.training.export import MODEL_FILE, export_model, read_config
from mpsr.training.model import MultiTask, augment, normalise, resized
from mpsr.training.report import Report, evaluate

logger = logging.getLogger(__name__)

CHECKPOINT = "checkpoint.safetensors"


@dataclass(frozen=True)
class TrainingSettings:
    """What a run is made with.

    Attributes:
        architecture: a torchvision ResNet.
        epochs: passes over the training side.
        heights: picture heights in pixels, one a stage of equal length, growing; width is 3/4 of it.
        batch_size: pictures a step.
        learning_rate: peak of the one-cycle schedule.
        weight_decay: AdamW's, on weights of more than one dimension.
        label_smoothing: of every cross entropy.
        task_weights: weight of each task's loss, in the order of ``TASKS``.
        pair_weight: weight of the loss on pairs of article type and colour.
        words_weight: weight of the loss on the title's words.
        erase: share of the pictures that lose a rectangle to white.
        further: share of the further sources' training pictures that an epoch sees, drawn anew for each.
        ema_decay: decay a step of the running average that is evaluated and exported.
        seed: of initialisation, order and augmentation.
        init: folder of an exported encoder to start from.
    """

    architecture: str = "resnet18"
    epochs: int = 12
    heights: tuple[int, ...] = (64, 80, 96)
    batch_size: int = 128
    learning_rate: float = 3e-3
    weight_decay: float = 0.05
    label_smoothing: float = 0.1
    task_weights: tuple[float, ...] = (1.0, 1.0, 0.5, 0.25, 0.1)
    pair_weight: float = 0.5
    words_weight: float = 0.3
    erase: float = 0.25
    further: float = 1.0
    ema_decay: float = 0.998
    seed: int = 1
    init: str | None = None

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
) -> Report:
    """Train on ``sources``, export to ``out``; goes on from a checkpoint with the same settings found there.

    Args:
        sources: catalogues; the report is on the unseen products of the first.
        out: folder for checkpoint, report and the exported encoder.
        settings: see ``TrainingSettings``.
        say: receives one line an epoch.

    Returns:
        The accuracy per task on validation and test products, of families never trained on.

    Raises:
        InputError: unknown architecture, no pictures, too few products to split, a checkpoint of other settings.
    """
    settings = settings or TrainingSettings()
    out.mkdir(parents=True, exist_ok=True)
    say("reading the catalogue and its pictures")
    data = load_training_set(sources, size_of(max(settings.heights)), out / "work")
    counts = side_counts(data)
    say(f"products: {counts}")
    if min(counts.values()) == 0:
        raise InputError(f"too few products to split by family: {counts}. Expected some on every side.")
    run = _Run(data, settings, out)
    say(
        f"{settings.architecture} on {run.device}, {sum(p.numel() for p in run.model.parameters()):,} parameters"
    )
    for epoch in range(run.next_epoch, settings.epochs):
        say(run.epoch(epoch))
    say("choosing the input size on validation, then reading test once")
    trained = run.average.module
    if not isinstance(trained, MultiTask):
        raise TypeError(f"expected a MultiTask network to export, got {type(trained).__name__}")
    report = evaluate(trained, data, sorted({*settings.heights, 96, 112, 128}), size_of)
    export_model(
        out,
        trained,
        settings.architecture,
        size_of(report.height),
        data.vocabulary,
        {
            "settings": asdict(settings),
            "report": asdict(report),
            "products": counts,
        },
    )
    write_card(out)
    return report


class _Run:
    """One training run: model, its average, optimizer, and where it stands."""

    def __init__(self, data: TrainingSet, settings: TrainingSettings, out: Path) -> None:
        torch.manual_seed(settings.seed)
        self.data, self.settings, self.path = data, settings, out / CHECKPOINT
        self.device = choose_device()
        classes = [max(len(data.vocabulary[task]), 1) for task in TASKS]
        pairs = int(data.pairs.max(initial=-1)) + 1 if settings.pair_weight else 0
        words = data.words.shape[1] if settings.words_weight else 0
        model = MultiTask(settings.architecture, classes, max(pairs, 0), words)
        if settings.init:
            _start_from(Path(settings.init), model, data)
        self.model = model.to(self.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.average = AveragedModel(
            self.model, multi_avg_fn=get_ema_multi_avg_fn(settings.ema_decay), use_buffers=True
        )
        decayed = [p for p in self.model.parameters() if p.ndim > 1]
        plain = [p for p in self.model.parameters() if p.ndim <= 1]
        self.optimizer = torch.optim.AdamW(
            [
                {"params": decayed, "weight_decay": settings.weight_decay},
                {"params": plain, "weight_decay": 0.0},
            ],
            lr=settings.learning_rate,
        )
        own = data.on("train", origin=0)
        self.train, self.own = data.on("train"), len(own)
        self.drawn = len(own) + round(settings.further * (len(self.train) - len(own)))
        self.steps_an_epoch = math.ceil(self.drawn / settings.batch_size)
        self.next_epoch = 0
        if self.path.exists():
            state = load_checkpoint(self.path, self._models, self.optimizer)
            if state["settings"] != _plain(settings):
                raise InputError(
                    f"{self.path} belongs to a run with other settings. Expected the same settings to go on; "
                    "choose another --out or delete the checkpoint to begin anew."
                )
            self.next_epoch = state["epoch"] + 1

    @property
    def _models(self) -> dict[str, nn.Module]:
        return {"model": self.model, "average": self.average}

    def epoch(self, epoch: int) -> str:
        """One pass over the training side; the order and the augmentation depend on seed and epoch alone."""
        generator = torch.Generator().manual_seed(self.settings.seed * 1000 + epoch)
        order = self._order(generator)
        size = size_of(self.settings.height_of(epoch))
        self.model.train()
        start, total = time.perf_counter(), 0.0
        for step in range(self.steps_an_epoch):
            places = np.sort(order[step * self.settings.batch_size : (step + 1) * self.settings.batch_size])
            for group in self.optimizer.param_groups:
                group["lr"] = self._rate(epoch * self.steps_an_epoch + step)
            total += self._step(places, size, generator)
        seconds = time.perf_counter() - start
        save_checkpoint(
            self.path, self._models, self.optimizer, {"epoch": epoch, "settings": _plain(self.settings)}
        )
        accuracy = self._quick_accuracy(size)
        return (
            f"epoch {epoch + 1}/{self.settings.epochs} at {size[0]}×{size[1]}: loss {total / self.steps_an_epoch:.3f}, "
            f"validation {' '.join(f'{t} {a:.3f}' for t, a in accuracy.items())}, "
            f"{self.drawn / seconds:.0f} pictures/s, {seconds:.0f} s"
        )

    def _order(self, generator: torch.Generator) -> npt.NDArray[np.intp]:
        """The pictures of one epoch in random order: all of the first source, a share of the further ones."""
        own, further = self.train[: self.own], self.train[self.own :]  # the sources lie one behind the other
        some = torch.randperm(len(further), generator=generator).numpy()[: self.drawn - self.own]
        pictures = np.concatenate([own, further[some]])
        return pictures[torch.randperm(len(pictures), generator=generator).numpy()]

    def _step(self, places: npt.NDArray[np.intp], size: tuple[int, int], generator: torch.Generator) -> float:
        pixels = resized(torch.from_numpy(self.data.pixels[places]).to(self.device), size)
        labels = torch.from_numpy(self.data.labels[places]).to(self.device)
        with autocast(self.device):
            features, logits = self.model(augment(pixels, generator, self.settings.erase))
        losses = self._further_losses(features, places) + [
            weight
            * nn.functional.cross_entropy(
                scores.float(),
                labels[:, task],
                ignore_index=NO_LABEL,
                label_smoothing=self.settings.label_smoothing,
            )
            for task, (scores, weight) in enumerate(zip(logits, self.settings.task_weights, strict=True))
            if (labels[:, task] != NO_LABEL).any()
        ]
        loss = torch.stack(losses).sum()
        self.optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), 5.0)
        self.optimizer.step()
        self.average.update_parameters(self.model)
        return float(loss.detach())

    def _further_losses(self, features: Tensor, places: npt.NDArray[np.intp]) -> list[Tensor]:
        """Losses of the heads that only help in training: pairs of type and colour, words of the title."""
        losses = []
        pairs = torch.from_numpy(self.data.pairs[places]).to(self.device)
        if self.model.pair is not None and (pairs != NO_LABEL).any():
            scores = self.model.pair(features)
            loss = nn.functional.cross_entropy(
                scores, pairs, ignore_index=NO_LABEL, label_smoothing=self.settings.label_smoothing
            )
            losses.append(self.settings.pair_weight * loss)
        if self.model.words is not None:
            target = torch.from_numpy(self.data.words[places].toarray()).to(self.device)
            scores = self.model.words(features.float())
            losses.append(self.settings.words_weight * nn.functional.cross_entropy(scores, target))
        return losses

    def _rate(self, step: int) -> float:
        """One cycle: linear warm-up over 15 % of the steps, then a cosine down to a hundredth."""
        total = self.settings.epochs * self.steps_an_epoch
        warm = max(int(0.15 * total), 1)
        if step < warm:
            return self.settings.learning_rate * (0.04 + 0.96 * step / warm)
        through = (step - warm) / max(total - warm, 1)
        return self.settings.learning_rate * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * through)))

    @torch.inference_mode()
    def _quick_accuracy(self, size: tuple[int, int]) -> dict[str, float]:
        """Accuracy per task of the running average on the validation products of the first source."""
        self.average.eval()
        places = self.data.on("validation", origin=0)
        hits = np.zeros(len(TASKS))
        for start in range(0, len(places), 256):
            chosen = places[start : start + 256]
            pixels = resized(torch.from_numpy(self.data.pixels[chosen]).to(self.device), size)
            with autocast(self.device):
                _, logits = self.average(normalise(pixels))
            guesses = np.stack([scores.argmax(1).cpu().numpy() for scores in logits], axis=1)
            hits += (guesses == self.data.labels[chosen]).sum(axis=0)
        return dict(zip(TASKS, (hits / max(len(places), 1)).tolist(), strict=True))


def _start_from(folder: Path, model: MultiTask, data: TrainingSet) -> None:
    """Load an exported encoder: the backbone whole, the heads label by label."""
    config = read_config(folder)
    tensors = load_file(folder / MODEL_FILE)
    model.backbone.load_state_dict(
        {k.removeprefix("backbone."): v for k, v in tensors.items() if k.startswith("backbone.")}
    )
    for number, task in enumerate(TASKS):
        known = {label: row for row, label in enumerate(config["vocabulary"][task])}
        head = model.heads[number]
        with torch.no_grad():
            for row, label in enumerate(data.vocabulary[task]):
                if label in known:
                    head.weight[row] = tensors[f"heads.{number}.weight"][known[label]].float()  # type: ignore[operator]
                    head.bias[row] = tensors[f"heads.{number}.bias"][known[label]].float()  # type: ignore[operator]


def _plain(settings: TrainingSettings) -> dict[str, Any]:
    """The settings as JSON gives them back."""
    return {
        key: list(value) if isinstance(value, tuple) else value for key, value in asdict(settings).items()
    }
