"""The command line, run in this process."""

from __future__ import annotations

import sys

import pytest

from mpsr.cli import main as cli


@pytest.fixture
def mpsr(capfd, monkeypatch):
    """Runs a command in this process: (exit code, stdout, stderr)."""

    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["mpsr", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        sys.stdout.flush()
        out, err = capfd.readouterr()
        return int(stop.value.code or 0), out, err

    return run
