"""Many products in an address."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpsr.errors import InputError
from mpsr.insights.idset import LONGEST, pack, unpack

SNAPSHOT = "3cd0f75d25c1636c63c908b7"


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 500).flatmap(lambda size: st.tuples(st.just(size), st.sets(st.integers(0, size - 1)))))
def test_rows_come_back(case: tuple[int, set[int]]) -> None:
    size, rows = case
    assert unpack(pack(rows, size, SNAPSHOT), size, SNAPSHOT).tolist() == sorted(rows)


def test_a_whole_catalogue_fits_an_address() -> None:
    rows = np.flatnonzero(np.random.default_rng(1).random(44_446) < 0.5)
    text = pack(rows, 44_446, SNAPSHOT)
    assert len(text) < LONGEST
    assert unpack(text, 44_446, SNAPSHOT).tolist() == rows.tolist()
    assert len(pack(range(100, 400), 44_446, SNAPSHOT)) < 120
    assert set(text) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")


def test_more_than_an_address_holds_is_said() -> None:
    rows = np.flatnonzero(np.random.default_rng(1).random(1_000_000) < 0.5)
    with pytest.raises(InputError, match="too many for an address"):
        pack(rows, 1_000_000, SNAPSHOT)


def test_another_snapshot_is_refused() -> None:
    with pytest.raises(InputError, match="built anew"):
        unpack(pack([1], 30, "ffffffff0000"), 30, SNAPSHOT)


@pytest.mark.parametrize("text", ["3cd0f75d.", "3cd0f75d.!!!", "3cd0f75d.AAAA", "3cd0f75d.eJw", "3cd0f75d.é"])
def test_a_damaged_selection_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="damaged"):
        unpack(text, 30, SNAPSHOT)


def test_a_selection_of_a_larger_catalogue_does_not_fill_the_memory() -> None:
    with pytest.raises(InputError, match="damaged"):
        unpack(pack([3], 50_000_000, SNAPSHOT), 30, SNAPSHOT)
