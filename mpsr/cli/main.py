"""The command line: arguments → pipeline or service → text or JSON."""

from __future__ import annotations

import errno
import io
import logging
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from mpsr import __version__
from mpsr.cli import (
    assortment,
    boards,
    build,
    catalogue,
    clicks,
    design,
    evaluation,
    feed,
    fetch,
    publish,
    report,
    serve,
    similar,
    training,
    upkeep,
)
from mpsr.cli.options import EngineOption, JsonOption, RulesOption
from mpsr.errors import InputError, MPSRError

app = typer.Typer(
    name="mpsr",
    help="Similar products from a catalogue's pictures and words.\n\n"
    "Start with:  mpsr build fashion-product-images-small.zip  and then  mpsr similar 9065",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
for commands in (
    build,
    similar,
    assortment,
    catalogue,
    fetch,
    training,
    evaluation,
    boards,
    report,
    design,
    upkeep,
    serve,
    feed,
    clicks,
    publish,
):
    commands.register(app)

STOPPED = "stopped. Run the same command to resume."

#: What typer exits with when it is interrupted, without a word.
INTERRUPTED = 130


def main() -> None:
    """Run the command line. Exit codes: 0 done, 2 wrong use or bad input, 1 anything else."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(
            stream, io.TextIOWrapper
        ):  # a terminal may lack letters, and paths need not be text at all
            stream.reconfigure(errors="backslashreplace")
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
    rules: RulesOption = None,
    engine: EngineOption = None,
) -> None:
    """Open the app on the newest store; with no store yet, build the demo catalogue's first."""
    from mpsr.assets import app_folder
    from mpsr.cli.serving import ENGINE, check_address, keep_paths, secrets_options
    from mpsr.store import known_stores

    check_address(address)
    if rules is not None:
        os.environ["MPSR_RULES"] = str(rules)
    if engine is not None:
        os.environ[ENGINE] = engine
    if not known_stores():
        _build_demo()
    script = [
        "-m",
        "streamlit",
        "run",
        "streamlit_app.py",
        f"--server.port={port}",
        f"--server.address={address}",
        *secrets_options(app_folder()),
    ]
    keep_paths()
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


if __name__ == "__main__":
    main()
