"""The stage of the catalogue where a table holds only what has changed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from mpsr.catalogue.merged import merged
from mpsr.catalogue.read import Policies, read_located
from mpsr.catalogue.types import ID, Catalogue, Reject, Summary
from mpsr.errors import StoreError
from mpsr.stages.catalogue import content_of, counts, read_products, save_catalogue
from mpsr.store import Artefact
from mpsr.store.damage import told_as_damage
from mpsr.store.facts import CatalogueFacts
from mpsr.store.layout import REJECTS, Stage

if TYPE_CHECKING:
    from mpsr.catalogue.located import Located
    from mpsr.stages.maker import Maker


def update_catalogue(make: Maker, located: Located | None, remove: Collection[str]) -> Artefact:
    """The published catalogue with the rows of a table in place of theirs, and without the products to remove.

    Raises:
        StoreError: the store has no published catalogue.
        InputError: as ``read_located`` and ``merged``.
    """
    before = make.published(Stage.CATALOGUE)
    if before is None:
        raise StoreError(
            f"{make.store.root} has no catalogue that could be updated. Build it with: mpsr build SOURCE --store STORE"
        )
    with told_as_damage(before.folder, before.root):
        policies = Policies(**before.parameters["policies"])
    reading = replace(policies, no_image="keep", limit=None)
    changes = read_located(located, reading, progress=make.report.progress) if located else None
    products = read_products(before)
    there = set(products[ID])
    if unknown := [product for product in remove if product not in there]:
        make.report.step(
            Stage.CATALOGUE, f"{len(unknown):,} products to remove are not there: {unknown[0]} …"
        )
    result = merged(_catalogue(before, products), changes, remove, policies.no_image)

    def write(folder: Path) -> CatalogueFacts:
        return save_catalogue(folder, result)

    parameters = {**before.parameters, "content": content_of(result)}
    artefact = make.make(Stage.CATALOGUE, {}, parameters, write)
    make.report.step(Stage.CATALOGUE, counts(artefact.read_facts(CatalogueFacts)["summary"]))
    return artefact


def _catalogue(artefact: Artefact, products: pd.DataFrame) -> Catalogue:
    """A catalogue as it was read."""
    rejects = artefact.table(REJECTS).to_dict("records")
    listed = tuple(Reject(**{str(name): value for name, value in one.items()}) for one in rejects)
    return Catalogue(products, listed, Summary(**artefact.read_facts(CatalogueFacts)["summary"]))
