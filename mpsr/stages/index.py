"""The stages of search, for either space: the FAISS index, and the graph of nearest neighbours."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import faiss

from mpsr.search.graph import GRAPH_NEIGHBOURS, neighbour_graph, read_graph, save_graph
from mpsr.search.graph_update import updated_graph
from mpsr.search.index import (
    Kind,
    build_index,
    choose_kind,
    read_index,
    recall_at,
    refilled_index,
    write_index,
)
from mpsr.store import Artefact
from mpsr.store.facts import IndexFacts
from mpsr.store.layout import INDEX, SPACES, VECTORS

if TYPE_CHECKING:
    from mpsr.stages.maker import Maker


def index_space(make: Maker, generation: Artefact | None, space: Artefact, kind: Kind | None) -> Artefact:
    """The FAISS index of a space, with its recall@5 against exact search; without a kind, the rule chooses one.

    Where the generation is kept, so are the centres of an IVF index.
    """
    vectors = space.array(VECTORS)
    chosen = kind or choose_kind(*vectors.shape)
    stage = SPACES[space.stage][0]

    def write(folder: Path) -> IndexFacts:
        if (
            chosen == "exact"
        ):  # the vectors themselves, indexed at opening; its recall is what recall is measured by
            return {"kind": chosen, "recall@5": 1.0}
        trained = _trained_before(make, stage)
        built = refilled_index(trained, vectors) if trained else build_index(vectors, chosen)
        write_index(built, folder / INDEX)
        return {"kind": chosen, "recall@5": recall_at(built, vectors, 5)}

    inputs = {"generation": generation, "space": space} if generation else {"space": space}
    return make.make(stage, inputs, {"kind": chosen}, write)


def _trained_before(make: Maker, stage: str) -> faiss.Index | None:
    """The IVF index of the published build, where its generation is kept."""
    before = make.published(stage) if make.kept else None
    if before is None or before.read_facts(IndexFacts)["kind"] == "exact":
        return None
    return read_index(before.folder / INDEX)


def connect_neighbours(make: Maker, space: Artefact, index: Artefact) -> Artefact:
    """The neighbour graph of a space: every product's nearest others as a sparse matrix.

    Where the generation is kept, the graph before is brought up to date (``mpsr.search.graph_update``).
    """
    stage = SPACES[space.stage][1]
    kept, before = make.kept, make.published(stage) if make.kept else None

    def write(folder: Path) -> dict[str, int]:
        vectors = space.array(VECTORS)
        exact = index.read_facts(IndexFacts)["kind"] == "exact"
        searched = build_index(vectors, "exact") if exact else read_index(index.folder / INDEX)
        if kept and before:
            save_graph(folder, updated_graph(read_graph(before), kept.now, searched, vectors))
        else:
            save_graph(folder, neighbour_graph(searched, vectors, progress=make.report.progress))
        return {}

    inputs = {"space": space, "index": index}
    return make.make(stage, inputs, {"k": GRAPH_NEIGHBOURS}, write, before)
