"""A database of boards of its own for each test."""

from pathlib import Path

import pytest

from mpsr.boards import Boards


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'boards.sqlite'}"


@pytest.fixture
def boards(url: str) -> Boards:
    return Boards(url)
