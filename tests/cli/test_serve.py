"""The commands of the API: what they refuse, and that the server starts, answers and stops."""

from __future__ import annotations

import contextlib
import http.client
import importlib.util
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mpsr.api.tokens import read_tokens, token_of
from mpsr.cli.serve import is_loopback, settings_of
from mpsr.errors import InputError
from tests.cli.test_main import run


def settings(host: str = "127.0.0.1", tokens: Path | None = None, no_auth: bool = False):
    return settings_of(host, tokens, no_auth, (), 0, 30)


def test_others_are_answered_only_when_it_is_said_how(tmp_path: Path, monkeypatch, capfd) -> None:
    with pytest.raises(InputError, match="--no-auth"):
        settings("0.0.0.0")
    assert settings("0.0.0.0", no_auth=True).hosts is None
    tokens = tmp_path / "tokens.txt"
    code, out, _ = run(monkeypatch, capfd, "token", "shop", "--to", tokens)
    assert code == 0
    found = settings("0.0.0.0", tokens)
    assert found.tokens == read_tokens(tokens)
    assert token_of(out.strip(), found.tokens) is not None
    with pytest.raises(InputError, match="take one of them"):
        settings(tokens=tokens, no_auth=True)
    code, _, err = run(monkeypatch, capfd, "token", "shop", "--to", tokens)
    assert (code, "already" in err) == (2, True)


def test_loopback_is_this_machine_only() -> None:
    assert all(map(is_loopback, ("127.0.0.1", "127.1.2.3", "::1", "localhost")))
    assert not any(map(is_loopback, ("0.0.0.0", "::", "192.168.0.1", "shop.example", "localhost.example")))
    assert "evil.example" not in (settings().hosts or ())


def test_without_the_extra_the_command_names_it(monkeypatch, capfd, tiny_store: Path) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "uvicorn" else name)
    code, _, err = run(monkeypatch, capfd, "serve", "--store", tiny_store)
    assert code == 2
    assert "mpsr[api]" in err
    assert "uvicorn" in err


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_the_server_answers_until_it_is_told_to_stop(tiny_store: Path, told: signal.Signals) -> None:
    command = [sys.executable, "-m", "mpsr", "serve", "--store", str(tiny_store), "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=dict(os.environ)) as server:
        assert server.stderr is not None
        address = server.stderr.readline().strip().removesuffix("/v1/docs")
        with urllib.request.urlopen(f"{address}/v1/products/101/similar?k=1", timeout=60) as answer:
            assert len(json.load(answer)["neighbours"]) == 1
        with half_a_search(address) as (connection, rest):
            server.send_signal(told)
            wait_until(lambda: refuses(address))
            connection.send(rest)
            answer = connection.getresponse()  # what is under way is answered
            assert (answer.status, len(json.load(answer)["neighbours"])) == (200, 2)
        assert server.wait(timeout=30) == 0
        assert "stopped." in server.stderr.read()


@contextlib.contextmanager
def half_a_search(address: str) -> Iterator[tuple[http.client.HTTPConnection, bytes]]:
    """A search whose body has been sent and read by half: its connection, and the other half."""
    body = json.dumps({"parts": [{"product": "101"}], "k": 2}).encode()
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=60)
    connection.putrequest("POST", "/v1/search")
    connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body[:5])
    wait_until(lambda: active(address) == 2)
    with contextlib.closing(connection):
        yield connection, body[5:]


def active(address: str) -> int:
    """Requests under way, this one included."""
    with urllib.request.urlopen(f"{address}/metrics", timeout=60) as answer:
        figures = answer.read().decode().splitlines()
    return int(
        float(next(row for row in figures if row.startswith("mpsr_requests_active ")).rpartition(" ")[2])
    )


def refuses(address: str) -> bool:
    """Whether no new connection is accepted."""
    host, _, port = address.removeprefix("http://").rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=60).close()
    except ConnectionRefusedError:
        return True
    return False


def wait_until(holds: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)
