"""Several people at one board, and a process that is killed while it writes: nothing is lost."""

import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from threading import Barrier

import pytest

from mpsr.boards import Boards, ConflictError, Key

ROOT = Path(__file__).parents[2]


def writer(url: str, board: str, prefix: str, count: int) -> subprocess.Popen:
    command = [sys.executable, "-m", "tests.boards.writer", url, board, prefix, str(count)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_two_tabs_that_add_at_the_same_time_both_keep_theirs(url):
    tabs = [Boards(url), Boards(url)]
    board = tabs[0].make("Ours")
    together = Barrier(2)

    def add(number: int) -> None:
        together.wait()
        for product in range(20):
            tabs[number].add(board, "shop", {f"{number}-{product}": "", "common": ""})

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(add, range(2)))
    found = [key.product for key in tabs[0].get(board).keys]
    assert sorted(found) == sorted([f"{n}-{p}" for n in range(2) for p in range(20)] + ["common"])
    for number in range(2):  # and each in the order it was added
        mine = [product for product in found if product.startswith(f"{number}-")]
        assert mine == [f"{number}-{p}" for p in range(20)]


def test_one_handle_shared_by_many_threads(boards):
    """As in a server, where all users share one."""
    board = boards.make("Ours")

    def work(number: int) -> None:
        boards.add(board, "shop", {f"{number}": ""})
        boards.note_item(board, Key("shop", f"{number}"), f"note {number}", seen="")
        boards.move(board, Key("shop", f"{number}"), "first")
        if number % 2:
            boards.remove(board, [Key("shop", f"{number}")])
        assert boards.listed()[0].id == board

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(40)))
    kept = {item.key.product: item.note for item in boards.get(board).items}
    assert kept == {str(number): f"note {number}" for number in range(0, 40, 2)}


def test_of_two_who_rename_at_once_one_is_told(url):
    tabs = [Boards(url), Boards(url)]
    board = tabs[0].make("Summer")
    together = Barrier(2)

    def rename(number: int) -> str:
        together.wait()
        try:
            tabs[number].rename(board, f"Name {number}", seen="Summer")
        except ConflictError as conflict:
            return conflict.now
        return "done"

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(rename, range(2)))
    assert told == sorted([tabs[0].get(board).name, "done"])


def test_a_removal_in_one_tab_and_a_note_in_the_other(url):
    """The second is told; the first is not undone by it."""
    first, second = Boards(url), Boards(url)
    board = first.make("Ours")
    first.add(board, "shop", {"1": "", "2": ""})
    first.remove(board, [Key("shop", "1")])
    with pytest.raises(Exception, match="no longer on the board"):
        second.note_item(board, Key("shop", "1"), "late", seen="")
    assert second.get(board).keys == [Key("shop", "2")]


def test_two_processes_write_one_board(url):
    boards = Boards(url)
    board = boards.make("Ours")
    writers = [writer(url, board, prefix, 15) for prefix in "ab"]
    for process in writers:
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
    assert {item.key.product: item.note for item in boards.get(board).items} == {
        f"{prefix}{number}": f"note {prefix}{number}" for prefix in "ab" for number in range(15)
    }


def test_two_processes_open_a_new_database_at_once(url):
    program = "import sys; from mpsr.boards import Boards; print(len(Boards(sys.argv[1]).listed()))"
    started = [
        subprocess.Popen([sys.executable, "-c", program, url], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    assert [process.communicate(timeout=60)[0].strip() for process in started] == ["0"] * 3


@pytest.mark.parametrize(
    "after", [1, 7, *(pytest.param(after, marks=pytest.mark.slow) for after in range(2, 60, 3))]
)
def test_a_killed_writer_keeps_everything_it_was_told_is_safe(url, after, tmp_path):
    boards = Boards(url)
    board = boards.make("Ours")
    boards.database.close()
    process = writer(url, board, "p", 100_000)
    said = [line.strip() for line in islice(process.stdout, after)]
    process.send_signal(signal.SIGKILL)
    said += [line.strip() for line in process.stdout if line.endswith("\n")]
    process.wait(timeout=30)
    items = Boards(url).get(board).items
    notes = {item.key.product: item.note for item in items}
    assert len(said) >= after
    assert {product: notes[product] for product in said} == {product: f"note {product}" for product in said}
    assert len(items) - len(said) in (
        0,
        1,
    )  # the one it was at may be there, half done or whole, but nothing else
    with sqlite3.connect(tmp_path / "boards.sqlite") as connection:
        assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
        assert connection.execute("pragma foreign_key_check").fetchall() == []
