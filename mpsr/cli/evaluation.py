"""The commands that train the learned space and measure quality: train-space, evaluate, reproduce."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from mpsr.cli.options import StoreOption

JsonOption = Annotated[
    bool, typer.Option("--json", help="Print one JSON document and nothing else on stdout.")
]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("train-space")(train_space)
    app.command()(evaluate)
    app.command()(reproduce)


def train_space(
    store: StoreOption = None,
    epochs: Annotated[int | None, typer.Option(min=1, help="Epochs at most.")] = None,
    residual: Annotated[
        int | None, typer.Option(min=2, max=4096, help="Dimensions of the residual block.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of initialisation and order.")] = None,
    out: Annotated[Path | None, typer.Option(help="Also copy the trained towers to this folder.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Train the learned space of a store, in which text and pictures compare, and make it the default space.

    Trains on the train side of the family split and chooses on validation. An interrupted run resumes.
    """
    from dataclasses import replace

    from mpsr.cli.console import ConsoleReporter, print_json
    from mpsr.pipeline import learn_space
    from mpsr.service import open_service
    from mpsr.space.settings import SpaceSettings
    from mpsr.store import Store
    from mpsr.store.facts import TowersFacts
    from mpsr.store.layout import TOWERS_CONFIG, TOWERS_WEIGHTS, Stage

    given = {"epochs": epochs, "residual": residual, "seed": seed}
    settings = replace(SpaceSettings(), **{k: v for k, v in given.items() if v is not None})  # type: ignore[arg-type]
    root = open_service(store, verify=False).root
    with ConsoleReporter() as reporter:
        learn_space(Store(root), settings, reporter)
    towers = open_service(root, verify=False).artefact(Stage.TOWERS)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        for name in (TOWERS_WEIGHTS, TOWERS_CONFIG):
            (out / name).write_bytes((towers.folder / name).read_bytes())
    report = towers.read_facts(TowersFacts)["report"]
    if as_json:
        print_json({**report, "store": str(root), "towers": str(out or towers.folder)})
        return
    typer.echo(
        f"Trained in {report['seconds']} s; the best of {report['epochs']} epochs is number {report['epoch']}. "
        "Figures on validation:"
    )
    for name, value in report["best"].items():
        typer.echo(f"  {name:<10} {value:.3f}")


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
