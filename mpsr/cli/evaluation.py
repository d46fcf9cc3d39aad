"""The commands that measure quality: evaluate, reproduce."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from mpsr.cli.options import JsonOption, StoreOption


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(evaluate)
    app.command()(reproduce)


def evaluate(
    store: StoreOption = None,
    side: Annotated[
        Literal["test", "validation"], typer.Option(help="The side whose products are the queries.")
    ] = "test",
    qrels: Annotated[
        Path | None, typer.Option(help="Use your own judgments: {query: {product id: grade}} as JSON.")
    ] = None,
    query: Annotated[
        str, typer.Option(help="With --qrels: what a query is; text, image or product.")
    ] = "text",
    gallery: Annotated[
        str, typer.Option(help="With --qrels: what is searched; text, image or fused.")
    ] = "fused",
    space: Annotated[
        str | None, typer.Option(help="With --qrels: paper or learned. Default: the store's first.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Measure the quality of results for unseen products, by the protocol of docs/evaluation.md.

    The report (JSON, a page, plots) is saved in the store.
    """
    from mpsr.cli.console import print_json
    from mpsr.service import open_service

    service = open_service(store)
    if qrels is not None:
        from mpsr.evaluation.qrels import evaluate_qrels

        found = evaluate_qrels(service, qrels, query, gallery, space)
        if as_json:
            print_json(found)
            return
        typer.echo(f"{found['queries']:,} queries, {found['space']} space, {query} → {gallery}")
        for name, count in found["left out"].items():
            typer.echo(f"  left out: {count:,} {name}")
        for name, value in found["metrics"].items():
            typer.echo(f"  {name:<10} {value:.4f}")
        return
    from mpsr.evaluation.protocol import evaluate as run
    from mpsr.evaluation.render import save_report, text_table

    report = run(service, side, lambda line: typer.echo(line, err=True))
    folder = save_report(service.root, report)
    if as_json:
        print_json({**report, "saved": str(folder)})
    else:
        typer.echo(text_table(report))
        typer.echo(f"\nThe report is in {folder}")


def reproduce(store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Compare the published system's figures with this store's: Table 1, similarities, "accuracy"."""
    from mpsr.cli.console import print_json
    from mpsr.evaluation.reading import reports_folder
    from mpsr.evaluation.reproduce import markdown
    from mpsr.evaluation.reproduce import reproduce as run
    from mpsr.service import open_service
    from mpsr.store import write_whole
    from mpsr.store.layout import REPRODUCTION_PAGE

    service = open_service(store)
    found = run(service)
    page = markdown(found)
    folder = reports_folder(service.root, service.snapshot.fingerprint)
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / REPRODUCTION_PAGE, page)
    if as_json:
        print_json(found)
    else:
        typer.echo(page)
