"""Words of texts, singular and plural alike."""

import pytest

from mpsr.catalogue.words import stem, words_in


def test_words_are_lower_case_letters_and_digits():
    assert words_in("Nike Women's EM Tempo 3.5\" Short") == [
        "nike", "women", "s", "em", "tempo", "3", "5", "short",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("plural", "singular"),
    [
        ("shirts", "shirt"), ("watches", "watch"), ("dresses", "dress"), ("boxes", "box"), ("brushes", "brush"),
        ("shoes", "shoe"), ("dress", "dress"), ("gas", "gas"), ("watch", "watch"),
    ],
)  # fmt: skip
def test_plurals_and_singulars_share_a_stem(plural, singular):
    assert stem(plural) == stem(singular) == singular
