"""The stage of the atlas: every product's coordinates on the map."""

from __future__ import annotations

from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mpsr.atlas.layout import LayoutSettings, lay_out
from mpsr.search.graph import read_graph
from mpsr.store import Artefact, save_array
from mpsr.store.facts import AtlasFacts
from mpsr.store.layout import COORDINATES, IDS, VECTORS, Stage

if TYPE_CHECKING:
    from mpsr.stages.maker import Maker


def lay_out_atlas(
    make: Maker, space: Artefact, graph: Artefact, settings: LayoutSettings | None = None
) -> Artefact:
    """The map's coordinates, from a space's neighbour graph; seed and settings are in the manifest."""
    settings = settings or LayoutSettings()

    def write(folder: Path) -> AtlasFacts:
        coordinates = lay_out(read_graph(graph), space.array(VECTORS), settings)
        save_array(folder / COORDINATES, coordinates)
        save_array(folder / IDS, space.array(IDS))
        placed = int((~np.isnan(coordinates[:, 0])).sum())
        return {"placed": placed, "umap-learn": version("umap-learn")}

    parameters = {"space": space.stage, **asdict(settings)}
    return make.make(Stage.ATLAS, {"space": space, "graph": graph}, parameters, write)
