"""Boards that may only be read: shown as they are, and every change refused in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from mpsr.boards import Boards
from mpsr.boards.database import READ_ONLY
from mpsr.boards.types import BoardsError, Key


@pytest.fixture
def url(tmp_path: Path) -> str:
    boards = Boards(f"sqlite:///{tmp_path / 'a folder%20?' / 'boards.sqlite'}".replace("?", ""))
    board = boards.make("Summer")
    boards.add(board, "shop", {"101": "Shirt"})
    boards.database.close()
    return str(boards.database.url)


def test_they_are_shown_and_not_changed(url, monkeypatch):
    monkeypatch.setenv(READ_ONLY, "1")
    boards = Boards(url)
    (listed,) = boards.listed()
    assert [item.key for item in boards.get(listed.id).items] == [Key("shop", "101")]
    changes = (
        lambda: boards.make("Winter"),
        lambda: boards.rename(listed.id, "Winter", "Summer"),
        lambda: boards.annotate(listed.id, "note", ""),
        lambda: boards.delete(listed.id),
        lambda: boards.add(listed.id, "shop", {"102": "Shirt"}),
        lambda: boards.duplicate(listed.id, "Copy"),
    )
    for change in changes:
        with pytest.raises(BoardsError, match="can only be read here"):
            change()
    boards.database.close()
    monkeypatch.delenv(READ_ONLY)
    assert [one.name for one in Boards(url).listed()] == ["Summer"]


def test_where_there_are_none_none_are_made(tmp_path, monkeypatch):
    monkeypatch.setenv(READ_ONLY, "1")
    with pytest.raises(BoardsError):
        Boards(f"sqlite:///{tmp_path / 'none' / 'boards.sqlite'}")
    assert not list(tmp_path.iterdir())
