"""From a catalogue to a published store: the only writer of artefacts, and the way of the data in code."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from mpsr import stages, stages_atlas, stages_space
from mpsr.catalogue.mapping import Mapping
from mpsr.catalogue.read import Policies
from mpsr.encoders.profiles import Profile, profile
from mpsr.encoders.weights import check_weights
from mpsr.progress import Reporter, silent
from mpsr.search.index import Kind
from mpsr.space.settings import SpaceChoice, SpaceSettings
from mpsr.store import Snapshot, Store

if TYPE_CHECKING:
    from mpsr.encoders.runtime import Runtime

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Settings:
    """What a build is made with.

    Attributes:
        profile: the encoders.
        policies: how the catalogue is read.
        mapping: a retailer's column mapping.
        weights: a folder to look for model weights in first.
        offline: do not ask a hub for weights.
        runtime: what computes the models; None lets the rule choose.
        index: the index kind; None lets the rule choose.
        learned: where the learned space's towers come from.
        space: what they are trained with; None for the defaults.
    """

    profile: Profile = field(default_factory=lambda: profile("embedded"))
    policies: Policies = field(default_factory=Policies)
    mapping: Mapping | None = None
    weights: Path | None = None
    offline: bool = False
    runtime: Runtime | None = None
    index: Kind | None = None
    learned: SpaceChoice = "auto"
    space: SpaceSettings | None = None


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
        make = stages.Maker(store, report)
        catalogue = stages.catalogue(make, source, settings)
        pictures = stages.pictures(make, source, settings, catalogue)
        text = stages.text(make, settings, catalogue)
        image = stages.image(make, source, settings, catalogue)
        paper = stages.paper_space(make, text, image)
        index = stages.index(make, paper, settings.index)
        graph = stages.graph(make, paper, index)
        split = stages_space.split(make, catalogue, pictures)
        learned = stages_space.learned_space(make, settings, catalogue, split, text, image, settings.learned)
        made = {"catalogue": catalogue, "pictures": pictures, "text": text, "image": image}
        made |= {"paper": paper, "index": index, "graph": graph, "split": split}
        made |= learned | stages.searchable(make, learned.get("shared"), settings.index)
        made |= stages_atlas.mapped(make, made)
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
        make = stages.Maker(store, report)
        split = stages_space.split(make, made["catalogue"], made["pictures"])
        learned = stages_space.learned_space(
            make, settings, made["catalogue"], split, made["text"], made["image"], "train"
        )
        made |= {"split": split} | learned | stages.searchable(make, learned.get("shared"), None)
        made |= stages_atlas.mapped(make, made)
        return store.publish(
            {name: artefact.manifest["fingerprint"] for name, artefact in made.items()}, before.facts
        )
