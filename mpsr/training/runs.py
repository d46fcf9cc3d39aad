"""The runs that made the encoder that ships, and training in several runs."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from mpsr.errors import InputError
from mpsr.training.export import CONFIG_FILE, MODEL_FILE
from mpsr.training.report import Report
from mpsr.training.train import TrainingSettings, train_encoder

logger = logging.getLogger(__name__)

#: One after another, with larger pictures each time; every run but the first starts from the encoder of the one before.
SHIPPED = (
    TrainingSettings(epochs=3, heights=(80, 80, 96)),
    TrainingSettings(epochs=7, heights=(112,), learning_rate=6e-4, gentle_epochs=2, further=0.15),
    TrainingSettings(
        epochs=4, heights=(128,), learning_rate=5e-4, gentle_epochs=2, further=0.25, contrast_weight=0.5
    ),
)


def train_in_runs(
    sources: Sequence[Path],
    out: Path,
    runs: Sequence[TrainingSettings] = SHIPPED,
    say: Callable[[str], None] = logger.info,
    *,
    read_test: bool = False,
    note: str = "",
) -> Report:
    """Train in several runs; the last one exports to ``out``, the others to ``out/run-1``, ``out/run-2`` and so on.

    A finished run is not repeated, and an interrupted one resumes from its checkpoint.

    Args:
        sources: as ``train_encoder``.
        out: folder of the finished encoder.
        runs: settings of each run; ``init`` of all but the first is replaced by the folder of the one before.
        say: receives the lines of each run.
        read_test: let the last run report on the test side.
        note: text for the model card.

    Raises:
        InputError: there are no runs; or as ``train_encoder``.
    """
    if not runs:
        raise InputError("there is no run to train. Expected settings of at least one.")
    init = runs[0].init
    for number, settings in enumerate(runs[:-1], 1):
        folder = out / f"run-{number}"
        if all((folder / name).is_file() for name in (MODEL_FILE, CONFIG_FILE)):
            say(f"run {number} of {len(runs)} is finished")
        else:
            say(f"run {number} of {len(runs)}")
            train_encoder(sources, folder, replace(settings, init=init), say)
        init = str(folder)
    say(f"run {len(runs)} of {len(runs)}")
    return train_encoder(sources, out, replace(runs[-1], init=init), say, read_test=read_test, note=note)
