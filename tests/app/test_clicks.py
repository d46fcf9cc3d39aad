"""What people click, on the Insights page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from mpsr.clicks import Events
from tests.clicks.conftest import event


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    st.cache_data.clear()
    path = tmp_path / "events.sqlite"
    monkeypatch.setenv("MPSR_EVENTS_URL", f"sqlite:///{path}")
    return path


def insights(start: Callable[..., AppTest]) -> AppTest:
    app = start()
    app.switch_page("pages/insights.py").run()
    assert not app.exception
    return app


def test_figures_about_clicks_stand_on_the_page(
    shop_store: Path, start: Callable[..., AppTest], database
) -> None:
    shown = [event(n, str(101 + n), "view", query="110", position=n + 1) for n in range(3)]
    Events().add([*shown, event(9, "101", query="110", position=1, arm="clicks")])
    app = insights(start)
    assert "What people click" in [element.value for element in app.subheader]
    places, unseen = (frame.value for frame in app.dataframe[-2:])
    assert places["clicked"].tolist() == [1, 0, 0]
    assert unseen["product"].tolist() == ["102", "103"]
    assert unseen["name"].tolist()[0] == "Alder Men Blue Shirts"
    assert any("With clicks: 1 session." in element.value for element in app.markdown)


def test_without_events_nothing_is_shown_and_nothing_is_made(
    shop_store: Path, start: Callable[..., AppTest], database: Path
) -> None:
    assert "What people click" not in [element.value for element in insights(start).subheader]
    assert not database.exists()
