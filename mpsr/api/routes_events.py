"""Routes about what people do: events are added, and those of a session removed."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import unquote

from fastapi import APIRouter, Path

from mpsr.api.models import Accepted, EventsJson, Forgotten
from mpsr.api.problems import ApiError
from mpsr.api.served import Served, ServedHere
from mpsr.boards.database import READ_ONLY, read_only
from mpsr.clicks import Event, Events

router = APIRouter(prefix="/events", tags=["events"])


@router.post("")
async def events(here: ServedHere, body: EventsJson) -> Accepted:
    """Add events. Those whose id is there already change nothing, so a request can be sent again. Needs write."""
    store = _events(here)
    found = [Event.from_json(event.model_dump()) for event in body.events]
    return Accepted(received=len(found), new=await here.run(store.add, found))


@router.delete("/sessions/{session:path}")
async def forget(
    here: ServedHere,
    session: Annotated[str, Path(description="The session, percent-encoded.", min_length=1)],
) -> Forgotten:
    """Remove all events of a session. Needs write."""
    return Forgotten(removed=await here.run(_events(here).forget, unquote(session)))


def _events(here: Served) -> Events:
    if read_only():
        raise ApiError(403, f"This server is read-only ({READ_ONLY}) and takes no events.")
    if here.events is None:
        raise ApiError(404, "This server takes no events. Start it with --events.")
    return here.events
