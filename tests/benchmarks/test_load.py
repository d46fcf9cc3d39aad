"""Visitors at once over real websockets; and what the app does once for all of them. No timings."""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
import time
from typing import cast

import pandas as pd
import psutil
import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection

from benchmarks.load import Told, Visitor, served, visit, watch
from mpsr.assets import app_folder
from mpsr.service import Service


def test_three_visitors_click_through_the_app_without_an_error(tiny_store, tmp_path):
    told = Told()

    async def visits(address: str) -> None:
        end = time.perf_counter() + 4
        await asyncio.gather(*(visit(address, seed, 0.1, end, told) for seed in range(3)))

    with served(tiny_store, tmp_path / "boards.db") as (server, port):
        asyncio.run(visits(f"ws://localhost:{port}/_stcore/stream"))
        assert server.is_running()
    assert told.errors == []
    assert told.seconds
    assert min(told.sizes) > 1000  # each answer holds a page, or a part of one


def test_a_visit_that_fails_is_counted():
    """Here nobody answers at the port."""
    told = Told()
    asyncio.run(visit("ws://localhost:9/_stcore/stream", 0, 0.0, time.perf_counter() + 0.5, told))
    assert told.errors


def test_an_exception_on_a_page_is_an_error():
    message = ForwardMsg()
    message.delta.new_element.exception.type = "ValueError"
    with pytest.raises(RuntimeError, match="ValueError"):
        Visitor(cast(ClientConnection, None), random.Random(0)).read(message)


def test_the_app_does_not_collect_garbage_after_every_click():
    program = "from streamlit import config; print(config.get_option('runner.postScriptGC'))"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=app_folder(), capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


def test_the_examples_are_chosen_once_for_all_visitors(tiny_store, monkeypatch):
    service = Service(tiny_store)
    first = service.examples()

    def counted(_: pd.Series) -> None:
        raise AssertionError("counted again")

    monkeypatch.setattr(pd.Series, "value_counts", counted)
    assert service.examples() == first
    assert service.example() == first[0]


def test_the_memory_is_looked_at_until_the_visits_end():
    samples: list[float] = []

    async def visits() -> None:
        watching = asyncio.create_task(watch(psutil.Process(), 0.01, samples))
        await asyncio.sleep(0.2)
        watching.cancel()

    asyncio.run(visits())
    assert len(samples) > 2
    assert min(samples) > 1  # MB
