"""The name of a store when none is given."""

from __future__ import annotations

from pathlib import Path

from mpsr.errors import InputError
from mpsr.store.known import stores_folder
from mpsr.store.store import Store

#: Endings that tell how a file is packed and are no part of its name.
PACKED = (".gz", ".zip")


def store_for(source: Path) -> Path:
    """The folder of the store that a build of ``source`` writes.

    It is named after the source, and where that name is taken, after the source's folder and the source. A
    store that was built from another catalogue is only replaced when it is named.

    Raises:
        InputError: both names are taken.
    """
    path = source.resolve()
    name = path.stem
    if path.suffix.lower() in PACKED and "." in name:
        name = Path(name).stem
    name = name or "catalogue"
    names = [name, f"{path.parent.name}-{name}"] if path.parent.name else [name]
    for one in names:
        if Store(stores_folder() / one).source() in (None, str(path)):
            return stores_folder() / one
    raise InputError(
        f"the stores {' and '.join(names)} in {stores_folder()} were built from other catalogues than {source}. "
        "Give this one a name of its own, for example --store autumn, or the name of the one to replace."
    )
