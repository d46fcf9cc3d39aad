"""What the grid in the browser reports is done once, in order, and nothing else is."""

import pytest

from mpsr.boards import ConflictError, Key
from mpsr.boards.events import Outbox, obey
from mpsr.errors import InputError


def reports(*numbers: int, grid: str = "a") -> dict:
    return {"grid": grid, "reports": [{"number": number, "done": "remove"} for number in numbers]}


def numbers(found) -> list[int]:
    return [report["number"] for report in found]


def test_a_report_is_done_once_however_often_it_is_sent():
    outbox = Outbox()
    assert numbers(outbox.fresh(reports(1))) == [1]
    assert numbers(outbox.fresh(reports(1, 2))) == [2]
    assert numbers(outbox.fresh(reports(4, 3, 2))) == [3, 4]
    assert numbers(outbox.fresh(reports(1, 2, 3, 4))) == []
    assert outbox.done() == {"a": 4}


def test_each_grid_counts_for_itself():
    outbox = Outbox()
    outbox.fresh(reports(1, 2))
    assert numbers(outbox.fresh(reports(1, grid="b"))) == [1]


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"grid": "a"},
        {"grid": "a", "reports": [{}]},
        {"grid": "a", "reports": 3},
        {"grid": "a", "reports": [1]},
    ],
)
def test_what_is_no_report_is_refused(sent):
    with pytest.raises(InputError, match="Reload"):
        Outbox().fresh(sent)


@pytest.fixture
def board(boards) -> str:
    made = boards.make("Summer")
    boards.add(made, "shop", {"1": "One", "2": "Two", "3": "Three"})
    return made


def order(boards, board) -> str:
    return "".join(key.product for key in boards.get(board).keys)


@pytest.mark.parametrize(
    ("to", "after"),
    [
        ("first", "312"),
        ("up", "132"),
        (["before", ["shop", "1"]], "312"),
        (["after", ["shop", "1"]], "132"),
    ],
)
def test_moving(boards, board, to, after):
    obey(boards, board, {"done": "move", "key": ["shop", "3"], "to": to})
    assert order(boards, board) == after


def test_removing_and_writing(boards, board):
    (gone,) = obey(boards, board, {"done": "remove", "key": ["shop", "2"]})
    assert gone.key == Key("shop", "2")
    assert obey(boards, board, {"done": "remove", "key": ["shop", "2"]}) == []
    obey(boards, board, {"done": "note", "key": ["shop", "1"], "text": "linen", "seen": ""})
    assert boards.get(board).items[0].note == "linen"
    with pytest.raises(ConflictError):
        obey(boards, board, {"done": "note", "key": ["shop", "1"], "text": "silk", "seen": ""})


@pytest.mark.parametrize(
    "report",
    [
        {},
        {"done": "drop", "key": ["shop", "1"]},
        {"done": "remove", "key": "shop"},
        {"done": "remove"},
        {"done": "move", "key": ["shop", "1"]},
        {"done": "move", "key": ["shop", "1"], "to": "left"},
        {"done": "move", "key": ["shop", "1"], "to": ["beside", ["shop", "2"]]},
        {"done": "move", "key": ["shop", "1"], "to": ["after", ["shop", "9"]]},
        {"done": "note", "key": ["shop", "9"], "text": "x"},
    ],
)
def test_nonsense_changes_nothing(boards, board, report):
    before = boards.get(board).items
    with pytest.raises(InputError):
        obey(boards, board, report)
    assert boards.get(board).items == before
