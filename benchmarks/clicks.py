"""How long the server takes to answer a click, page by page: ``python -m benchmarks.clicks [STORE]``.

Runs the app's script the way a click does, without a browser and without the network, and prints the median and the 95th
percentile of each kind of click in milliseconds. The first page is timed from a start with the store not opened yet. What
a click writes (a product moved on a board) is part of its time. Where other programs use the machine, only the time of
the processor compares: it stands beside.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from mpsr.assets import app_folder
from mpsr.atlas import Shape
from mpsr.boards import Boards
from mpsr.boards.events import obey
from mpsr.errors import StoreError
from mpsr.insights.idset import pack
from mpsr.insights.views import VIEWS
from mpsr.service import Service, open_service

#: What the app calls the store.
STORE = "store"

#: Products on the boards that are looked at.
SMALL, LARGE = 40, 1000

#: Products inside the two lassos.
SOME, MANY = 400, 6000


@dataclass
class Visit:
    """A visitor of the app.

    Attributes:
        app: the app.
        service: its store.
        boards: its boards.
        made: number of products → a board of so many.
    """

    app: AppTest
    service: Service
    boards: Boards
    made: dict[int, str] = field(default_factory=dict)

    def at(self, **address: str | list[str]) -> None:
        """Go to an address."""
        self.app.query_params.clear()
        self.app.query_params.update({name: value for name, value in address.items() if value})

    def draw(self, turn: int) -> str:
        """A product, another at each turn."""
        return self.service.random(turn)

    def board(self, count: int) -> str:
        """The board of so many products, made at the first call."""
        if count not in self.made:
            self.made[count] = self.boards.make(f"{count} products")
            drawn = list(dict.fromkeys(self.draw(turn) for turn in range(2 * count)))[:count]
            self.boards.add(self.made[count], STORE, {one: self.service.name(one) for one in drawn})
        return self.made[count]

    def lasso(self, count: int, turn: int) -> str:
        """A circle around about so many products, around another one at each turn."""
        coordinates = self.service.atlas.coordinates
        x, y = coordinates[self.service.row_of(self.draw(turn))]
        distance = np.sort(np.hypot(*(coordinates - (x, y)).T))  # a product off the map comes last
        radius = float(distance[min(count, int(np.isfinite(distance).sum()) - 1)])
        turns = np.linspace(0, 2 * np.pi, 40, endpoint=False)
        return str(
            Shape(tuple((float(x + radius * np.cos(t)), float(y + radius * np.sin(t))) for t in turns))
        )


#: Prepares a click of a turn; what the click itself does before the page runs is returned.
Click = Callable[[Visit, int], Callable[[], Any] | None]


# -- Find ---------------------------------------------------------------------------------------------------


def _another(visit: Visit, turn: int) -> None:
    visit.at(id=visit.draw(turn))


def _similar(visit: Visit, turn: int) -> None:
    buttons = [button for button in visit.app.button if (button.key or "").startswith("similar-")]
    if buttons:
        buttons[turn % len(buttons)].click()
    else:
        _another(visit, turn)


def _more(visit: Visit, turn: int) -> None:
    visit.at(id=[visit.draw(turn), visit.draw(turn + 1000)], less=visit.draw(turn + 2000))


def _filtered(visit: Visit, turn: int) -> None:
    product = visit.draw(turn)
    visit.at(**{"id": product, "where.gender": str(visit.service.product(product)["gender"])})


def _weighed(visit: Visit, turn: int) -> None:
    visit.at(id=visit.draw(turn), picture=str(5 * (turn % 20)))


def _paper(visit: Visit, turn: int) -> None:
    visit.at(id=visit.draw(turn), picture=str(5 * (turn % 20)), space="paper")


def _various(visit: Visit, turn: int) -> None:
    visit.at(id=visit.draw(turn), diversity="40", variants="hide")


def _fifty(visit: Visit, turn: int) -> None:
    visit.at(id=visit.draw(turn), k="50", weak="show")


def _fifty_and_board(visit: Visit, turn: int) -> None:
    visit.at(id=visit.draw(turn), k="50", weak="show", board=visit.board(LARGE))


def _words(visit: Visit, turn: int) -> None:
    visit.at(words=visit.service.name(visit.draw(turn)) or "shirt")


def _why(visit: Visit, turn: int) -> None:
    product = visit.draw(turn)
    visit.at(id=product, why=visit.service.similar(product, k=1).neighbours[0].id)


# -- Map ----------------------------------------------------------------------------------------------------


def _coloured(visit: Visit, turn: int) -> None:
    visit.at(colour=("baseColour", "gender", "season", "usage")[turn % 4])


def _lit(visit: Visit, turn: int) -> None:
    visit.at(words=("shirt", "blue", "watch", "women dress", "running shoes")[turn % 5])


def _picked(visit: Visit, turn: int) -> None:
    visit.at(id=visit.draw(turn))


def _lassoed(count: int, visit: Visit, turn: int) -> None:
    visit.at(shape=visit.lasso(count, turn))


def _region(visit: Visit, turn: int) -> None:
    visit.at(region=str(turn % len(visit.service.atlas.regions)))


def _turned(visit: Visit, turn: int) -> None:
    visit.at(shape=visit.lasso(MANY, 0), page=str(2 + turn))


def _picked_in_lasso(visit: Visit, turn: int) -> None:
    visit.at(shape=visit.lasso(MANY, 0), id=visit.draw(turn))


# -- Boards -------------------------------------------------------------------------------------------------


def _listed(visit: Visit, turn: int) -> None:
    visit.board(SMALL), visit.board(LARGE)
    visit.at()


def _opened(count: int, visit: Visit, turn: int) -> None:
    visit.at(board=visit.board(count))


def _moved(count: int, visit: Visit, turn: int) -> Callable[[], Any]:
    board = visit.board(count)
    key = list(visit.boards.get(board).keys[turn % count])
    visit.at(board=board)
    return lambda: obey(visit.boards, board, {"done": "move", "key": key, "to": ("down", "first")[turn % 2]})


def _taken_off(count: int, visit: Visit, turn: int) -> Callable[[], Any]:
    board = visit.board(count)
    keys = visit.boards.get(board).keys  # fewer at each turn
    key = list(keys[turn % len(keys)])
    visit.at(board=board)
    return lambda: obey(visit.boards, board, {"done": "remove", "key": key})


def _added(count: int, visit: Visit, turn: int) -> Callable[[], Any]:
    board = visit.board(count)
    product = visit.draw(5000 + turn)
    visit.at(board=board)
    return lambda: visit.boards.add(board, STORE, {product: visit.service.name(product)})


def _page_turned(visit: Visit, turn: int) -> None:
    visit.at(board=visit.board(LARGE), page=str(1 + turn % 16))


# -- Insights -----------------------------------------------------------------------------------------------


def _view(view: str, visit: Visit, turn: int) -> None:
    visit.at(**{"view": view, "gender": ("Men", "Women", "Unisex")[turn % 3]})


def _apart(visit: Visit, turn: int) -> None:
    shape = Shape.parse(visit.lasso(MANY, turn))
    rows = np.flatnonzero(visit.service.atlas.inside(shape))
    ids = pack(rows.tolist(), len(visit.service), visit.service.snapshot.fingerprint)
    visit.at(view="apart", ids=ids)


def _stay(visit: Visit, turn: int) -> None:
    visit.at()


FIND: dict[str, Click] = {
    "find similar": _similar,
    "another product": _another,
    "more and less like": _more,
    "a filter": _filtered,
    "text against picture": _weighed,
    "the paper space, weighted": _paper,
    "diversity, variants hidden": _various,
    "fifty results": _fifty,
    f"fifty, board of {LARGE:,}": _fifty_and_board,
    "text (models loaded)": _words,
    "why (models loaded)": _why,
}

MAP: dict[str, Click] = {
    "opened": _stay,
    "another colouring": _coloured,
    "highlight by words": _lit,
    "a product clicked": _picked,
    "a region": _region,
    f"a lasso around {SOME:,}": partial(_lassoed, SOME),
    f"a lasso around {MANY:,}": partial(_lassoed, MANY),
    "the gallery's next page": _turned,
    "a product clicked, lasso kept": _picked_in_lasso,
}

BOARDS: dict[str, Click] = {
    "the list": _listed,
    **{
        f"{count:,} products: {what}": partial(click, count)
        for count in (SMALL, LARGE)
        for what, click in {
            "opened": _opened,
            "one moved": _moved,
            "one removed": _taken_off,
            "one added": _added,
        }.items()
    },
    f"{LARGE:,} products: next page": _page_turned,
}

INSIGHTS: dict[str, Click] = {
    **{view: partial(_view, view) for view in VIEWS if view != "apart"},
    f"what sets {MANY:,} apart": _apart,
}

#: Page → its kinds of clicks.
PAGES: dict[str, dict[str, Click]] = {
    "find": FIND,
    "map": MAP,
    "boards": BOARDS,
    "insights": INSIGHTS,
    "quality": {"opened": _stay},
}

#: Milliseconds by the clock and of the processor.
Times = list[tuple[float, float]]


def main() -> None:
    """Time every kind of click on a store."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store", type=Path, nargs="?", help="a store's folder; the newest by default")
    parser.add_argument("--turns", type=int, default=20, help="clicks of each kind")
    parser.add_argument("--pages", nargs="+", choices=PAGES, default=list(PAGES), help="all by default")
    arguments = parser.parse_args()
    with alone(open_service(arguments.store).root) as service:
        print(f"{len(service):,} products, {arguments.turns} clicks of each kind; milliseconds of the server")
        print(f"{'':<40} {'median':>8} {'95 %':>8} {'of the processor':>18}")
        for name, times in milliseconds(service, arguments.turns, arguments.pages):
            _tell(name, times)
        print(f"{'torch loaded':<40} {'yes' if 'torch' in sys.modules else 'no':>8}")


