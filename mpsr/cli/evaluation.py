"""The commands that learn a space and measure it: train-space, evaluate, reproduce."""

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
    epochs: Annotated[int | None, typer.Option(min=1, help="Passes over the train side at most.")] = None,
    rest: Annotated[
        int | None, typer.Option(min=2, max=4096, help="Dimensions beside those of the attributes.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Of initialisation and order.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Also write the towers to this folder, to ship them.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Learn the shared space of words and pictures of a store, and make it the store's default space.

    Trains on the train side of the family split, chooses on validation, goes on where a stopped run ended.
    """
    from dataclasses import replace

    from mpsr.cli.console import ConsoleReporter, print_json
    from mpsr.pipeline import learn_space
    from mpsr.service import open_service
    from mpsr.space.settings import SpaceSettings
    from mpsr.store import Store

    given = {"epochs": epochs, "rest": rest, "seed": seed}
    settings = replace(SpaceSettings(), **{k: v for k, v in given.items() if v is not None})  # type: ignore[arg-type]
    root = open_service(store, verify=False).root
    with ConsoleReporter() as reporter:
        learn_space(Store(root), settings, reporter)
    towers = open_service(root, verify=False).artefact("towers")
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        for name in ("towers.safetensors", "config.json"):
            (out / name).write_bytes((towers.folder / name).read_bytes())
    report = towers.facts["report"]
    if as_json:
        print_json(report | {"store": str(root), "towers": str(out or towers.folder)})
        return
    typer.echo(
        f"learned in {report['seconds']} s, best of {report['epochs']} epochs: {report['epoch']}; on validation:"
    )
    for name, value in report["best"].items():
        typer.echo(f"  {name:<10} {value:.3f}")


def evaluate(
    store: StoreOption = None,
    side: Annotated[Literal["test", "validation"], typer.Option(help="Whose products ask.")] = "test",
    qrels: Annotated[
        Path | None, typer.Option(help="Judgments of your own instead: {query: {product id: grade}} as JSON.")
    ] = None,
    query: Annotated[
        str, typer.Option(help="With --qrels: what a query is; text, image or product.")
    ] = "text",
    gallery: Annotated[
        str, typer.Option(help="With --qrels: what is searched; text, image or fused.")
    ] = "fused",
    space: Annotated[
        str | None, typer.Option(help="With --qrels: paper or shared. Default: the store's first.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Measure how good the store's answers are on products never seen, by the protocol of docs/evaluation.md.

    The report (JSON, a page, plots) goes into the store.
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
        print_json(report | {"saved": str(folder)})
    else:
        typer.echo(text_table(report))
        typer.echo(f"\nThe report is in {folder}")


def reproduce(store: StoreOption = None, as_json: JsonOption = False) -> None:
    """The published system's own figures beside what this store gives: Table 1, similarities, "accuracy"."""
    from mpsr.cli.console import print_json
    from mpsr.evaluation.reproduce import markdown
    from mpsr.evaluation.reproduce import reproduce as run
    from mpsr.service import open_service
    from mpsr.store import write_whole

    service = open_service(store)
    found = run(service)
    page = markdown(found)
    folder = service.root / "reports" / service.snapshot.fingerprint
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / "reproduce.md", page)
    if as_json:
        print_json(found)
    else:
        typer.echo(page)
