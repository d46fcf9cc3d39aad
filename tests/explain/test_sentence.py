"""What is said about a result, word for word."""

import numpy as np
import pytest

from mpsr.explain.attributes import compared, named
from mpsr.explain.explanation import Explanation
from mpsr.explain.standing_out import telling_place, telling_words
from mpsr.explain.words import contributions, without_each

SHARED = {"articleType": "Shirts", "baseColour": "Black", "gender": "Men", "year": "2012"}
WHOLE = (0.0, 0.0, 1.0, 1.0)


@pytest.mark.parametrize(
    ("explanation", "expected"),
    [
        (
            Explanation(0.45, 0.38, SHARED),
            "The same type (Shirts), colour (Black) and gender (Men); of the score of 0.83, 0.45 comes from its words "
            "and 0.38 from its picture.",
        ),
        (
            Explanation(
                0.45, 0.38, {"articleType": "Shirts"}, {"season": ("Fall", "Summer"), "usage": ("Formal", None)},
                [("black", 0.1), ("shirt", 0.3), ("men", 0.2), ("x", -0.5)], None,
                np.array([[0.3, 0.0, 0.0], [0.08, 0.0, 0.0]]), None, WHOLE,
            ),
            "The same type (Shirts) but no usage (not Formal) and another season (Summer, not Fall); of the score of "
            '0.83, 0.45 comes from its words (above all "shirt" and "men"; "x" lowers it) and 0.38 from its picture '
            "(above all the top left).",
        ),
        (
            Explanation(0.0, 0.9, {}, {"gender": (None, "Men")}, None, None, np.array([[0.1, 0.8]]), None, WHOLE),
            "Another gender (Men); the score of 0.90 comes from its picture (above all the middle right) alone.",
        ),
        (Explanation(0.6, 0.001), "The score of 0.60 comes from its words alone."),
        (Explanation(0.6, -0.1), "The score of 0.50 is 0.60 from its words less 0.10 for its picture."),
        (Explanation(-0.1, 0.6), "The score of 0.50 is 0.60 from its picture less 0.10 for its words."),
        (
            Explanation(-0.1, -0.2),
            "The score of -0.30 is below zero: its words and its picture are unlike the query's.",
        ),
        (
            Explanation(0.0, 0.0),
            "Its score is 0.00: neither its words nor its picture are like the query's.",
        ),
    ],
)  # fmt: skip
def test_the_sentence(explanation: Explanation, expected: str) -> None:
    assert explanation.sentence() == expected


def test_a_map_that_reaches_beyond_the_picture_is_read_where_it_lies() -> None:
    cells = np.array([[0.1, 0.3]])
    beyond = (0.0, 0.0, 0.5, 1.0)  # both cells lie in the left half
    assert "the middle)" in Explanation(0.1, 0.4, product_cells=cells, product_frame=beyond).sentence()


def test_attributes_of_two_products() -> None:
    query = {"articleType": "Shirts", "gender": "Men", "season": None, "year": 2012, "usage": "", "id": "1"}
    product = {
        "articleType": "Shirts",
        "gender": "Women",
        "season": "Fall",
        "year": 2012,
        "usage": None,
        "id": "2",
    }
    shared, different = compared([query], [], product)
    assert shared == {"articleType": "Shirts", "year": "2012"}
    assert different == {"gender": ("Men", "Women"), "season": (None, "Fall")}


def test_a_value_is_shared_when_any_part_of_the_query_asked_for_it() -> None:
    red, blue = {"baseColour": "Red", "gender": "Men"}, {"baseColour": "Blue", "gender": "Men"}
    black = {"baseColour": "Black", "gender": "Men"}
    assert compared([red, blue], [], blue) == ({"gender": "Men", "baseColour": "Blue"}, {})
    assert compared([red, blue], [], black)[1] == {"baseColour": ("Red or Blue", "Black")}
    assert compared([red, blue], ["but in black"], black) == ({"gender": "Men", "baseColour": "Black"}, {})
    assert compared([red, {}], [], {"gender": "Men"})[1] == {}  # one that was asked for has no colour either
    assert compared([], ["black"], black) == ({"baseColour": "Black"}, {})


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("black casual shirts for men", {"articleType", "baseColour", "gender", "usage"}),
        ("SHIRT", {"articleType"}),
        ("women navy", set()),
        ("mens", {"gender"}),
        ("", set()),
    ],
)
def test_attributes_that_words_name(words: str, expected: set[str]) -> None:
    product = {
        "articleType": "Shirts",
        "baseColour": "Black",
        "gender": "Men",
        "usage": "Casual",
        "season": None,
    }
    assert set(named([words], product)) == expected


def test_values_of_several_words_need_all_of_them() -> None:
    assert named(["navy shirt"], {"baseColour": "Navy Blue"}) == {}
    assert named(["blue", "navy dresses"], {"baseColour": "Navy Blue", "articleType": "Dresses"}) == {
        "baseColour": "Navy Blue",
        "articleType": "Dresses",
    }


def test_each_word_is_left_out_wherever_it_stands() -> None:
    assert without_each("red shirt  red") == [("red", "shirt"), ("shirt", "red red")]
    assert without_each("") == []


def test_a_word_brings_what_is_lost_without_it() -> None:
    worth = {"red": 0.2, "shirt": 0.5, "the": -0.1}

    def share(texts):
        return np.array([sum(worth[word] for word in set(text.split())) for text in texts])

    found = dict(contributions("the red shirt red", share))
    assert found == pytest.approx(worth)


def test_the_only_word_brings_all_there_is() -> None:
    assert contributions("red", lambda texts: np.full(len(texts), 0.4)) == [("red", 0.4)]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([("red", 0.2), ("shirt", 0.18), ("men", 0.17)], []),  # all alike
        ([("men", 0.004), ("black", -0.038), ("shirt", -0.001)], [("black", -0.038)]),
        ([("red", 0.2), ("shirt", 0.18), ("men", 0.05)], [("red", 0.2), ("shirt", 0.18)]),
        ([("red", 0.2), ("shirt", 0.31), ("red", 0.2)], [("shirt", 0.31)]),
        ([("men", 0.004), ("shirt", 0.001)], []),  # next to nothing
        ([("red", 0.2)], []),  # no other word to be larger than
        ([], []),
    ],
)
def test_only_words_that_stand_out_are_named(words, expected) -> None:
    assert telling_words(words) == expected


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([[0.049, 0.055, 0.05], [0.056, 0.062, 0.052], [0.053, 0.05, 0.054]], ""),
        ([[0.02, 0.02, 0.02], [0.02, 0.062, 0.02], [0.02, 0.02, 0.02]], "the middle"),
        ([[0.02, 0.02, 0.06], [0.02, 0.02, 0.062], [0.02, 0.02, 0.058]], "the right side"),
        ([[0.07, 0.06, 0.06], [0.02, 0.02, -0.03], [0.02, 0.02, 0.01]], "the top"),
        (
            [[0.07, 0.02, 0.02], [0.02, 0.02, 0.02], [0.02, 0.02, 0.07]],
            "",
        ),  # two places, neither of them alone
        ([[-0.01, -0.02, -0.03]], ""),
        ([[0.1]], ""),
    ],
)
def test_only_a_place_that_stands_out_is_named(cells, expected) -> None:
    assert telling_place(np.array(cells), WHOLE) == expected
