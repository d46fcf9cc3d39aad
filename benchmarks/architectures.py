"""Which ResNet serves the embedded profile best for the same training time on this machine.

``python -m benchmarks.architectures --source ZIP [--seconds 150] [--heights 64]``: each architecture is first timed
for a few steps, then trained for as many pictures as fit into the time, on one and the same part of the training
side, with the whole one-cycle schedule laid over it. Printed: accuracy on validation products.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from mpsr.training import train
from mpsr.training.data import TrainingSet, load_training_set
from mpsr.training.train import TrainingSettings, size_of

#: Steps that are timed; the first few warm up and do not count.
TIMED, WARM = 12, 4


def main() -> None:
    """Compare and print one JSON document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=150)
    parser.add_argument("--height", type=int, default=64)
    parser.add_argument("--architectures", nargs="+", default=["resnet18", "resnet50"])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = load_training_set([options.source], size_of(options.height), Path(folder))
        results = {
            name: compare_one(name, data, options.seconds, options.height, Path(folder) / name)
            for name in options.architectures
        }
    print(json.dumps(results, indent=1))


def compare_one(name: str, data: TrainingSet, seconds: float, height: int, out: Path) -> dict[str, float]:
    """Train one architecture for ``seconds`` in one epoch-long schedule; accuracy on validation."""
    out.mkdir()
    settings = TrainingSettings(architecture=name, epochs=1, heights=(height,), ema_decay=0.98, batch_size=64)
    rate = pictures_a_second(settings, data, out)
    run = train._Run(data, settings, out)
    pictures = int(rate * seconds)
    repeats = -(-pictures // len(run.train))
    run.settings = replace(settings, epochs=repeats)
    run.train = run.train[: pictures // repeats]
    run.steps_an_epoch = -(-len(run.train) // settings.batch_size)
    began = time.perf_counter()
    for epoch in range(repeats):
        run.epoch(epoch)
    trained = time.perf_counter() - began
    return {"pictures": pictures, "pictures/s": rate, "seconds": trained} | run._quick_accuracy(
        size_of(height)
    )


def pictures_a_second(settings: TrainingSettings, data: TrainingSet, out: Path) -> float:
    """Training speed, measured over a few steps."""
    import torch

    run = train._Run(data, settings, out)
    run.model.train()
    generator = torch.Generator().manual_seed(0)
    for step in range(WARM + TIMED):
        if step == WARM:
            began = time.perf_counter()
        places = run.train[step * settings.batch_size : (step + 1) * settings.batch_size]
        run._step(places, size_of(settings.heights[0]), generator)
    return TIMED * settings.batch_size / (time.perf_counter() - began)


if __name__ == "__main__":
    main()
