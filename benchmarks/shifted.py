"""How picture encoders hold on photographs of other kinds: ``python -m benchmarks.shifted SOURCE ENCODER [ENCODER ...]``.

ENCODER is a folder that ``mpsr train-encoder`` exported. Each asked photograph of a side of the split is shown as it is,
cropped, small on a large canvas, through JPEG, in other light, and on another background. Printed, for every encoder: how
often its own heads tell type and colour, and how often its nearest pictures (by cosine; the gallery is the side's
photographs as they are, the asked one left out) are of the same type, and of the same type and colour. Last: pictures a
second.
"""

from __future__ import annotations

import argparse
import io
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image
from safetensors.numpy import load_file

from mpsr.catalogue import NAME, Policies, locate, read_catalogue
from mpsr.catalogue.families import families, perceptual_hash
from mpsr.catalogue.pictures import MAX_BYTES, decode_picture
from mpsr.catalogue.split import sides, variants_of
from mpsr.encoders.image import ImageEncoder
from mpsr.encoders.profiles import image_model_from
from mpsr.encoders.weights import find_weights
from mpsr.training.data import TASKS, white_background

#: How a photograph is shifted: the photograph and a source of chance to another photograph.
Shift = Callable[[Image.Image, np.random.Generator], Image.Image]

#: Pictures encoded at a time.
TOGETHER = 64


@dataclass(frozen=True)
class Asked:
    """The photographs that ask.

    Attributes:
        pictures: all photographs of the side, as they are.
        labels: their article types and colours, shape (N, 2), None where missing.
        places: which of them ask, shape (M,).
    """

    pictures: list[Image.Image]
    labels: npt.NDArray[np.object_]
    places: npt.NDArray[np.intp]


def cropped(picture: Image.Image, chance: np.random.Generator) -> Image.Image:
    """Between 75 and 95 % of each side."""
    share = chance.uniform(0.75, 0.95, 2)
    width, height = round(picture.width * share[0]), round(picture.height * share[1])
    left = int(chance.integers(picture.width - width + 1))
    top = int(chance.integers(picture.height - height + 1))
    return picture.crop((left, top, left + width, top + height))


def small(picture: Image.Image, chance: np.random.Generator) -> Image.Image:
    """Somewhere on a white square of two and a half times its height."""
    side = round(picture.height * 2.5)
    canvas = Image.new("RGB", (side, side), "white")
    across, down = chance.uniform(0.3, 0.7, 2)
    canvas.paste(picture, (round((side - picture.width) * across), round((side - picture.height) * down)))
    return canvas


def compressed(picture: Image.Image, chance: np.random.Generator) -> Image.Image:
    """Through JPEG of quality 20 to 40."""
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=int(chance.integers(20, 41)))
    return Image.open(kept).convert("RGB")


def lit(picture: Image.Image, chance: np.random.Generator) -> Image.Image:
    """Darker or brighter by up to 20 %, each channel by up to 8 % more."""
    factor = chance.uniform(0.8, 1.2) * chance.uniform(0.92, 1.08, 3)
    return Image.fromarray(np.clip(np.asarray(picture) * factor, 0, 255).astype(np.uint8))


def on_background(picture: Image.Image, chance: np.random.Generator) -> Image.Image:
    """On an uneven background of some colour in place of the white one."""
    pixels = np.asarray(picture)
    coarse = np.clip(chance.uniform(40, 255, 3) + chance.uniform(-60, 60, (3, 2, 3)), 0, 255).astype(np.uint8)
    background = Image.fromarray(coarse).resize(picture.size, Image.Resampling.BICUBIC)
    return Image.fromarray(np.where(white_background(pixels)[..., None], np.asarray(background), pixels))


SHIFTS: dict[str, Shift] = {
    "as it is": lambda picture, chance: picture,
    "cropped": cropped,
    "small": small,
    "JPEG": compressed,
    "other light": lit,
    "other background": on_background,
}


