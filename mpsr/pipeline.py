"""From a catalogue to a published store: the only writer of artefacts, and the way of the data in code."""

from __future__ import annotations

import logging
import time
from pathlib import Path

from mpsr.encoders.profiles import profile
from mpsr.encoders.weights import check_weights
from mpsr.progress import Reporter, silent
from mpsr.space.settings import SpaceSettings
from mpsr.stages import atlas, catalogue, embeddings, index, spaces, split
from mpsr.stages.maker import Maker
from mpsr.stages.settings import Settings
from mpsr.store import Snapshot, Store

logger = logging.getLogger(__name__)


def build(
    source: Path, store: Store, settings: Settings | None = None, report: Reporter = silent
) -> Snapshot:
    """Build ``store`` from the catalogue at ``source`` and publish it.

    What an earlier build with the same inputs and settings finished is taken over; a killed one is gone on with.

    Raises:
        InputError: the catalogue, the profile's weights or the settings cannot be used.
        StoreError: the store is held by another build or damaged.
    """
    settings, began = settings or Settings(), time.time()
    check_weights(settings.profile, settings.weights, settings.offline)
    with store.writing():
        make = Maker(store, report)
        products = catalogue.catalogue(make, source, settings)
        pictures = catalogue.pictures(make, source, settings, products)
        text = embeddings.text(make, settings, products)
        image = embeddings.image(make, source, settings, products)
        paper = spaces.paper_space(make, text, image)
        paper_index = index.index(make, paper, settings.index)
        graph = index.graph(make, paper, paper_index)
        sides = split.split(make, products, pictures)
        learned = spaces.learned_space(make, settings, products, sides, text, image, settings.learned)
        made = {"catalogue": products, "pictures": pictures, "text": text, "image": image}
        made |= {"paper": paper, "index": paper_index, "graph": graph, "split": sides}
        made |= learned | index.searchable(make, learned.get("shared"), settings.index)
        made |= atlas.mapped(make, made)
        facts = {
            "source": str(source.resolve()),
            "profile": settings.profile.name,
            "seconds": round(time.time() - began, 1),
        }
        return store.publish(
            {name: artefact.manifest["fingerprint"] for name, artefact in made.items()}, facts
        )


def learn_space(store: Store, space: SpaceSettings, report: Reporter = silent) -> Snapshot:
    """Train the learned space of a published store anew and publish it with the rest as it was.

    Raises:
        InputError: too few products, or the profile's weights cannot be found.
        StoreError: there is no published store, or another build holds it.
    """
    with store.writing():
        before = store.current()
        made = {stage: store.open_object(stage, name) for stage, name in before.stages.items()}
        settings = Settings(profile=profile(before.facts["profile"]), space=space)
        make = Maker(store, report)
        sides = split.split(make, made["catalogue"], made["pictures"])
        learned = spaces.learned_space(
            make, settings, made["catalogue"], sides, made["text"], made["image"], "train"
        )
        made |= {"split": sides} | learned | index.searchable(make, learned.get("shared"), None)
        made |= atlas.mapped(make, made)
        return store.publish(
            {name: artefact.manifest["fingerprint"] for name, artefact in made.items()}, before.facts
        )
