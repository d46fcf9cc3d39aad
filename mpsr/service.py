"""Open a published store read-only and answer questions. What the app, the command line and notebooks call.

Opening imports neither torch nor transformers; they are needed only to encode something new.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_matrix

from mpsr.catalogue.types import ATTRIBUTES, ID, INTERNAL, NAME
from mpsr.errors import InputError, StoreError
from mpsr.search.index import build_index, read_index
from mpsr.search.similar import ROUNDING, Space, rank
from mpsr.store import Artefact, Snapshot, Store, known_stores, stores_folder
from mpsr.types import Neighbour, Neighbours, Weights

#: The stages a readable store has.
STAGES = ("catalogue", "pictures", "text", "image", "paper", "index", "graph")

#: The stages it may have beyond them.
FURTHER = ("split", "words", "towers", "shared", "shared_index", "shared_graph")

#: Space → its index and its graph, the default first; only "paper" is always there.
SPACES = {"shared": ("shared_index", "shared_graph"), "paper": ("index", "graph")}


class Service:
    """One published store, verified, ready to answer."""

    def __init__(self, root: Path, verify: bool = True) -> None:
        """Open the store at ``root``.

        Args:
            root: the store's folder.
            verify: compare every file with the hash in its manifest; off, only presence and sizes.

        Raises:
            StoreError: no store, another schema, or something in it does not agree.
        """
        self.root = root
        store = Store(root)
        self.snapshot: Snapshot = store.current()
        self._artefacts: dict[str, Artefact] = {}
        for stage in (*STAGES, *(stage for stage in FURTHER if stage in self.snapshot.stages)):
            if stage not in self.snapshot.stages:
                raise StoreError(
                    f"{root} lacks the stage {stage}. Rebuild it with: mpsr build SOURCE --store {root}"
                )
            self._artefacts[stage] = store.open_object(stage, self.snapshot.stages[stage], verify)
        self.products: pd.DataFrame = pd.read_parquet(
            self._artefacts["catalogue"].folder / "products.parquet"
        )
        self._ids: list[str] = self.products[ID].tolist()
        self._position = {product: place for place, product in enumerate(self._ids)}
        self._lower_names = self.products[NAME].fillna("").str.lower()
        self._check_ids()
        there = {name: stages for name, stages in SPACES.items() if name in self._artefacts}
        self._spaces = {name: self._open_space(name, stages[0]) for name, stages in there.items()}
        self._offsets = self._artefacts["pictures"].array("offsets.npy")
        self._graphs = {name: self._open_graph(stages[1]) for name, stages in there.items()}

    def __len__(self) -> int:
        return len(self.products)

    def _check_ids(self) -> None:
        """Every stage must speak of the same products in the same order."""
        expected = self.products[ID].to_numpy(dtype=str)
        for stage in ("text", "image", *(name for name in SPACES if name in self._artefacts)):
            artefact = self._artefacts[stage]
            found = artefact.array("ids.npy")
            rows = len(artefact.array("vectors.npy"))
            if rows != len(expected) or not np.array_equal(found, expected):
                raise StoreError(
                    f"{artefact.folder / 'ids.npy'} lists {len(found):,} products and {rows:,} vectors that are not the "
                    f"catalogue's {len(expected):,}. Rebuild the store with: mpsr build SOURCE --store {self.root}"
                )

    def _open_space(self, stage: str, index_stage: str) -> Space:
        artefact, index = self._artefacts[stage], self._artefacts[index_stage]
        vectors = artefact.array("vectors.npy")
        if index.facts["kind"] == "exact":
            searched = build_index(vectors, "exact")
        else:
            searched = read_index(index.folder / "index.faiss")
        norms, split = artefact.array("norms.npy"), artefact.facts["split"]
        return Space(stage, vectors, norms, split, searched, blockwise=stage == "shared")

    def _open_graph(self, stage: str) -> csr_matrix:
        parts = [self._artefacts[stage].array(f"{name}.npy") for name in ("data", "indices", "indptr")]
        return csr_matrix(tuple(parts), shape=(len(self), len(self)), copy=False)

    @property
    def graph(self) -> csr_matrix:
        """The neighbour graph of the default space, shape (N, N), cosines."""
        return self._graphs[self.spaces[0]]

    def artefact(self, stage: str) -> Artefact:
        """A stage's artefact, read-only.

        Raises:
            StoreError: this store has none.
        """
        if stage not in self._artefacts:
            raise StoreError(
                f"{self.root} lacks the stage {stage}. Build it again with: mpsr build SOURCE --store {self.root}"
            )
        return self._artefacts[stage]

    # -- questions ----------------------------------------------------------------------------------------

    @property
    def spaces(self) -> list[str]:
        """Names of the spaces this store can be searched in."""
        return list(self._spaces)

    def similar(
        self,
        product: str,
        k: int = 5,
        space: str | None = None,
        weights: Weights | None = None,
        where: Mapping[str, Sequence[str]] | None = None,
    ) -> Neighbours:
        """The k products most similar to a product, itself never among them.

        Args:
            product: its id.
            k: how many, at least 1; fewer come back when fewer are left.
            space: name of the space; the store's first by default.
            weights: of words and picture; equal by default.
            where: column → accepted values; several columns must all hold.

        Returns:
            Neighbours by descending cosine, equal cosines in catalogue order; each cosine is exactly the sum of
            its text share and its image share.

        Raises:
            InputError: unknown product, space, column or value, or k < 1.
        """
        place = self.position(product)
        weights = weights or Weights()
        filters = {key: list(values) for key, values in (where or {}).items()}
        searched = self._space(space)
        if k < 1:
            raise InputError(f"k is {k}; expected at least 1.")
        candidates = None if filters or not weights.equal else self._from_graph(searched.name, place, k)
        allowed = self.mask(filters)
        allowed[place] = False
        ranked = rank(searched, searched.vectors[place], k, weights, allowed, candidates)
        names = self.products[NAME]
        found = [
            Neighbour(self._ids[at], _text(names.iat[at]), float(text), float(image))
            for at, text, image in zip(ranked.positions, ranked.text, ranked.image, strict=True)
        ]
        query = {"id": product, "name": _text(names.iat[place])}
        return Neighbours(query, searched.name, k, weights, filters, self.snapshot.fingerprint, found)

    def _from_graph(self, space: str, place: int, k: int) -> npt.NDArray[np.int64] | None:
        """The graph's neighbours of a product, when they are sure to hold the k best."""
        graph = self._graphs[space]
        row = slice(graph.indptr[place], graph.indptr[place + 1])
        scores, positions = graph.data[row], graph.indices[row]
        whole = len(positions) == len(self) - 1
        if whole or (k <= len(positions) and scores[k - 1] - scores[-1] > ROUNDING):
            return positions.astype(np.int64)
        return None

    def _space(self, name: str | None) -> Space:
        wanted = name or self.spaces[0]
        if wanted not in self._spaces:
            raise InputError(f"this store has no space {wanted!r}. Expected one of {', '.join(self.spaces)}.")
        return self._spaces[wanted]

    def mask(self, where: Mapping[str, Sequence[str]]) -> npt.NDArray[np.bool_]:
        """Which products pass the filters, shape (N,).

        Raises:
            InputError: unknown column, or a value no product has.
        """
        mask = np.ones(len(self), dtype=bool)
        for column, values in where.items():
            if column not in self.filter_columns:
                raise InputError(
                    f"unknown column {column!r}. Expected one of {', '.join(self.filter_columns)}."
                )
            text = self.products[column].astype("str")
            for value in values:
                if not (text == value).any():
                    known = text.value_counts().index[:50].tolist()
                    near = difflib.get_close_matches(value, known, 3, 0.5) or known[:5]
                    raise InputError(f"no product has {column}={value}. Did you mean {', '.join(near)}?")
            mask &= text.isin(list(values)).to_numpy()
        return mask

    @property
    def filter_columns(self) -> list[str]:
        """Columns that ``where`` accepts."""
        known = {ID, NAME, *INTERNAL, *ATTRIBUTES}
        further = [str(column) for column in self.products if column not in known]
        return [*ATTRIBUTES, *further]

    def position(self, product: str) -> int:
        """The product's row.

        Raises:
            InputError: there is no such product; the message names the nearest ids.
        """
        if product not in self._position:
            near = difflib.get_close_matches(product, self._position, 3, 0.3)
            hint = f" The nearest: {', '.join(near)}." if near else ""
            raise InputError(f"no product {product!r} among the {len(self):,} of {self.root}.{hint}")
        return self._position[product]

    def product(self, product: str) -> dict[str, Any]:
        """All columns of a product; missing values are None."""
        row = self.products.iloc[self.position(product)]
        return {str(column): None if pd.isna(value) else value for column, value in row.items()}

    def name(self, product: str) -> str:
        """The product's name, "" where it has none."""
        return _text(self.products[NAME].iat[self.position(product)])

    def find(self, text: str, limit: int = 20) -> list[str]:
        """Ids of products by id or by words of their name: the exact id, else names that hold every word.

        Returns:
            At most ``limit`` ids in catalogue order.
        """
        wanted = text.strip()
        if wanted in self._position:
            return [wanted]
        mask = np.ones(len(self), dtype=bool)
        for word in wanted.lower().split():
            mask &= self._lower_names.str.contains(word, regex=False).to_numpy()
        return [self._ids[place] for place in np.flatnonzero(mask)[:limit]] if wanted else []

    def example(self) -> str:
        """A product to begin with: the first of the commonest article type that has a picture."""
        pictured = self._offsets[:, 1] > 0
        kinds = self.products["articleType"].where(pictured).value_counts()
        if kinds.empty:
            return self._ids[0]
        return self._ids[
            int(np.argmax(pictured & (self.products["articleType"] == kinds.index[0]).to_numpy()))
        ]

    @property
    def ids(self) -> list[str]:
        """The product ids in catalogue order."""
        return self._ids

    def has_picture(self, product: str) -> bool:
        """Whether the product has a picture.

        Raises:
            InputError: there is no such product.
        """
        return bool(self._offsets[self.position(product), 1] > 0)

    def picture(self, product: str) -> bytes | None:
        """The product's picture as JPEG bytes, None where it has none."""
        start, length = self._offsets[self.position(product)]
        if not length:
            return None
        with (self._artefacts["pictures"].folder / "pictures.bin").open("rb") as file:
            file.seek(start)
            return file.read(length)

    def rejects(self) -> pd.DataFrame:
        """What did not make it into the catalogue: line, id, kind, reason, detail."""
        return pd.read_parquet(self._artefacts["catalogue"].folder / "rejects.parquet")

    def info(self) -> dict[str, Any]:
        """What this store is: source, figures, models with their hashes, index and recall, sizes."""
        files = [
            file for artefact in self._artefacts.values() for file in artefact.manifest["files"].values()
        ]
        cleaned = self._artefacts["catalogue"].folder / "styles_cleaned.csv"
        return {
            "store": str(self.root),
            "snapshot": self.snapshot.fingerprint,
            **self.snapshot.facts,
            "catalogue": self._artefacts["catalogue"].facts["summary"],
            "cleaned": str(cleaned) if cleaned.exists() else None,
            "rejects": str(self._artefacts["catalogue"].folder / "rejects.parquet"),
            "models": {
                stage: self._artefacts[stage].facts
                | {"parameters": self._artefacts[stage].manifest["parameters"]}
                for stage in ("text", "image")
            },
            "spaces": {
                name: {"dimension": s.vectors.shape[1], "split": s.split} for name, s in self._spaces.items()
            },
            "index": self._artefacts["index"].facts,
            "graph": {
                "neighbours": int(np.diff(self.graph.indptr).max(initial=0)),
                "entries": int(self.graph.nnz),
            },
            "bytes": sum(file["size"] for file in files),
        }


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def open_service(store: Path | str | None = None, verify: bool = True) -> Service:
    """The service of the store at ``store``; without one, of the newest store.

    Raises:
        StoreError: there is none, or it cannot be trusted.
    """
    if store is None:
        known = known_stores()
        if not known:
            raise StoreError(f"there is no store in {stores_folder()}. Make one with: mpsr build SOURCE")
        store = known[0]
    return Service(Path(store), verify)


def weights_of(text: str) -> Weights:
    """Weights from ``text=0.5,image=0.5``; they are scaled to sum to 1.

    Raises:
        InputError: it is written otherwise, or all weights are zero.
    """
    try:
        parts = dict(part.split("=") for part in text.split(","))
        if not parts or not set(parts) <= {"text", "image"}:
            raise ValueError
        words, picture = (float(parts.get(name, 0)) for name in ("text", "image"))
        if words < 0 or picture < 0 or not 0 < words + picture < float("inf"):
            raise ValueError
    except ValueError as error:
        raise InputError(
            f"weights are {text!r}. Expected for example text=0.7,image=0.3, none below zero."
        ) from error
    total = words + picture
    return Weights(words / total, 1 - words / total)
