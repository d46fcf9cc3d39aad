"""The API over the tiny store: in this process, and on a port of its own."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from starlette.testclient import TestClient

import mpsr
from mpsr.api.app import create_app
from mpsr.service import Service
from tests.conftest import line, write_catalogue

#: As a browser on this machine names the server.
BASE = "http://localhost"


def client_of(app: FastAPI) -> TestClient:
    """A client that sees what a client of a server sees: a 500 is an answer."""
    return TestClient(app, base_url=BASE, raise_server_exceptions=False)


@contextlib.contextmanager
def running(app: FastAPI) -> Iterator[str]:
    """The app on a free port; its address."""
    door = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        door.close()


@pytest.fixture(scope="session")
def service(tiny_store: Path) -> Service:
    return mpsr.open(tiny_store)


@pytest.fixture(scope="session")
def client(service: Service) -> TestClient:
    return client_of(create_app(service))


#: Ids that other systems have, and that an address could take for something else.
ODD_IDS = ("a/b", "a/similar", "grün 1", "1.5", "..x", "100%", "a%2Fb", "x?y=1&z", "#7", "日本", "a+b")


@pytest.fixture(scope="session")
def odd_service(tmp_path_factory: pytest.TempPathFactory, tiny_profile) -> Service:
    """Products with such ids, each with its own name."""
    from mpsr.pipeline import build
    from mpsr.stages.settings import Settings
    from mpsr.store import Store

    rows = [line(product, f"Alder Men Shirt number {n}") for n, product in enumerate(ODD_IDS)]
    source = write_catalogue(tmp_path_factory.mktemp("odd"), rows)
    root = tmp_path_factory.mktemp("stores") / "odd"
    build(source, Store(root), Settings(profile=tiny_profile))
    return mpsr.open(root)
