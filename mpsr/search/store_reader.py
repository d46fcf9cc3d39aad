"""A published store, opened read-only and verified: its products, spaces, graphs and pictures."""

from __future__ import annotations

import difflib
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_matrix

from mpsr.catalogue.columns import Coded, coded
from mpsr.catalogue.types import ID
from mpsr.errors import InputError, StoreError
from mpsr.search.graph import read_graph
from mpsr.search.index import KINDS, half_index, read_index
from mpsr.search.spaces import Space
from mpsr.store import Artefact, Snapshot, Store
from mpsr.store.layout import EMPHASIS, FURTHER, SPACES, STAGES


class OpenStore:
    """What lies in a store, checked, nothing asked of it yet.

    Attributes:
        root: the store's folder.
        snapshot: the published build.
        artefacts: stage → artefact.
        products: the catalogue's table, one row a product.
        ids: the N product ids in catalogue order.
        spaces: name → space, the default first.
        graphs: name of a space → its neighbour graph, shape (N, N), cosines.
        pictured: shape (N,), bool: which products have a picture.
    """

    def __init__(self, root: Path, verify: bool = True) -> None:
        """Open the store at ``root``; as ``mpsr.service.Service``."""
        self.root = root
        store = Store(root)
        self.snapshot: Snapshot = store.current()
        self.artefacts: dict[str, Artefact] = {}
        for stage in (*STAGES, *(stage for stage in FURTHER if stage in self.snapshot.stages)):
            if stage not in self.snapshot.stages:
                raise StoreError(
                    f"{root} lacks the stage {stage}. Rebuild it with: mpsr build SOURCE --store {root}"
                )
            self.artefacts[stage] = store.open_object(stage, self.snapshot.stages[stage], verify)
        self.products: pd.DataFrame = pd.read_parquet(self.artefacts["catalogue"].folder / "products.parquet")
        self.ids: list[str] = self.products[ID].tolist()
        self._position = {product: place for place, product in enumerate(self.ids)}
        self._check_ids()
        there = {name: stages for name, stages in SPACES.items() if name in self.artefacts}
        self.spaces = {name: self._open_space(name, stages[0]) for name, stages in there.items()}
        self.graphs = {name: self._open_graph(stages[1]) for name, stages in there.items()}
        self._offsets = self.artefacts["pictures"].array("offsets.npy")
        self.pictured: npt.NDArray[np.bool_] = np.asarray(self._offsets[:, 1] > 0)

    def __len__(self) -> int:
        return len(self.products)

    def _check_ids(self) -> None:
        """Every stage must speak of the same products in the same order."""
        expected = self.products[ID].to_numpy(dtype=str)
        for stage in ("text", "image", *(name for name in SPACES if name in self.artefacts)):
            artefact = self.artefacts[stage]
            found = artefact.array("ids.npy")
            rows = len(artefact.array("vectors.npy"))
            if rows != len(expected) or not np.array_equal(found, expected):
                raise StoreError(
                    f"{artefact.folder / 'ids.npy'} lists {len(found):,} products and {rows:,} vectors that are not the "
                    f"catalogue's {len(expected):,}. Rebuild the store with: mpsr build SOURCE --store {self.root}"
                )

    def _open_space(self, stage: str, index_stage: str) -> Space:
        artefact, index = self.artefacts[stage], self.artefacts[index_stage]
        vectors = artefact.array("vectors.npy")
        kind = index.facts["kind"]
        if kind not in KINDS:  # an earlier version knew others
            raise StoreError(
                f"{index.folder} holds an index of the kind {kind!r}; expected one of {', '.join(KINDS)}. "
                f"Rebuild the store with: mpsr build SOURCE --store {self.root}"
            )
        searched = half_index(vectors) if kind == "exact" else read_index(index.folder / "index.faiss")
        norms, split = artefact.array("norms.npy"), artefact.facts["split"]
        if stage == "paper":
            return Space(stage, vectors, norms, split, searched)
        emphasis = np.asarray(artefact.array(EMPHASIS)) if (artefact.folder / EMPHASIS).exists() else None
        return Space(stage, vectors, norms, split, searched, True, emphasis)  # stores made before have none

    def _open_graph(self, stage: str) -> csr_matrix:
        return read_graph(self.artefacts[stage])

    def artefact(self, stage: str) -> Artefact:
        """A stage's artefact.

        Raises:
            StoreError: this store has none.
        """
        if stage not in self.artefacts:
            raise StoreError(
                f"{self.root} lacks the stage {stage}. Build it again with: mpsr build SOURCE --store {self.root}"
            )
        return self.artefacts[stage]

    def space(self, name: str | None) -> Space:
        """The space of that name, the default for None.

        Raises:
            InputError: there is none.
        """
        wanted = name or next(iter(self.spaces))
        if wanted not in self.spaces:
            raise InputError(f"this store has no space {wanted!r}. Expected one of {', '.join(self.spaces)}.")
        return self.spaces[wanted]

    def position(self, product: str) -> int:
        """The product's row.

        Raises:
            InputError: there is no such product; the message names the nearest ids.
        """
        if product not in self._position:
            near = difflib.get_close_matches(product, self._position, 3, 0.3)
            hint = f" The nearest: {', '.join(near)}." if near else ""
            raise InputError(
                f"no product {product!r} among the {len(self):,} of {self.root.name or self.root}.{hint}"
            )
        return self._position[product]

    def row(self, place: int) -> dict[str, Any]:
        """All columns of the product in that row; missing values are None."""
        return {
            name: column.values[column.codes[place]] if column.codes[place] >= 0 else None
            for name, column in self._coded.items()
        }

    @cached_property
    def _coded(self) -> dict[str, Coded]:
        """Every column as codes; reading a row of a table takes far longer."""
        return {str(name): coded(self.products[name]) for name in self.products}

    def picture(self, place: int) -> bytes | None:
        """The picture of the product in that row as JPEG bytes, None where it has none."""
        start, length = self._offsets[place]
        return self._pictures[start : start + length].tobytes() if length else None

    @cached_property
    def _pictures(self) -> npt.NDArray[np.uint8]:
        """All pictures one behind the other; a board reads a thousand of them at once."""
        return np.memmap(self.artefacts["pictures"].folder / "pictures.bin", np.uint8, "r")

    def families(self) -> npt.NDArray[np.int64]:
        """The family of each product, shape (N,): same normalised name or near-identical picture.

        Raises:
            StoreError: the store was built before there were families.
        """
        return np.asarray(self.artefact("split").array("family.npy"), np.int64)

    def facts(self) -> dict[str, Any]:
        """Source, figures, models with their hashes, index and recall, sizes."""
        files = [file for artefact in self.artefacts.values() for file in artefact.manifest["files"].values()]
        catalogue = self.artefacts["catalogue"]
        cleaned = catalogue.folder / "styles_cleaned.csv"
        graph = next(iter(self.graphs.values()))
        return {
            "store": str(self.root),
            "snapshot": self.snapshot.fingerprint,
            **self.snapshot.facts,
            "catalogue": catalogue.facts["summary"],
            "cleaned": str(cleaned) if cleaned.exists() else None,
            "rejects": str(catalogue.folder / "rejects.parquet"),
            "models": {
                stage: self.artefacts[stage].facts
                | {"parameters": self.artefacts[stage].manifest["parameters"]}
                for stage in ("text", "image")
            },
            "spaces": {
                name: {"dimension": s.vectors.shape[1], "split": s.split} for name, s in self.spaces.items()
            },
            "index": self.artefacts["index"].facts,
            "graph": {"neighbours": int(np.diff(graph.indptr).max(initial=0)), "entries": int(graph.nnz)},
            "bytes": sum(file["size"] for file in files),
        }
