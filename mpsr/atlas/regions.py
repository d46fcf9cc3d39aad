"""Regions of the map: the modes of its density, each named after its most over-represented value."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import ndimage

from mpsr.atlas.over_representation import over_representation
from mpsr.catalogue.coded import MISSING, Coded, labelled
from mpsr.catalogue.types import NAME
from mpsr.types import FloatArray

Labels = npt.NDArray[np.int32]

#: Words of the products' names that are looked at, the most frequent first.
MOST_WORDS = 200

#: What tells a region apart from others of its name: share in it, ratio to the share in the others, and z, at least.
SHARE_OF_ITS_OWN, LIFT_OF_ITS_OWN, CLEARLY = 0.25, 1.5, 1.96

_WORD = re.compile(r"[^\W\d_]{3,}(?:-[^\W\d_]+)?")


@dataclass(frozen=True)
class RegionSettings:
    """What regions depend on beside the coordinates.

    Attributes:
        grid: cells along each side of the map.
        blur: standard deviation of the smoothing for ``blur_for`` products, in cells; modes closer than about twice
            that merge. Fewer products are smoothed more, by Scott's rule: with the power -1/6 of their number.
        blur_for: see ``blur``.
        smallest: share of the products a region holds at least, and never fewer than ``fewest``.
        fewest: see ``smallest``.
        most: regions at most, the largest first.
        columns: columns that name a region: the next one where no value of the one before has enough support.
        details: columns that tell regions of one name apart.
        further: columns that, beside words of the products' names (a print, a brand), tell apart those of one name and
            detail.
        support: share of a region that the value naming it has at least.
        version: changes when the same settings would give other regions.
    """

    grid: int = 256
    blur: float = 3.0
    blur_for: int = 44_000
    smallest: float = 1 / 400
    fewest: int = 5
    most: int = 96
    columns: tuple[str, ...] = ("articleType", "subCategory", "masterCategory")
    details: tuple[str, ...] = ("gender", "baseColour", "usage", "season")
    further: tuple[str, ...] = ("baseColour", "gender", "usage")
    support: float = 0.2
    version: int = 3


@dataclass(frozen=True)
class Region:
    """A region with its name.

    Attributes:
        label: the most over-represented value, "" where no value has enough support.
        detail: what tells it apart from other regions of the same name: the most over-represented value of another
            column among the products of that name; "" where nothing stands out.
        x: of the typical product: where to write the label, map coordinates.
        y: see ``x``.
        size: products in it.
        share: of them with the label.
        lift: that share over the catalogue's.
        typical: row of the product nearest to the region's middle, among those of the label and with a picture.
    """

    label: str
    detail: str
    x: float
    y: float
    size: int
    share: float
    lift: float
    typical: int


def basins(coordinates: FloatArray, settings: RegionSettings) -> Labels:
    """The density mode each product belongs to, shape (N,), numbered from 0 by descending size; -1 for none.

    The coordinates are counted on a grid and smoothed; from every cell, hill climbing moves to the highest
    neighbour until none is higher. Cells that reach the same mode form one region: mean shift on a grid.
    """
    labels = np.full(len(coordinates), -1, np.int32)
    placed = np.flatnonzero(~np.isnan(coordinates[:, 0]))
    smallest = max(settings.fewest, round(settings.smallest * len(placed)))
    if len(placed) < smallest:
        return labels
    cells = np.clip(((coordinates[placed] + 1) / 2 * settings.grid).astype(int), 0, settings.grid - 1)
    flat = cells[:, 1] * settings.grid + cells[:, 0]
    counts = np.bincount(flat, minlength=settings.grid**2).reshape(settings.grid, -1)
    blur = settings.blur * (len(placed) / settings.blur_for) ** (-1 / 6)
    density = ndimage.gaussian_filter(counts.astype(np.float64), blur, mode="constant")
    summit = _summits(density)[flat]
    kinds, inverse, sizes = np.unique(summit, return_inverse=True, return_counts=True)
    order = np.lexsort((kinds, -sizes))
    kept = order[sizes[order] >= smallest][: settings.most]
    number = np.full(len(kinds), -1, np.int32)
    number[kept] = np.arange(len(kept))
    labels[placed] = number[inverse]
    return labels


def _summits(density: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """For each cell the mode reached by hill climbing, as a flat index."""
    side = len(density)
    own = np.arange(side * side).reshape(side, side)
    padded = np.pad(density, 1, constant_values=-1.0)
    where = np.pad(own, 1, constant_values=0)
    shifts = [(dy, dx) for dy in (0, 1, 2) for dx in (0, 1, 2)]
    heights = np.stack([padded[dy : dy + side, dx : dx + side] for dy, dx in shifts])
    targets = np.stack([where[dy : dy + side, dx : dx + side] for dy, dx in shifts])
    highest = heights.argmax(0)
    highest[density >= heights.max(0)] = 4  # on a plateau one stays
    up = np.take_along_axis(targets, highest[None], axis=0)[0].ravel()
    while not np.array_equal(further := up[up], up):
        up = further
    return up


def name_regions(
    labels: Labels,
    coordinates: FloatArray,
    products: pd.DataFrame,
    pictured: npt.NDArray[np.bool_],
    settings: RegionSettings,
) -> list[Region]:
    """A name, label coordinates and a typical product for every region.

    Args:
        labels: from ``basins``.
        coordinates: shape (N, 2).
        products: the catalogue.
        pictured: shape (N,), which products have a picture.
        settings: name the columns.
    """
    columns = {
        name: labelled(products[name]) for name in (*settings.columns, *settings.details, *settings.further)
    }
    members = [labels == number for number in range(labels.max(initial=-1) + 1)]
    names = [_name(columns, rows, settings) for rows in members]
    often = Counter(name.value for name in names if name)
    regions = []
    for rows, name in zip(members, names, strict=True):
        named = rows & columns[name.column].where(name.value) if name else rows
        typical = _middle(coordinates, named & pictured if (named & pictured).any() else named)
        regions.append(
            Region(
                label=name.value if name else "",
                detail=_detail(columns, rows, name, settings) if name and often[name.value] > 1 else "",
                x=float(coordinates[typical, 0]),
                y=float(coordinates[typical, 1]),
                size=int(rows.sum()),
                share=name.share if name else 0.0,
                lift=name.lift if name else 0.0,
                typical=typical,
            )
        )
    return tell_apart(regions, members, columns, products[NAME], settings)


@dataclass(frozen=True)
class _Name:
    column: str
    value: str
    share: float
    lift: float


def _name(columns: dict[str, Coded], rows: npt.NDArray[np.bool_], settings: RegionSettings) -> _Name | None:
    """The value with the highest z among those with enough support, of the first column that has one."""
    for column in settings.columns:
        table = over_representation(columns[column], rows)
        table = table[(table["share"] >= settings.support) & (table["value"] != MISSING)]
        if not table.empty:
            return _Name(column, str(table["value"].iat[0]), _first(table, "share"), _first(table, "lift"))
    return None


def _detail(
    columns: dict[str, Coded], rows: npt.NDArray[np.bool_], name: _Name, settings: RegionSettings
) -> str:
    """The value over-represented in this region among all products with its name."""
    of_name = columns[name.column].where(name.value)
    best, found = 0.0, ""
    for column in settings.details:
        within = Coded(columns[column].codes[of_name], columns[column].values)
        table = over_representation(within, rows[of_name])
        clear = table[(table["share"] >= 0.5) & (table["lift"] >= 1.2) & (table["value"] != MISSING)]
        if not clear.empty and _first(clear, "z") > best:
            best, found = _first(clear, "z"), str(clear["value"].iat[0])
    return found


def tell_apart(
    regions: list[Region],
    members: list[npt.NDArray[np.bool_]],
    columns: dict[str, Coded],
    names: pd.Series,
    settings: RegionSettings,
) -> list[Region]:
    """Regions of one name and detail with what each has more of than the others: a colour, or a word of the names.

    Args:
        regions: with their names.
        members: of each region, shape (N,).
        columns: the catalogue's columns by name.
        names: of the products, shape (N,).
        settings: name the columns.
    """
    alike: dict[tuple[str, str], list[int]] = {}
    for number, region in enumerate(regions):
        alike.setdefault((region.label, region.detail), []).append(number)
    told = list(regions)
    for (label, detail), group in alike.items():
        if not label or len(group) < 2:
            continue
        rows = np.flatnonzero(np.logical_or.reduce([members[number] for number in group]))
        values = _values_of(rows, columns, names, settings, f"{label} {detail}")
        taken: set[str] = set()
        for number in group:  # the largest chooses first
            more = _most_of_its_own(values, members[number][rows], taken)
            if more:
                taken.add(more)
                told[number] = replace(regions[number], detail=", ".join(filter(None, (detail, more))))
    return told


def _values_of(
    rows: npt.NDArray[np.int64],
    columns: dict[str, Coded],
    names: pd.Series,
    settings: RegionSettings,
    said: str,
) -> dict[str, npt.NDArray[np.bool_]]:
    """Value or word → which of the rows have it; what is said already and what hardly occurs is left out."""
    values: dict[str, npt.NDArray[np.bool_]] = {}
    for column in settings.further:
        coded = columns[column]
        for value in coded.values:
            if value != MISSING:
                values.setdefault(str(value), coded.where(value)[rows])
    words = [set(_WORD.findall(str(name))) if isinstance(name, str) else set() for name in names.iloc[rows]]
    often = Counter(word for found in words for word in found)
    known = {word.lower() for word in _WORD.findall(" ".join([said, *values]))}
    for word, count in often.most_common(MOST_WORDS):
        if count >= settings.fewest and word.lower() not in known and word.lower().rstrip("s") not in known:
            values[word] = np.array([word in found for found in words])
    already = {part.lower() for part in (said, *said.split())}
    return {value: having for value, having in values.items() if value.lower() not in already}


def _most_of_its_own(
    values: dict[str, npt.NDArray[np.bool_]], mine: npt.NDArray[np.bool_], taken: set[str]
) -> str:
    """The value most over-represented (by z of two proportions) among these rows; "" where none clearly is."""
    best, found = CLEARLY, ""
    inside, outside = int(mine.sum()), int((~mine).sum())
    for value, having in values.items():
        share, other = having[mine].mean(), having[~mine].mean()
        overall = having.mean()
        if value in taken or share < SHARE_OF_ITS_OWN or share < LIFT_OF_ITS_OWN * other or overall in (0, 1):
            continue
        z = (share - other) / np.sqrt(overall * (1 - overall) * (1 / inside + 1 / outside))
        if z > best:
            best, found = float(z), value
    return found


def _first(table: pd.DataFrame, column: str) -> float:
    return float(table[column].to_numpy(np.float64)[0])


def _middle(coordinates: FloatArray, rows: npt.NDArray[np.bool_]) -> int:
    """The one of these rows nearest to their median."""
    places = np.flatnonzero(rows)
    points = coordinates[places].astype(np.float64)
    return int(places[np.square(points - np.median(points, axis=0)).sum(1).argmin()])
