"""A published store, opened read-only and verified: its products, spaces, graphs and pictures."""

from __future__ import annotations

import difflib
import threading
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO, TypedDict

import numpy as np
import numpy.typing as npt
import pandas as pd

from mpsr.catalogue.coded import Coded, coded
from mpsr.catalogue.stored import wrong_with
from mpsr.catalogue.types import ID
from mpsr.errors import InputError, StoreError
from mpsr.search.graph import read_graph
from mpsr.search.opening import open_spaces
from mpsr.space.space import Space
from mpsr.store import Artefact, Snapshot, Store
from mpsr.store.contents import check_contents
from mpsr.store.damage import REBUILD, told_as_damage
from mpsr.store.facts import (
    CatalogueFacts,
    CatalogueSummary,
    DriftFacts,
    EmbeddingFacts,
    EmbeddingParameters,
    GenerationFacts,
    IndexFacts,
    SpaceFacts,
)
from mpsr.store.layout import (
    CLEANED,
    FAMILY,
    FURTHER,
    IDS,
    NEEDS,
    OFFSETS,
    OPTIONAL,
    PICTURES,
    PRODUCTS,
    REJECTS,
    REQUIRED,
    SPACES,
    VECTORS,
    Stage,
)
from mpsr.store.manifest import Parameters


class ModelInfo(EmbeddingFacts):
    """The model of one modality: how it ran, and what its embeddings depend on."""

    parameters: Parameters


class GraphInfo(TypedDict):
    """The neighbour graph of the default space: neighbours a product, and entries in all."""

    neighbours: int
    entries: int


class GenerationInfo(TypedDict):
    """What scalers, towers and map were fitted to.

    ``products`` counts those of the build that fitted them, ``fitted_because`` is its reason (None in stores of older
    versions), and ``kept`` tells whether later builds have kept the fits.
    """

    products: int
    fitted_because: str | None
    kept: bool


class StoreInfo(TypedDict):
    """What a store is. ``index`` is of the paper's space; ``bytes`` is the size of all files.

    ``further_pictures`` counts those beyond the products' first. ``generation`` is None in stores of older versions.
    ``drift`` is how far the catalogue is from
    the one to which scalers, towers and map were fitted; None where they were fitted to this one.
    """

    store: str
    snapshot: str
    source: str
    profile: str
    seconds: float
    published: float
    catalogue: CatalogueSummary
    cleaned: str | None
    rejects: str
    models: dict[str, ModelInfo]
    spaces: dict[str, SpaceFacts]
    index: IndexFacts
    graph: GraphInfo
    further_pictures: int
    generation: GenerationInfo | None
    drift: DriftFacts | None
    bytes: int


