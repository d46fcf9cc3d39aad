"""From a catalogue to a published store: every step by name, in order. The only writer of artefacts."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from mpsr.catalogue.located import locate
from mpsr.encoders.profiles import profile
from mpsr.encoders.weights import check_weights
from mpsr.progress import Reporter, silent
from mpsr.space.settings import SpaceSettings
from mpsr.stages.artefacts import Artefacts, Build
from mpsr.stages.atlas import lay_out_atlas
from mpsr.stages.catalogue import read_catalogue
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
from mpsr.stages.towers import choose_towers, copy_shipped_towers, learn_towers
from mpsr.store import BuildFacts, Snapshot, Store
from mpsr.store.layout import REQUIRED


def build(source: Path, store: Store, settings: Settings | None = None, report: Reporter = silent) -> Build:
    """Build ``store`` from the catalogue at ``source`` and publish it.

    Finished stages of earlier builds with the same inputs and settings are reused, and what a model has encoded once is
    not encoded again; interrupted builds resume.

    Raises:
        InputError: the catalogue, the profile's weights or the settings cannot be used.
        StoreError: the store is held by another build or damaged.
    """
    settings, began = settings or Settings(), time.time()
    check_weights(settings.profile, settings.weights, settings.offline)
    with store.writing():
        make, located = Maker(store, report), locate(source, settings.mapping)
        catalogue = read_catalogue(make, settings, located)
        pictures = keep_pictures(make, located, catalogue)
        text = embed_text(make, settings, catalogue)
        image = embed_image(make, settings, located, catalogue)
        split = split_families(make, catalogue, pictures)
        paper = fuse_paper_space(make, text, image)
        paper_index = index_space(make, paper, settings.index)
        paper_graph = connect_neighbours(make, paper, paper_index)
        base = Artefacts(
            catalogue=catalogue, pictures=pictures, text=text, image=image, split=split,
            paper=paper, paper_index=paper_index, paper_graph=paper_graph,
        )  # fmt: skip
        made = _learn_and_map(make, settings, base)
        facts: BuildFacts = {
            "source": str(source.resolve()),
            "profile": settings.profile.name,
            "seconds": round(time.time() - began, 1),
        }
        published = store.publish(made.fingerprints(), facts)
        return Build(published.fingerprint, published.stages, published.facts, make.encoded)


def _learn_and_map(make: Maker, settings: Settings, made: Artefacts) -> Artefacts:
    """The steps from the learned space on, which ``build`` and ``learn_space`` share."""
    origin = choose_towers(make, settings, made)
    if origin == "train":
        text_forms = embed_text_forms(make, settings, made.catalogue, made.split)
        towers = learn_towers(make, settings, made, text_forms)
        made = replace(made, text_forms=text_forms, towers=towers)
    elif origin == "shipped":
        made = replace(made, towers=copy_shipped_towers(make))
    if made.towers:
        learned = project_learned_space(make, made.towers, made.text, made.image)
        learned_index = index_space(make, learned, settings.index)
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
