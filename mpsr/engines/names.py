"""What collections and aliases are called.

A space of a store is a collection ``mpsr_<store>_<space>_<snapshot>``. Two aliases lead there:
``mpsr_<store>_<space>`` to the newest, for other programs, and ``mpsr_<store>_<space>_at_<snapshot>`` to one that holds
exactly that snapshot. The latter is set when all of it is written, and taken away before it is changed.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

#: Digits of a snapshot's fingerprint in a name.
DIGITS = 12


@dataclass(frozen=True)
class Names:
    """The names of one space of one store.

    Attributes:
        store: the store's name.
        space: the space's.
    """

    store: str
    space: str

    @property
    def newest(self) -> str:
        """The alias of the newest collection."""
        return f"mpsr_{_plain(self.store)}_{_plain(self.space)}"

    def collection(self, snapshot: str) -> str:
        """The collection made from a snapshot."""
        return f"{self.newest}_{snapshot[:DIGITS]}"

    def exactly(self, snapshot: str) -> str:
        """The alias of the collection that holds exactly that snapshot."""
        return f"{self.newest}_at_{snapshot[:DIGITS]}"

    def is_ours(self, collection: str) -> bool:
        """Whether a collection was made from some snapshot of this store's space."""
        return re.fullmatch(re.escape(self.newest) + f"_[0-9a-f]{{{DIGITS}}}", collection) is not None


def _plain(name: str) -> str:
    """A name of letters, digits and underscores, as Milvus wants them; one that had others ends in its SHA-256."""
    plain = re.sub(r"[^A-Za-z0-9_]", "_", name)[:100]
    if plain == name:
        return name
    return f"{plain}_{hashlib.sha256(name.encode(errors='surrogateescape')).hexdigest()[:8]}"
