"""Which file of a source is a product's picture."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath

from mpsr.catalogue.located import Located

BACKSLASH = "\\"
PICTURE_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff")


def picture_finder(located: Located) -> Callable[[str, str], str | None]:
    """A function (product id, name from the picture column) → member of the source, or None.

    Only members that exist can come back, so neither an id nor a picture column can point outside.
    """
    root, mapping = located.picture_root, located.mapping
    if mapping is None or not mapping.names_pictures:
        stems = {
            name.removeprefix(root).rpartition(".")[0]: name
            for name in sorted(located.members, reverse=True)
            if name.startswith(root) and name.lower().endswith(PICTURE_SUFFIXES)
        }
        return lambda product, _: stems.get(product)

    def find(product: str, name: str) -> str | None:
        wanted = name or (mapping.pictures.replace("{id}", product) if mapping.pictures else "")
        member = f"{root}{PurePosixPath(wanted.replace(BACKSLASH, '/'))}"
        return member if wanted and member in located.members else None

    return find
