"""Visitors of the app at once, each a real websocket client: ``python -m benchmarks.load``.

Starts the app as ``mpsr app`` does and connects as many clients as ``--visitors``, which speak the protocol of
Streamlit's front end: each opens the first page, waits as long as a person thinks, presses a button of what it was sent,
searches for words or goes to another page, and waits for the end of the answer. An exception on a page, a broken
connection and an answer that takes longer than a minute are errors. Pictures and the browser's drawing are left out.
``--minutes 15`` shows whether the server's memory grows.

Where other programs use the machine, only the processor time per click compares.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.machine import machine
from benchmarks.start import _wait
from mpsr.assets import app_folder
from mpsr.store import known_stores

#: Seconds after which an answer counts as an error, and that the server has to start.
LIMIT, START = 60, 300

#: How often the server's memory is looked at in a run.
SAMPLES = 10

#: Starts of the keys of the buttons that a visitor presses; the share of clicks that press one; and of those that search.
PRESSED, PRESSES, SEARCHES = ("similar-", "more-", "less-", "why-"), 0.6, 0.2

WORDS = ("blue shirt", "leather shoes", "summer dress", "watch", "black bag", "running shoes", "red", "jeans")


@dataclass
class Visitor:
    """One visitor: what the front end remembers between two answers.

    Attributes:
        socket: the connection.
        rng: draws what is clicked on.
        buttons: ids of the buttons of the page that are pressed, each with the fragment it belongs to ("" is none).
        pages: hashes of the pages in the menu.
        page: hash of the page that is shown.
        query: query string of the address.
    """

    socket: ClientConnection
    rng: random.Random
    buttons: dict[str, str] = field(default_factory=dict)
    pages: list[str] = field(default_factory=list)
    page: str = ""
    query: str = ""

    async def click(self) -> int:
        """One click; bytes of its answer."""
        drawn = self.rng.random()
        if drawn < PRESSES and self.buttons:
            pressed = self.rng.choice(list(self.buttons))
            return await self.ask(pressed, self.buttons[pressed])
        if drawn < PRESSES + SEARCHES or not self.pages:
            self.query = f"words={self.rng.choice(WORDS)}"
            self.page = self.pages[0] if self.pages else ""
        else:
            self.page, self.query = self.rng.choice(self.pages), ""
        return await self.ask()

    async def ask(self, pressed: str = "", fragment: str = "") -> int:
        """Have the script run, as the front end does after a click, and read its answer to the end."""
        message = BackMsg()
        state = message.rerun_script
        state.query_string, state.page_script_hash, state.fragment_id = self.query, self.page, fragment
        if pressed:
            widget = state.widget_states.widgets.add()
            widget.id, widget.trigger_value = pressed, True
        await self.socket.send(message.SerializeToString())
        read = 0
        if not fragment:
            self.buttons.clear()
        while True:
            data = await self.socket.recv(decode=False)
            read += len(data)
            if self.read(ForwardMsg.FromString(data)):
                return read

    def read(self, message: ForwardMsg) -> bool:
        """Remember what a message says; whether it ends the answer.

        Raises:
            RuntimeError: it is an exception.
        """
        kind = message.WhichOneof("type")
        if kind == "script_finished":
            # One that ends early is followed by the run that took its place.
            return message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
        if kind == "navigation":
            self.page = message.navigation.page_script_hash
            self.pages = [
                page.page_script_hash for page in message.navigation.app_pages if not page.is_hidden
            ]
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            if element.WhichOneof("type") == "exception":
                raise RuntimeError(f"{element.exception.type}: {element.exception.message}")
            if element.WhichOneof("type") == "button" and any(key in element.button.id for key in PRESSED):
                self.buttons[element.button.id] = message.delta.fragment_id
        return False


@dataclass
class Told:
    """What the visitors have measured together: seconds and bytes a click, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


async def visit(address: str, seed: int, think: float, end: float, told: Told) -> None:
    """One visitor, until the end; one whose visit fails begins anew."""
    rng = random.Random(seed)
    while time.perf_counter() < end:
        try:
            # Streamlit's own front end names this protocol; like a browser, it sends no pings.
            protocol: Any = ["streamlit"]
            async with connect(address, subprotocols=protocol, max_size=None, ping_interval=None) as opened:
                visitor = Visitor(opened, rng)
                async with asyncio.timeout(LIMIT):
                    await visitor.ask()  # opening the page is no click
                while time.perf_counter() < end:
                    await asyncio.sleep(rng.uniform(0.5, 1.5) * think)
                    began = time.perf_counter()
                    async with asyncio.timeout(LIMIT):
                        told.sizes.append(await visitor.click())
                    told.seconds.append(time.perf_counter() - began)
        except Exception as error:  # whatever went wrong is one error of this visit
            told.errors.append(f"{type(error).__name__}: {error}")
            await asyncio.sleep(1)


