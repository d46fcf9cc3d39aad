"""The commands of the HTTP API: serve, token."""

from __future__ import annotations

import importlib.util
import ipaddress
import signal
import socket
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from mpsr.cli.options import EngineOption, JsonOption, NoRulesOption, RulesOption, StoreOption
from mpsr.errors import InputError

if TYPE_CHECKING:
    from mpsr.api.settings import ApiSettings

#: What the extra brings along, as it is imported.
EXTRA = ("fastapi", "uvicorn", "prometheus_client", "multipart")

#: Seconds that requests under way have when the server is stopped.
GRACE = 10


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(serve)
    app.command()(token)


def serve(
    store: StoreOption = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 8080,
    tokens: Annotated[
        Path | None,
        typer.Option(envvar="MPSR_TOKENS", help="File of the tokens that may ask; see mpsr token."),
    ] = None,
    no_auth: Annotated[
        bool, typer.Option("--no-auth", help="Answer everybody who can reach the port.")
    ] = False,
    allow_origin: Annotated[
        list[str] | None,
        typer.Option(help="Site whose pages may read answers, https://shop.example; repeat."),
    ] = None,
    rate: Annotated[float, typer.Option(min=0, help="Requests a second for each token; 0: no limit.")] = 0,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds for an answer.")] = 30,
    rules: RulesOption = None,
    no_rules: NoRulesOption = False,
    engine: EngineOption = None,
    events: Annotated[
        bool, typer.Option("--events", help="Take events of what people click; see MPSR_EVENTS_URL.")
    ] = False,
    interleave: Annotated[
        bool, typer.Option("--interleave", help="Mix the rankings with and without clicks, to compare them.")
    ] = False,
) -> None:
    """Serve a store over HTTP; the documentation is at /v1/docs. For this machine only, unless --host says otherwise.

    Another --host needs tokens, or --no-auth. A new build of the store is taken up by itself, and a file of rules is read
    again when it changes.
    """
    need_api()
    import uvicorn

    from mpsr.api.app import create_app
    from mpsr.api.observe import log_lines
    from mpsr.boards.database import read_only
    from mpsr.clicks import Events
    from mpsr.service import open_service
    from mpsr.shop.live_rules import LiveRules
    from mpsr.shop.live_store import LiveStore

    settings = settings_of(host, tokens, no_auth, tuple(allow_origin or ()), rate, timeout)
    service = open_service(store, engine=engine)
    live = None if rules is None or no_rules else LiveRules(service, rules)
    for told in live.service.idle_rules if live else []:
        typer.echo(f"mpsr: {told}", err=True)
    kept = Events() if events and not read_only() else None
    followed = LiveStore(service, live, partial(open_service, engine=engine))
    app = create_app(service, settings, rules=live, events=kept, interleave=interleave, live=followed)
    log_lines()
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family) as door:
        shown = f"[{host}]" if ":" in host else host
        typer.echo(f"http://{shown}:{door.getsockname()[1]}/v1/docs", err=True)
        config = uvicorn.Config(
            app, access_log=False, server_header=False, log_config=None, timeout_graceful_shutdown=GRACE
        )
        # What stops a service is no failure, and a shell that starts it in the background may have it ignore SIGINT.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            uvicorn.Server(config).run(sockets=[door])
        except KeyboardInterrupt:  # uvicorn has finished what was under way and raises the signal again
            typer.echo("stopped.", err=True)


def settings_of(
    host: str, tokens: Path | None, no_auth: bool, allow_origins: tuple[str, ...], rate: float, timeout: float
) -> ApiSettings:
    """What the server allows.

    Raises:
        InputError: others could reach it, and neither tokens nor --no-auth are given; or both are.
    """
    from mpsr.api.settings import LOCAL_HOSTS, ApiSettings
    from mpsr.api.tokens import read_tokens

    local = is_loopback(host)
    if tokens and no_auth:
        raise InputError(
            f"--no-auth and the token file {tokens} are both given (MPSR_TOKENS?); take one of them."
        )
    if not (local or tokens or no_auth):
        raise InputError(
            f"--host {host} lets other machines ask. Give --tokens FILE (make one with: mpsr token NAME --to FILE), "
            "or --no-auth to answer everybody."
        )
    return ApiSettings(
        tokens=read_tokens(tokens) if tokens else (),
        hosts=LOCAL_HOSTS | {host} if local and not tokens else None,
        allow_origins=allow_origins,
        rate=rate or None,
        timeout=timeout,
    )


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def token(
    name: Annotated[str, typer.Argument(help="Who will use it; logs and limits name it.")],
    scope: Annotated[Literal["read", "write"], typer.Option(help="What it may do.")] = "read",
    to: Annotated[Path, typer.Option("--to", help="Token file to add it to.")] = Path("mpsr-tokens.txt"),
    as_json: JsonOption = False,
) -> None:
    """Make a token for mpsr serve and print it, once; the file gets only its SHA-256."""
    need_api()
    from mpsr.api.tokens import new_token, read_tokens
    from mpsr.cli.console import print_json

    secret, made = new_token(name, scope)
    if to.exists() and name in {token.name for token in read_tokens(to)}:
        raise InputError(
            f"{to} has a token named {name} already. Remove its line first, or take another name."
        )
    with to.open("a", encoding="utf-8") as file:
        file.write(f"{made.line}\n")
    if as_json:
        print_json({"name": name, "scope": scope, "token": secret, "file": str(to)})
    else:
        typer.echo(secret)


def need_api() -> None:
    """Check that what the API is made of is installed.

    Raises:
        InputError: it is not.
    """
    if missing := [name for name in EXTRA if importlib.util.find_spec(name) is None]:
        raise InputError(
            f"this needs the extra api ({', '.join(missing)} not found): pip install 'mpsr[api]'"
        )
