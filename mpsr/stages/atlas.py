"""The stage of the atlas: every product's coordinates on the map."""

from __future__ import annotations

from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from mpsr.atlas.layout import LayoutSettings, lay_out
from mpsr.atlas.placement import place_all_out_of_sample
from mpsr.search.graph import Rows, read_graph, rows_of
from mpsr.stages.maker import as_json
from mpsr.store import Artefact, save_array
from mpsr.store.facts import AtlasFacts
from mpsr.store.layout import ADDED, COORDINATES, IDS, VECTORS, Stage
from mpsr.types import FloatArray

if TYPE_CHECKING:
    from mpsr.stages.changes import Changes
    from mpsr.stages.maker import Maker

#: Neighbours beside which a new product is placed.
NEAREST = 15


def lay_out_atlas(
    make: Maker, space: Artefact, graph: Artefact, settings: LayoutSettings | None = None
) -> Artefact:
    """The map's coordinates, from a space's neighbour graph; seed and settings are in the manifest."""
    settings = settings or LayoutSettings()
    parameters = {"space": space.stage, **asdict(settings)}
    kept, before = make.kept, make.published(Stage.ATLAS)
    if not kept and before and before.parameters != as_json(parameters):
        before = None  # a map of another space, or laid out otherwise, says nothing of this one

    def write(folder: Path) -> AtlasFacts:
        if kept and before:
            coordinates, added = _continued(before, kept, read_graph(graph))
        else:
            edges, start = read_graph(graph), None
            if before:
                start = _earlier(before, space.array(IDS), edges)
            coordinates = lay_out(edges, space.array(VECTORS), settings, start)
            added = np.zeros(len(coordinates), dtype=bool)
        save_array(folder / COORDINATES, coordinates)
        save_array(folder / ADDED, added)
        save_array(folder / IDS, space.array(IDS))
        placed = int((~np.isnan(coordinates[:, 0])).sum())
        return {"placed": placed, "added": int(added.sum()), "umap-learn": version("umap-learn")}

    return make.make(Stage.ATLAS, {"space": space, "graph": graph}, parameters, write, before)


def _continued(
    before: Artefact, kept: Changes, graph: csr_matrix
) -> tuple[FloatArray, npt.NDArray[np.bool_]]:
    """The coordinates of the map before, new and changed products beside their nearest, and which were placed so."""
    coordinates = np.full((len(kept.before), 2), np.nan, np.float32)
    coordinates[kept.same] = before.array(COORDINATES)[kept.before[kept.same]]
    added = np.zeros(len(coordinates), dtype=bool)
    added[kept.same] = before.array(ADDED)[kept.before[kept.same]]
    added[_put_beside_nearest(coordinates, kept.new, graph)] = True
    return coordinates, added


def _put_beside_nearest(coordinates: FloatArray, rows: Rows, graph: csr_matrix) -> Rows:
    """Give those rows coordinates beside their nearest products that have some; the rows that got them."""
    columns, scores = rows_of(graph, rows, NEAREST)
    near = np.where((columns >= 0)[:, :, None], coordinates[columns], np.nan)
    found = place_all_out_of_sample(near, scores)
    placed = ~np.isnan(found[:, 0]) & (scores > 0).any(axis=1)  # one without a vector is similar to none
    coordinates[rows[placed]] = found[placed]
    return rows[placed]


def _earlier(before: Artefact, ids: npt.NDArray[Any], graph: csr_matrix) -> FloatArray:
    """Where a new map begins: on the map before, products that it lacks beside their nearest."""
    places = dict(zip(before.array(IDS).tolist(), range(len(before.array(IDS))), strict=True))
    rows = np.array([places.get(product, -1) for product in ids.tolist()])
    start = np.full((len(ids), 2), np.nan, np.float32)
    start[rows >= 0] = before.array(COORDINATES)[rows[rows >= 0]]
    _put_beside_nearest(start, np.flatnonzero(np.isnan(start[:, 0])), graph)
    return start
