"""What the tests of faults share: the command line in this process."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mpsr.cli import main as cli
from mpsr.pipeline import build
from mpsr.stages.settings import Settings
from mpsr.store import Store
from tests.conftest import line, write_catalogue


@pytest.fixture
def mpsr(capfd, monkeypatch) -> Callable[..., tuple[int, str, str]]:
    """Runs a command: (exit code, stdout, stderr). Its error is one line, and no traceback."""

    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["mpsr", *map(str, arguments)])
        code = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        sys.stdout.flush()
        out, err = capfd.readouterr()
        assert "Traceback" not in err
        if code == 2 and "Usage:" not in err:
            said = [one for one in err.splitlines() if one.startswith("mpsr: ")]
            assert len(said) == 1, err
        return code, out, err

    return run


@pytest.fixture(scope="session")
def one_product(tmp_path_factory: pytest.TempPathFactory, tiny_profile) -> Path:
    """The store of a single product."""
    root = tmp_path_factory.mktemp("stores") / "one"
    source = write_catalogue(tmp_path_factory.mktemp("one"), [line(1)], ["1"])
    build(source, Store(root), Settings(profile=tiny_profile))
    return root
