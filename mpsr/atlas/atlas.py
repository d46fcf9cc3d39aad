"""The map of a published store: coordinates, regions, and out-of-sample placement."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from mpsr.atlas.geometry import Shape, inside
from mpsr.atlas.placement import place_out_of_sample
from mpsr.atlas.regions import Labels, Region
from mpsr.errors import InputError, StoreError
from mpsr.store import Artefact, write_file
from mpsr.store.damage import REBUILD
from mpsr.store.facts import AtlasParameters
from mpsr.store.layout import ADDED, COORDINATES, IDS, LABELS, REGIONS
from mpsr.types import FloatArray


@dataclass(frozen=True)
class Atlas:
    """The map.

    Attributes:
        coordinates: shape (N, 2), float32, in [-1, 1], catalogue order; NaN where a product has no vector.
        labels: shape (N,), int32: the region of each product, -1 for none.
        regions: by descending size.
        space: the space it is a map of.
        added: shape (N,), bool: which products were placed beside their nearest after the map was laid out.
    """

    coordinates: FloatArray
    labels: Labels
    regions: tuple[Region, ...]
    space: str
    added: npt.NDArray[np.bool_]

    @property
    def placed(self) -> npt.NDArray[np.bool_]:
        """Which products are on the map, shape (N,)."""
        return ~np.isnan(self.coordinates[:, 0])

    def inside(self, shape: Shape) -> npt.NDArray[np.bool_]:
        """Which products are inside a shape, shape (N,)."""
        return inside(shape, self.coordinates)

    def region(self, number: int) -> npt.NDArray[np.bool_]:
        """Which products are in a region, shape (N,).

        Raises:
            InputError: there is no such region.
        """
        if not 0 <= number < len(self.regions):
            raise InputError(
                f"there is no region {number}; this map has {len(self.regions)}, counted from 0."
            )
        return self.labels == number

    def place_out_of_sample(self, rows: Sequence[int], scores: Sequence[float]) -> tuple[float, float] | None:
        """Coordinates for a query with these neighbours (see ``mpsr.atlas.placement``).

        Args:
            rows: the neighbours' rows in the catalogue.
            scores: their cosines.

        Returns:
            Map coordinates; None when none of the neighbours is on the map.
        """
        return place_out_of_sample(self.coordinates[np.asarray(rows, int)], np.asarray(scores, float))

    def middle_first(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """The rows by distance from their median coordinates: the most typical first, rows without coordinates last."""
        points = self.coordinates[rows].astype(np.float64)
        if np.isnan(points).all():
            return rows
        distances = np.square(points - np.nanmedian(points, axis=0)).sum(1)
        return rows[np.argsort(np.nan_to_num(distances, nan=np.inf), kind="stable")]


def save_regions(folder: Path, regions: Sequence[Region]) -> None:
    """Write the regions into ``folder``."""
    document = json.dumps([asdict(region) for region in regions], indent=1, ensure_ascii=False)
    write_file(folder / REGIONS, document.encode())


def read_atlas(layout: Artefact, regions: Artefact, ids: Sequence[str]) -> Atlas:
    """The map from its two artefacts.

    Args:
        layout: of the stage ``atlas``.
        regions: of the stage ``regions``.
        ids: the catalogue's products.

    Raises:
        StoreError: it is a map of other products, or damaged.
    """
    found, coordinates = layout.array(IDS), np.asarray(layout.array(COORDINATES))
    if not np.array_equal(found, np.asarray(ids, dtype=str)):
        raise StoreError(
            f"{layout.folder / IDS} lists {len(found):,} products that are not the catalogue's {len(ids):,}. "
            f"{REBUILD.format(root=layout.root)}"
        )
    listed = regions.document(REGIONS, list[Region])
    labels = np.asarray(regions.array(LABELS))
    if labels.max(initial=-1) >= len(listed) or any(not 0 <= one.typical < len(ids) for one in listed):
        raise StoreError(
            f"{regions.path(REGIONS)} lists {len(listed)} regions, others than {LABELS} names, or products that are not "
            f"there. {REBUILD.format(root=regions.root)}"
        )
    return Atlas(
        coordinates,
        labels,
        tuple(listed),
        layout.read_parameters(AtlasParameters)["space"],
        np.asarray(layout.array(ADDED)),
    )
