"""The artefacts of a build, by stage."""

from __future__ import annotations

from dataclasses import dataclass, fields

from mpsr.store import Artefact, Snapshot


@dataclass(frozen=True, kw_only=True)
class Artefacts:
    """What a build has made so far; a field is named like its stage, and the fields are in the order of the build.

    The stages of the learned space stay None where there is none, and ``drift`` in the first build of a generation.
    """

    catalogue: Artefact
    pictures: Artefact
    text: Artefact
    image: Artefact
    generation: Artefact | None = None
    drift: Artefact | None = None
    split: Artefact
    paper: Artefact
    paper_index: Artefact
    paper_graph: Artefact
    text_forms: Artefact | None = None
    towers: Artefact | None = None
    learned: Artefact | None = None
    learned_index: Artefact | None = None
    learned_graph: Artefact | None = None
    atlas: Artefact | None = None
    regions: Artefact | None = None

    @property
    def space(self) -> Artefact:
        """The space that is searched by default: the learned one where there is one."""
        return self.learned or self.paper

    @property
    def graph(self) -> Artefact:
        """The neighbour graph of that space."""
        return self.learned_graph or self.paper_graph

    def fingerprints(self) -> dict[str, str]:
        """Stage → fingerprint, as a snapshot names them."""
        made = {field.name: getattr(self, field.name) for field in fields(self)}
        return {stage: artefact.fingerprint for stage, artefact in made.items() if artefact is not None}


@dataclass(frozen=True)
class Build(Snapshot):
    """A published snapshot, and what the build that published it had to do.

    Attributes:
        encoded: stage → texts or pictures that were encoded now; nothing for a stage that was there.
    """

    encoded: dict[str, int]
