"""The stage of the catalogue: its products, its rejects, and the counts of both."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pandas as pd

from mpsr.catalogue.describe import taken_for
from mpsr.catalogue.read import read_located
from mpsr.catalogue.source import source_fingerprint
from mpsr.store import Artefact, new_file, write_file
from mpsr.store.facts import CatalogueFacts, CatalogueSummary
from mpsr.store.layout import CLEANED, PRODUCTS, REJECTS, SUMMARY, Stage

if TYPE_CHECKING:
    from mpsr.catalogue.located import Located
    from mpsr.stages.maker import Maker
    from mpsr.stages.settings import Settings

#: Changes when the same source gives another catalogue.
VERSION = 2


def read_catalogue(make: Maker, settings: Settings, located: Located) -> Artefact:
    """Products, rejects and the counts of both."""
    parameters = {
        "version": VERSION,
        "source": source_fingerprint(located.relevant_members()),
        "policies": asdict(settings.policies),
        "mapping": asdict(located.mapping) if located.mapping else None,
    }

    def write(folder: Path) -> CatalogueFacts:
        result = read_located(located, settings.policies, progress=make.report.progress)
        for name, table in ((PRODUCTS, result.products), (REJECTS, result.rejects_table())):
            with new_file(folder / name) as file:
                table.to_parquet(file, index=False)
        write_file(folder / SUMMARY, json.dumps(asdict(result.summary), indent=1).encode())
        if result.cleaned_lines is not None:
            write_file(folder / CLEANED, ("\n".join(result.cleaned_lines) + "\n").encode())
        return {"summary": cast("CatalogueSummary", asdict(result.summary))}

    make.report.step(Stage.CATALOGUE)
    make.report.step(Stage.CATALOGUE, taken_for(located))
    artefact = make.make(Stage.CATALOGUE, {}, parameters, write)
    make.report.step(Stage.CATALOGUE, _counts(artefact.read_facts(CatalogueFacts)["summary"]))
    return artefact


def _counts(summary: CatalogueSummary) -> str:
    rejected = sum(summary["rejected"].values())
    return (
        f"{summary['rows_read']:,} rows read, {summary['rows_kept']:,} kept, {summary['rows_repaired']:,} repaired, "
        f"{rejected:,} rejected; {summary['pictures_found']:,} pictures"
    )


def read_products(artefact: Artefact) -> pd.DataFrame:
    """The products of a catalogue artefact."""
    return artefact.table(PRODUCTS)
