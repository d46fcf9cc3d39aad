"""The Boards page: what a user clicks, and what must be there after it. The grid itself is tested in a real browser."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from mpsr.boards import Boards

ENTRY = Path(__file__).parents[2] / "streamlit_app.py"
HOSTILE = "<img src=x onerror=alert(1)> **b** :red[x] $x$ `c`"


@pytest.fixture
def boards(monkeypatch, tmp_path: Path) -> Boards:
    url = f"sqlite:///{tmp_path / 'boards.sqlite'}"
    monkeypatch.setenv("MPSR_BOARDS_URL", url)
    return Boards(url)


@pytest.fixture
def board(boards) -> str:
    made = boards.make("Summer", "for the wall")
    boards.add(made, "shop", {"105": "One", "103": "Two", "101": "Three", "gone": "Four"})
    return made


@pytest.fixture
def app(monkeypatch, boards, tiny_store: Path, tmp_path: Path) -> AppTest:
    stores = tmp_path / "stores"
    stores.mkdir()
    (stores / "shop").symlink_to(tiny_store, target_is_directory=True)
    monkeypatch.setenv("MPSR_STORES", str(stores))
    return AppTest.from_file(str(ENTRY), default_timeout=60)


def opened(app: AppTest, board: str = "", **address: str) -> AppTest:
    app.query_params.update({**({"board": board} if board else {}), **address})
    app.run()
    app.switch_page("pages/boards.py")
    app.query_params.update({**({"board": board} if board else {}), **address})
    app.run()
    assert not app.exception
    return app


def button(app: AppTest, label: str):
    return next(one for one in app.button if one.label == label)


def html(app: AppTest) -> str:
    return "".join(element.proto.body for element in app.get("html"))


def texts(app: AppTest) -> str:
    return "\n".join(element.value for element in app.get("text"))


def products(boards: Boards, board: str) -> list[str]:
    return [key.product for key in boards.get(board).keys]


def test_without_a_board_the_page_says_what_to_do(app):
    opened(app)
    assert "No boards yet" in app.info[0].value


def test_a_board_is_made_and_opened(app, boards):
    opened(app)
    app.text_input(key="new_board_name").set_value("Autumn")
    button(app, "Create board").click().run()
    assert not app.exception
    ((made, name),) = boards.names().items()
    assert name == "Autumn"
    assert "<h1>Autumn</h1>" in html(app)
    assert "This board is empty" in app.info[0].value
    button(app, "All boards").click().run()
    assert f"open-{made}" in [one.key for one in app.button]


def test_a_board_without_a_name_is_not_made(app, boards):
    opened(app)
    app.text_input(key="new_board_name").set_value("  ")
    button(app, "Create board").click().run()
    assert "The board was not created" in app.error[0].value
    assert boards.names() == {}


def test_the_list_shows_covers_and_opens_a_board(app, board):
    opened(app)
    assert html(app).count("/pictures/") >= 3
    assert "Summer" in html(app)
    assert "4 products" in html(app)
    app.button(key=f"open-{board}").click().run()
    assert app.query_params["board"] in (board, [board])
    assert "<h1>Summer</h1><p>for the wall</p>" in html(app)


def test_names_and_notes_are_written(app, boards, board):
    opened(app, board)
    next(one for one in app.text_input if one.label == "Name").set_value("Winter").run()
    next(one for one in app.text_area if one.label == "Note").set_value("another").run()
    assert not app.exception
    assert (boards.get(board).name, boards.get(board).note) == ("Winter", "another")
    assert "<h1>Winter</h1><p>another</p>" in html(app)


@pytest.mark.parametrize(("press", "name"), [("Keep theirs", "Theirs"), ("Save mine", "Mine")])
def test_a_conflict_is_told_and_decided(app, boards, board, press, name):
    opened(app, board)
    boards.rename(board, "Theirs", seen="Summer")
    next(one for one in app.text_input if one.label == "Name").set_value("Mine").run()
    assert "Somebody else changed this" in app.warning[0].value
    assert "Saved: Theirs\nYours: Mine" in texts(app)
    assert boards.get(board).name == "Theirs"
    button(app, press).click().run()
    assert not app.warning
    assert boards.get(board).name == name


def test_what_is_gone_is_told_and_taken_off_and_comes_back(app, boards, board):
    opened(app, board)
    assert any("1 product is no longer in its catalogue" in one.value for one in app.markdown)
    button(app, "Remove missing products").click().run()
    assert products(boards, board) == ["105", "103", "101"]
    assert any("1 product removed from the board" in one.value for one in app.markdown)
    button(app, "Undo").click().run()
    assert products(boards, board) == ["105", "103", "101", "gone"]
    assert not [one for one in app.button if one.label == "Undo"]


def test_products_of_a_catalogue_that_is_not_here_are_told(app, boards, board):
    boards.add(board, HOSTILE, {"1": HOSTILE})
    opened(app, board)
    assert HOSTILE in texts(app)
    assert f"5 products · 4 from shop · 1 from {HOSTILE}" in texts(app)


def test_duplicate_delete_and_undo(app, boards, board):
    opened(app, board)
    button(app, "Duplicate").click().run()
    assert "<h1>Summer (copy)</h1>" in html(app)
    assert len(boards.names()) == 2
    button(app, "Delete").click().run()
    assert list(boards.names()) == [board]
    assert "board" not in app.query_params
    button(app, "Undo").click().run()
    assert len(boards.names()) == 2
    assert "<h1>Summer (copy)</h1>" in html(app)


def test_a_deleted_board_is_restored_from_the_bin(app, boards, board):
    boards.delete(board)
    opened(app)
    assert "Summer · 4 products" in texts(app)
    app.button(key=f"restore-{board}").click().run()
    assert list(boards.names()) == [board]


def test_a_link_to_a_board_that_is_gone_gets_a_friendly_page(app, boards, board):
    boards.delete(board)
    opened(app, board)
    assert "This board does not exist" in app.warning[0].value
    button(app, "All boards").click().run()
    assert app.title[0].value == "Boards"


def test_more_like_this_board_are_other_products_that_can_be_added(app, boards, board):
    opened(app, board)
    more = [one for one in app.button if one.label == "Add to board"]
    assert more
    assert not {"105", "103", "101"} & {one.key.split("-")[-1] for one in more}
    more[0].click().run()
    assert len(products(boards, board)) == 5


def test_variants_are_hidden_by_the_address(app, boards, board):
    opened(app, board, variants_hidden="true")
    assert next(one for one in app.toggle if one.label == "Hide variants").value
    assert "4 products" in texts(app)


def test_a_thousand_products_come_in_pages(app, boards):
    board = boards.make("Many")
    boards.add(
        board,
        "shop",
        {**dict.fromkeys(map(str, range(101, 131)), "there"), **{f"x{n}": "gone" for n in range(970)}},
    )
    opened(app, board)
    assert "1,000 products · from shop · showing 1–60" in texts(app)


def test_a_hostile_board_is_text_everywhere(app, boards):
    board = boards.make(HOSTILE, HOSTILE)
    boards.add(board, "shop", {"101": HOSTILE})
    opened(app, board)
    assert "<img src=x" not in html(app)
    assert "&lt;img src=x onerror=alert(1)&gt;" in html(app)
    button(app, "All boards").click().run()
    assert "<img src=x" not in html(app)
    marked = [*app.markdown, *app.caption, *app.info, *app.warning, *app.title, *app.subheader]
    assert not any("onerror" in one.value for one in marked)
    assert not any("onerror" in one.label for one in app.button)