class OpenStore:
    """A published store, verified; it answers no queries.

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

    def __init__(self, root: Path, verify: bool = True, indexed: bool = True) -> None:
        """Open the store at ``root``; as ``mpsr.service.Service``. Without ``indexed``, an engine finds the nearest."""
        self.root = root
        store = Store(root)
        #: As long as it is open, ``mpsr gc`` leaves this snapshot.
        self._lease: BinaryIO | None
        self.snapshot: Snapshot
        self.snapshot, self._lease = store.hold_current()
        self.artefacts: dict[str, Artefact] = {}
        for stage in (*REQUIRED, *(stage for stage in OPTIONAL if stage in self.snapshot.stages)):
            self.artefacts[stage] = store.open_stage(self.snapshot, stage, verify)
        for stage in self.artefacts.keys() & NEEDS.keys():
            for needed in NEEDS[stage]:
                self.artefact(needed)
        self.products: pd.DataFrame = self._read_products()
        self.ids: list[str] = self.products[ID].tolist()
        self._rows = {product: row for row, product in enumerate(self.ids)}
        self._check_ids()
        self._check_sizes()
        for stage in (Stage.TEXT, Stage.IMAGE):
            self.artefacts[stage].read_parameters(EmbeddingParameters)
            self.artefacts[stage].read_facts(EmbeddingFacts)
        self.spaces = open_spaces(
            self.artefacts, self.ids, f"Rebuild the store with: mpsr build SOURCE --store {root}", indexed
        )
        self.graphs = {name: read_graph(self.artefacts[SPACES[name][1]]) for name in self.spaces}
        self._offsets = self.artefacts[Stage.PICTURES].array(OFFSETS)
        self._further = self._read_further()
        self._reading = threading.Lock()
        self._pictures_file = self.artefacts[Stage.PICTURES].path(PICTURES)
        self.pictured: npt.NDArray[np.bool_] = np.asarray(self._offsets[:, 1] > 0)

    def __len__(self) -> int:
        return len(self.products)

    def _read_products(self) -> pd.DataFrame:
        catalogue = self.artefacts[Stage.CATALOGUE]
        products, path = catalogue.table(PRODUCTS), catalogue.path(PRODUCTS)
        with told_as_damage(path, self.root):
            wrong = wrong_with(products)
        if wrong:
            raise StoreError(f"{path} {wrong}. {REBUILD.format(root=self.root)}")
        return products

    def _read_further(self) -> npt.NDArray[np.int64]:
        """Row, start and length of the pictures beyond the products' first, shape (F, 3)."""
        pictures = self.artefacts[Stage.PICTURES]
        if FURTHER not in pictures.manifest["files"]:
            return np.empty((0, 3), np.int64)
        return np.asarray(pictures.array(FURTHER), np.int64)

    def _check_ids(self) -> None:
        """Check that every stage is of the same products in the same order."""
        expected = self.products[ID].to_numpy(dtype=str)
        for stage in (Stage.TEXT, Stage.IMAGE, *(name for name in SPACES if name in self.artefacts)):
            artefact = self.artefacts[stage]
            found = artefact.array(IDS)
            rows = len(artefact.array(VECTORS))
            if rows != len(expected) or not np.array_equal(found, expected):
                raise StoreError(
                    f"{artefact.folder / IDS} lists {len(found):,} products and {rows:,} vectors that are not the "
                    f"catalogue's {len(expected):,}. Rebuild the store with: mpsr build SOURCE --store {self.root}"
                )

    def _check_sizes(self) -> None:
        """Check that the stages without ids have as many rows as there are products."""
        for artefact in self.artefacts.values():
            found = check_contents(artefact, values=False).get("n", len(self))
            if found != len(self):
                raise StoreError(
                    f"{artefact.folder} is of {found:,} products, the catalogue of {len(self):,}. "
                    f"{REBUILD.format(root=self.root)}"
                )

    def artefact(self, stage: str) -> Artefact:
        """A stage's artefact.

        Raises:
            StoreError: this store has none.
        """
        if stage not in self.artefacts:
            raise StoreError(
                f"{self.root} lacks the stage {stage}. Rebuild it with: mpsr build SOURCE --store {self.root}"
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

    @property
    def rows(self) -> Mapping[str, int]:
        """Product id → row."""
        return self._rows

    def row_of(self, product: str) -> int:
        """The product's row in the table.

        Raises:
            InputError: there is no such product; the message names the nearest ids.
        """
        if product not in self._rows:
            near = difflib.get_close_matches(product, self._rows, 3, 0.3)
            hint = f" Similar ids: {', '.join(near)}." if near else ""
            raise InputError(
                f"no product {product!r} among the {len(self):,} of {self.root.name or self.root}.{hint}"
            )
        return self._rows[product]

    def product(self, row: int) -> dict[str, Any]:
        """All columns of the product in that row; missing values are None."""
        return {
            name: column.values[column.codes[row]] if column.codes[row] >= 0 else None
            for name, column in self._coded.items()
        }

    def coded(self, column: str) -> Coded:
        """A column of the catalogue's table as integer codes."""
        return self._coded[column]

    @cached_property
    def _coded(self) -> dict[str, Coded]:
        """Every column as codes; reading a row of a table takes far longer."""
        return {str(name): coded(self.products[name]) for name in self.products}

    def pictures(self, row: int) -> int:
        """How many pictures the product in that row has."""
        first, end = np.searchsorted(self._further[:, 0], (row, row + 1))
        return int(self.pictured[row]) + int(end - first)

    def picture(self, row: int, number: int = 0) -> bytes | None:
        """A picture of the product in that row as JPEG bytes, 0 being its first; None where it has no such picture."""
        if not 0 <= number < self.pictures(row):
            return None
        first = int(np.searchsorted(self._further[:, 0], row))
        start, length = map(int, self._further[first + number - 1, 1:] if number else self._offsets[row])
        with told_as_damage(self._pictures_file, self.root), self._reading:
            self._pictures.seek(start)
            data = self._pictures.read(length)
        if len(data) != length:
            raise StoreError(
                f"{self._pictures_file} was cut short while it was open. {REBUILD.format(root=self.root)}"
            )
        return data

    @cached_property
    def _pictures(self) -> BinaryIO:
        """The file of pictures. It is read and not mapped: should it be cut short, a mapping would end the process."""
        return self._pictures_file.open("rb")

    @cached_property
    def memory(self) -> int:
        """Bytes it takes beyond what is mapped from its files, roughly: the indexes, the table and what is made of it."""
        held = [space.index for space in self.spaces.values() if space.index is not None]
        indexes = sum(index.ntotal * index.sa_code_size() for index in held)
        return int(indexes + 2 * self.products.memory_usage(deep=True).sum())

    def families(self) -> npt.NDArray[np.int64]:
        """The family of each product, shape (N,): same normalised name or near-identical picture.

        Raises:
            StoreError: the store has no families.
        """
        return np.asarray(self.artefact(Stage.SPLIT).array(FAMILY), np.int64)

    def info(self) -> StoreInfo:
        """Source, counts, models with their hashes, index and recall, sizes."""
        files = [file for artefact in self.artefacts.values() for file in artefact.manifest["files"].values()]
        catalogue = self.artefacts[Stage.CATALOGUE]
        cleaned = catalogue.folder / CLEANED
        graph = next(iter(self.graphs.values()))
        built = self.snapshot.facts
        return {
            "store": str(self.root),
            "snapshot": self.snapshot.fingerprint,
            "source": built["source"],
            "profile": built["profile"],
            "seconds": built["seconds"],
            "published": built.get("published", 0.0),
            "catalogue": catalogue.read_facts(CatalogueFacts)["summary"],
            "cleaned": str(cleaned) if cleaned.exists() else None,
            "rejects": str(catalogue.folder / REJECTS),
            "models": {stage: self._model(stage) for stage in (Stage.TEXT, Stage.IMAGE)},
            "spaces": {name: self.artefacts[name].read_facts(SpaceFacts) for name in self.spaces},
            "index": self.artefacts[Stage.PAPER_INDEX].read_facts(IndexFacts),
            "graph": {"neighbours": int(np.diff(graph.indptr).max(initial=0)), "entries": int(graph.nnz)},
            "further_pictures": len(self._further),
            "generation": self._generation(),
            "drift": self._drift(),
            "bytes": sum(file["size"] for file in files),
        }

    def _generation(self) -> GenerationInfo | None:
        generation = self.artefacts.get(Stage.GENERATION)
        if generation is None:
            return None
        facts = generation.read_facts(GenerationFacts)
        return {
            "products": facts["products"],
            "fitted_because": facts.get("because"),
            "kept": Stage.DRIFT in self.artefacts,
        }

    def _drift(self) -> DriftFacts | None:
        drift = self.artefacts.get(Stage.DRIFT)
        return drift.read_facts(DriftFacts) if drift else None

    def _model(self, stage: str) -> ModelInfo:
        artefact = self.artefacts[stage]
        return {**artefact.read_facts(EmbeddingFacts), "parameters": artefact.parameters}
