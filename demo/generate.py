"""Write a demo catalogue to a folder: `styles.csv` and `images/<id>.jpg`."""

from __future__ import annotations

import logging
from pathlib import Path

from demo.products import Product, products
from mpsr.catalogue.types import COLUMNS

log = logging.getLogger(__name__)


def generate(folder: Path, count: int, seed: int) -> list[Product]:
    """Draw a catalogue.

    Args:
        folder: where to; made where missing, files of the same names are overwritten.
        count: how many products.
        seed: another seed makes other products, brands and drawings.

    Returns:
        The products, in the order of the file.

    Raises:
        RuntimeError: where skia is not installed.
    """
    try:
        # Only whoever draws needs skia: everything else works with the committed pictures.
        from demo.drawing.shot import photograph
    except ImportError as error:
        raise RuntimeError(
            "drawing needs skia-python, which is not installed; run: pip install 'mpsr[demo]'"
        ) from error
    made = products(seed, count)
    images = folder / "images"
    images.mkdir(parents=True, exist_ok=True)
    write_styles(folder / "styles.csv", made)
    for done, product in enumerate(made, start=1):
        if product.pictured:
            (images / f"{product.id}.jpg").write_bytes(photograph(product, seed))
        if done % 500 == 0:
            log.info("%d of %d products drawn", done, len(made))
    return made


def write_styles(path: Path, made: list[Product]) -> None:
    """Write the table as the real one is: no quoting at all, bare commas in names included."""
    lines = [",".join(COLUMNS), *(",".join(product.row()) for product in made)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
