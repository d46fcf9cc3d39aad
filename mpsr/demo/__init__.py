"""The demo: a catalogue of products that do not exist, drawn by code.

The catalogue lies under `assets/demo/` in the layout of the real one: `styles.csv` and `images/<id>.jpg`.
`python -m mpsr.demo --to DIR` draws it again (with the extra `mpsr[demo]` for skia) and, with another seed,
draws another one. Nothing here imports skia until something is drawn.
"""

from __future__ import annotations

from pathlib import Path

DEMO_SEED = 1
DEMO_PRODUCTS = 1500
"""What the committed catalogue was generated with."""


def demo_folder() -> Path:
    """The folder of the committed demo catalogue.

    Raises:
        FileNotFoundError: where the project was installed without its assets.
    """
    for root in (Path(__file__).resolve().parents[2], Path(__file__).resolve().parents[1]):
        folder = root / "assets" / "demo"
        if (folder / "styles.csv").is_file():
            return folder
    expected = Path(__file__).resolve().parents[2] / "assets" / "demo"
    raise FileNotFoundError(
        f"expected the demo catalogue at {expected}, found none; "
        f"draw it with: python -m mpsr.demo --to {expected} (needs the extra mpsr[demo])"
    )
