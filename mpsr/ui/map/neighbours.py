"""The neighbours the map marks: of the selected product, and of words or a photo placed on the map."""

from __future__ import annotations

from dataclasses import dataclass

from mpsr.errors import MPSRError
from mpsr.search.neighbours import Neighbour
from mpsr.search.request import Request
from mpsr.service import Service
from mpsr.types import Part, Query
from mpsr.ui import photos
from mpsr.ui.map.state import MapState

#: Neighbours that are marked and listed, and neighbours that decide the coordinates of something new.
MARKED, PLACED_BY = 8, 15


@dataclass(frozen=True)
class Found:
    """Neighbours, best first, and coordinates.

    Attributes:
        of_product: of the selected product; none when no product is selected.
        of_placed: of the words or the photo; none when nothing is placed.
        rows: in the catalogue, of those the map marks: the product's, else the placed one's.
        placed: coordinates of the words or the photo, None when nothing is placed.
        placed_name: what is placed: the words in quotation marks, or "your photo".
        trouble: why a search failed.
    """

    of_product: tuple[Neighbour, ...] = ()
    of_placed: tuple[Neighbour, ...] = ()
    rows: tuple[int, ...] = ()
    placed: tuple[float, float] | None = None
    placed_name: str = ""
    trouble: str = ""


def neighbours(service: Service, state: MapState) -> Found:
    """The neighbours of the selected product, and those of what is placed."""
    query, name = _placed_query(state)
    try:
        of_placed, placed = _placed(service, query)
        of_product = (
            service.similar(state.picked, k=MARKED, space=service.atlas.space).neighbours
            if state.picked
            else []
        )
    except MPSRError as error:
        return Found(placed_name=name, trouble=str(error))
    marked = of_product or of_placed
    rows = tuple(service.row_of(item.id) for item in marked)
    return Found(tuple(of_product), tuple(of_placed), rows, placed, name)


def _placed(service: Service, query: Query | None) -> tuple[list[Neighbour], tuple[float, float] | None]:
    """The nearest products of something new, and its coordinates from them."""
    if query is None:
        return [], None
    near = service.search(Request(query, PLACED_BY, service.atlas.space)).neighbours
    rows = [service.row_of(item.id) for item in near]
    return near[:MARKED], service.atlas.place_out_of_sample(rows, [item.score for item in near])


def _placed_query(state: MapState) -> tuple[Query | None, str]:
    """What is to be placed and what it is called: the photo, if this session has it, else the words of the address."""
    photo = photos.kept(state.photo)
    if photo is not None:
        return Query((Part(picture=photo),)), "your photo"
    return (Query((Part(words=state.at),)), f"“{state.at}”") if state.at else (None, "")
