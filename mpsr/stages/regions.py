"""The stage of the map's regions and of their names."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mpsr.atlas.atlas import save_regions
from mpsr.atlas.regions import RegionSettings, basins, name_regions
from mpsr.stages.catalogue import read_products
from mpsr.store import Artefact, save_array
from mpsr.store.facts import RegionsFacts
from mpsr.store.layout import COORDINATES, LABELS, Stage

if TYPE_CHECKING:
    from mpsr.stages.maker import Maker


def find_regions(
    make: Maker, catalogue: Artefact, atlas: Artefact, settings: RegionSettings | None = None
) -> Artefact:
    """The dense regions of the map, named after what is frequent in them."""
    settings = settings or RegionSettings()

    def write(folder: Path) -> RegionsFacts:
        products, coordinates = read_products(catalogue), np.asarray(atlas.array(COORDINATES))
        labels = basins(coordinates, settings)
        pictured = products["picture"].notna().to_numpy()
        regions = name_regions(labels, coordinates, products, pictured, settings)
        save_array(folder / LABELS, labels)
        save_regions(folder, regions)
        return {"regions": len(regions), "in_none": int((labels < 0).sum())}

    inputs = {"catalogue": catalogue, "atlas": atlas}
    return make.make(Stage.REGIONS, inputs, asdict(settings), write)
