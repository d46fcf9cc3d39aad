"""The words the text tower knows: those of enough families, and which text has them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpsr.catalogue.words import stem, words_in
from mpsr.errors import InputError
from mpsr.space.vocabulary import Vocabulary, learn_vocabulary

TEXTS = ["Nike red shirts", "nike blue shirt", "puma red shoe", None, "Nike red shirt"]


def test_words_are_counted_by_family_and_without_plurals() -> None:
    assert learn_vocabulary(TEXTS, np.arange(5), 3).words == ("nike", "red", "shirt")
    same_family = np.array([0, 1, 2, 3, 0])  # the last product is a variant of the first
    assert learn_vocabulary(TEXTS, same_family, 3).words == ()
    assert learn_vocabulary(TEXTS, same_family, 2).words == ("nike", "red", "shirt")


@pytest.mark.parametrize("texts", [[], [None, None], ["", "!!"]])
def test_without_words_there_is_no_vocabulary(texts) -> None:
    assert learn_vocabulary(texts, np.arange(len(texts)), 1) == Vocabulary()
    assert Vocabulary().bags(["nike"]).shape == (1, 0)


def test_a_word_that_is_there_twice_is_refused() -> None:
    with pytest.raises(InputError, match="twice"):
        Vocabulary(("nike", "shirt", "nike"))


def test_a_bag_has_a_one_for_each_known_word() -> None:
    bags = Vocabulary(("nike", "shirt")).bags(["SHIRTS by Nike, nike!", "puma", None])
    np.testing.assert_array_equal(bags.toarray(), [[1, 1], [0, 0], [0, 0]])
    assert bags.dtype == np.float32


@given(st.lists(st.text(max_size=30), max_size=8))
def test_every_word_of_any_text_is_found_again(texts: list[str]) -> None:
    vocabulary = learn_vocabulary(texts, np.arange(len(texts)), 1)
    expected = {stem(word) for text in texts for word in words_in(text)}
    assert set(vocabulary.words) == expected
    for row, text in zip(vocabulary.bags(texts).toarray(), texts, strict=True):
        present = {word for word, found in zip(vocabulary.words, row, strict=True) if found}
        assert present == {stem(word) for word in words_in(text)}
