"""Takes the pictures of the app's pages that the docs show: ``python docs/screenshots.py``.

Each page once in the light and once in the dark theme, 1,400 and 400 pixels wide, put side by side into one PNG of few
colours. Starts the app by itself on the stores of ``MPSR_STORES``, or of ``--stores``; meant for the demo's alone.
Needs chromium and playwright.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from PIL import Image

from mpsr.boards import Boards
from mpsr.service import Service, open_service
from mpsr.store import known_stores, stores_folder

ROOT = Path(__file__).parents[1]

#: Name of the picture → address it is taken at.
PAGES = {
    "find": "/?id=1005",
    "find-mix": "/?id=1005&words=striped+summer+shirt&where.gender=Women&weak=show",
    "why": "/?id=1005&why={first}",
    "product": "/product?id=1005",
    "map": "/map",
    "boards": "/boards?board={board}",
    "insights": "/insights",
    "quality": "/quality",
    "rules": "/rules?id=1005",
}

#: What the page of rules is shown with; all other pages are shown without rules.
RULES = """[[rule]]
name = "New this week"
action = "pin"
products = ["{pinned}"]
slot = 1
for = {{ products = ["1005"] }}

[[rule]]
name = "Sold out"
action = "exclude"
products = ["{excluded}"]

[[rule]]
name = "Only for the same gender"
action = "require"
where = {{ gender = {{ same = true }} }}

[[rule]]
name = "Winter is over"
action = "bury"
where = {{ season = ["Winter"] }}
amount = 0.1
"""
RULED = ("rules",)

WIDTHS = (1400, 400)
SCHEMES = ("light", "dark")
HEIGHT, GAP, COLOURS = 900, 16, 256

READY = """() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'
    && !document.querySelector('[data-testid=stSkeleton], [data-testid=stSpinner]')"""


@contextmanager
def served(boards: str, rules: Path | None) -> Iterator[str]:
    """The app on a free port, its boards in the database at that URL, with a file of rules or without."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        told = {"MPSR_BOARDS_URL": boards, "MPSR_RULES": str(rules or "")}
        command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", f"--server.port={port}"]
        process = subprocess.Popen([*command, "--server.headless=true"], cwd=ROOT, env=os.environ | told)
        try:
            address = f"http://127.0.0.1:{port}"
            end = monotonic() + 120
            while monotonic() < end:
                try:
                    urllib.request.urlopen(f"{address}/_stcore/health", timeout=5).close()
                    break
                except OSError:
                    sleep(0.3)
            yield address
        finally:
            process.terminate()
            process.wait(20)


def shot(browser: Any, address: str, width: int, scheme: str) -> Image.Image:
    """One page as a visitor sees it."""
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHT}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("[data-testid=stMainBlockContainer]", timeout=120_000)
    page.wait_for_timeout(1500)
    page.wait_for_function(READY, timeout=120_000)
    page.wait_for_timeout(2500)  # charts and pictures are drawn after the script has run
    data = page.screenshot()
    context.close()
    return Image.open(io.BytesIO(data)).convert("RGB")


def filled_board(service: Service, url: str) -> str:
    """A board to show: a product and its nearest; returns its id."""
    found = [item.id for item in service.similar("1005", k=11).neighbours]
    boards = Boards(url)
    board = boards.make("Red for the summer")
    boards.add(board, service.root.name, {product: service.name(product) for product in ("1005", *found)})
    return board


def page_rules(service: Service, path: Path) -> Path:
    """The file of rules: the product's tenth result is pinned, its second excluded."""
    found = [item.id for item in service.similar("1005", k=10).neighbours]
    path.write_text(RULES.format(pinned=found[-1], excluded=found[1]), encoding="utf-8")
    return path


def side_by_side(shots: list[Image.Image]) -> Image.Image:
    """The pictures beside each other, at half their size."""
    small = [one.resize((one.width // 2, one.height // 2), Image.Resampling.LANCZOS) for one in shots]
    width = sum(one.width for one in small) + GAP * (len(small) - 1)
    sheet = Image.new("RGB", (width, max(one.height for one in small)), (128, 128, 128))
    left = 0
    for one in small:
        sheet.paste(one, (left, 0))
        left += one.width + GAP
    return sheet


def save(picture: Image.Image, path: Path) -> None:
    """As a PNG of few colours."""
    few = picture.quantize(COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(path, optimize=True)


def main() -> None:
    """Take them all."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--stores", type=Path, default=stores_folder(), help="folder of stores; the newest is shown"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "pages", help="folder for the pictures")
    parser.add_argument("--only", nargs="*", choices=list(PAGES), default=list(PAGES), help="some pages")
    arguments = parser.parse_args()
    os.environ["MPSR_STORES"] = str(arguments.stores)
    service = open_service(known_stores()[0])
    arguments.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        boards = f"sqlite:///{folder}/boards.db"
        told = {
            "first": service.similar("1005", k=1).neighbours[0].id,
            "board": filled_board(service, boards),
        }
        rules = page_rules(service, Path(folder) / "rules.toml")
        for names, file in ((set(PAGES) - set(RULED), None), (set(RULED), rules)):
            if wanted := [name for name in arguments.only if name in names]:
                with served(boards, file) as server:
                    _take(driver, server, wanted, told, arguments.out)


def _take(driver: Any, server: str, names: list[str], told: dict[str, str], out: Path) -> None:
    browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
    for name in names:
        address = server + PAGES[name].format(**told)
        shots = [shot(browser, address, width, scheme) for width in WIDTHS for scheme in SCHEMES]
        save(side_by_side(shots), out / f"{name}.png")
        if name == "find":
            save(shots[0], out.parent / "find.png")
    browser.close()


if __name__ == "__main__":
    main()
