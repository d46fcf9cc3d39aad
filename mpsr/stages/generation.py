"""The stage of the generation: what is fitted to a catalogue, and kept while the catalogue changes a little.

A generation is fitted by a whole build: the scalers of the paper's space, the towers of the learned space, the centres of
an IVF index, the layout of the map. Builds that follow keep all of it and only recompute what new, changed and removed
products touch. A new generation begins where it is asked for, the settings are others, or the catalogue has drifted.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mpsr.atlas.layout import LayoutSettings
from mpsr.encoders import profiles
from mpsr.space.fusion import fit_scaler, save_scalers
from mpsr.space.settings import SpaceSettings
from mpsr.stages import text_forms, towers
from mpsr.stages.catalogue import read_products
from mpsr.stages.changes import Changes, changes_between, contents
from mpsr.stages.drift import known_labels, measure_drift
from mpsr.stages.maker import as_json
from mpsr.stages.settings import Settings
from mpsr.store import Artefact, Store, read_embeddings, save_array, write_file
from mpsr.store.drift_gates import past_gate
from mpsr.store.facts import DriftFacts, GenerationFacts
from mpsr.store.layout import DIGESTS, IDS, KNOWN_LABELS, Stage

if TYPE_CHECKING:
    from mpsr.stages.maker import Maker

#: What a build that keeps a generation begins from; one that is missing or damaged is fitted anew, with the others.
FITTED = (Stage.TEXT, Stage.IMAGE, Stage.PAPER, Stage.PAPER_INDEX, Stage.PAPER_GRAPH, Stage.ATLAS)
LEARNED = (Stage.TOWERS, Stage.LEARNED, Stage.LEARNED_INDEX, Stage.LEARNED_GRAPH)

#: Why a generation is fitted where there is none to keep.
FIRST = "there was none before"


@dataclass(frozen=True)
class Chosen:
    """The generation of a build.

    Attributes:
        generation: its artefact.
        drift: how far the catalogue is from it; None where it is fitted now.
        kept: how the products relate to those of the build before; None where it is fitted now.
    """

    generation: Artefact
    drift: Artefact | None = None
    kept: Changes | None = None


def choose_generation(
    make: Maker, settings: Settings, catalogue: Artefact, text: Artefact, image: Artefact
) -> Chosen:
    """The published build's generation where it still describes the catalogue, else a new one."""
    parameters = _parameters(settings, text, image)
    published = make.published(Stage.GENERATION)

    def fitted(because: str) -> Chosen:
        if because != FIRST:
            make.report.step(Stage.GENERATION, f"fitted anew: {because}")
        return Chosen(_fit(make, parameters, catalogue, text, image, because))

    if published is None:
        return fitted(FIRST)
    if published.parameters != parameters:
        return fitted("the one before was made with other settings")
    if _is_first(make, published, text, image):
        return fitted(FIRST)  # and is there already
    if settings.refit:
        return fitted("--refit asked for it")
    if not _complete(make):
        return fitted("a part of the build before is missing or damaged")
    drift = measure_drift(make, published, catalogue, text, image)
    figures = drift.read_facts(DriftFacts)
    if reason := past_gate(figures):
        return fitted(reason)
    make.report.step(
        Stage.GENERATION,
        f"kept: {figures['added']:,} products added to its {figures['products']:,}, {figures['removed']:,} removed, "
        f"{figures['changed']:,} with another text or picture",
    )
    before = contents(_there(make, Stage.TEXT), _there(make, Stage.IMAGE))
    return Chosen(published, drift, changes_between(*before, *contents(text, image)))


def published_settings(store: Store) -> Settings:
    """What the published build was made with, as far as its generation depends on it.

    Raises:
        StoreError: there is no published build.
    """
    snapshot = store.current()
    settings = Settings(profile=profiles.profile(snapshot.facts["profile"]))
    if Stage.GENERATION not in snapshot.stages:
        return settings
    found = store.open_stage(snapshot, Stage.GENERATION, verify=False).parameters
    return replace(
        settings, learned=found["learned"], index=found["index"], space=SpaceSettings(**found["space"])
    )


def _parameters(settings: Settings, text: Artefact, image: Artefact) -> dict[str, Any]:
    """What the fitted parts depend on beside the products."""
    return as_json(
        {
            "version": 1,
            "learned": settings.learned,
            "space": asdict(settings.space or SpaceSettings()),
            "index": settings.index,
            "layout": asdict(LayoutSettings()),
            "towers": towers.VERSION,
            "forms": text_forms.VERSION,
            "text": text.parameters,
            "image": image.parameters,
        }
    )


def _fit(
    make: Maker,
    parameters: dict[str, Any],
    catalogue: Artefact,
    text: Artefact,
    image: Artefact,
    because: str,
) -> Artefact:
    """A new generation: the products it begins with, and the scalers of the paper's space."""

    def write(folder: Path) -> GenerationFacts:
        ids, digests = contents(text, image)
        save_array(folder / IDS, ids)
        save_array(folder / DIGESTS, digests)
        save_scalers(folder, fit_scaler(read_embeddings(text)), fit_scaler(read_embeddings(image)))
        labels = known_labels(read_products(catalogue))
        write_file(folder / KNOWN_LABELS, json.dumps(labels, indent=1).encode())
        return {"products": len(ids), "because": because}

    return make.make(Stage.GENERATION, {"text": text, "image": image}, parameters, write)


def _is_first(make: Maker, published: Artefact, text: Artefact, image: Artefact) -> bool:
    """Whether the published build fitted its generation, and to these very embeddings: everything is there."""
    made_from = {"text": text.fingerprint, "image": image.fingerprint}
    drifted = make.before is not None and Stage.DRIFT in make.before.stages
    return published.manifest["inputs"] == made_from and not drifted


def _complete(make: Maker) -> bool:
    """Whether all that a kept generation begins from is whole."""
    there = make.before.stages if make.before else frozenset()
    learned = LEARNED if Stage.TOWERS in there else ()
    return all(make.published(stage) for stage in (*FITTED, *learned))


def _there(make: Maker, stage: str) -> Artefact:
    found = make.published(stage)
    if found is None:
        raise RuntimeError(f"{stage} was checked to be there")
    return found
