"""Whether an installed MPSR finds what it ships with; run outside the source tree, the wheel's folder on the path."""

from __future__ import annotations

import sys
from pathlib import Path

import mpsr
from mpsr.assets import app_folder, asset
from mpsr.demo import demo_folder
from mpsr.encoders.profiles import profile
from mpsr.encoders.weights import check_weights

PACKAGE = Path(mpsr.__file__).parent

#: What has to be there, beside what the calls below look for themselves.
NEEDED = (
    PACKAGE / "py.typed",
    PACKAGE / "api" / "similar.js",
    asset("icon.png"),
    asset("models/towers") / "towers.safetensors",
    *(app_folder() / name for name in ("streamlit_app.py", "pages/find.py", ".streamlit/config.toml")),
)


def main() -> int:
    """Print what is wrong; 0 when nothing is."""
    check_weights(profile("embedded"), offline=True)
    demo_folder()
    missing = [str(path) for path in NEEDED if not path.is_file()]
    beside = [
        str(path) for name in ("demo", "benchmarks", "tests") if (path := PACKAGE.parent / name).exists()
    ]
    for problem in [
        *(f"missing: {path}" for path in missing),
        *(f"should not be there: {path}" for path in beside),
    ]:
        sys.stderr.write(f"{problem}\n")
    return 1 if missing or beside else 0


if __name__ == "__main__":
    sys.exit(main())