def asked_of(source: Path, side: str, count: int) -> Asked:
    """The photographs of a side of the split (that of ``mpsr train-encoder``), ``count`` of them to ask."""
    located = locate(source)
    products = read_catalogue(source, Policies(no_image="drop")).products

    def picture(name: str) -> Image.Image:
        return decode_picture(located.source.read(name, MAX_BYTES))

    names = products["picture"].astype(str).tolist()
    hashes = np.stack([perceptual_hash(picture(name)) for name in names])
    variants = variants_of(products).tolist()
    family = families(products[NAME].tolist(), np.arange(len(products)), hashes, variants)
    on = sides(products, family) == side
    labels = products.loc[on, list(TASKS[:2])].astype(object).where(lambda table: table.notna(), None)
    shuffled = np.random.default_rng(0).permutation(len(labels))
    pictures = [picture(name) for name, wanted in zip(names, on, strict=True) if wanted]
    return Asked(pictures, labels.to_numpy(), np.sort(shuffled[:count]))


def encode(encoder: ImageEncoder, pictures: list[Image.Image]) -> tuple[npt.NDArray[np.float32], float]:
    """The pooled features, shape (N, dimension), not scaled to length 1, and the seconds that took."""
    pixels = [encoder.prepare(picture) for picture in pictures]
    began = time.perf_counter()
    parts = [
        encoder.feature_maps(pixels[start : start + TOGETHER]).mean(axis=(1, 2))
        for start in range(0, len(pixels), TOGETHER)
    ]
    return np.concatenate(parts), time.perf_counter() - began


def figures(asked: Asked, folder: Path) -> dict[str, list[float]]:
    """For each shift: type and colour told by the heads, type P@10, type + colour hit@5 and P@10."""
    model = image_model_from(folder, folder.name)
    encoder = ImageEncoder(model, find_weights(model))
    gallery, seconds = encode(encoder, asked.pictures)
    unit = gallery / np.linalg.norm(gallery, axis=1, keepdims=True)
    found = {"pictures a second": [len(gallery) / seconds]}
    for name, shift in SHIFTS.items():
        chance = np.random.default_rng(1)
        features, _ = encode(encoder, [shift(asked.pictures[place], chance) for place in asked.places])
        told = _told(features, folder)
        scores = features / np.linalg.norm(features, axis=1, keepdims=True) @ unit.T
        scores[np.arange(len(scores)), asked.places] = -2
        nearest = asked.labels[np.argsort(-scores, axis=1)[:, :10]]
        same = nearest == asked.labels[asked.places, None]
        both = same.all(axis=2)
        found[name] = [
            *(told == asked.labels[asked.places]).mean(axis=0).tolist(),
            float(same[..., 0].mean()),
            float(both[:, :5].any(axis=1).mean()),
            float(both.mean()),
        ]
    return found


def _told(features: npt.NDArray[np.float32], folder: Path) -> npt.NDArray[np.object_]:
    """The type and the colour that the encoder's own heads give, shape (N, 2)."""
    tensors = load_file(folder / "model.safetensors")
    vocabulary = json.loads((folder / "config.json").read_text(encoding="utf-8"))["vocabulary"]
    guesses = []
    for number, task in enumerate(TASKS[:2]):
        weight, bias = (tensors[f"heads.{number}.{part}"].astype(np.float32) for part in ("weight", "bias"))
        guesses.append(np.array(vocabulary[task], dtype=object)[(features @ weight.T + bias).argmax(axis=1)])
    return np.stack(guesses, axis=1)


def main() -> None:
    """Print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("encoders", type=Path, nargs="+", metavar="ENCODER")
    parser.add_argument("--side", default="validation", choices=["validation", "test"])
    parser.add_argument("--count", type=int, default=1000, help="how many photographs ask")
    options = parser.parse_args()
    asked = asked_of(options.source, options.side, options.count)
    print(f"| {len(asked.places):,} of {len(asked.pictures):,} photographs ask, {options.side} side "
          "| type told | colour told | type P@10 | type + colour hit@5 | P@10 |")  # fmt: skip
    print("|---|---|---|---|---|---|")
    for folder in options.encoders:
        found = figures(asked, folder)
        speed = found.pop("pictures a second")[0]
        for name, values in found.items():
            print(f"| {folder.name}, {name} | {' | '.join(f'{value:.3f}' for value in values)} |")
        print(f"| {folder.name}: {speed:.0f} pictures a second, prepared | | | | | |")


if __name__ == "__main__":
    main()
