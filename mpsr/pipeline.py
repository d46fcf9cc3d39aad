"""From a catalogue to a published store: every step by name, in order. The only writer of artefacts."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from mpsr.catalogue.located import Located, locate
from mpsr.encoders.profiles import profile
from mpsr.encoders.weights import check_weights
from mpsr.progress import Reporter, silent
from mpsr.space.settings import SpaceSettings
from mpsr.stages.artefacts import Artefacts, Build
from mpsr.stages.atlas import lay_out_atlas
from mpsr.stages.before import Before
from mpsr.stages.catalogue import read_catalogue
from mpsr.stages.catalogue_update import update_catalogue
from mpsr.stages.generation import choose_generation, published_settings
from mpsr.stages.image import embed_image
from mpsr.stages.index import connect_neighbours, index_space
from mpsr.stages.learned import project_learned_space
from mpsr.stages.maker import Maker
from mpsr.stages.paper import fuse_paper_space
from mpsr.stages.pictures import keep_pictures
from mpsr.stages.regions import find_regions
from mpsr.stages.settings import Settings
from mpsr.stages.split import split_families
from mpsr.stages.text import embed_text
from mpsr.stages.text_forms import embed_text_forms
from mpsr.stages.towers import (
    choose_towers,
    copy_shipped_towers,
    keep_towers,
    learn_towers,
    pass_through_towers,
)
from mpsr.store import Artefact, BuildFacts, Snapshot, Store
from mpsr.store.layout import REQUIRED


def build(source: Path, store: Store, settings: Settings | None = None, report: Reporter = silent) -> Build:
    """Build ``store`` from the catalogue at ``source`` and publish it.

    Finished stages of earlier builds with the same inputs and settings are reused, and what a model has encoded once is
    not encoded again; interrupted builds resume. While a catalogue changes a little, what was fitted to it is kept
    (``mpsr.stages.generation``).

    Raises:
        InputError: the catalogue, the profile's weights or the settings cannot be used.
        StoreError: the store is held by another build or damaged.
    """
    settings, began = settings or Settings(), time.time()
    check_weights(settings.profile, settings.weights, settings.offline)
    with store.writing():
        located = locate(source, settings.mapping)
        make = Maker(store, report, before=Before(store, report))
        catalogue = read_catalogue(make, settings, located)
        return _build(make, settings, located, catalogue, str(source.resolve()), began)


def update(
    source: Path | None,
    store: Store,
    settings: Settings | None = None,
    remove: Collection[str] = (),
    report: Reporter = silent,
) -> Build:
    """Bring a published store up to date with a table that holds only new and changed products.

    Args:
        source: the table, with its pictures; None where products are only to be removed.
        store: the store.
        settings: by default those of the published build; only the mapping is the table's own.
        remove: ids of products to remove.
        report: hears about it.

    Raises:
        InputError: the table cannot be read, or a product is to be changed and removed.
        StoreError: the store is held by another build, damaged, or there is none.
    """
    settings, began = settings or published_settings(store), time.time()
    check_weights(settings.profile, settings.weights, settings.offline)
    published = store.current()
    with store.writing():
        located = locate(source, settings.mapping) if source else None
        make = Maker(store, report, before=Before(store, report))
        catalogue = update_catalogue(make, located, remove)
        return _build(make, settings, located, catalogue, published.facts["source"], began)


def _build(
    make: Maker, settings: Settings, located: Located | None, catalogue: Artefact, source: str, began: float
) -> Build:
    """The steps from a catalogue to a published store."""
    pictures = keep_pictures(make, located, catalogue)
    text = embed_text(make, settings, catalogue)
    image = embed_image(make, settings, located, catalogue)
    chosen = choose_generation(make, settings, catalogue, text, image)
    make = replace(make, kept=chosen.kept)
    split = split_families(make, catalogue, pictures)
    paper = fuse_paper_space(make, chosen.generation, text, image)
    paper_index = index_space(make, chosen.generation, paper, settings.index)
    paper_graph = connect_neighbours(make, paper, paper_index)
    base = Artefacts(
        catalogue=catalogue, pictures=pictures, text=text, image=image, generation=chosen.generation,
        drift=chosen.drift, split=split, paper=paper, paper_index=paper_index, paper_graph=paper_graph,
    )  # fmt: skip
    made = _learn_and_map(make, settings, base)
    seconds = round(time.time() - began, 1)
    facts: BuildFacts = {"source": source, "profile": settings.profile.name, "seconds": seconds}
    published = make.store.publish(made.fingerprints(), facts)
    return Build(published.fingerprint, published.stages, published.facts, make.encoded)


def _learn_and_map(make: Maker, settings: Settings, made: Artefacts) -> Artefacts:
    """The steps from the learned space on, which ``build`` and ``learn_space`` share."""
    origin = choose_towers(make, settings, made)
    if origin == "kept":
        made = replace(made, **keep_towers(make, made.catalogue, made.split))
    elif origin == "train":
        text_forms = embed_text_forms(make, settings, made.catalogue, made.split)
        towers = learn_towers(make, settings, made, text_forms)
        made = replace(made, text_forms=text_forms, towers=towers)
    elif origin == "shipped":
        made = replace(made, towers=copy_shipped_towers(make))
    elif origin == "own":
        made = replace(made, towers=pass_through_towers(make, settings, made.text, made.image))
    if made.towers:
        learned = project_learned_space(make, made.towers, made.catalogue, made.text, made.image)
        learned_index = index_space(make, made.generation, learned, settings.index)
        learned_graph = connect_neighbours(make, learned, learned_index)
        made = replace(made, learned=learned, learned_index=learned_index, learned_graph=learned_graph)
    atlas = lay_out_atlas(make, made.space, made.graph)
    return replace(made, atlas=atlas, regions=find_regions(make, made.catalogue, atlas))


def learn_space(store: Store, space: SpaceSettings, report: Reporter = silent) -> Snapshot:
    """Train the learned space of a published store anew; everything else is published as it was.

    Raises:
        InputError: too few products, or the profile's weights cannot be found.
        StoreError: there is no published store of this version, or another build holds it.
    """
    with store.writing():
        before, make = store.current(), Maker(store, report)
        opened = {stage: store.open_stage(before, stage) for stage in REQUIRED}
        split = split_families(make, opened["catalogue"], opened["pictures"])
        settings = Settings(profile=profile(before.facts["profile"]), learned="train", space=space)
        made = _learn_and_map(make, settings, Artefacts(**opened, split=split))
        return store.publish(made.fingerprints(), before.facts)
