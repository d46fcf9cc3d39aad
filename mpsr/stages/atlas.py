"""The stages of the map: positions and regions, of the space that is searched by default."""

from __future__ import annotations

from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from mpsr.atlas.atlas import IDS, LABELS, POSITIONS, save_regions
from mpsr.atlas.layout import LayoutSettings, lay_out
from mpsr.atlas.regions import RegionSettings, basins, name_regions
from mpsr.search.graph import read_graph
from mpsr.stages.catalogue import products_of
from mpsr.stages.maker import Maker
from mpsr.store import Artefact, save_array
from mpsr.store.layout import VECTORS


def mapped(make: Maker, made: dict[str, Artefact]) -> dict[str, Artefact]:
    """The stages of the map from those of the spaces: of the learned space where there is one, else of the paper's."""
    shared = "shared" in made
    space, graph = made["shared" if shared else "paper"], made["shared_graph" if shared else "graph"]
    layout = atlas(make, space, graph)
    return {"atlas": layout, "regions": regions(make, made["catalogue"], layout)}


def atlas(make: Maker, space: Artefact, graph: Artefact, settings: LayoutSettings | None = None) -> Artefact:
    """Positions on the map, from the space's neighbour graph; seed and settings are in the manifest."""
    settings = settings or LayoutSettings()
    name = space.manifest["stage"]

    def write(folder: Path, facts: dict[str, Any]) -> None:
        positions = lay_out(read_graph(graph), space.array(VECTORS), settings)
        save_array(folder / POSITIONS, positions)
        save_array(folder / IDS, space.array(IDS))
        facts |= {
            "placed": int((~np.isnan(positions[:, 0])).sum()),
            "umap-learn": version("umap-learn"),
        }

    return make.make("atlas", {"space": space, "graph": graph}, {"space": name, **asdict(settings)}, write)


def regions(
    make: Maker, catalogue: Artefact, layout: Artefact, settings: RegionSettings | None = None
) -> Artefact:
    """Regions of the map and their names."""
    settings = settings or RegionSettings()

    def write(folder: Path, facts: dict[str, Any]) -> None:
        products, positions = products_of(catalogue), np.asarray(layout.array(POSITIONS))
        labels = basins(positions, settings)
        named = name_regions(labels, positions, products, products["picture"].notna().to_numpy(), settings)
        save_array(folder / LABELS, labels)
        save_regions(folder, named)
        facts |= {"regions": len(named), "in_none": int((labels < 0).sum())}

    parameters = asdict(settings)
    return make.make("regions", {"catalogue": catalogue, "atlas": layout}, parameters, write)
