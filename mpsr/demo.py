"""The demo catalogue: 1,500 drawn products that do not exist.

It ships under `assets/demo/` in the layout of the public data set: `styles.csv` and `images/<id>.jpg`. The code that drew
it is in `demo/`, beside the package; in a clone of the project, `python -m demo --to DIR` draws it again, or another one.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from mpsr.assets import asset
from mpsr.errors import InputError

DEMO_SEED = 1
DEMO_PRODUCTS = 1500
"""What the committed catalogue was drawn with."""

DEMO_STORE = "demo"
"""Name of the store that is built from it."""


def demo_folder() -> Path:
    """The folder of the committed demo catalogue.

    Raises:
        InputError: the project was installed without its assets.
    """
    folder = asset("demo")
    if not (folder / "styles.csv").is_file():
        raise InputError(
            f"expected the demo catalogue at {folder}, found none. Install MPSR again; or, in a clone of the project, "
            f"draw it with: python -m demo --to {folder} (needs the extra mpsr[demo])"
        )
    return folder


def write_demo(to: Path) -> Path:
    """Copy the demo catalogue to ``to``, a folder that does not exist yet or is empty.

    Raises:
        InputError: there is something at ``to``.
    """
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise InputError(f"{to} is not empty. Choose another folder with --to.")
    return Path(shutil.copytree(demo_folder(), to, dirs_exist_ok=True))
