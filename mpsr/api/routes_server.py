"""Routes about the server and its store: health, ready, catalogue."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter

from mpsr import __version__
from mpsr.api.models import Catalogue, Health, Ready
from mpsr.api.problems import ApiError
from mpsr.api.served import Served, ServedHere
from mpsr.api.settings import MAX_K
from mpsr.errors import MPSRError

router = APIRouter(tags=["server"])


@router.get("/health")
async def health() -> Health:
    """Whether the process answers at all (liveness). Needs no token."""
    return Health(version=__version__)


@router.get("/ready")
async def ready(here: ServedHere) -> Ready:
    """Whether the store answers: a product's nearest neighbour is looked up. Needs no token."""
    try:
        await here.run(here.service.similar, here.service.ids[0], k=1)
    except (MPSRError, OSError) as error:
        raise ApiError(503, "The store does not answer; the server's log says why.") from error
    return Ready(snapshot=here.snapshot, products=len(here.service))


@router.get("/catalogue")
async def catalogue(here: ServedHere) -> Catalogue:
    """What can be asked here: spaces, columns of filters, counts."""
    return await here.run(_catalogue, here)


def _catalogue(here: Served) -> Catalogue:
    service = here.service
    return Catalogue(
        snapshot=here.snapshot,
        published=service.snapshot.facts["published"],
        products=len(service),
        pictures=sum(map(service.has_picture, service.ids)),
        spaces=service.spaces,
        filter_columns=service.filter_columns,
        number_columns=service.number_columns,
        max_k=MAX_K,
        rules_digest=service.rules_digest,
        rules_error=_without_path(here.rules.error, here.rules.path) if here.rules else "",
        clicks_digest=service.clicks_digest,
        clicks_error=_without_path(here.clicks.error, here.clicks.path),
    )


def _without_path(error: str, path: Path) -> str:
    """The message with the file's name in place of its path."""
    return error.replace(str(path), path.name)