@contextmanager
def served(store: Path, boards: Path) -> Iterator[tuple[psutil.Process, int]]:
    """The app with this one store, in a process of its own, and its port."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", f"--server.port={port}"]
    command += ["--server.headless=true", "--server.address=localhost", "--browser.gatherUsageStats=false"]
    told = {"MPSR_STORES": str(store.resolve().parent), "MPSR_BOARDS_URL": f"sqlite:///{boards}"}
    with (boards.with_name("server.log")).open("wb") as log:
        server = subprocess.Popen(
            command, cwd=app_folder(), env={**os.environ, **told}, stdout=log, stderr=log
        )
        try:
            _wait(f"http://localhost:{port}/_stcore/health", START)
            yield psutil.Process(server.pid), port
        finally:
            server.terminate()
            server.wait()


def spent(server: psutil.Process) -> float:
    """Seconds of processor that the server has used."""
    times = server.cpu_times()
    return float(times.user + times.system)


async def watch(server: psutil.Process, every: float, samples: list[float]) -> None:
    """The server's memory in MB, now and again, until it is cancelled."""
    while True:
        samples.append(server.memory_info().rss / 1e6)
        await asyncio.sleep(every)


async def load(address: str, server: psutil.Process, options: argparse.Namespace) -> dict[str, Any]:
    """All visitors at once; the figures."""
    warm = Told()
    await visit(
        address, 0, 0.0, time.perf_counter() + options.warm, warm
    )  # models and tables are loaded once
    told, before, began = Told(), spent(server), time.perf_counter()
    lasts = 60 * options.minutes or options.seconds
    end, memory = began + lasts, list[float]()
    watching = asyncio.create_task(watch(server, lasts / SAMPLES, memory))
    await asyncio.gather(
        *(visit(address, one, options.think, end, told) for one in range(1, options.visitors + 1))
    )
    watching.cancel()
    took, used = time.perf_counter() - began, spent(server) - before
    if len(told.seconds) < 2:
        sys.exit(f"no click was answered: {(warm.errors + told.errors)[:3]}")
    cuts = statistics.quantiles(told.seconds, n=20, method="inclusive")
    return {
        "visitors": options.visitors,
        "think_s": options.think,
        "clicks": len(told.seconds),
        "clicks_per_s": len(told.seconds) / took,
        "p50_s": cuts[9],
        "p95_s": cuts[18],
        "errors": len(told.errors),
        "server_memory_mb": server.memory_info().rss / 1e6,
        "memory_at_start_mb": memory[0],
        "memory_over_time_mb": [round(one) for one in memory],
        # Opening each visitor's first page is among it.
        "server_cpu_per_click_s": used / (len(told.seconds) + options.visitors),
        "kb_per_click": statistics.mean(told.sizes) / 1000,
        "first_errors": told.errors[:5],
    }


def main() -> None:
    """Print the figures of one run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--store", type=Path, help="default: the newest")
    parser.add_argument("--visitors", type=int, default=20)
    parser.add_argument(
        "--think", type=float, default=3.0, help="mean seconds between an answer and the next click"
    )
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--minutes", type=float, default=0.0, help="in place of seconds")
    parser.add_argument(
        "--warm", type=float, default=10.0, help="seconds of one visitor before it is measured"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    store = options.store or next(iter(known_stores()), None)
    if store is None:
        sys.exit("There is no store. Give one with --store, or build one: mpsr demo")
    with tempfile.TemporaryDirectory() as folder, served(store, Path(folder) / "boards.db") as (server, port):
        figures = asyncio.run(load(f"ws://localhost:{port}/_stcore/stream", server, options))
    if options.json:
        print(json.dumps(figures | {"machine": machine(), "load_average": os.getloadavg()}, indent=1))
        return
    for name, value in figures.items():
        print(f"{name:24} {value:.3f}" if isinstance(value, float) else f"{name:24} {value}")


if __name__ == "__main__":
    main()
