"""Artefacts on disk: file names, fingerprints, shards, atomic publishing and verified opening."""

from mpsr.store.store import (
    Artefact,
    Snapshot,
    Store,
    fingerprint,
    known_stores,
    new_array,
    save_array,
    sealed,
    sha256_of,
    snapshot_fingerprint,
    stores_folder,
    write_whole,
)

__all__ = [
    "Artefact",
    "Snapshot",
    "Store",
    "fingerprint",
    "known_stores",
    "new_array",
    "save_array",
    "sealed",
    "sha256_of",
    "snapshot_fingerprint",
    "stores_folder",
    "write_whole",
]
