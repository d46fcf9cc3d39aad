"""The command that finds similar products: similar."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mpsr.cli.filters import AtMostOption, NotOption, RangeOption, SameOption, limits_of, where_of
from mpsr.cli.options import (
    EngineOption,
    JsonOption,
    NoClicksOption,
    NoRulesOption,
    RulesOption,
    StoreOption,
    WhereOption,
)
from mpsr.errors import InputError

if TYPE_CHECKING:
    from mpsr.search.neighbours import Neighbour
    from mpsr.types import Part


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(similar)


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
    lexical: Annotated[
        float | None,
        typer.Option(
            help="Words alone: how much they count as words, from 0 (off) to below 1. Default: 0.5."
        ),
    ] = None,
    rules: RulesOption = None,
    no_rules: NoRulesOption = False,
    no_clicks: NoClicksOption = False,
    engine: EngineOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find the products most similar to a product, words, a photo or a mix; each score is split into its shares.

    In words, "not" and "without" ask for less of the next word.

    Everything given is added up; --less is subtracted at half weight: mpsr similar 9065 --words red --less 1163
    """
    from mpsr.cli.console import print_json
    from mpsr.search.request import Request, weights_of
    from mpsr.service import open_service
    from mpsr.types import LEXICAL_WEIGHT, Query

    request = Request(
        Query(tuple(_parts([*([product] if product else []), *(more or [])], words, photo, less))),
        k,
        space,
        weights_of(weights),
        where_of(where, refused, ranges, same),
        hide_variants,
        diversity,
        limits_of(at_most),
        LEXICAL_WEIGHT if lexical is None else lexical,
        not no_rules,
        not no_clicks,
    )
    service = open_service(store, rules=None if no_rules else rules, engine=engine)
    for told in service.idle_rules:
        typer.echo(f"mpsr: {told}", err=True)
    found = service.search(request)
    if as_json:
        print_json(found.as_json())
        return
    typer.echo(f"{found.label['id']}  {found.label['name']}\n".lstrip(" "))
    exact, ruled = any(item.lexical for item in found.neighbours), bool(found.rules_digest)
    clicked = any(item.click for item in found.neighbours)
    typer.echo(_heading(exact, clicked, ruled))
    for rank, item in enumerate(found.neighbours, 1):
        typer.echo(_line(rank, item, exact, clicked, ruled))
    if not found.neighbours:
        typer.echo("no other product passes the filters" if request.where else "no other product")
    elif not found.good:
        threshold, share = f"{found.match_threshold:.4f}", f"{found.match_percentile:.0%}"
        typer.echo(f"no good match: all scores are below {threshold}, like those of {share} of random pairs")


def _heading(exact: bool, clicked: bool, ruled: bool) -> str:
    further = "".join(
        f" + {name:>7}" for name, shown in (("words", exact), ("clicks", clicked), ("rule", ruled)) if shown
    )
    return f"{'':>3}  {'score':>7} = {'text':>7} + {'image':>7}{further}   {'id':>7}  name"


def _line(rank: int, item: Neighbour, exact: bool, clicked: bool, ruled: bool) -> str:
    """A result with its shares; where rules hold, with what they add, or that it is pinned."""
    clicks = f" + {item.click:7.4f}" if clicked else ""
    words = f" + {item.lexical:7.4f}" if exact else ""
    rule = "" if not ruled else f"   {'pinned':>7}" if item.pinned else f" + {item.rule:7.4f}"
    shares = f"{item.text:7.4f} + {item.image:7.4f}{words}{clicks}{rule}"
    return f"{rank:>3}  {item.score:7.4f} = {shares}   {item.id:>7}  {item.name}"


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
