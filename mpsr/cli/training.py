"""The commands that train models: train-space, train-encoder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mpsr.cli.options import JsonOption, StoreOption
from mpsr.errors import InputError


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("train-space")(train_space)
    app.command("train-encoder")(train_encoder)


def train_space(
    store: StoreOption = None,
    epochs: Annotated[int | None, typer.Option(min=1, help="Epochs at most.")] = None,
    residual: Annotated[
        int | None, typer.Option(min=2, max=4096, help="Dimensions of the residual block.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, max=2**32 - 1, help="Seed of initialisation and order.")
    ] = None,
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


def train_encoder(
    sources: Annotated[
        list[Path],
        typer.Argument(metavar="SOURCE...", help="Catalogues with pictures; the report is on the first."),
    ],
    out: Annotated[Path, typer.Option(help="Folder for checkpoint, report and the finished encoder.")] = Path(
        "encoder"
    ),
    epochs: Annotated[int, typer.Option(min=1, help="Passes over the training side.")] = 4,
    gentle_epochs: Annotated[
        int, typer.Option(min=0, help="Last epochs, whose photographs are varied less.")
    ] = 1,
    heights: Annotated[str, typer.Option(help="Picture heights, growing, one a stage.")] = "96",
    batch_size: Annotated[int, typer.Option(min=2)] = 64,
    learning_rate: Annotated[float, typer.Option(help="Peak of the one-cycle schedule.")] = 1e-3,
    seed: Annotated[int, typer.Option(min=0, max=2**32 - 1)] = 1,
    init: Annotated[
        str, typer.Option(help="What it starts from: imagenet, random, or the folder of a finished encoder.")
    ] = "imagenet",
    further: Annotated[
        float, typer.Option(min=0, max=1, help="Share of the further sources' pictures an epoch sees.")
    ] = 0.25,
    as_shipped: Annotated[
        bool,
        typer.Option(
            "--as-shipped", help="The runs that made the encoder that ships; the other settings are not read."
        ),
    ] = False,
    test: Annotated[
        bool,
        typer.Option("--test", help="Report on the test side, too; once, when nothing is left to choose."),
    ] = False,
    note: Annotated[Path | None, typer.Option(help="A Markdown file to put into the model card.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Train the image encoder of the embedded profile; resumes from a checkpoint in --out.

    Products are split by family (same name, or near-identical picture) into train, validation and test; the
    report is the accuracy on products never seen.
    """
    from dataclasses import asdict

    from mpsr.cli.console import print_json
    from mpsr.training.runs import SHIPPED, train_in_runs
    from mpsr.training.train import TrainingSettings

    try:
        sizes = tuple(int(height) for height in heights.split(","))
    except ValueError as error:
        raise InputError(f"--heights is {heights!r}. Expected numbers such as 64,80,96.") from error
    if min(sizes) < 32 or max(sizes) > 512:
        raise InputError(f"--heights is {heights!r}. Expected numbers from 32 to 512.")
    if not 0 < learning_rate < 1:  # NaN is neither
        raise InputError(f"--learning-rate is {learning_rate}. Expected a number above 0 and below 1.")
    settings = TrainingSettings(
        epochs=epochs,
        gentle_epochs=gentle_epochs,
        heights=sizes,
        batch_size=batch_size,
        learning_rate=learning_rate,
        seed=seed,
        init=init,
        further=further,
    )
    report = train_in_runs(
        sources,
        out,
        SHIPPED if as_shipped else (settings,),
        lambda line: typer.echo(line, err=True),
        read_test=test,
        note=note.read_text(encoding="utf-8") if note else "",
    )
    if as_json:
        print_json(asdict(report) | {"encoder": str(out)})
        return
    side, found = ("test", report.test) if report.test else ("validation", report.validation)
    typer.echo(f"\nOn {found.pictures:,} {side} products, never trained on (input height {report.height}):")
    for task, accuracy in found.accuracy.items():
        typer.echo(f"  {task:<20} {accuracy:.3f}   (most frequent label: {found.majority[task]:.3f})")
    for name, value in (found.retrieval | found.titles).items():
        typer.echo(f"  {name:<20} {value:.3f}")
    typer.echo(f"\nThe encoder is in {out}.")
