"""How soon one can begin: importing the library, and the app from its start to the first product picture."""

from __future__ import annotations

import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from benchmarks.figures import OURS, Measured, Scale

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def measure(scale: Scale) -> Measured:
    """Both, the first of several tries left out: it fills the disk's cache."""
    found = Measured()
    seconds = [imported() for _ in range(scale.repeats + 1)][1:]
    found.add("start", "import mpsr, seconds", {OURS: statistics.median(seconds)})
    seconds = [opened(scale.store) for _ in range(scale.repeats + 1)][1:]
    found.add("start", "opening the store, its files verified, seconds", {OURS: statistics.median(seconds)})
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError:
        browser = None
    if browser is None:
        found.details["app"] = "not measured: needs chromium and the Python package playwright"
        return found
    times = [app(scale.store, browser) for _ in range(min(scale.repeats, 3) + 1)][1:]
    server, picture = (statistics.median(values) for values in zip(*times, strict=True))
    found.add("start", "app: from an address typed to its first picture, seconds", {OURS: picture})
    found.add(
        "start", "app: from starting the server to its first picture, seconds", {OURS: server + picture}
    )
    return found


def _timed(program: str, *arguments: str) -> float:
    """Seconds that a program prints about itself."""
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], check=True, capture_output=True, text=True
    )
    return float(done.stdout)


def imported() -> float:
    """``import mpsr`` in a fresh process."""
    return _timed("import time; b = time.perf_counter(); import mpsr; print(time.perf_counter() - b)")


def opened(store: Path) -> float:
    """``mpsr.open`` in a fresh process."""
    program = "import sys, time, mpsr; b = time.perf_counter(); mpsr.open(sys.argv[1]); print(time.perf_counter() - b)"
    return _timed(program, str(store))


def app(store: Path, browser: str) -> tuple[float, float]:
    """Seconds until the server answers, and from there until the page shows a product's picture."""
    from playwright.sync_api import sync_playwright

    from mpsr.assets import app_folder

    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", f"--server.port={port}"]
    command += ["--server.headless=true", "--server.address=localhost"]
    with sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"]).new_page(
            bypass_csp=True
        )
        began = time.perf_counter()
        server = subprocess.Popen(
            command,
            cwd=app_folder(),
            env={**os.environ, "MPSR_STORES": str(store.parent)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait(f"http://localhost:{port}/_stcore/health")
            up = time.perf_counter()
            page.goto(f"http://localhost:{port}/")
            page.wait_for_function("[...document.images].some(i => i.complete && i.naturalWidth > 20)")
            return up - began, time.perf_counter() - up
        finally:
            server.terminate()
            server.wait()


def _wait(address: str, seconds: float = 60) -> None:
    end = time.perf_counter() + seconds
    while True:
        try:
            urlopen(address, timeout=1).close()
            return
        except (URLError, OSError):
            if time.perf_counter() > end:
                raise
            time.sleep(0.02)
