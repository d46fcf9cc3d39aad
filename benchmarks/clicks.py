"""How long the server takes to answer a click on the Find page: ``python -m benchmarks.clicks [STORE]``.

Runs the app's script the way a click does, without a browser and without the network, and prints the median and the 95th
percentile of each kind of click in milliseconds. The first page is timed from a start with the store not opened yet.
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
from pathlib import Path

from streamlit.testing.v1 import AppTest

from mpsr.assets import app_folder
from mpsr.service import Service, open_service

Click = Callable[[AppTest, Service, int], None]


def timed(app: AppTest) -> float:
    """Milliseconds of one run of the script."""
    start = time.perf_counter()
    app.run(timeout=120)
    spent = 1000 * (time.perf_counter() - start)
    if app.exception or app.warning:
        raise RuntimeError(str([element.value for element in (*app.exception, *app.warning)]))
    return spent


def at(app: AppTest, **address: str | list[str]) -> None:
    """Go to an address."""
    app.query_params.clear()
    app.query_params.update({name: value for name, value in address.items() if value})


def _another(app: AppTest, service: Service, turn: int) -> None:
    at(app, id=service.random(turn))


def _similar(app: AppTest, service: Service, turn: int) -> None:
    buttons = [button for button in app.button if (button.key or "").startswith("similar-")]
    if buttons:
        buttons[turn % len(buttons)].click()
    else:
        _another(app, service, turn)


def _more(app: AppTest, service: Service, turn: int) -> None:
    at(app, id=[service.random(turn), service.random(turn + 1000)], less=service.random(turn + 2000))


def _filtered(app: AppTest, service: Service, turn: int) -> None:
    product = service.random(turn)
    at(app, **{"id": product, "where.gender": str(service.product(product)["gender"])})


def _weighed(app: AppTest, service: Service, turn: int) -> None:
    at(app, id=service.random(turn), picture=str(5 * (turn % 20)))


def _paper(app: AppTest, service: Service, turn: int) -> None:
    at(app, id=service.random(turn), picture=str(5 * (turn % 20)), space="paper")


def _various(app: AppTest, service: Service, turn: int) -> None:
    at(app, id=service.random(turn), variety="40", variants="hide")


def _fifty(app: AppTest, service: Service, turn: int) -> None:
    at(app, id=service.random(turn), k="50", weak="show")


def _words(app: AppTest, service: Service, turn: int) -> None:
    at(app, words=service.name(service.random(turn)) or "shirt")


def _why(app: AppTest, service: Service, turn: int) -> None:
    product = service.random(turn)
    at(app, id=product, why=service.similar(product, 1).neighbours[0].id)


KINDS: dict[str, Click] = {
    "find similar": _similar,
    "another product": _another,
    "more and less like": _more,
    "a filter": _filtered,
    "words ↔ picture": _weighed,
    "the paper's space, weighed": _paper,
    "variety, variants hidden": _various,
    "fifty results": _fifty,
    "words (models loaded)": _words,
    "why (models loaded)": _why,
}


def main() -> None:
    """Time every kind of click on a store."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store", type=Path, nargs="?", help="a store's folder; the newest by default")
    parser.add_argument("--turns", type=int, default=20, help="clicks of each kind")
    arguments = parser.parse_args()
    with alone(open_service(arguments.store).root) as service:
        _report(service, arguments.turns)


@contextmanager
def alone(store: Path) -> Iterator[Service]:
    """The store as the only one of the app, with boards that are thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "store").symlink_to(store.resolve(), target_is_directory=True)
        os.environ |= {"MPSR_STORES": folder, "MPSR_BOARDS_URL": f"sqlite:///{folder}/boards.db"}
        yield open_service(store)


def _report(service: Service, turns: int) -> None:
    print(f"{len(service):,} products, {turns} clicks of each kind; milliseconds of the server's time")
    for name, spent in milliseconds(service, turns).items():
        ordered = sorted(spent)
        print(f"{name:<28} {statistics.median(ordered):8.0f} {ordered[int(0.95 * (len(ordered) - 1))]:8.0f}")
    print(f"{'torch loaded':<28} {'yes' if 'torch' in sys.modules else 'no':>8}")


def milliseconds(service: Service, turns: int) -> dict[str, list[float]]:
    """Kind of click → times; the first page with the store not opened yet comes first."""
    app = AppTest.from_file(str(app_folder() / "streamlit_app.py"), default_timeout=120)
    found = {"first page, store opened": [timed(app)]}
    for name, click in KINDS.items():
        spent = []
        for turn in range(turns + 1):
            click(app, service, turn)
            spent.append(timed(app))
        found[name] = spent[1:]  # the first may load models
    return found


if __name__ == "__main__":
    main()
