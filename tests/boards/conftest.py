"""A database of boards of its own for each test: SQLite, or the PostgreSQL named by MPSR_TEST_BOARDS_URL."""

import os
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from mpsr.boards import Boards
from mpsr.boards.tables import Base


@pytest.fixture
def url(tmp_path: Path) -> str:
    """An empty database; whatever boards the named PostgreSQL holds are dropped."""
    named = os.environ.get("MPSR_TEST_BOARDS_URL")
    if named:
        engine = create_engine(named)
        Base.metadata.drop_all(engine)
        engine.dispose()
    return named or f"sqlite:///{tmp_path / 'boards.sqlite'}"


@pytest.fixture
def boards(url: str) -> Boards:
    return Boards(url)
