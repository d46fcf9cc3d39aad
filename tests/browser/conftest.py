"""One server and one browser for all browser tests, on two small stores: drawn products, and hostile ones.

Marked ``browser`` and kept on one worker; skipped with a reason where there is no chromium.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, TypeVar
from urllib.parse import urlencode

import pandas as pd
import pytest

from tests.conftest import COLOURS, picture_bytes

ROOT = Path(__file__).parents[2]

#: Names a browser may be started by.
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

#: Text that does harm wherever it is taken for HTML, an attribute, a link or Markdown.
ATTACKS = (
    "<img src=x onerror=alert(1)>",
    '"><script>alert(2)</script>',
    "' onmouseover='alert(3)' x='",
    "[press](javascript:alert(4)) ![x](http://a.example/p.png)",
    ":material/home: :red[red] :smile: $\\frac12$ `code` **bold**",
    "</style><svg onload=alert(5)>",
    "${alert(6)} {{alert(7)}} javascript:alert(8)",
    '=HYPERLINK("http://a.example";"x")',
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests of this folder share one worker, as they share one server."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            # A browser on two busy cores is late now and then. A fault fails both times, and a rerun is reported.
            item.add_marker(pytest.mark.flaky(reruns=1))
            item.add_marker(pytest.mark.xdist_group("browser"))


def _give_up(reason: str) -> NoReturn:
    """Skip, unless ``MPSR_BROWSER=required`` says that there must be a browser."""
    if os.environ.get("MPSR_BROWSER") == "required":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="package")
def chromium() -> Iterator:
    """A browser without a window.

    Of this package alone: while playwright is open, ``asyncio.run`` fails in every test of the process.
    """
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        _give_up(f"no browser: none of {', '.join(BROWSERS)} is installed")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _give_up("no playwright: pip install -e '.[test]'")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def shown_stores(tmp_path_factory: pytest.TempPathFactory, chromium, demo_store: Path) -> Path:
    """A folder of two stores: "attack", and the newer "drawn" of the demo's first products."""
    from mpsr.catalogue import read_mapping
    from mpsr.encoders.profiles import profile
    from mpsr.pipeline import build
    from mpsr.stages.settings import Settings
    from mpsr.store import Store
    from mpsr.store.layout import CURRENT

    stores = tmp_path_factory.mktemp("shown")
    attack = hostile_catalogue(tmp_path_factory.mktemp("attack"))
    mapping = read_mapping(attack / "mapping.toml")
    build(attack, Store(stores / "attack"), Settings(profile("embedded"), mapping=mapping))
    shutil.copytree(demo_store, stores / "drawn")
    (stores / "drawn" / CURRENT).touch()  # the newest
    return stores


def hostile_catalogue(folder: Path) -> Path:
    """Products whose every text is an attack, in a Parquet table with columns of its own."""
    (folder / "photos").mkdir()
    columns = ["gender", "masterCategory", "subCategory", "articleType", "baseColour", "season", "usage"]
    rows = []
    for number, attack in enumerate(ATTACKS * 2):
        product = f"{attack}{number}".replace("/", "|")
        name = f"{attack} {number}"
        rows.append({"id": product, "productDisplayName": name, "file": f"photos/{number}.jpg", "year": 2012})
        rows[-1] |= dict.fromkeys([*columns, "brand", "<b>column</b> :smile:"], attack)
        colour = list(COLOURS.values())[number % len(COLOURS)]
        (folder / "photos" / f"{number}.jpg").write_bytes(picture_bytes(colour, size=(60, 80)))
    rows.append({**rows[0], "file": "none.jpg"})  # an id that is there already: a reject with that id
    pd.DataFrame(rows).to_parquet(folder / "products.parquet")
    names = "\n".join(f'{name} = "{name}"' for name in ["id", "productDisplayName", "year", *columns])
    (folder / "mapping.toml").write_text(
        f'table = "products.parquet"\n[columns]\n{names}\npicture = "file"\n'
    )
    return folder


