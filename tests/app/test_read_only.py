"""The app where nothing may be changed: boards and rules are shown, and nothing on the pages changes them."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from mpsr.api.app import create_app
from mpsr.boards import Boards
from mpsr.boards.database import READ_ONLY
from mpsr.clicks import Events
from mpsr.service import Service
from tests.api.conftest import client_of
from tests.api.test_problems import is_problem

ENTRY = Path(__file__).parents[2] / "streamlit_app.py"

#: Starts of labels of what changes a board.
CHANGES = ("Add", "On the board", "Create", "Duplicate", "Delete", "Remove", "Restore", "Undo", "Sort by")


@pytest.fixture
def board(monkeypatch, tmp_path: Path) -> str:
    """A board with three products and one that is gone, from now on read-only."""
    url = f"sqlite:///{tmp_path / 'boards.sqlite'}"
    monkeypatch.setenv("MPSR_BOARDS_URL", url)
    boards = Boards(url)
    made = boards.make("Summer", "for the wall")
    boards.add(made, "shop", {"105": "One", "103": "Two", "101": "Three", "gone": "Four"})
    boards.delete(boards.make("Old"))
    boards.database.close()
    monkeypatch.setenv(READ_ONLY, "1")
    return made


def page(name: str, **address: str) -> AppTest:
    app = AppTest.from_file(str(ENTRY), default_timeout=60)
    app.query_params.update(address)
    app.run()
    if name != "find":  # it is what opens
        app.switch_page(f"pages/{name}.py")
        app.query_params.update(address)
        app.run()
    assert not app.exception
    return app


def changing(app: AppTest) -> list[str]:
    shown = [one.label for one in app.button]
    shown += [one.proto.label for one in app.get("menu_button")]
    return [label for label in shown if label.startswith(CHANGES)]


@pytest.mark.parametrize("name", ["find", "boards", "product", "rules", "insights", "quality"])
def test_no_page_has_anything_that_changes_a_board(board, shop_store: Path, name, monkeypatch) -> None:
    address = {"find": {"id": "101", "weak": "show"}, "product": {"id": "101"}}.get(name, {})
    assert changing(page(name, **address)) == []
    monkeypatch.delenv(READ_ONLY)
    if name in ("find", "boards", "product"):
        assert changing(page(name, **address))  # what the labels above are worth


def test_a_board_is_shown_as_it_is(board, shop_store: Path) -> None:
    app = page("boards", board=board)
    assert changing(app) == []
    assert not app.text_input
    assert "Summer" in "".join(one.proto.body for one in app.get("html"))
    assert any("4 products" in one.value for one in app.text)


def test_without_boards_it_says_so(monkeypatch, shop_store: Path, tmp_path: Path) -> None:
    monkeypatch.setenv("MPSR_BOARDS_URL", f"sqlite:///{tmp_path / 'none.sqlite'}")
    monkeypatch.setenv(READ_ONLY, "1")
    app = page("boards")
    assert "cannot be opened" in app.error[0].value
    assert not (tmp_path / "none.sqlite").exists()


@pytest.mark.parametrize("told", ["0", "", "no", "False"])
def test_a_no_is_a_no(board, shop_store: Path, monkeypatch, told) -> None:
    monkeypatch.setenv(READ_ONLY, told)
    assert "Create board" in [one.label for one in page("boards").button]


def test_the_api_takes_no_events(tiny_store: Path, tmp_path: Path, monkeypatch) -> None:
    events = Events(f"sqlite:///{tmp_path / 'events.sqlite'}")
    client = client_of(create_app(Service(tiny_store, verify=False), events=events))
    body = {"events": [{"id": "1", "kind": "click", "session": "a", "product": "101"}]}
    assert client.post("/v1/events", json=body).status_code == 200
    monkeypatch.setenv(READ_ONLY, "1")
    is_problem(client.post("/v1/events", json=body), 403)
    is_problem(client.delete("/v1/events/sessions/a"), 403)
    assert client.get("/v1/products/101/similar").status_code == 200
    assert events.count() == 1
