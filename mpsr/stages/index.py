"""The stages of search: the FAISS index of a space and the graph of nearest products."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mpsr.search.graph import GRAPH_NEIGHBOURS, neighbour_graph, save_graph
from mpsr.search.index import Kind, build_index, choose_kind, read_index, recall_at, write_index
from mpsr.stages.maker import Maker
from mpsr.store import Artefact
from mpsr.store.layout import INDEX, VECTORS


def searchable(make: Maker, shared: Artefact | None, kind: Kind | None) -> dict[str, Artefact]:
    """Index and graph of the learned space, where there is one."""
    if shared is None:
        return {}
    found = index(make, shared, kind, "shared_index")
    return {"shared_index": found, "shared_graph": graph(make, shared, found, "shared_graph")}


def index(make: Maker, space: Artefact, kind: Kind | None, stage: str = "index") -> Artefact:
    """The FAISS index of a space, with its recall@5 against exact search."""
    vectors = space.array(VECTORS)
    chosen = kind or choose_kind(*vectors.shape)

    def write(folder: Path, facts: dict[str, Any]) -> None:
        built = build_index(vectors, chosen)
        if chosen != "exact":  # the exact index is the vectors themselves and is made at opening
            write_index(built, folder / INDEX)
        facts |= {"kind": chosen, "recall@5": recall_at(built, vectors, 5)}

    return make.make(stage, {"space": space}, {"kind": chosen}, write)


def graph(make: Maker, space: Artefact, index: Artefact, stage: str = "graph") -> Artefact:
    """Every product's nearest others as a sparse matrix."""

    def write(folder: Path, facts: dict[str, Any]) -> None:
        vectors = space.array(VECTORS)
        exact = index.facts["kind"] == "exact"
        searched = build_index(vectors, "exact") if exact else read_index(index.folder / INDEX)
        save_graph(folder, neighbour_graph(searched, vectors, progress=make.report.progress))

    return make.make(stage, {"space": space, "index": index}, {"k": GRAPH_NEIGHBOURS}, write)
