"""Other scripts on paper: Arabic is joined and runs from right to left; what cannot be drawn is said."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from mpsr.boards.typeset import fit, lacking, width
from mpsr.errors import InputError
from mpsr.insights.chart import Chart
from mpsr.insights.page import Page, picture

SHIRT = "قمصان نسائي"


def test_arabic_is_joined_and_in_its_order_on_paper() -> None:
    line = fit(SHIRT, 10, 500, 1)[0]
    assert unicodedata.normalize("NFKC", line) == SHIRT[::-1]
    assert "INITIAL FORM" in unicodedata.name(line[-1])  # the first letter stands at the right
    assert lacking(SHIRT) == set()


def test_hebrew_and_latin_beside_each_other_keep_their_orders() -> None:
    assert fit("חולצה Nike 42", 10, 500, 1) == ["Nike 42 הצלוח"]


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("(אדום)", "(םודא)"),
        ("פריט (Nike) [א]", "[א] (Nike) טירפ"),
        ("Nike (אדום) 42", "Nike (םודא) 42"),
        ("א < ב", "ב > א"),
    ],
)
def test_brackets_open_and_close_what_they_enclose(text: str, drawn: str) -> None:
    assert fit(text, 10, 500, 1) == [drawn]


def test_a_line_has_the_direction_of_its_paragraph() -> None:
    first, second = fit("Nike אדום", 10, width("Nike", 10) * 1.1, 2)
    assert (first, second) == ("Nike", "םודא")
    room = width("Nike 42 –", 10) * 1.02
    assert fit("חולצה Nike 42 –", 10, room, 2) == ["הצלוח", "– Nike 42"]


def test_a_letter_keeps_its_marks_where_a_word_is_broken() -> None:
    word = "e\u0301" * 12
    lines = fit(word, 10, width("e\u0301" * 5, 10) * 1.01, 9)
    assert "".join(lines) == word
    assert all(line[0] == "e" for line in lines)


def test_lines_are_broken_before_they_are_turned() -> None:
    room = width("ןושאר", 10) * 1.2
    assert fit("ראשון שני", 10, room, 2) == ["ןושאר", "ינש"]


@pytest.mark.parametrize("text", ["Café – 42 €", "Größe", "кеды"])
def test_other_text_is_as_it_was(text: str) -> None:
    assert fit(text, 10, 500, 1) == [text]


@pytest.fixture
def japanese_page() -> Page:
    return Page("季節", "シャツ", "レディース", "夏", "赤", Chart("bars", ()))


def test_characters_without_a_glyph_are_one_line_not_hundreds(japanese_page, caplog, recwarn) -> None:
    picture(japanese_page, "png")
    assert [record.message.split(" are not")[0] for record in caplog.records] == ["12 characters"]
    assert "MPSR_FONT" in caplog.text
    assert not [str(one.message) for one in recwarn.list if "glyph" in str(one.message).lower()]


def test_a_report_is_drawn_with_the_font_that_is_told(japanese_page, monkeypatch, tmp_path) -> None:
    from matplotlib import get_data_path

    font = tmp_path / "mine.ttf"
    font.write_bytes((Path(get_data_path()) / "fonts" / "ttf" / "cmr10.ttf").read_bytes())
    plain = picture(japanese_page, "svg")
    monkeypatch.setenv("MPSR_FONT", str(font))
    assert picture(japanese_page, "svg") != plain
    font.write_bytes(b"no font")
    with pytest.raises(InputError, match="cannot be read as a font"):
        picture(japanese_page, "svg")
