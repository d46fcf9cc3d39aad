"""Boards whose database is locked, or gone and back: a sentence, nothing lost, and no restart needed."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from mpsr.boards import Boards, database
from mpsr.boards.types import BoardsError
from tests.faults import postgres


def products(boards: Boards, board: str) -> list[str]:
    return sorted(key.product for key in boards.get(board).keys)


def test_a_file_that_is_locked_is_told_and_written_to_afterwards(tmp_path, monkeypatch):
    monkeypatch.setattr(database, "WAIT", 200)
    path = tmp_path / "boards.sqlite"
    boards = Boards(f"sqlite:///{path}")
    board = boards.make("Ours")
    boards.add(board, "shop", {"1": ""})
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(BoardsError, match="another program has locked the file"):
        boards.add(board, "shop", {"2": ""})
    assert products(boards, board) == ["1"]  # whoever only looks does not wait
    other.execute("ROLLBACK")
    other.close()
    boards.add(board, "shop", {"3": ""})
    assert products(boards, board) == ["1", "3"]


@pytest.fixture
def server() -> Iterator[postgres.Server]:
    """A PostgreSQL server that runs."""
    pytest.importorskip("psycopg", reason="needs the driver: pip install 'mpsr[postgres]'")
    programs = postgres.programs()
    if programs is None:
        pytest.skip("needs the programs of a PostgreSQL server (initdb, pg_ctl)")
    try:
        account = postgres.account()
    except KeyError:
        pytest.skip("a PostgreSQL server does not run as root, and there is no account postgres")
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # pytest's own folders are closed to other accounts
    if account:
        shutil.chown(folder, account)
    server = postgres.Server.made(programs, folder)
    server.start()
    yield server
    server.stop()
    shutil.rmtree(folder)


def test_a_server_that_is_gone_and_back(server):
    boards = Boards(server.url)
    board = boards.make("Ours")
    boards.add(board, "shop", {"1": ""})
    server.stop()
    for change in (lambda: boards.add(board, "shop", {"2": ""}), boards.listed, lambda: Boards(server.url)):
        with pytest.raises(BoardsError) as told:
            change()
        assert "SECRET" not in str(told.value)
        assert "postgresql+psycopg://127.0.0.1" in str(told.value)
        assert "\n" not in str(told.value)
    server.start()
    assert products(boards, board) == ["1"]
    boards.add(board, "shop", {"3": ""})
    assert products(Boards(server.url), board) == ["1", "3"]
    boards.database.close()


def test_a_file_that_is_removed_is_told_and_gone_on_with_when_it_is_back(tmp_path):
    path, away = tmp_path / "boards.sqlite", tmp_path / "away.sqlite"
    boards = Boards(f"sqlite:///{path}")
    boards.make("Before")
    copy = sqlite3.connect(path)
    copy.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    copy.close()
    shutil.copyfile(path, away)
    for file in tmp_path.glob("boards.sqlite*"):
        file.unlink()
    for tried in (lambda: boards.make("Lost"), boards.listed):
        with pytest.raises(BoardsError, match="moved or removed"):
            tried()
    shutil.copyfile(away, path)
    assert [one.name for one in boards.listed()] == ["Before"]
    boards.make("After")
    assert sorted(one.name for one in Boards(f"sqlite:///{path}").listed()) == ["After", "Before"]
