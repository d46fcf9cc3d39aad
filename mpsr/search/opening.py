"""The spaces of a store, opened from its artefacts. Scalers and towers are loaded when something is first encoded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import faiss
import numpy as np

from mpsr.errors import StoreError
from mpsr.search.index import KINDS, half_index, restore_index
from mpsr.space.fusion import Scaler, load_scalers
from mpsr.space.lazy import Lazy
from mpsr.space.learned import LearnedSpace
from mpsr.space.paper import PaperSpace
from mpsr.space.space import Space
from mpsr.store import Artefact, told_as_damage
from mpsr.store.damage import REBUILD
from mpsr.store.facts import IndexFacts, SpaceFacts
from mpsr.store.layout import (
    EMPHASIS,
    LIST_CENTRES,
    LIST_OF,
    NORMS,
    PRESENT,
    SCALERS,
    SPACES,
    TOWERS_CONFIG,
    VECTORS,
    Stage,
)
from mpsr.types import MODALITIES, Embeddings, FloatArray, Modality

if TYPE_CHECKING:
    from mpsr.space.towers import Towers

Artefacts = Mapping[str, Artefact]


def open_spaces(artefacts: Artefacts, ids: list[str], rebuild: str, indexed: bool = True) -> dict[str, Space]:
    """Name → space, the default first.

    Args:
        artefacts: stage → artefact, verified.
        ids: of the products, in catalogue order.
        rebuild: the command that builds the store again.
        indexed: with their FAISS indexes.

    Raises:
        StoreError: an index is of a kind this version does not know.
    """
    return {
        stage: OPENERS[stage](
            stage, artefacts, ids, _open_index(artefacts, stage, rebuild) if indexed else None
        )
        for stage in SPACES
        if stage in artefacts
    }


def _open_index(artefacts: Artefacts, stage: str, rebuild: str) -> faiss.Index:
    index = artefacts[SPACES[stage][0]]
    kind = index.read_facts(IndexFacts)["kind"]
    if kind not in KINDS:  # an earlier version knew others
        raise StoreError(
            f"{index.folder} holds an index of the kind {kind!r}; expected one of {', '.join(KINDS)}. {rebuild}"
        )
    if kind == "exact":
        return half_index(artefacts[stage].array(VECTORS))
    return read_index(index, artefacts[stage].array(VECTORS))


def read_index(artefact: Artefact, vectors: FloatArray) -> faiss.IndexIVF:
    """The IVF index of an artefact, over its space's vectors.

    Raises:
        StoreError: it cannot be read.
    """
    centres, lists = artefact.array(LIST_CENTRES), artefact.array(LIST_OF)
    with told_as_damage(artefact.path(LIST_OF), artefact.root):
        return restore_index(vectors, centres, lists)


def _open_paper(name: str, artefacts: Artefacts, ids: list[str], index: faiss.Index | None) -> Space:
    artefact = artefacts[name]

    def scalers() -> dict[Modality, Scaler]:
        with told_as_damage(artefact.path(SCALERS), artefact.root):
            text, image = load_scalers(artefact.folder)
            for scaler, modality in ((text, "text"), (image, "image")):
                width = artefacts[modality].array(VECTORS).shape[1]
                if not len(scaler.mean) == len(scaler.scale) == width:
                    raise ValueError(f"means of {len(scaler.mean)} numbers for {modality}, expected {width}")
        return {"text": text, "image": image}

    return PaperSpace(
        name=name,
        vectors=artefact.array(VECTORS),
        split=artefact.read_facts(SpaceFacts)["split"],
        index=index,
        norms=artefact.array(NORMS),
        scalers=Lazy(scalers),
        embeddings={modality: _embeddings(artefacts[modality], modality, ids) for modality in MODALITIES},
    )


def _open_learned(name: str, artefacts: Artefacts, ids: list[str], index: faiss.Index | None) -> Space:
    artefact = artefacts[name]

    def towers() -> Towers:
        from mpsr.space.towers import towers_of

        loaded, source = towers_of(artefacts[Stage.TOWERS]), artefacts[Stage.TOWERS]
        widths = tuple(artefacts[modality].array(VECTORS).shape[1] for modality in MODALITIES)
        expected = (*widths, artefact.read_facts(SpaceFacts)["split"])
        found = (loaded.shape.text, loaded.shape.image, loaded.shape.dimension)
        if found != expected:
            raise StoreError(
                f"{source.path(TOWERS_CONFIG)} is of towers of the widths {found}, expected {expected}. "
                f"{REBUILD.format(root=source.root)}"
            )
        return loaded

    return LearnedSpace(
        name=name,
        vectors=artefact.array(VECTORS),
        split=artefact.read_facts(SpaceFacts)["split"],
        index=index,
        towers=Lazy(towers),
        emphasis=np.asarray(artefact.array(EMPHASIS)),
    )


def _embeddings(artefact: Artefact, modality: Modality, ids: list[str]) -> Embeddings:
    return Embeddings(ids, artefact.array(VECTORS), modality, np.asarray(artefact.array(PRESENT)))


#: Stage → how its space is opened.
OPENERS: dict[str, Callable[[str, Artefacts, list[str], faiss.Index | None], Space]] = {
    Stage.LEARNED: _open_learned,
    Stage.PAPER: _open_paper,
}
