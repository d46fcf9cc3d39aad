"""The command that writes the report: the insights page on paper."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from mpsr.cli.options import StoreOption, WhereOption, filters_of
from mpsr.errors import InputError

if TYPE_CHECKING:
    from mpsr.insights.listings import Listings
    from mpsr.service import Service


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(report)


def report(
    out: Annotated[Path, typer.Option("--out", help="The file to write; it ends in .pdf or .html.")],
    store: StoreOption = None,
    where: WhereOption = None,
    show: Annotated[Literal["share", "count"], typer.Option("--as", help="Draw shares or counts.")] = "share",
    count: Annotated[
        str | None,
        typer.Option(
            "--count",
            help="listings, or a column sales or quantity. Default: that column where there is one.",
        ),
    ] = None,
) -> None:
    """Write the report: the catalogue by season, colour, category, gender and time, a page and a sentence a view."""
    from mpsr.insights.listings import Selection, listings_of
    from mpsr.insights.report import KINDS, make_report, write_report
    from mpsr.insights.views import Options
    from mpsr.service import open_service

    if out.suffix.lower() not in KINDS:
        raise InputError(f"--out is {out}. Expected a file that ends in {' or '.join(KINDS)}.")
    service = open_service(store)
    catalogue = listings_of(service.products, _weight(service, count))
    selection = Selection.of(_known(catalogue, filters_of(where or [])))
    name = f"store {service.root.name} {service.snapshot.fingerprint[:12]}"
    write_report(make_report(catalogue, selection, name, Options(as_=show), datetime.now().date()), out)
    typer.echo(out)


def _weight(service: Service, count: str | None) -> str | None:
    from mpsr.insights.listings import LISTINGS, weight_columns

    columns = weight_columns(service.products)
    if count is None:
        return columns[0] if columns else None
    return None if count == LISTINGS else count


def _known(catalogue: Listings, where: dict[str, list[str]]) -> dict[str, list[str]]:
    """The filters, when every value occurs.

    Raises:
        InputError: a column that cannot be filtered on, or a value no product has.
    """
    from mpsr.insights.listings import DIMENSIONS

    for column, values in where.items():
        if column not in DIMENSIONS:
            raise InputError(f"--where names {column!r}. Expected one of {', '.join(DIMENSIONS)}.")
        there = catalogue.values(column)
        if unknown := [value for value in values if value not in there]:
            raise InputError(f"no product has {column}={unknown[0]}. Expected one of {', '.join(there[:8])}.")
    return where
