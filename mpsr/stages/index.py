"""The stages of search, for either space: the FAISS index, and the graph of nearest neighbours."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mpsr.search.graph import GRAPH_NEIGHBOURS, neighbour_graph, read_graph, save_graph
from mpsr.search.graph_update import updated_graph
from mpsr.search.index import Kind, build_index, choose_kind, index_with_centres, recall_at, save_index
from mpsr.search.opening import read_index
from mpsr.store import Artefact
from mpsr.store.facts import IndexFacts
from mpsr.store.layout import LIST_CENTRES, SPACES, VECTORS
from mpsr.types import FloatArray

if TYPE_CHECKING:
    from mpsr.stages.maker import Maker


def index_space(make: Maker, generation: Artefact | None, space: Artefact, kind: Kind | None) -> Artefact:
    """The FAISS index of a space, with its recall@5 against exact search; without a kind, the rule chooses one.

    Where the generation is kept, so are the centres of an IVF index.
    """
    vectors = space.array(VECTORS)
    chosen = kind or choose_kind(*vectors.shape)
    stage = SPACES[space.stage][0]

    parameters = {"kind": chosen} if chosen == "exact" else {"kind": chosen, "version": 2}

    def write(folder: Path) -> IndexFacts:
        if chosen == "exact":  # it is the vectors themselves, made at opening, and what recall is measured by
            return {"kind": chosen, "recall@5": 1.0}
        centres = _centres_before(make, stage)
        built = build_index(vectors, chosen) if centres is None else index_with_centres(vectors, centres)
        save_index(built, folder)
        return {"kind": chosen, "recall@5": recall_at(built, vectors, 5)}

    inputs = {"generation": generation, "space": space} if generation else {"space": space}
    return make.make(stage, inputs, parameters, write)


def _centres_before(make: Maker, stage: str) -> FloatArray | None:
    """The centres of the published build's IVF index, where its generation is kept."""
    before = make.published(stage) if make.kept else None
    if before is None or before.read_facts(IndexFacts)["kind"] == "exact":
        return None
    return np.asarray(before.array(LIST_CENTRES))


def connect_neighbours(make: Maker, space: Artefact, index: Artefact) -> Artefact:
    """The neighbour graph of a space: every product's nearest others as a sparse matrix.

    Where the generation is kept, the graph before is brought up to date (``mpsr.search.graph_update``).
    """
    stage = SPACES[space.stage][1]
    kept, before = make.kept, make.published(stage) if make.kept else None

    def write(folder: Path) -> dict[str, int]:
        vectors = space.array(VECTORS)
        exact = index.read_facts(IndexFacts)["kind"] == "exact"
        searched = build_index(vectors, "exact") if exact else read_index(index, vectors)
        if kept and before:
            save_graph(folder, updated_graph(read_graph(before), kept.now, searched, vectors))
        else:
            save_graph(folder, neighbour_graph(searched, vectors, progress=make.report.progress))
        return {}

    inputs = {"space": space, "index": index}
    return make.make(stage, inputs, {"k": GRAPH_NEIGHBOURS}, write, before)
