"""The command that writes the report: the insights page on paper."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from mpsr.cli.filters import NotOption, RangeOption, where_of
from mpsr.cli.options import StoreOption, WhereOption
from mpsr.errors import InputError

if TYPE_CHECKING:
    from mpsr.insights.listings import Listings
    from mpsr.search.conditions import Where
    from mpsr.service import Service


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(report)


def report(
    out: Annotated[Path, typer.Option("--out", help="The file to write; it ends in .pdf or .html.")],
    store: StoreOption = None,
    where: WhereOption = None,
    refused: NotOption = None,
    ranges: RangeOption = None,
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
    from mpsr.insights.listings import listings_of
    from mpsr.insights.narrowing import selection_of
    from mpsr.insights.report import KINDS, make_report, write_report
    from mpsr.insights.views import Options
    from mpsr.service import open_service

    if out.suffix.lower() not in KINDS:
        raise InputError(f"--out is {out}. Expected a file that ends in {' or '.join(KINDS)}.")
    service = open_service(store)
    catalogue = listings_of(service.products, _weight(service, count))
    filters = _known(catalogue, where_of(where, refused, ranges, None))
    selection = selection_of(filters, service.ids, service.mask)
    name = f"store {service.root.name} {service.snapshot.fingerprint[:12]}"
    today = datetime.now().date()
    report = make_report(catalogue, selection, name, Options(as_=show), today, service.root.name)
    write_report(report, out)
    typer.echo(out)


def _weight(service: Service, count: str | None) -> str | None:
    from mpsr.insights.listings import LISTINGS, weight_columns

    columns = weight_columns(service.products)
    if count is None:
        return columns[0] if columns else None
    return None if count == LISTINGS else count


def _known(catalogue: Listings, where: Where) -> Where:
    """The filters, when every value of the columns that are counted occurs; others are checked where they are used.

    Raises:
        InputError: a value no product has.
    """
    from mpsr.insights.listings import DIMENSIONS
    from mpsr.search.conditions import condition_of

    for column in DIMENSIONS:
        there = catalogue.values(column)
        named = condition_of(where[column]).named if column in where else ()
        if unknown := [value for value in named if value not in there]:
            raise InputError(f"no product has {column}={unknown[0]}. Expected one of {', '.join(there[:8])}.")
    return where
