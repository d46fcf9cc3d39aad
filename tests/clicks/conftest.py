"""Events that tests make."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mpsr.clicks import Event, Events

NOW = 1_760_000_000.0


def event(number: int, product: str = "101", kind: str = "click", session: str = "s", **more) -> Event:
    return Event(f"e{number}", kind, session, product, **{"time": NOW + number} | more)


@pytest.fixture
def events(tmp_path: Path) -> Events:
    return Events(f"sqlite:///{tmp_path / 'events.sqlite'}")


@pytest.fixture
def make() -> Callable[..., Event]:
    return event
