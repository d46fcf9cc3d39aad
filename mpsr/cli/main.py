"""The command line: arguments → pipeline or service → text or JSON."""

from __future__ import annotations

import errno
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from mpsr import __version__
from mpsr.cli import boards as cli_boards
from mpsr.cli import catalogue as cli_catalogue
from mpsr.cli import evaluation as cli_evaluation
from mpsr.cli import report as cli_report
from mpsr.cli.options import (
    AtMostOption,
    NotOption,
    RangeOption,
    SameOption,
    StoreOption,
    WhereOption,
    limits_of,
    store_of,
    where_of,
)
from mpsr.errors import InputError, MPSRError

if TYPE_CHECKING:
    from mpsr.search.store_reader import StoreInfo
    from mpsr.types import Part

app = typer.Typer(
    name="mpsr",
    help="Similar products from a catalogue's pictures and words.\n\n"
    "Start with:  mpsr build fashion-product-images-small.zip  and then  mpsr similar 9065",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
cli_catalogue.register(app)
cli_evaluation.register(app)
cli_boards.register(app)
cli_report.register(app)

JsonOption = Annotated[
    bool, typer.Option("--json", help="Print one JSON document and nothing else on stdout.")
]


STOPPED = "stopped. Run the same command to resume."

#: What typer exits with when it is interrupted, without a word.
INTERRUPTED = 130


def main() -> None:
    """Run the command line. Exit codes: 0 done, 2 wrong use or bad input, 1 anything else."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        app()
    except InputError as error:
        _fail(str(error), 2)
    except MPSRError as error:
        _fail(str(error), 1)
    except KeyboardInterrupt:
        _fail(STOPPED, 1)
    except SystemExit as stop:
        if stop.code == INTERRUPTED:
            _fail(STOPPED, 1)
        raise
    except OSError as error:
        _fail(_explain(error), 1)


def _fail(message: str, code: int) -> None:
    typer.echo(f"mpsr: {message}", err=True)
    sys.exit(code)


def _explain(error: OSError) -> str:
    """What an error of the operating system means for the user."""
    place = f" ({error.filename})" if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"the disk is full{place}. Free some space and run the same command to resume."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"no permission{place}. Choose another place with --store or --out, or ask for the right to this one."
    return f"{error.strerror or error}{place}"


@app.command()
def build(
    source: Annotated[
        Path,
        typer.Argument(
            help="A catalogue: its folder, its zip, or a table of its own: CSV, TSV, .xlsx, Parquet, JSON lines, XML."
        ),
    ],
    store: Annotated[
        Path | None,
        typer.Option(
            "--store",
            parser=store_of,
            metavar="STORE",
            help="A folder to build in, or the name of a store. Default: the stores' folder, under SOURCE's name; "
            "where a store of that name was built from something else, under its folder's and its own.",
        ),
    ] = None,
    profile: Annotated[str, typer.Option(help="The models: embedded (no hub needed) or paper.")] = "embedded",
    rows: Annotated[
        Literal["repair", "strict"],
        typer.Option(help="Long rows: repair (joined back into the name) or strict (refused)."),
    ] = "repair",
    no_image: Annotated[
        Literal["keep", "drop"], typer.Option(help="Products without a picture: keep or drop.")
    ] = "keep",
    limit: Annotated[int | None, typer.Option(min=1, help="Keep only the first N products.")] = None,
    mapping: Annotated[
        Path | None, typer.Option(help="TOML file that maps your own table's columns.")
    ] = None,
    encoding: Annotated[
        str | None, typer.Option(help="Text encoding of the table, when it is not UTF-8.")
    ] = None,
    weights: Annotated[Path | None, typer.Option(help="A folder to look for model weights in first.")] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Do not ask a hub for weights.")] = False,
    runtime: Annotated[
        Literal["torch", "openvino"] | None,
        typer.Option(help="What computes the models. Default: the faster one here (see MPSR_RUNTIME)."),
    ] = None,
    index: Annotated[
        Literal["exact", "ivf"] | None, typer.Option(help="FAISS index. Default: by size.")
    ] = None,
    learned: Annotated[
        Literal["auto", "train", "shipped", "paper"],
        typer.Option(
            help="Towers of the learned space: train them, take the shipped ones, or (paper) do without."
        ),
    ] = "auto",
    as_json: JsonOption = False,
) -> None:
    """Build a store from a catalogue: clean it, embed it, train the learned space, index.

    Finished stages are reused. To resume an interrupted build, run the same command again.
    """
    from mpsr.catalogue import Policies, read_mapping
    from mpsr.cli.console import ConsoleReporter, print_json
    from mpsr.encoders import profiles
    from mpsr.pipeline import build as run
    from mpsr.service import open_service
    from mpsr.stages.settings import Settings
    from mpsr.store import Store
    from mpsr.store.naming import store_for

    settings = Settings(
        profile=profiles.profile(profile),
        policies=Policies(
            rows=rows,
            no_image=no_image,
            limit=limit,
            encoding=encoding,
        ),
        mapping=read_mapping(mapping) if mapping else None,
        weights=weights,
        offline=offline,
        runtime=runtime,
        index=index,
        learned=learned,
    )
    target = store or store_for(source)
    with ConsoleReporter() as reporter:
        run(source, Store(target), settings, reporter)
    info_of = open_service(target, verify=False).info()
    if as_json:
        print_json(info_of)
    else:
        typer.echo(_info_text(info_of))


@app.command()
def info(store: StoreOption = None, as_json: JsonOption = False) -> None:
    """What a store is: source, figures, models, index and its recall."""
    from mpsr.cli.console import print_json
    from mpsr.service import open_service

    facts = open_service(store).info()
    if as_json:
        print_json(facts)
    else:
        typer.echo(_info_text(facts))


@app.command()
def similar(
    product: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="A product's id, for example 9065.")
    ] = None,
    store: StoreOption = None,
    words: Annotated[
        list[str] | None, typer.Option("--words", help='Words, for example "red running shoes".')
    ] = None,
    photo: Annotated[
        list[Path] | None, typer.Option("--photo", help="A picture file, at most 10 MB.")
    ] = None,
    more: Annotated[list[str] | None, typer.Option("--more", help="Id of a product: more like it.")] = None,
    less: Annotated[
        list[str] | None, typer.Option("--less", help="Id of a product: less like it, at half the weight.")
    ] = None,
    k: Annotated[int, typer.Option("-k", "--k", help="How many neighbours.")] = 5,
    space: Annotated[str | None, typer.Option(help="paper or learned. Default: the store's first.")] = None,
    weights: Annotated[
        str, typer.Option(help="How much text and image count, for example text=0.7,image=0.3.")
    ] = "text=0.5,image=0.5",
    where: WhereOption = None,
    refused: NotOption = None,
    ranges: RangeOption = None,
    same: SameOption = None,
    at_most: AtMostOption = None,
    hide_variants: Annotated[
        bool, typer.Option("--hide-variants", help="One product of those with the same name or picture.")
    ] = False,
    diversity: Annotated[
        float, typer.Option(help="From 0, the most similar, to 1, the most diverse of the similar.")
    ] = 0.0,
    as_json: JsonOption = False,
) -> None:
    """Find the products most similar to a product, words, a photo or a mix; each score is split into text and image.

    Everything given is added up; --less is subtracted at half weight: mpsr similar 9065 --words red --less 1163
    """
    from mpsr.cli.console import print_json
    from mpsr.search.background import MATCH_PERCENTILE
    from mpsr.search.request import Request, weights_of
    from mpsr.service import open_service
    from mpsr.types import Query

    request = Request(
        Query(tuple(_parts([*([product] if product else []), *(more or [])], words, photo, less))),
        k,
        space,
        weights_of(weights),
        where_of(where, refused, ranges, same),
        hide_variants,
        diversity,
        limits_of(at_most),
    )
    found = open_service(store).search(request)
    if as_json:
        print_json(found.as_json())
        return
    typer.echo(f"{found.label['id']}  {found.label['name']}\n".lstrip(" "))
    typer.echo(f"{'':>3}  {'score':>7} = {'text':>7} + {'image':>7}   {'id':>7}  name")
    for rank, item in enumerate(found.neighbours, 1):
        typer.echo(
            f"{rank:>3}  {item.score:7.4f} = {item.text:7.4f} + {item.image:7.4f}   {item.id:>7}  {item.name}"
        )
    if not found.neighbours:
        typer.echo("no other product passes the filters")
    elif not found.good:
        threshold, share = f"{found.match_threshold:.4f}", f"{MATCH_PERCENTILE:.0%}"
        typer.echo(f"no good match: all scores are below {threshold}, like those of {share} of random pairs")


def _parts(
    more: list[str], words: list[str] | None, photos: list[Path] | None, less: list[str] | None
) -> Iterator[Part]:
    """The parts of a query from what was typed.

    Raises:
        InputError: nothing to look for, or a photo that cannot be read.
    """
    from mpsr.catalogue.pictures import MAX_UPLOAD_BYTES
    from mpsr.types import LESS, Part

    if not (more or words or photos):
        raise InputError("nothing to look for. Give a product's id, --words TEXT or --photo FILE.")
    yield from (Part(product=one) for one in more)
    yield from (Part(words=text) for text in words or [])
    for path in photos or []:
        try:
            with path.open("rb") as file:
                yield Part(picture=file.read(MAX_UPLOAD_BYTES + 1))
        except OSError as error:
            raise InputError(f"--photo {path} cannot be read: {error.strerror}.") from error
    yield from (Part(product=one, weight=LESS) for one in less or [])


@app.command()
def fetch(
    hub: Annotated[Literal["kaggle", "huggingface"], typer.Argument(help="Where to fetch from.")],
    to: Annotated[Path, typer.Option("--to", help="Folder to put the catalogue in.")] = Path("catalogue"),
    as_json: JsonOption = False,
) -> None:
    """Bring the real data set: "Fashion Product Images (Small)", 44,446 rows."""
    from mpsr.catalogue.fetch import fetch as run
    from mpsr.cli.console import print_json

    found = run(hub, to)
    if as_json:
        print_json({"hub": hub, "catalogue": str(found)})
    else:
        typer.echo(f"{found}\nNext:  mpsr build {found}")


@app.command("train-encoder")
def train_encoder(
    sources: Annotated[
        list[Path],
        typer.Argument(metavar="SOURCE...", help="Catalogues with pictures; the report is on the first."),
    ],
    out: Annotated[Path, typer.Option(help="Folder for checkpoint, report and the finished encoder.")] = Path(
        "encoder"
    ),
    architecture: Annotated[str, typer.Option(help="resnet18, resnet34 or resnet50.")] = "resnet18",
    epochs: Annotated[int, typer.Option(min=1, help="Passes over the training side.")] = 12,
    heights: Annotated[str, typer.Option(help="Picture heights, growing, one a stage.")] = "64,80,96",
    batch_size: Annotated[int, typer.Option(min=2)] = 128,
    learning_rate: Annotated[float, typer.Option(help="Peak of the one-cycle schedule.")] = 3e-3,
    seed: Annotated[int, typer.Option()] = 1,
    init: Annotated[Path | None, typer.Option(help="A finished encoder to start from.")] = None,
    further: Annotated[
        float, typer.Option(min=0, max=1, help="Share of the further sources' pictures an epoch sees.")
    ] = 1.0,
    as_json: JsonOption = False,
) -> None:
    """Train the picture encoder of the embedded profile; goes on from a checkpoint in --out.

    Products are split by family (same name, or near-identical picture) into train, validation and test; the
    report is the accuracy on products never seen.
    """
    from dataclasses import asdict

    from mpsr.cli.console import print_json
    from mpsr.training.train import TrainingSettings
    from mpsr.training.train import train_encoder as run

    try:
        sizes = tuple(int(height) for height in heights.split(","))
    except ValueError as error:
        raise InputError(f"--heights is {heights!r}. Expected numbers such as 64,80,96.") from error
    if min(sizes) < 32 or max(sizes) > 512:
        raise InputError(f"--heights is {heights!r}. Expected numbers from 32 to 512.")
    settings = TrainingSettings(
        architecture=architecture,
        epochs=epochs,
        heights=sizes,
        batch_size=batch_size,
        learning_rate=learning_rate,
        seed=seed,
        init=str(init) if init else None,
        further=further,
    )
    report = run(sources, out, settings, lambda line: typer.echo(line, err=True))
    if as_json:
        print_json(asdict(report) | {"encoder": str(out)})
        return
    typer.echo(f"\nAccuracy on products never seen (input height {report.height}):")
    for task, accuracy in report.test.items():
        typer.echo(f"  {task:<12} {accuracy:.3f}   (most frequent label: {report.majority[task]:.3f})")
    for name, value in report.retrieval.items():
        typer.echo(f"  {name:<20} {value:.3f}")
    typer.echo(f"\nThe encoder is in {out}.")


@app.command()
def demo(
    to: Annotated[Path, typer.Option("--to", help="A new folder for it.")] = Path("demo-catalogue"),
    as_json: JsonOption = False,
) -> None:
    """Write the demo catalogue, 1,500 drawn products, as a folder to look at and to build from."""
    from mpsr.cli.console import print_json
    from mpsr.demo import write_demo

    folder = write_demo(to)
    if as_json:
        print_json({"catalogue": str(folder)})
    else:
        typer.echo(f"{folder}\nNext:  mpsr build {folder}")


@app.command("app")
def open_app(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to serve on.")] = 8501,
    address: Annotated[str, typer.Option(help="Address to listen on.")] = "localhost",
) -> None:
    """Open the app on the newest store; with no store yet, build the demo catalogue's first."""
    from mpsr.assets import app_folder
    from mpsr.store import known_stores

    if not known_stores():
        _build_demo()
    script = [
        "-m",
        "streamlit",
        "run",
        "streamlit_app.py",
        f"--server.port={port}",
        f"--server.address={address}",
    ]
    os.chdir(app_folder())
    os.execv(sys.executable, [sys.executable, *script])


def _build_demo() -> None:
    """Build the demo store the way any catalogue is built."""
    from mpsr.cli.console import ConsoleReporter
    from mpsr.demo import DEMO_STORE, demo_folder
    from mpsr.pipeline import build as run
    from mpsr.store import Store, stores_folder

    typer.echo("No store yet: building the demo catalogue's (once, about a minute).", err=True)
    with ConsoleReporter() as reporter:
        run(demo_folder(), Store(stores_folder() / DEMO_STORE), report=reporter)


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(__version__)


def _info_text(facts: StoreInfo) -> str:
    rows, index = facts["catalogue"], facts["index"]
    lines = [
        f"store      {facts['store']}",
        f"source     {facts['source']}",
        f"profile    {facts['profile']}, built in {facts['seconds']} s, {facts['bytes'] / 1e6:.0f} MB",
        f"rows       {rows['rows_read']:,} read, {rows['rows_kept']:,} kept, {rows['rows_repaired']:,} repaired",
        *(f"           {count:,} rejected: {reason}" for reason, count in rows["rejected"].items()),
        *_further(rows.get("rows_joined", 0), "hold only a further picture of their product"),
        *(
            f"           {n:,} values not understood: {name}"
            for name, n in rows.get("unread_values", {}).items()
        ),
        f"pictures   {rows['pictures_found']:,} found, {rows['pictures_missing']:,} products without one",
        *(f"           {count:,} refused: {reason}" for reason, count in rows["pictures_refused"].items()),
        *_further(rows.get("pictures_unused", 0), "in the source are no product's"),
        *(
            f"{stage:<10} {model['model']}, {model.get('per_second', 0):,} a second "
            f"by {model.get('runtime', 'torch')} on {model['device']} in {model['parameters']['precision']}, "
            f"SHA-256 {model['parameters']['weights'][:12]}…"
            for stage, model in facts["models"].items()
        ),
        *(f"space      {name}: {space['dimension']} dimensions" for name, space in facts["spaces"].items()),
        f"index      {index['kind']}, recall@5 {index['recall@5']:.4f}",
        f"snapshot   {facts['snapshot'][:12]}…",
    ]
    return "\n".join(lines)


def _further(count: int, what: str) -> list[str]:
    """A line on a figure that is seldom above 0; older stores do not hold it."""
    return [f"           {count:,} {what}"] if count else []


if __name__ == "__main__":
    main()
