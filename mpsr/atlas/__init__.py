"""The map: two-dimensional coordinates of every product, and the named regions among them."""

from mpsr.atlas.atlas import Atlas, read_atlas
from mpsr.atlas.geometry import Shape, inside
from mpsr.atlas.regions import Region

__all__ = ["Atlas", "Region", "Shape", "inside", "read_atlas"]
