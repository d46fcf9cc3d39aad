"""Which colour every point of the map has, for any column."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from mpsr.atlas.over_representation import MISSING, Coded, coded
from mpsr.catalogue.colours import hex_of

#: Hues that can be told apart on a light and on a dark ground (Tableau 10), for the most frequent values of a column.
HUES = (
    "#4e79a7", "#f28e2b", "#e15759", "#76b7b2", "#59a14f", "#edc948", "#b07aa1", "#ff9da7", "#9c755f", "#6b5bd2",
)  # fmt: skip

#: For columns of numbers, ascending (viridis without its darkest end).
RAMP = ("#414487", "#2a788e", "#22a884", "#7ad151", "#fde725")

#: The label and colour of all further values, and the colour of missing ones.
OTHER, OTHER_HEX, MISSING_HEX = "other", "#a39d96", "#c9c4bd"

#: Colours of a ramp; a column with more distinct numbers is cut into as many quantiles.
STEPS = 12

#: From this share of values on that are names of colours, a column is drawn in its own colours.
COLOUR_NAMES = 0.5


@dataclass(frozen=True)
class Entry:
    """A line of the legend: what it says, its colour ``#rrggbb``, and how many products have it."""

    label: str
    hex: str
    count: int


@dataclass(frozen=True)
class Colouring:
    """The colour of every product.

    Attributes:
        codes: shape (N,), uint16: the entry of each product.
        entries: the legend, in its order.
    """

    codes: npt.NDArray[np.uint16]
    entries: tuple[Entry, ...]


def colouring(column: pd.Series) -> Colouring:
    """Colours for a column: the names of colours in their own, numbers along a ramp, else the commonest values.

    A name of a colour that is not known is drawn as ``other``.
    """
    if is_numeric_dtype(column) and not is_bool_dtype(column):
        return _ramp(column)
    values = coded(column)
    own = [hex_of(value) for value in values.values]
    known = np.array([colour is not None for colour in own])
    if len(own) and known[values.codes].mean() >= COLOUR_NAMES:
        return _entries(
            values, [colour or _spare(value) for colour, value in zip(own, values.values, strict=True)]
        )
    hues = dict(zip([value for value in values.values if value != MISSING], HUES, strict=False))
    return _entries(values, [hues.get(value, _spare(value)) for value in values.values])


def _spare(value: str) -> str:
    return MISSING_HEX if value == MISSING else OTHER_HEX


def _entries(values: Coded, colours: list[str]) -> Colouring:
    """One entry a value, those drawn as ``other`` together at the end, the missing last."""
    counts = np.bincount(values.codes, minlength=len(values.values))
    listed = [place for place, colour in enumerate(colours) if colour not in (OTHER_HEX, MISSING_HEX)]
    others = [place for place, colour in enumerate(colours) if colour == OTHER_HEX]
    missing = [place for place, colour in enumerate(colours) if colour == MISSING_HEX]
    number = np.zeros(len(colours), np.uint16)
    entries = [Entry(values.values[place], colours[place], int(counts[place])) for place in listed]
    number[listed] = np.arange(len(listed))
    for label, colour, group in ((OTHER, OTHER_HEX, others), (MISSING, MISSING_HEX, missing)):
        if group:
            number[group] = len(entries)
            entries.append(Entry(label, colour, int(counts[group].sum())))
    return Colouring(number[values.codes], tuple(entries))


def _ramp(column: pd.Series) -> Colouring:
    """Numbers along the ramp: each its own step where there are few, else quantiles."""
    numbers = column.astype("Float64").to_numpy(np.float64, na_value=np.nan)
    known = np.isfinite(numbers)
    distinct = np.unique(numbers[known])
    if len(distinct) > STEPS:
        edges = np.unique(np.quantile(numbers[known], np.linspace(0, 1, STEPS + 1)))
        steps = np.clip(np.searchsorted(edges, numbers, side="right") - 1, 0, len(edges) - 2)
        labels = [f"{low:g} – {high:g}" for low, high in itertools.pairwise(edges)]
    else:
        steps, labels = np.searchsorted(distinct, numbers), [f"{value:g}" for value in distinct]
    codes = np.where(known, steps, len(labels)).astype(np.uint16)
    counts = np.bincount(codes, minlength=len(labels) + 1)
    colours = _along_ramp(len(labels))
    entries = [Entry(*told) for told in zip(labels, colours, counts[:-1].tolist(), strict=True)]
    return Colouring(
        codes, (*entries, *([Entry(MISSING, MISSING_HEX, int(counts[-1]))] if counts[-1] else []))
    )


def _along_ramp(steps: int) -> list[str]:
    stops = np.array([[int(colour[at : at + 2], 16) for at in (1, 3, 5)] for colour in RAMP])
    at = np.linspace(0, len(RAMP) - 1, steps) if steps > 1 else np.array([len(RAMP) // 2])
    channels = [
        np.interp(at, np.arange(len(RAMP)), stops[:, channel]).round().astype(int) for channel in range(3)
    ]
    return ["#{:02x}{:02x}{:02x}".format(*rgb) for rgb in zip(*channels, strict=True)]
