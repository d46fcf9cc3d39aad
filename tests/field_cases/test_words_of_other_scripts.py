"""Words of other scripts: nothing untrue is said of them, and a type-ahead finds them."""

from __future__ import annotations

import unicodedata

import numpy as np
import pandas as pd
import pytest

from mpsr.catalogue.words import words_in
from mpsr.explain.attributes import compared, named
from mpsr.search.name_lookup import Names
from mpsr.space.forms import masked_titles

SHIRT = {"articleType": "シャツ", "baseColour": "赤", "gender": "レディース", "season": "夏", "usage": "—"}


@pytest.mark.parametrize("words", ["red dress", "ドレス", "123", "!!!", "赤ちゃん"])
def test_words_that_name_nothing_of_a_product_share_nothing_with_it(words: str) -> None:
    assert named([words], SHIRT) == {}
    assert compared([], [words], SHIRT)[0] == {}


def test_words_that_name_a_value_share_it() -> None:
    assert named(["赤 シャツ"], SHIRT) == {"articleType": "シャツ", "baseColour": "赤"}
    assert named(["レディースシャツ"], SHIRT) == {}  # one word of katakana, which may be another
    assert named(["ﾚﾃﾞｨｰｽ用"], SHIRT) == {"gender": "レディース"}
    assert named(["Grüne Hosen für Männer"], {"gender": "Männer"}) == {"gender": "Männer"}
    assert named([unicodedata.normalize("NFD", "größe")], {"usage": "GRÖSSE"}) == {"usage": "GRÖSSE"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Men's_Shirt 3.5", ["men", "s", "shirt", "3", "5"]),
        ("Café-Crème", ["café", "crème"]),
        ("काला जूता", ["काला", "जूता"]),
        ("เสื้อยืด สีดำ", ["เสื้อยืด", "สีดำ".replace("ำ", "ํา")]),  # as NFKC spells it
        ("レディース白スニーカー２０", ["レディース", "白", "スニーカー", "20"]),
        ("قميص نسائي", ["قميص", "نسائي"]),
    ],
)
def test_words_keep_their_letters_and_marks(text: str, words: list[str]) -> None:
    assert words_in(text) == words


def test_titles_lose_the_words_of_their_attributes_in_any_script() -> None:
    columns = ("articleType", "subCategory", "masterCategory", "baseColour")
    products = pd.DataFrame(
        [["Бренд чёрные кеды", "Кеды", "Обувь", None, "чёрные"]], columns=["productDisplayName", *columns]
    )
    assert masked_titles(products) == ["бренд"]


def lookup(*names: str) -> Names:
    return Names([f"p{n}" for n in range(len(names))], names, np.ones(len(names), dtype=bool))


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("レディース白スニーカー", "スニーカー"),
        ("レディース白スニーカー", "ｽﾆｰｶ"),
        ("ノースリーブワンピース", "ワンピ"),
        ("ノースリーブワンピースロングドレス", "ワンピースロングドレス"),
        ("红色连衣裙", "连衣裙"),
        ("เสื้อยืดสีดำ", "สีดำ"),
        ("Größe 40", unicodedata.normalize("NFD", "Größe")),
        (unicodedata.normalize("NFD", "Größe 40"), "größe"),
        ("GRÖSSE", "größe"),
        ("काला जूता", "जूता"),
    ],
)
def test_a_type_ahead_finds_words_without_blanks_and_in_any_spelling(name: str, typed: str) -> None:
    names = lookup("Puma Shoe", name, "白い靴")
    assert names.suggest(typed, 5) == ["p1"]
    assert names.find(typed, 5) == ["p1"]


def test_a_word_longer_than_what_is_kept_of_it_has_to_be_there_as_a_whole() -> None:
    names = lookup("ノースリーブワンピースロング")
    assert names.suggest("ノースリーブワンピースロング", 5) == ["p0"]
    assert names.suggest("ノースリーブワンピースミニ", 5) == []


def test_marks_tell_words_apart_in_a_type_ahead() -> None:
    assert lookup("काला जूता", "केला जूता").suggest("केला", 5) == ["p1"]