@pytest.fixture(scope="package")
def server(shown_stores: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app as ``streamlit run`` serves it; yields its address."""
    with serving(shown_stores, tmp_path_factory.mktemp("server")) as address:
        yield address


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextmanager
def serving(
    stores: Path, folder: Path, port: int = 0, options: Sequence[str] = (), **variables: str
) -> Iterator[str]:
    """The app on these stores, its boards and its log in a folder; its address."""
    port = port or free_port()
    log = folder / "log"
    environment = os.environ | {
        "MPSR_STORES": str(stores),
        "MPSR_BOARDS_URL": f"sqlite:///{folder / 'boards.db'}",
        "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
        **variables,
    }
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", f"--server.port={port}"]
    command += ["--server.headless=true", "--server.address=127.0.0.1", *options]
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT)
    try:
        wait_for(f"http://127.0.0.1:{port}/_stcore/health", process, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def wait_for(address: str, process: subprocess.Popen, log: Path, seconds: float = 180) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                if answer.read() == b"ok":
                    return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the server did not come up:\n{log.read_text(errors='replace')}")


T = TypeVar("T")


@dataclass
class Visitor:
    """Somebody with a browser of their own."""

    page: object
    server: str
    dialogs: list[str]
    errors: list[str]
    strange: list[str]

    def open(self, path: str = "/", **address: str | list[str]) -> Visitor:
        """Go to a page of the app and wait until it is there."""
        self.page.goto(f"{self.server}{path}?{urlencode(address, doseq=True)}")
        return self.settled()

    def settled(self) -> Visitor:
        """Wait until the script has run and everything is drawn, and stays so for a moment.

        Between a click and the run it starts, the page looks as settled as after that run.
        """
        self.page.wait_for_selector("[data-testid=stMainBlockContainer] h1", timeout=60_000)
        self.page.evaluate("() => { window.mpsrBusy = performance.now(); }")
        self.page.wait_for_function(
            """() => {
              const state = document.querySelector('[data-testid=stApp]')?.dataset.testScriptState;
              const drawing = document.querySelector('[data-testid=stSkeleton], [data-testid=stSpinner]');
              window.mpsrBusy ??= performance.now();
              if (state !== 'notRunning' || drawing) window.mpsrBusy = performance.now();
              return performance.now() - window.mpsrBusy >= 200;
            }""",
            timeout=60_000,
        )
        return self

    def eventually(self, read: Callable[[], T], expected: T, seconds: float = 30) -> Visitor:
        """Wait until what is read from the page equals what is expected; fail with both where it never does."""
        end = time.monotonic() + seconds
        while read() != expected and time.monotonic() < end:
            self.page.wait_for_timeout(100)
        assert read() == expected
        return self

    def reads(self, selector: str, text: str) -> Visitor:
        """Wait until the elements' texts hold a text, whatever kind of spaces it has."""
        return self.eventually(
            lambda: text in " ".join(self.texts(selector)).replace("\u00a0", " "), expected=True
        )

    def shows(self, results: list[str]) -> Visitor:
        """Wait until the results are these."""
        return self.eventually(lambda: self.results, results)

    def until(self, condition: str) -> Visitor:
        """Wait for a condition in JavaScript, then for the page to settle."""
        self.page.wait_for_function(condition, timeout=60_000)
        return self.settled()

    def address_has(self, text: str) -> Visitor:
        """Wait until the address bar holds a text, unquoted."""
        return self.until(
            f"() => decodeURIComponent(location.search).replaceAll('+', ' ').includes({text!r})"
        )

    def button(self, name: str):
        """The buttons of that text."""
        return self.page.get_by_role("button", name=re.compile(rf"^{re.escape(name)}(: .*)?$", re.DOTALL))

    def press(self, name: str, place: int = 0) -> Visitor:
        """Press the n-th button of that text; in a card its name goes on with what the card is about."""
        self.button(name).nth(place).click()
        return self

    def texts(self, selector: str) -> list[str]:
        """The visible texts of the elements."""
        return self.page.locator(selector).all_inner_texts()

    @property
    def query(self) -> str:
        """The address's query, unquoted."""
        return self.page.evaluate("decodeURIComponent(location.search)")

    @property
    def results(self) -> list[str]:
        """Names of the results with their ranks."""
        return [text for text in self.texts(".mpsr-name") if text[:1].isdigit()]


@pytest.fixture
def visitor(chromium, server: str) -> Iterator[Visitor]:
    """A fresh visitor at 1400 pixels; nothing may raise a dialog, break, or leave this machine."""
    with visiting(chromium, server) as one:
        yield one
        assert not one.dialogs
        assert not one.strange
        assert not one.errors


@pytest.fixture
def another(chromium, server: str) -> Iterator[Callable[..., Visitor]]:
    """More visitors: of another width, with a dark screen, ..."""
    opened: list[visiting] = []

    def enter(**options: object) -> Visitor:
        opened.append(visiting(chromium, server, **options))
        return opened[-1].__enter__()

    yield enter
    for one in opened:
        one.__exit__()


class visiting:  # noqa: N801 - reads as a with statement
    """A browser context of its own, watched."""

    def __init__(self, browser, server: str, width: int = 1400, **options: object) -> None:
        self._context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        page = self._context.new_page()
        self._visitor = Visitor(page, server, [], [], [])
        page.on("dialog", self._dialog)
        page.on("pageerror", lambda error: self._visitor.errors.append(str(error)))
        page.on("request", self._request)
        page.on("console", self._console)

    def _dialog(self, dialog) -> None:
        self._visitor.dialogs.append(dialog.message)
        dialog.dismiss()

    def _console(self, message) -> None:
        """What the page may not do by the server's policy is told on the console."""
        if "Content Security Policy" in message.text:
            self._visitor.errors.append(message.text)

    def _request(self, request) -> None:
        if not request.url.startswith(
            (self._visitor.server, "data:", "blob:", self._visitor.server.replace("http", "ws"))
        ):
            self._visitor.strange.append(request.url)

    def __enter__(self) -> Visitor:
        return self._visitor

    def __exit__(self, *_: object) -> None:
        self._context.close()
