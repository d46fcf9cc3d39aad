"""What a store is called when nobody says."""

from __future__ import annotations

from pathlib import Path

from mpsr.errors import InputError, StoreError
from mpsr.store.store import Store, stores_folder

#: Endings that say how a file is packed and not what it is called.
PACKED = (".gz", ".zip")


def store_for(source: Path) -> Path:
    """The folder of the store that a build of ``source`` writes: named after it, and after its folder where that is taken.

    A store that was built from another catalogue is never replaced unasked.

    Raises:
        InputError: both names are taken.
    """
    place = source.resolve()
    name = place.stem
    if place.suffix.lower() in PACKED and "." in name:
        name = Path(name).stem
    name = name or "catalogue"
    names = [name, f"{place.parent.name}-{name}"] if place.parent.name else [name]
    for one in names:
        if _built_from(stores_folder() / one) in (None, str(place)):
            return stores_folder() / one
    raise InputError(
        f"the stores {' and '.join(names)} in {stores_folder()} were built from other catalogues than {source}. "
        "Give this one a name of its own, for example --store autumn, or the name of the one to replace."
    )


def _built_from(root: Path) -> str | None:
    """The source of a published store; None where there is none that can be read."""
    try:
        return str(Store(root).current().facts["source"])
    except (StoreError, KeyError):
        return None
