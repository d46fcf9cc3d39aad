"""Everything that can be done with boards."""

import time

import pytest
from sqlalchemy import text, update

from mpsr.boards import Beside, Boards, ConflictError, Key
from mpsr.boards import boards as module
from mpsr.boards.limits import LONGEST_NAME, LONGEST_NOTE, MOST_ITEMS
from mpsr.boards.tables import BoardRow
from mpsr.errors import InputError

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    '=HYPERLINK("http://x")',
    "'; DROP TABLE mpsr_board; --",
    "**b** :red[x] $x$",
]


def keys(*products: str) -> list[Key]:
    return [Key("shop", product) for product in products]


@pytest.fixture
def board(boards: Boards) -> str:
    made = boards.make("Summer")
    boards.add(made, "shop", {"1": "One", "2": "Two", "3": "Three"})
    return made


def test_a_new_board_is_empty_and_listed(boards):
    made = boards.make("  Summer \n dresses ", "for\nthe wall ")
    board = boards.get(made)
    assert (board.name, board.note, board.items) == ("Summer dresses", "for\nthe wall", ())
    assert [(b.id, b.name, b.count, b.cover) for b in boards.listed()] == [(made, "Summer dresses", 0, ())]


def test_ids_are_short_and_random(boards):
    made = {boards.make("a") for _ in range(200)}
    assert len(made) == 200
    assert all(len(board) == 10 and board.isalnum() for board in made)


def test_products_are_added_at_the_end_once(boards, board):
    assert boards.add(board, "shop", {"3": "Three", "4": "Four"}) == keys("4")
    assert boards.add(board, "other", {"1": "Another one"}) == [Key("other", "1")]
    assert boards.get(board).keys == [*keys("1", "2", "3", "4"), Key("other", "1")]
    assert boards.keys(board) == set(boards.get(board).keys)
    assert boards.get(board).stores == ["shop", "other"]
    assert [item.name for item in boards.get(board).items][:2] == ["One", "Two"]


def test_the_list_shows_the_last_changed_first_with_cover(boards, board):
    later = boards.make("Later")
    assert [b.id for b in boards.listed()] == [later, board]
    boards.add(board, "shop", {"4": "", "5": "", "6": ""})
    first = boards.listed()[0]
    assert (first.id, first.count, list(first.cover)) == (board, 6, keys("1", "2", "3", "4"))


def test_what_was_removed_can_be_put_back_where_it_stood(boards, board):
    boards.note_item(board, Key("shop", "2"), "the hem!", seen="")
    gone = boards.remove(board, keys("2", "77"))
    assert [item.key.product for item in gone] == ["2"]
    assert boards.get(board).keys == keys("1", "3")
    boards.put_back(board, gone)
    boards.put_back(board, gone)
    assert boards.get(board).keys == keys("1", "2", "3")
    assert boards.get(board).items[1].note == "the hem!"


@pytest.mark.parametrize(
    ("product", "to", "order"),
    [
        ("3", "first", "312"),
        ("1", "last", "231"),
        ("2", "up", "213"),
        ("2", "down", "132"),
        ("1", "up", "123"),
        ("3", "down", "123"),
        ("1", Beside("after", Key("shop", "2")), "213"),
        ("1", Beside("after", Key("shop", "3")), "231"),
        ("3", Beside("before", Key("shop", "1")), "312"),
        ("1", Beside("before", Key("shop", "3")), "213"),
        ("2", Beside("after", Key("shop", "1")), "123"),
        ("2", Beside("before", Key("shop", "2")), "123"),
    ],
)
def test_moving(boards, board, product, to, order):
    boards.move(board, Key("shop", product), to)
    assert boards.get(board).keys == keys(*order)


def test_moving_between_the_same_two_a_hundred_times(boards, board):
    """Halving a distance ends after some fifty times; then the places are counted anew."""
    for turn in range(100):
        boards.move(board, Key("shop", "3" if turn % 2 == 0 else "2"), Beside("after", Key("shop", "1")))
        assert boards.get(board).keys == keys(*("132" if turn % 2 == 0 else "123"))


def test_arranging_keeps_what_was_not_named(boards, board):
    boards.arrange(board, keys("3", "99", "1"))
    assert boards.get(board).keys == keys("3", "1", "2")


