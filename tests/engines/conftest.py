"""Stores in Milvus Lite; skipped where the extra is not installed."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from mpsr.search.index import half_index
from mpsr.space.paper import PaperSpace

SPLIT = 12


def unit(vectors: np.ndarray) -> np.ndarray:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def store_of(root, columns: dict, snapshot: str = "a" * 64, vectors=None, ids=None, width: int = 32):
    """What an engine sees of an open store."""
    products = pd.DataFrame(columns)
    count = len(products)
    ids = ids or [f"p{number}" for number in range(count)]
    if vectors is None:
        vectors = unit(np.random.default_rng(1).normal(size=(count, width)))
    norms = np.stack(
        [np.linalg.norm(vectors[:, :SPLIT], axis=1), np.linalg.norm(vectors[:, SPLIT:], axis=1)], axis=1
    )
    space = PaperSpace("paper", vectors, SPLIT, half_index(vectors), norms.astype(np.float32), dict, {})
    return SimpleNamespace(
        root=root,
        ids=ids,
        rows={one: row for row, one in enumerate(ids)},
        products=products,
        snapshot=SimpleNamespace(fingerprint=snapshot),
        spaces={"paper": space},
    )


@pytest.fixture
def release():
    """Closes a file of Milvus Lite, as the end of its process does."""
    manager = pytest.importorskip(
        "milvus_lite.server_manager", reason="the extra milvus is not installed"
    ).server_manager_instance
    yield lambda path: manager.release_server(str(path))
    manager.release_all()
