"""An app on one tiny store, as AppTest runs it from the entry point."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

ENTRY = Path(__file__).parents[2] / "streamlit_app.py"


@pytest.fixture
def stores(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder of the stores, empty."""
    folder = tmp_path / "stores"
    folder.mkdir()
    monkeypatch.setenv("MPSR_STORES", str(folder))
    return folder


@pytest.fixture
def start(stores: Path) -> Callable[..., AppTest]:
    """Starts the app at an address: ``start(id="101", less=["102"])``."""

    def run(**address: str | list[str]) -> AppTest:
        app = AppTest.from_file(str(ENTRY), default_timeout=60)
        app.query_params.update(address)
        app.run()
        assert not app.exception
        return app

    return run


@pytest.fixture
def shop_store(stores: Path, tiny_store: Path) -> Path:
    """The tiny store in the folder of the stores."""
    (stores / "shop").symlink_to(tiny_store, target_is_directory=True)
    return tiny_store