def test_names_and_notes_are_written_only_over_what_was_seen(boards, board):
    boards.rename(board, "Autumn", seen="Summer")
    with pytest.raises(ConflictError) as told:
        boards.rename(board, "Winter", seen="Summer")
    assert (told.value.now, told.value.wanted) == ("Autumn", "Winter")
    boards.rename(board, "Autumn", seen="Summer")  # both wanted the same
    boards.annotate(board, "hers", seen="")
    with pytest.raises(ConflictError):
        boards.annotate(board, "his", seen="")
    boards.note_item(board, Key("shop", "1"), "hers", seen="")
    with pytest.raises(ConflictError):
        boards.note_item(board, Key("shop", "1"), "his", seen="")
    kept = boards.get(board)
    assert (kept.name, kept.note, kept.items[0].note) == ("Autumn", "hers", "hers")


def test_a_deleted_board_comes_back_whole(boards, board):
    before = boards.get(board).items
    boards.delete(board)
    assert boards.listed() == []
    assert [b.id for b in boards.listed(deleted=True)] == [board]
    with pytest.raises(InputError, match="deleted"):
        boards.get(board)
    with pytest.raises(InputError):
        boards.add(board, "shop", {"9": "Nine"})
    boards.restore(board)
    assert boards.get(board).items == before


def test_deleted_boards_go_for_good_after_their_time(boards, board, url):
    kept = boards.make("Kept")
    boards.delete(kept)
    boards.delete(board)
    with boards.database.writing() as connection:
        past = time.time() - (module.KEPT_DAYS + 1) * 86_400
        connection.execute(update(BoardRow).where(BoardRow.id == board).values(deleted=past))
    again = Boards(url)
    assert [b.id for b in again.listed(deleted=True)] == [kept]
    with again.database.reading() as connection:
        assert connection.scalar(text("select count(*) from mpsr_board_item")) == 0
    with pytest.raises(InputError):
        again.restore(board)


def test_a_duplicate_lives_on_its_own(boards, board):
    boards.annotate(board, "about", seen="")
    boards.move(board, Key("shop", "3"), "first")
    other = boards.duplicate(board, "Copy")
    boards.remove(board, keys("1"))
    copy = boards.get(other)
    assert (copy.name, copy.note, copy.keys) == ("Copy", "about", keys("3", "1", "2"))


@pytest.mark.parametrize("hostile", HOSTILE)
def test_text_is_kept_as_text(boards, board, hostile):
    boards.rename(board, hostile, seen="Summer")
    boards.annotate(board, hostile, seen="")
    boards.add(board, hostile, {hostile: hostile})
    kept = Boards(boards.database.url.render_as_string(hide_password=False)).get(board)
    assert (kept.name, kept.note) == (hostile, hostile)
    assert (kept.items[-1].key, kept.items[-1].name) == (Key(hostile, hostile), hostile)


def test_control_characters_and_halves_of_characters_are_left_out(boards):
    board = boards.get(boards.make("a\x00b\ud800c\u200dd", "one\ntwo\x1b"))
    assert (board.name, board.note) == ("abc\u200dd", "one\ntwo")


@pytest.mark.parametrize("name", ["", "  \n ", "\x00", "x" * (LONGEST_NAME + 1)])
def test_a_board_needs_a_name_that_fits(boards, board, name):
    with pytest.raises(InputError, match="characters"):
        boards.make(name)
    with pytest.raises(InputError, match="characters"):
        boards.rename(board, name, seen="Summer")
    assert boards.get(board).name == "Summer"


def test_a_note_that_is_too_long_is_refused(boards, board):
    with pytest.raises(InputError, match=r"4,001.*4,000"):
        boards.annotate(board, "x" * (LONGEST_NOTE + 1), seen="")


def test_a_board_that_would_be_too_full_takes_nothing(boards, board):
    with pytest.raises(InputError, match="limit"):
        boards.add(board, "shop", {str(n): "" for n in range(10, MOST_ITEMS + 10)})
    assert len(boards.get(board).items) == 3


def test_what_is_not_there_is_told(boards, board):
    for call in (
        lambda: boards.get("none"),
        lambda: boards.delete("none"),
        lambda: boards.rename("none", "a", seen="b"),
        lambda: boards.move(board, Key("shop", "9"), "up"),
        lambda: boards.move(board, Key("shop", "1"), Beside("after", Key("shop", "9"))),
        lambda: boards.note_item(board, Key("shop", "9"), "a", seen=""),
        lambda: boards.duplicate("none", "a"),
    ):
        with pytest.raises(InputError):
            call()


def test_a_thousand_products(boards):
    board = boards.make("Many")
    started = time.perf_counter()
    boards.add(board, "shop", {str(n): f"Product {n}" for n in range(1000)})
    boards.arrange(board, list(reversed(boards.get(board).keys)))
    boards.move(board, Key("shop", "0"), "first")
    assert boards.get(board).keys[:2] == keys("0", "999")
    assert len(boards.remove(board, boards.get(board).keys)) == 1000
    assert time.perf_counter() - started < 10
