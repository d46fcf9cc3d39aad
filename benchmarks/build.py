"""The build against the published recipe, against plain torch, and against what the machine can do at most.

Each side runs in a process of its own, so that its peak memory is its own; all have the same weights and products.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.figures import OURS, Measured, Scale, is_there
from benchmarks.machine import peak

#: Sides and whether they are slow, so that fewer products will do.
SIDES = {"published": True, "loader": True, "sentences": False, "torch": False, "openvino": False}
#: A side's package, where it is not among the project's own dependencies.
NEEDS = {"sentences": "sentence_transformers"}
NAMES = {
    "published": "published recipe",
    "loader": "batched torch loop",
    "sentences": "sentence-transformers",
    "torch": "MPSR on torch",
    "openvino": OURS,
}


def measure(scale: Scale) -> Measured:
    """All sides, the ratios, and the share of the machine's peak."""
    from benchmarks.models import write_models

    with tempfile.TemporaryDirectory() as models:
        write_models(Path(models), scale.small)
        work = operations(scale, Path(models))
        peaks = {precision: peak(precision) for precision in ("float32", "bfloat16")}
        sides = {side: _child(side, scale, Path(models)) for side in SIDES if is_there(NEEDS.get(side))}
        peaks = {precision: max(best, peak(precision)) for precision, best in peaks.items()}
    found = Measured(details={"sides": sides, "operations": work, "peak operations/s": peaks})
    precision = str(sides["openvino"]["precision"])
    for rate, what, peer in (
        ("pictures/s", "pictures encoded a second, ResNet-50 at 224²", "loader"),
        ("texts/s", "texts encoded a second, BERT-base", "sentences"),
    ):
        shown = [side for side in ("openvino", "published", peer, "torch") if side in sides]
        values = {NAMES[side]: sides[side][rate] for side in shown}
        share = sides["openvino"][rate] * work[rate] / peaks[precision]
        note = f"{precision}, {share:.0%} of the machine's peak"
        found.add("build", what, values, "more", NAMES["published"], note)
        found.details[f"share of peak, {rate}"] = {
            NAMES[name]: side[rate] * work[rate] / peaks[_precision(side)]
            for name, side in sides.items()
            if rate in side
        }
    ours, recipe = sides["openvino"], sides["published"]
    values = {
        NAMES[side]: 1e3 * sides[side]["seconds"] / sides[side]["products"]
        for side in ("openvino", "published", "torch")
    }
    everything = 1e3 * ours["seconds with everything"] / ours["products"]
    note = f"{everything:.0f} with previews, families and the map"
    found.add("build", "whole build to neighbours, ms a product", values, "less", NAMES["published"], note)
    values = {
        NAMES[side]: sides[side]["peak memory MB"] for side in ("openvino", "published", "loader", "torch")
    }
    found.add("build", "peak memory of that build, MB", values, "less", NAMES["published"])
    found.details["products"] = {"ours": ours["products"], "published": recipe["products"]}
    return found


def _precision(side: dict[str, Any]) -> str:
    return str(side.get("precision", "float32"))


def operations(scale: Scale, models: Path) -> dict[str, float]:
    """Floating-point operations of one picture, and of one text of the sample's mean length without padding."""
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    from benchmarks.models import random_profile
    from mpsr.catalogue import Policies, read_catalogue
    from mpsr.encoders.networks import ImageNetwork, TextNetwork
    from mpsr.encoders.text import _tokenizer, product_texts
    from mpsr.encoders.weights import find_weights

    profile = random_profile(models)
    texts = product_texts(
        read_catalogue(scale.source, Policies(limit=scale.limit), check_pictures=False).products, profile.text
    )
    folder = find_weights(profile.text).folder
    tokenizer = _tokenizer(folder, profile.text)
    lengths = [len(tokenizer.encode(text).ids) for text in texts]
    ids = torch.ones(1, round(sum(lengths) / len(lengths)), dtype=torch.long)
    pixels = torch.zeros(1, profile.image.height, profile.image.width, 3, dtype=torch.uint8)
    counted = {}
    for rate, module, inputs in (
        ("texts/s", TextNetwork(folder, "cls"), (ids, torch.ones_like(ids))),
        ("pictures/s", ImageNetwork(profile.image, find_weights(profile.image).weights), (pixels,)),
    ):
        with FlopCounterMode(display=False) as counter, torch.inference_mode():
            module.eval()(*inputs)
        counted[rate] = float(counter.get_total_flops())
    return counted


def _child(side: str, scale: Scale, models: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.build", side, str(models), json.dumps(scale.as_json())]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def run_side(side: str, scale: Scale, models: Path) -> dict[str, Any]:
    """One side in this process, with its peak memory."""
    limit = scale.recipe if SIDES[side] else scale.limit
    if side in ("torch", "openvino"):
        from benchmarks import ours
        from mpsr.encoders.runtime import choice

        runtime: Any = side
        figures: dict[str, Any] = dict(ours.run(scale.source, limit, models, runtime))
        figures["precision"] = choice(runtime)[2]
    else:
        from benchmarks import peers, published

        sides = {"published": published.run, "loader": peers.loader, "sentences": peers.sentences}
        figures = dict(sides[side](scale.source, limit, models))
    maximum = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {**figures, "peak memory MB": maximum * (1 if sys.platform == "darwin" else 1024) / 1e6}


if __name__ == "__main__":
    chosen, models_folder, scale_text = sys.argv[1:4]
    print(json.dumps(run_side(chosen, Scale.from_json(json.loads(scale_text)), Path(models_folder))))
