"""The stages of search, for either space: the FAISS index, and the graph of nearest neighbours."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mpsr.search.graph import GRAPH_NEIGHBOURS, neighbour_graph, save_graph
from mpsr.search.index import Kind, build_index, choose_kind, recall_at, save_index
from mpsr.search.opening import read_index
from mpsr.store import Artefact
from mpsr.store.facts import IndexFacts
from mpsr.store.layout import SPACES, VECTORS

if TYPE_CHECKING:
    from mpsr.stages.maker import Maker


def index_space(make: Maker, space: Artefact, kind: Kind | None) -> Artefact:
    """The FAISS index of a space, with its recall@5 against exact search; without a kind, the rule chooses one."""
    vectors = space.array(VECTORS)
    chosen = kind or choose_kind(*vectors.shape)

    parameters = {"kind": chosen} if chosen == "exact" else {"kind": chosen, "version": 2}

    def write(folder: Path) -> IndexFacts:
        built = build_index(vectors, chosen)
        if chosen != "exact":  # the exact index is the vectors themselves and is made at opening
            save_index(built, folder)
        return {"kind": chosen, "recall@5": recall_at(built, vectors, 5)}

    return make.make(SPACES[space.stage][0], {"space": space}, parameters, write)


def connect_neighbours(make: Maker, space: Artefact, index: Artefact) -> Artefact:
    """The neighbour graph of a space: every product's nearest others as a sparse matrix."""

    def write(folder: Path) -> dict[str, int]:
        vectors = space.array(VECTORS)
        exact = index.read_facts(IndexFacts)["kind"] == "exact"
        searched = build_index(vectors, "exact") if exact else read_index(index, vectors)
        save_graph(folder, neighbour_graph(searched, vectors, progress=make.report.progress))
        return {}

    inputs = {"space": space, "index": index}
    return make.make(SPACES[space.stage][1], inputs, {"k": GRAPH_NEIGHBOURS}, write)
