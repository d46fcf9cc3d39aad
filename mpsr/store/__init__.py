"""Artefacts on disk: file names, fingerprints, shards, atomic publishing and verified opening."""

from mpsr.store.artefact import Artefact, Snapshot, read_embeddings
from mpsr.store.damage import told_as_damage
from mpsr.store.files import new_array, new_array_of, new_file, save_array, sha256_of, write_file, write_whole
from mpsr.store.known import known_stores, newest_store, stores_folder
from mpsr.store.manifest import BuildFacts, fingerprint, sealed, snapshot_fingerprint
from mpsr.store.store import Store

__all__ = [
    "Artefact",
    "BuildFacts",
    "Snapshot",
    "Store",
    "fingerprint",
    "known_stores",
    "new_array",
    "new_array_of",
    "new_file",
    "newest_store",
    "read_embeddings",
    "save_array",
    "sealed",
    "sha256_of",
    "snapshot_fingerprint",
    "stores_folder",
    "told_as_damage",
    "write_file",
    "write_whole",
]
