"""What a store remembers of its source between builds, so that a file that has not changed is not read again.

A cache beside the objects: nothing in a snapshot depends on it, and without it a build only takes longer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from mpsr.store.files import new_file, write_whole
from mpsr.store.layout import SEEN_CATALOGUES, SEEN_MEMBERS

#: Readings of a source that are remembered.
READINGS = 16


class Seen:
    """The cache of one store."""

    def __init__(self, root: Path) -> None:
        self._members, self._catalogues = root / SEEN_MEMBERS, root / SEEN_CATALOGUES

    def catalogue(self, reading: str) -> str | None:
        """The catalogue's content that an earlier reading of the same files gave, named by fingerprints."""
        return self._readings().get(reading)

    def digests(self, stamps: Mapping[str, str], version: int) -> dict[str, str]:
        """Member → SHA-256, of the members whose stamp is as it was when they were read.

        Args:
            stamps: member → stamp, as the source has them now.
            version: of the rules by which they were read.
        """
        try:
            kept = pd.read_parquet(self._members)
            kept = kept[kept["version"] == version]
            rows = zip(kept["member"], kept["stamp"], kept["sha256"], strict=True)
            return {member: digest for member, stamp, digest in rows if stamps.get(member) == stamp}
        except (OSError, ValueError, KeyError):
            return {}

    def remember(
        self, reading: str, content: str, stamps: Mapping[str, str], digests: Mapping[str, str], version: int
    ) -> None:
        """Note what a reading gave; of the members only those of this reading are kept."""
        table = pd.DataFrame(
            {
                "member": list(digests),
                "stamp": [stamps[member] for member in digests],
                "sha256": list(digests.values()),
            },
            dtype="str",
        ).assign(version=version)
        partial = self._members.with_name(f"{SEEN_MEMBERS}.partial")
        partial.unlink(missing_ok=True)  # what lies there may be a link that leads elsewhere
        with new_file(partial) as file:
            table.to_parquet(file, index=False)
        partial.replace(self._members)
        readings = {**self._readings(), reading: content}
        write_whole(self._catalogues, json.dumps(dict(list(readings.items())[-READINGS:])))

    def _readings(self) -> dict[str, str]:
        try:
            found = json.loads(self._catalogues.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}