@contextmanager
def alone(store: Path) -> Iterator[Service]:
    """The store as the only one of the app, with boards that are thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / STORE).symlink_to(store.resolve(), target_is_directory=True)
        os.environ |= {"MPSR_STORES": folder, "MPSR_BOARDS_URL": f"sqlite:///{folder}/boards.db"}
        yield open_service(store)


def _tell(name: str, times: Times) -> None:
    ordered = sorted(clock for clock, _ in times)
    slow = ordered[int(0.95 * (len(ordered) - 1))]
    processor = statistics.median(spent for _, spent in times)
    print(f"{name:<40} {statistics.median(ordered):8.0f} {slow:8.0f} {processor:18.0f}", flush=True)


def milliseconds(service: Service, turns: int, pages: list[str] | None = None) -> Iterator[tuple[str, Times]]:
    """Page and kind of click, and its times; the first page with the store not opened yet comes first."""
    app = AppTest.from_file(str(app_folder() / "streamlit_app.py"), default_timeout=120)
    with routed():
        yield "first page, store opened", [timed(app)]
        visit = Visit(app, service, Boards())
        for page in pages or list(PAGES):
            visit.at()
            app.switch_page(f"pages/{page}.py").run()
            for name, click in PAGES[page].items():
                try:
                    yield f"{page}: {name}", _times(visit, click, turns)
                except StoreError:  # no map in this store
                    continue


def _times(visit: Visit, click: Click, turns: int) -> Times:
    """The first click is not counted: it may load models."""
    return [timed(visit.app, click(visit, turn)) for turn in range(turns + 1)][1:]


@contextmanager
def routed() -> Iterator[None]:
    """Have the tested app run its router, as the server does; a folder ``pages`` would make it run a page alone."""
    make = PagesManager.__init__

    def told(self: PagesManager, *given: Any, **named: Any) -> None:
        PagesManager.uses_pages_directory = False
        make(self, *given, **named)

    with patch.object(PagesManager, "__init__", told):
        yield


def timed(app: AppTest, work: Callable[[], Any] | None = None) -> tuple[float, float]:
    """Milliseconds of the work of a click and of one run of the script, by the clock and of the processor."""
    start, spent = time.perf_counter(), time.process_time()
    if work is not None:
        work()
    app.run(timeout=120)
    times = 1000 * (time.perf_counter() - start), 1000 * (time.process_time() - spent)
    if app.exception or app.warning:
        raise RuntimeError(str([element.value for element in (*app.exception, *app.warning)]))
    return times


if __name__ == "__main__":
    main()
