"""Opening the boards: what is refused, and how it is said."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import update

from mpsr.boards import Boards
from mpsr.boards.database import Database, boards_url
from mpsr.boards.tables import SchemaRow
from mpsr.boards.types import BoardsError
from mpsr.errors import InputError


def test_the_file_lies_in_the_users_folder_unless_told_otherwise(monkeypatch):
    monkeypatch.delenv("MPSR_BOARDS_URL", raising=False)
    assert boards_url().startswith("sqlite:///")
    assert boards_url().endswith("boards.sqlite")
    monkeypatch.setenv("MPSR_BOARDS_URL", "postgresql+psycopg://host/boards")
    assert boards_url() == "postgresql+psycopg://host/boards"


def test_sqlite_is_set_up_to_lose_nothing(boards):
    with boards.database.reading() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 15_000}


def test_a_newer_schema_is_refused_with_what_to_do(boards, url):
    with boards.database.writing() as connection:
        connection.execute(update(SchemaRow).values(version=7))
    with pytest.raises(BoardsError, match=r"schema 7.*schema 1.*Update MPSR"):
        Boards(url)


@pytest.mark.parametrize(
    "url", ["boards.sqlite", "mysql://host/x", "sqlite://", "sqlite:///:memory:", "nothing+at all://"]
)
def test_an_address_that_is_none_is_told(url):
    with pytest.raises(InputError, match="Expected sqlite"):
        Database(url)


def test_a_missing_driver_says_what_to_install():
    with pytest.raises(InputError, match=r"mpsr\[postgres\]"):
        Database("postgresql+nodriver://host/boards")


def test_a_password_is_never_shown():
    with pytest.raises(InputError) as told:
        Database("postgresql+nodriver://me:secret@host/boards")
    assert "secret" not in str(told.value)


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path):
    path = tmp_path / "boards.sqlite"
    path.write_text("this is a text " * 100)
    with pytest.raises(BoardsError, match="not a database"):
        Database(f"sqlite:///{path}")
    assert path.read_text().startswith("this is a text")


def test_a_folder_that_is_in_the_way_is_told(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(BoardsError, match="MPSR_BOARDS_URL"):
        Database(f"sqlite:///{tmp_path / 'file' / 'boards.sqlite'}")


def test_a_database_with_other_tables_gets_ours_beside_them(tmp_path: Path):
    path = tmp_path / "team.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("create table board (id text)")
    assert Boards(f"sqlite:///{path}").listed() == []
    with sqlite3.connect(path) as connection:
        assert connection.execute("select count(*) from board").fetchone() == (0,)
