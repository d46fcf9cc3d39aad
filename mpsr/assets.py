"""Files that ship with the project."""

from __future__ import annotations

from pathlib import Path


def asset(name: str) -> Path:
    """The path of ``assets/<name>``: inside the installed package, else in the source tree."""
    installed = Path(__file__).parent / "_assets"
    root = installed if installed.is_dir() else Path(__file__).parents[1] / "assets"
    return root / name


def app_folder() -> Path:
    """The folder that holds ``streamlit_app.py`` and ``.streamlit/``."""
    installed = Path(__file__).parent / "_app"
    return installed if installed.is_dir() else Path(__file__).parents[1]
