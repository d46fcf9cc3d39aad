"""A small catalogue of drawn products and a store built from it with a learned space."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from mpsr.pipeline import build
from mpsr.space.settings import SpaceSettings
from mpsr.stages.settings import Settings
from mpsr.store import Store

COLOURS = {"Red": (200, 30, 30), "Blue": (30, 30, 200), "Green": (20, 150, 40), "Black": (20, 20, 20)}
TYPES = {"Shirts": "Topwear", "Watches": "Watches", "Bags": "Bags"}
HEADER = "id,gender,masterCategory,subCategory,articleType,baseColour,season,year,usage,productDisplayName"


def draw(kind, colour, random):
    picture = Image.new("RGB", (60, 80), "white")
    pen, (x, y) = ImageDraw.Draw(picture), random.integers(0, 8, 2).tolist()
    if kind == "Shirts":
        pen.polygon(
            [(x + 8, y + 8), (x + 44, y + 8), (x + 50, y + 30), (x + 38, y + 66), (x + 14, y + 66)],
            fill=colour,
        )
    elif kind == "Watches":
        pen.ellipse((x + 10, y + 20, x + 44, y + 54), outline=colour, width=5)
    else:
        pen.rectangle((x + 6, y + 24, x + 48, y + 62), fill=colour)
        pen.arc((x + 16, y + 4, x + 38, y + 40), 180, 360, fill=colour, width=3)
    for _ in range(int(random.integers(3, 12))):  # patterns keep the perceptual hashes apart
        a, b = random.integers(5, 70, 2).tolist()
        tone = tuple(random.integers(0, 256, 3).tolist())
        pen.line((a % 55, b, (a * 7) % 55, (b * 3) % 75), fill=tone, width=2)
    return picture


@pytest.fixture(scope="session")
def drawn(tmp_path_factory):
    """A folder with 240 products; every 12th has no picture."""
    folder, random = tmp_path_factory.mktemp("drawn"), np.random.default_rng(0)
    (folder / "images").mkdir()
    lines = [HEADER]
    for number in range(240):
        kind, colour = list(TYPES)[number % 3], list(COLOURS)[number // 3 % 4]
        gender = ("Men", "Women")[number // 12 % 2]
        identity = 1000 + number
        name = f"Maker{number // 2 % 90} {gender} {colour} {kind[:-1]}"
        lines.append(f"{identity},{gender},Apparel,{TYPES[kind]},{kind},{colour},Summer,2012,Casual,{name}")
        if number % 12 != 5:
            draw(kind, COLOURS[colour], random).save(folder / "images" / f"{identity}.jpg", quality=92)
    (folder / "styles.csv").write_text("\n".join(lines) + "\n")
    return folder


@pytest.fixture(scope="session")
def learned_store(drawn, tmp_path_factory):
    """A store of it with towers trained for a moment."""
    root = tmp_path_factory.mktemp("stores") / "drawn"
    space = SpaceSettings(residual=32, hidden=64, batch_size=64, epochs=8, patience=8)
    build(drawn, Store(root), Settings(learned="train", space=space))
    return root
