"""The stage of the catalogue: its products, its rejects, and the counts of both."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pandas as pd

from mpsr.catalogue.describe import taken_for
from mpsr.catalogue.read import read_located
from mpsr.catalogue.source import source_fingerprint
from mpsr.errors import InputError
from mpsr.store import Artefact, fingerprint, new_file, write_file
from mpsr.store.facts import CatalogueFacts, CatalogueSummary
from mpsr.store.layout import CLEANED, PRODUCTS, REJECTS, SUMMARY, Stage
from mpsr.store.seen import Seen

if TYPE_CHECKING:
    from mpsr.catalogue.located import Located
    from mpsr.catalogue.types import Catalogue
    from mpsr.stages.maker import Maker
    from mpsr.stages.settings import Settings

#: Changes when the same source gives another catalogue.
VERSION = 4


def read_catalogue(make: Maker, settings: Settings, located: Located) -> Artefact:
    """Products, rejects and the counts of both.

    The artefact is named by what was read, so files that are only touched, moved or packed otherwise change nothing.
    The source is not read again as long as the stamps of its files are the same, and of changed ones only those.
    """
    stamps, seen = located.relevant_members(), Seen(make.store.root)
    chosen = {
        "version": VERSION,
        "policies": asdict(settings.policies),
        "mapping": asdict(located.mapping) if located.mapping else None,
    }
    reading = fingerprint(Stage.CATALOGUE, {"source": source_fingerprint(stamps)}, chosen)

    def read() -> Catalogue:
        known = seen.digests(stamps, VERSION)
        return read_located(located, settings.policies, progress=make.report.progress, known=known)

    make.report.step(Stage.CATALOGUE)
    make.report.step(Stage.CATALOGUE, taken_for(located))
    content = seen.catalogue(reading)
    result = None if content else read()
    named = content or content_of(cast("Catalogue", result))

    def write(folder: Path) -> CatalogueFacts:
        read_now = result or read()  # the artefact of a known reading was removed or is damaged
        if read_now is not result and content_of(read_now) != named:
            raise InputError(
                f"{located.source.location} was changed during the build. Run the same command again."
            )
        return save_catalogue(folder, read_now)

    artefact = make.make(Stage.CATALOGUE, {}, {**chosen, "content": named}, write)
    if result:
        seen.remember(reading, named, stamps, result.digests, VERSION)
    make.report.step(Stage.CATALOGUE, counts(artefact.read_facts(CatalogueFacts)["summary"]))
    return artefact


def save_catalogue(folder: Path, catalogue: Catalogue) -> CatalogueFacts:
    """Write a catalogue into its object's folder; its facts."""
    for name, table in ((PRODUCTS, catalogue.products), (REJECTS, catalogue.rejects_table())):
        with new_file(folder / name) as file:
            table.to_parquet(file, index=False)
    write_file(folder / SUMMARY, json.dumps(asdict(catalogue.summary), indent=1).encode())
    if catalogue.cleaned_lines is not None:
        write_file(folder / CLEANED, ("\n".join(catalogue.cleaned_lines) + "\n").encode())
    return {"summary": cast("CatalogueSummary", asdict(catalogue.summary))}


def content_of(catalogue: Catalogue) -> str:
    """SHA-256 of everything that a reading gave."""
    digest = hashlib.sha256()
    for table in (catalogue.products, catalogue.rejects_table()):
        digest.update(table.to_json(orient="split", force_ascii=True).encode())
    rest = {"summary": asdict(catalogue.summary), "lines": catalogue.cleaned_lines}
    digest.update(json.dumps(rest, sort_keys=True).encode())
    return digest.hexdigest()


def counts(summary: CatalogueSummary) -> str:
    """The figures of a catalogue in a line."""
    rejected = sum(summary["rejected"].values())
    return (
        f"{summary['rows_read']:,} rows read, {summary['rows_kept']:,} kept, {summary['rows_repaired']:,} repaired, "
        f"{rejected:,} rejected; {summary['pictures_found']:,} pictures"
    )


def read_products(artefact: Artefact) -> pd.DataFrame:
    """The products of a catalogue artefact."""
    return artefact.table(PRODUCTS)
