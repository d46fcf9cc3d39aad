"""What the tests of faults share."""

from __future__ import annotations

from pathlib import Path

import pytest

from mpsr.pipeline import build
from mpsr.stages.settings import Settings
from mpsr.store import Store
from tests.conftest import line, write_catalogue


@pytest.fixture(scope="session")
def one_product(tmp_path_factory: pytest.TempPathFactory, tiny_profile) -> Path:
    """The store of a single product."""
    root = tmp_path_factory.mktemp("stores") / "one"
    source = write_catalogue(tmp_path_factory.mktemp("one"), [line(1)], ["1"])
    build(source, Store(root), Settings(profile=tiny_profile))
    return root
