"""The commands that build a store and describe it: build, info."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from mpsr.cli.options import JsonOption, StoreOption, store_of
from mpsr.errors import InputError

if TYPE_CHECKING:
    from mpsr.search.store_reader import GenerationInfo, StoreInfo
    from mpsr.stages.artefacts import Build
    from mpsr.store.facts import DriftFacts


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(build)
    app.command()(info)


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
    profile: Annotated[
        str, typer.Option(help="The models: embedded (no hub needed), paper, clip, fashion-clip or siglip.")
    ] = "embedded",
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
    refit: Annotated[
        bool,
        typer.Option("--refit", help="Fit scalers, towers and map anew, however little has changed."),
    ] = False,
    compact: Annotated[
        bool,
        typer.Option(
            "--compact", help="Keep only the embeddings that this catalogue uses, each model's in one piece."
        ),
    ] = False,
    engine: Annotated[
        Literal["local", "ray"],
        typer.Option(
            help="Where texts and pictures are encoded: local, or ray, on a Ray cluster (extra ray)."
        ),
    ] = "local",
    address: Annotated[
        str | None,
        typer.Option(help="Of the Ray cluster, ray://HOST:10001 or auto. Default: Ray is started here."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Build a store from a catalogue: clean it, embed it, train the learned space, index.

    Finished stages are reused. To resume an interrupted build, or to bring a store up to date with a catalogue that has
    changed, run the same command again.
    """
    from mpsr.catalogue import Policies, read_mapping
    from mpsr.cli.console import ConsoleReporter
    from mpsr.encoders import profiles
    from mpsr.engines.ray_shards import RayCluster
    from mpsr.pipeline import build as run
    from mpsr.stages.settings import Settings
    from mpsr.store import Store
    from mpsr.store.naming import store_for

    if address is not None and engine != "ray":
        raise InputError(f"--address is {address}, and nothing is built there. Add --engine ray.")
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
        refit=refit,
        compact=compact,
        cluster=RayCluster(address) if engine == "ray" else None,
    )
    target = store or store_for(source)
    with ConsoleReporter() as reporter:
        built = run(source, Store(target), settings, reporter)
    print_build(target, built, as_json)


def print_build(store: Path, built: Build, as_json: bool) -> None:
    """Print what a store is after a build, and how much that build has encoded, which may be nothing."""
    from mpsr.cli.console import print_json
    from mpsr.service import open_service

    facts = open_service(store, verify=False).info()
    for stage, model in facts["models"].items():
        model["encoded"] = built.encoded.get(stage, 0)
    if as_json:
        print_json(facts)
    else:
        typer.echo(_info_text(facts))


def info(store: StoreOption = None, as_json: JsonOption = False) -> None:
    """What a store is: source, figures, models, index and its recall."""
    from mpsr.cli.console import print_json
    from mpsr.service import open_service

    facts = open_service(store).info()
    if as_json:
        print_json(facts)
    else:
        typer.echo(_info_text(facts))


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
        *_further(facts["further_pictures"], "are further pictures of their products"),
        *_further(rows.get("pictures_unused", 0), "in the source are no product's"),
        *(
            f"{stage:<10} {model['model']}, {model['encoded']:,} of {model['distinct']:,} encoded by the last build, "
            f"{model.get('per_second', 0):,} a second "
            f"by {model.get('runtime', 'torch')} on {model['device']} in {model['parameters']['precision']}, "
            f"SHA-256 {model['parameters']['weights'][:12]}…"
            for stage, model in facts["models"].items()
        ),
        *(f"space      {name}: {space['dimension']} dimensions" for name, space in facts["spaces"].items()),
        f"index      {index['kind']}, recall@5 {index['recall@5']:.4f}",
        *_generation(facts["generation"]),
        *_drift(facts["drift"]),
        f"snapshot   {facts['snapshot'][:12]}…",
    ]
    return "\n".join(lines)


def _generation(generation: GenerationInfo | None) -> list[str]:
    """What was fitted to which products, and why then; nothing in stores of older versions."""
    if generation is None or generation["fitted_because"] is None:
        return []
    return [f"fitted     to {generation['products']:,} products, because {generation['fitted_because']}"]


def _drift(drift: DriftFacts | None) -> list[str]:
    """How far the catalogue is from the one that the store was fitted to; nothing where it is that one."""
    if drift is None:
        return []
    return [
        f"drift      {drift['share_changed']:.1%} of the {drift['products']:,} products fitted to: "
        f"{drift['added']:,} added, {drift['removed']:,} removed, {drift['changed']:,} with another text or picture",
        f"           mean moved by {drift['mean_shift']:.3f} deviations, deviations by a factor of "
        f"{drift['scale_ratio']:.3f}; {drift['agreement']:.1%} of the nearest as if fitted anew; "
        f"{drift['unseen_labels']:.1%} with a type, colour or gender not seen before",
    ]


def _further(count: int, what: str) -> list[str]:
    """A line on a figure that is seldom above 0; older stores do not hold it."""
    return [f"           {count:,} {what}"] if count else []
