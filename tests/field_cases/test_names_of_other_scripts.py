"""Names of other scripts: words keep their marks, so that two products are variants only where the words agree."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest

from mpsr.catalogue.families import families, normalised_name

NO_PICTURES = np.empty(0, np.intp), np.empty((0, 32), np.uint8)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("काला", "केला"),
        ("কালো জুতা", "কালি জুতা"),
        ("เสื้อ", "เสือ"),
        ("كُرَة", "كَرَّة"),
        ("Größe", "Grosse"),
        ("né", "ne"),
    ],
)
def test_names_that_differ_in_a_mark_are_no_variants(one, other):
    assert normalised_name(one) != normalised_name(other)
    assert len(set(families([one, other], *NO_PICTURES))) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (unicodedata.normalize("NFC", "Größe 40"), unicodedata.normalize("NFD", "Größe 40")),
        ("काला जूता!", "काला  जूता"),
        ("Coat ❤️", "Coat ❤"),
        ("می‌خواهم", "میخواهم"),
        ("Wool-Coat_Long", "wool coat long"),
    ],
)
def test_names_written_otherwise_are_variants(one, other):
    assert normalised_name(one) == normalised_name(other)
    assert len(set(families([one, other], *NO_PICTURES))) == 1


def test_a_word_is_not_cut_at_its_marks():
    assert normalised_name("काला जूता").split() == ["काला", "जूता"]
