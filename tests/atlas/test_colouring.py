"""Colours of the map: names of colours in their own, numbers along a ramp, else the commonest values."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mpsr.atlas.colouring import HUES, MISSING_HEX, OTHER_HEX, STEPS, colouring
from mpsr.atlas.over_representation import MISSING
from mpsr.catalogue.colours import COLOURS


def drawn(column: pd.Series) -> list[str]:
    found = colouring(column)
    return [found.entries[code].hex for code in found.codes]


def test_names_of_colours_are_drawn_in_their_own():
    column = pd.Series(["Navy Blue", "White", None, "Moonlight", "White"])
    assert drawn(column) == [COLOURS["Navy Blue"], COLOURS["White"], MISSING_HEX, OTHER_HEX, COLOURS["White"]]
    assert [entry.label for entry in colouring(column).entries] == ["White", "Navy Blue", "other", MISSING]
    assert [entry.count for entry in colouring(column).entries] == [2, 1, 1, 1]


def test_the_commonest_values_have_a_hue_and_the_rest_share_one():
    column = pd.Series([f"kind {number}" for number in range(15) for _ in range(20 - number)])
    found = colouring(column)
    assert [entry.hex for entry in found.entries] == [*HUES, OTHER_HEX]
    assert [entry.label for entry in found.entries[:2]] == ["kind 0", "kind 1"]
    assert found.entries[-1].count == sum(20 - number for number in range(len(HUES), 15))
    np.testing.assert_array_equal(np.bincount(found.codes), [entry.count for entry in found.entries])


def test_few_numbers_are_steps_of_a_ramp_in_their_order():
    found = colouring(pd.Series([2012, 2010, None, 2019], dtype="Int64"))
    assert [entry.label for entry in found.entries] == ["2010", "2012", "2019", MISSING]
    assert found.codes.tolist() == [1, 0, 3, 2]
    assert len({entry.hex for entry in found.entries}) == 4


def test_many_numbers_are_cut_into_quantiles():
    values = np.random.default_rng(0).exponential(size=5000)
    found = colouring(pd.Series(values))
    assert len(found.entries) == STEPS
    assert np.ptp([entry.count for entry in found.entries]) <= 2
    assert (np.diff([values[found.codes == code].mean() for code in range(STEPS)]) > 0).all()


def test_one_value_and_none():
    assert len(colouring(pd.Series(["only"] * 3)).entries) == 1
    assert [entry.label for entry in colouring(pd.Series([None, None], dtype="object")).entries] == [MISSING]
    assert colouring(pd.Series([3.5, 3.5])).entries[0].label == "3.5"
