"""Every line of curl in docs/api.md gets an answer from a server on the demo's store, and every route has its line."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

import mpsr
from mpsr.api.app import create_app
from mpsr.api.settings import MAX_K, MAX_PARTS, ApiSettings
from mpsr.api.tokens import new_token
from mpsr.cli.serve import GRACE
from mpsr.clicks import Events
from mpsr.demo import demo_folder
from mpsr.types import MOST_ENCODED
from tests.api.conftest import running
from tests.docs.pages import snippets, text_of

PAGE = "docs/api.md"
SERVER = "http://127.0.0.1:8080"

LINES = [one for one in snippets(PAGE) if one.language == "sh" and one.words[0] == "curl"]


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl here")
def test_every_line_of_curl_gets_an_answer(demo_store: Path, tmp_path: Path) -> None:
    shutil.copy(demo_folder() / "images" / "1010.jpg", tmp_path / "shirt.jpg")
    service, (secret, token) = mpsr.open(demo_store), new_token("shop", "read")
    with (
        running(create_app(service, events=Events(f"sqlite:///{tmp_path / 'events.sqlite'}"))) as everybody,
        running(create_app(service, ApiSettings(tokens=(token,)))) as guarded,
    ):
        for line in LINES:
            server = guarded if "TOKEN" in line.text else everybody
            words = [word.replace(SERVER, server).replace("TOKEN", secret) for word in line.words]
            ended = subprocess.run(words, cwd=tmp_path, capture_output=True, timeout=120)
            assert ended.returncode == 0, f"{line}: {ended.returncode}"
            assert ended.stdout or (tmp_path / "1005.jpg").stat().st_size, line


def test_every_route_has_its_line(demo_store: Path) -> None:
    asked = [word.partition("?")[0] for line in LINES for word in line.words if word.startswith(SERVER)]
    app = create_app(mpsr.open(demo_store))
    for path in (*app.openapi()["paths"], "/v1/docs", "/v1/openapi.json", "/metrics"):
        pattern = re.compile(re.sub(r"\{[^}]*\}", "[^/]+", path))
        assert any(pattern.fullmatch(address.removeprefix(SERVER)) for address in asked), path


def test_the_limits_are_the_server_s() -> None:
    own = ApiSettings()
    for limit in (
        f"{own.max_body // 1024**2} MiB",
        f"{MAX_K:,} and {MAX_PARTS}; {MOST_ENCODED} texts",
        f"{own.timeout:g} s each",
        f"{own.waiting}, of which {own.workers} are",
        f"({GRACE} s at most)",
    ):
        assert limit in text_of(PAGE), limit
