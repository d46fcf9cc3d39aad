"""The stages that read a catalogue: its products and rejects, and its pictures."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from mpsr.catalogue.describe import taken_for
from mpsr.catalogue.pictures import MAX_BYTES, preview
from mpsr.catalogue.read import Located, locate, read_located
from mpsr.catalogue.source import source_fingerprint
from mpsr.errors import InputError
from mpsr.store import Artefact, save_array

if TYPE_CHECKING:
    from mpsr.stages.settings import Settings
from mpsr.stages.maker import Maker
from mpsr.store.layout import CLEANED, OFFSETS, PICTURES, PRODUCTS, REJECTS, SUMMARY

#: Changes when the same source gives another catalogue.
VERSION = 2


def catalogue(make: Maker, source: Path, settings: Settings) -> Artefact:
    """Products, rejects and the summary of both."""
    located = locate(source, settings.mapping)
    parameters = {
        "version": VERSION,
        "source": source_fingerprint(located.relevant_members()),
        "policies": asdict(settings.policies),
        "mapping": asdict(located.mapping) if located.mapping else None,
    }

    def write(folder: Path, facts: dict[str, Any]) -> None:
        result = read_located(located, settings.policies, progress=make.report.progress)
        result.products.to_parquet(folder / PRODUCTS, index=False)
        result.rejects_table().to_parquet(folder / REJECTS, index=False)
        (folder / SUMMARY).write_text(json.dumps(asdict(result.summary), indent=1), encoding="utf-8")
        if result.cleaned_lines is not None:
            (folder / CLEANED).write_text("\n".join(result.cleaned_lines) + "\n", encoding="utf-8")
        facts |= {"source": str(source.resolve()), "summary": asdict(result.summary)}

    make.report.step("catalogue")
    make.report.step("catalogue", taken_for(located))
    artefact = make.make("catalogue", {}, parameters, write)
    make.report.step("catalogue", _counts(artefact.facts["summary"]))
    return artefact


def _counts(summary: dict[str, Any]) -> str:
    rejected = sum(summary["rejected"].values())
    return (
        f"{summary['rows_read']:,} rows read, {summary['rows_kept']:,} kept, {summary['rows_repaired']:,} repaired, "
        f"{rejected:,} rejected; {summary['pictures_found']:,} pictures"
    )


def products_of(artefact: Artefact) -> pd.DataFrame:
    """The products of a catalogue artefact."""
    return pd.read_parquet(artefact.folder / PRODUCTS)


def pictures(make: Maker, source: Path, settings: Settings, catalogue: Artefact) -> Artefact:
    """Every product's picture for showing, in one file, so that a store needs its source no more."""

    def write(folder: Path, facts: dict[str, Any]) -> None:
        located, products = locate(source, settings.mapping), products_of(catalogue)
        offsets = np.zeros((len(products), 2), np.int64)
        kept: dict[str, tuple[int, int]] = {}
        with (folder / PICTURES).open("wb") as file:
            for place, (member, digest) in enumerate(
                zip(products["picture"], products["picture_sha256"], strict=True)
            ):
                if isinstance(member, str):
                    if digest not in kept:
                        data = preview(_picture(located, member, digest))
                        kept[digest] = (file.tell(), len(data))
                        file.write(data)
                    offsets[place] = kept[digest]
                if place % 256 == 0:
                    make.report.progress(place, len(products))
        save_array(folder / OFFSETS, offsets)
        facts["distinct"] = len(kept)

    return make.make("pictures", {"catalogue": catalogue}, {}, write)


def _picture(located: Located, member: str, digest: str) -> bytes:
    """The bytes of a picture that was checked before.

    Raises:
        InputError: it is not that picture any more.
    """
    data = located.source.read(member, MAX_BYTES)
    if hashlib.sha256(data).hexdigest() != digest:
        raise InputError(f"{member} was changed during the build. Run the same command again.")
    return data
