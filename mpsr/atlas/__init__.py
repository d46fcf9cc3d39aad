"""The map: where every product lies in two dimensions, and what the regions of it are."""

from mpsr.atlas.atlas import Atlas, read_atlas
from mpsr.atlas.geometry import Shape, inside
from mpsr.atlas.regions import Region

__all__ = ["Atlas", "Region", "Shape", "inside", "read_atlas"]
