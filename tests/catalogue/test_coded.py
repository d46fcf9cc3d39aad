"""A column as codes, and the order of its values, against plain loops."""

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from mpsr.catalogue.coded import (
    MISSING,
    by_frequency,
    coded,
    has_natural_order,
    in_natural_order,
    labelled,
)

VALUES = st.lists(st.sampled_from(["Red", "Blue", "", None, "red", "10", "9", MISSING]), max_size=30)


@settings(max_examples=60, deadline=None)
@given(VALUES)
def test_codes_give_the_values_back_and_the_missing_none(values: list) -> None:
    found = coded(pd.Series(values, dtype="object"))
    assert [found.values[code] if code >= 0 else None for code in found.codes] == [
        value or None for value in values
    ]
    assert len(set(found.values)) == len(found.values)


@settings(max_examples=60, deadline=None)
@given(VALUES, st.booleans())
def test_labels_are_plain_text_in_their_order(values: list, natural: bool) -> None:
    found = labelled(pd.Series(values, dtype="object"), natural)
    labels = [value or MISSING for value in values]
    assert [found.values[code] for code in found.codes] == labels
    counts = {label: labels.count(label) for label in labels}
    assert list(found.values) == (in_natural_order(counts) if natural else by_frequency(counts))
    for label in counts:
        assert found.where(label).tolist() == [value == label for value in labels]
    assert not found.where("no such value").any()


def test_numbers_keep_their_type_as_codes_and_are_text_as_labels() -> None:
    years = pd.Series([2012, None, 2009, 2012], dtype="Int64")
    assert coded(years).values == (2012, 2009)
    assert labelled(years).values == ("2012", "(missing)", "2009")
    assert labelled(years, natural=True).values == ("2009", "2012", "(missing)")


def test_values_have_their_natural_order() -> None:
    assert in_natural_order(["Winter", "Fall", MISSING, "Spring", "Summer"]) == [
        "Spring",
        "Summer",
        "Fall",
        "Winter",
        MISSING,
    ]
    assert in_natural_order(["XL", "S", "Free Size", "M", "XXS"]) == ["XXS", "S", "M", "XL", "Free Size"]
    assert in_natural_order(["10", "9", "Red", "Blue"]) == ["9", "10", "Blue", "Red"]
    assert has_natural_order(["2012", "2009", MISSING])
    assert has_natural_order(["Fall", "spring"])
    assert has_natural_order(["Fall", "Summer", "All year"])
    assert not has_natural_order(["Fall", "Blue"])
    assert not has_natural_order([MISSING])


def test_the_most_frequent_comes_first_and_equals_by_name() -> None:
    assert by_frequency({"b": 2, "a": 2, MISSING: 9, "c": 3}) == [MISSING, "c", "a", "b"]
    assert by_frequency({"b": 2, "a": 2, MISSING: 9, "c": 3}, missing_last=True) == ["c", "a", "b", MISSING]
