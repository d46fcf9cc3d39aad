"""What a build is made with."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from mpsr.catalogue.mapping import Mapping
from mpsr.catalogue.read import Policies
from mpsr.encoders.profiles import Profile, profile
from mpsr.engines.ray_shards import RayCluster
from mpsr.search.index import Kind
from mpsr.space.settings import SpaceChoice, SpaceSettings

if TYPE_CHECKING:
    from mpsr.encoders.network import Runtime


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
        compact: pack the segments of each model into one, and give up what this catalogue does not use.
        refit: fit a new generation, even where the published one still describes the catalogue.
        cluster: where texts and pictures are encoded; None is this process.
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
    compact: bool = False
    refit: bool = False
    cluster: RayCluster | None = None
