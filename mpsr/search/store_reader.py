"""A published store, opened read-only and verified: its products, spaces, graphs and pictures."""

from __future__ import annotations

import difflib
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from mpsr.catalogue.types import ID
from mpsr.errors import InputError, StoreError
from mpsr.search.graph import read_graph
from mpsr.search.opening import open_spaces
from mpsr.space.space import Space
from mpsr.store import Artefact, Snapshot, Store
from mpsr.store.layout import FURTHER, SPACES, STAGES


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
        self._rows = {product: row for row, product in enumerate(self.ids)}
        self._check_ids()
        self.spaces = open_spaces(
            self.artefacts, self.ids, f"Rebuild the store with: mpsr build SOURCE --store {root}"
        )
        self.graphs = {name: read_graph(self.artefacts[SPACES[name][1]]) for name in self.spaces}
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

    def row_of(self, product: str) -> int:
        """The product's row.

        Raises:
            InputError: there is no such product; the message names the nearest ids.
        """
        if product not in self._rows:
            near = difflib.get_close_matches(product, self._rows, 3, 0.3)
            hint = f" The nearest: {', '.join(near)}." if near else ""
            raise InputError(
                f"no product {product!r} among the {len(self):,} of {self.root.name or self.root}.{hint}"
            )
        return self._rows[product]

    def product(self, row: int) -> dict[str, Any]:
        """All columns of the product in that row; missing values are None."""
        return {
            column: values[codes[row]] if codes[row] >= 0 else None
            for column, (codes, values) in self._coded.items()
        }

    @cached_property
    def _coded(self) -> dict[str, tuple[npt.NDArray[np.intp], list[Any]]]:
        """Column → code of each product's value, -1 for none, and the values; a row of a table takes far longer."""
        coded = ((str(name), pd.factorize(self.products[name])) for name in self.products)
        return {name: (codes, values.tolist()) for name, (codes, values) in coded}

    def picture(self, row: int) -> bytes | None:
        """The picture of the product in that row as JPEG bytes, None where it has none."""
        start, length = self._offsets[row]
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
