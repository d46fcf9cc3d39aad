"""Putting products on a board from any page: the button, the chooser, and what is remembered."""

import os
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from mpsr.boards import Boards, Key
from mpsr.ui.text import plain


@pytest.fixture
def boards(monkeypatch, tmp_path: Path) -> Boards:
    url = f"sqlite:///{tmp_path / 'boards.sqlite'}"
    monkeypatch.setenv("MPSR_BOARDS_URL", url)
    return Boards(url)


def page():
    """Three buttons and the one for all, as a page would have them."""
    import os
    from pathlib import Path

    from mpsr.ui.boards import filling as boards
    from mpsr.ui.opened import opened

    service = opened(Path(os.environ["STORE"]))
    boards.chooser()
    for product in ("101", "102", "103"):
        boards.add_button(service, product, f"add-{product}")
    boards.add_all_button(service, ["104", "105"], "all")


@pytest.fixture
def app(monkeypatch, boards, tiny_store: Path) -> AppTest:
    monkeypatch.setenv("STORE", str(tiny_store))
    return AppTest.from_function(page, default_timeout=30)


def labels(app: AppTest) -> list[str]:
    return [one.label for one in app.button if (one.key or "").startswith("add-")]


def chooser(app: AppTest):
    return app.menu_button(key="board_chooser")


def products(boards: Boards) -> list[str]:
    return [key.product for key in boards.get(next(iter(boards.names()))).keys]


def test_the_first_product_makes_a_board_and_the_others_join_it(app, boards):
    app.run()
    assert boards.names() == {}
    app.button(key="add-102").click().run()
    app.button(key="add-101").click().run()
    assert not app.exception
    assert labels(app) == ["On the board", "On the board", "Add to board"]
    ((board, name),) = boards.names().items()
    assert name.startswith("Board of ")
    assert boards.get(board).keys == [Key("shop", "102"), Key("shop", "101")]
    assert boards.get(board).items[0].name == "Alder Men Blue Shirts"
    assert app.query_params["board"] in (board, [board])
    assert chooser(app).label == plain(name)


def test_a_product_comes_off_and_on_again_with_its_note(app, boards):
    app.run()
    app.button(key="add-101").click().run()
    (board,) = boards.names()
    boards.note_item(board, Key("shop", "101"), "the collar", seen="")
    app.button(key="add-102").click().run()
    app.button(key="add-101-held").click().run()
    assert products(boards) == ["102"]
    app.button(key="add-101").click().run()
    assert products(boards) == ["101", "102"]
    assert boards.get(board).items[0].note == "the collar"


def test_all_at_once(app, boards):
    app.run()
    app.button(key="all").click().run()
    app.button(key="all").click().run()
    assert products(boards) == ["104", "105"]


def test_the_board_in_the_address_is_the_one_that_is_filled(app, boards):
    boards.make("Other")
    board = boards.make("<img src=x onerror=alert(1)>")
    boards.make("Newest")
    app.query_params["board"] = board
    app.run()
    assert chooser(app).label == plain("<img src=x onerror=alert(1)>")
    app.button(key="add-103").click().run()
    assert boards.get(board).keys == [Key("shop", "103")]


def test_choosing_another_board_and_a_new_one(app, boards):
    first, second = boards.make("First"), boards.make("Second")
    app.run()
    chooser(app).click(first).run()
    app.button(key="add-101").click().run()
    chooser(app).click(second).run()
    assert labels(app) == ["Add to board"] * 3
    chooser(app).click("").run()
    assert "board" not in app.query_params
    app.button(key="add-102").click().run()
    assert len(boards.names()) == 3
    assert [len(boards.get(board).items) for board in (first, second)] == [1, 0]


def test_boards_of_one_name_are_told_apart(app, boards):
    """Streamlit knows an option by its label, so two of one label would be one."""
    first, second, third = boards.make("Same"), boards.make("Same"), boards.make("A new board")
    app.query_params["board"] = first
    app.run()
    options = chooser(app).options
    assert len(options) == len(set(options)) == 4
    app.button(key="add-101").click().run()
    app.button(key="add-102").click().run()
    assert [len(boards.get(board).items) for board in (first, second, third)] == [2, 0, 0]


def test_a_board_that_somebody_deleted_is_not_filled_any_more(app, boards):
    app.run()
    app.button(key="add-101").click().run()
    (gone,) = boards.names()
    boards.delete(gone)
    app.button(key="add-102").click().run()
    assert not app.exception
    assert boards.names() == {}  # nothing is made unasked
    assert "was deleted" in app.info[0].value
    assert any("nothing was added" in text.value for text in app.text)
    app.button(key="add-102").click().run()
    assert not app.info
    (new,) = boards.names()
    assert new != gone
    assert boards.get(new).keys == [Key("shop", "102")]


def test_a_full_board_says_so(app, boards, monkeypatch):
    monkeypatch.setattr("mpsr.boards.limits.MOST_ITEMS", 1)
    app.run()
    app.button(key="add-101").click().run()
    app.button(key="add-102").click().run()
    assert "not changed" in app.warning[0].value
    assert any("limit of 1" in text.value for text in app.text)
    app.run()
    assert not app.warning


def test_boards_that_cannot_be_opened_leave_the_page_standing(app, boards, monkeypatch, tmp_path):
    (tmp_path / "broken").write_text("no database " * 200)
    monkeypatch.setenv("MPSR_BOARDS_URL", f"sqlite:///{tmp_path / 'broken'}")
    app.run()
    assert not app.exception
    assert "The boards cannot be opened" in app.sidebar.error[0].value
    app.button(key="add-101").click().run()
    assert not app.exception
    assert labels(app) == ["Add to board"] * 3
    assert "not changed" in app.warning[0].value
    assert any("not a database" in text.value for text in app.text)


def test_no_test_touches_the_boards_of_who_runs_it():
    assert "boards" in os.environ["MPSR_BOARDS_URL"]
    assert str(Path.home()) not in os.environ["MPSR_BOARDS_URL"]
