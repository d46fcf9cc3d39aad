"""How long work says where it stands, without knowing who listens."""

from __future__ import annotations

from typing import Protocol


class Reporter(Protocol):
    """Receives the steps of a build."""

    def step(self, name: str, note: str = "") -> None:
        """A step begins (or, with a note, says something about itself)."""

    def progress(self, done: int, total: int) -> None:
        """How far the current step is."""


class _Silent:
    def step(self, name: str, note: str = "") -> None:
        """Say nothing."""

    def progress(self, done: int, total: int) -> None:
        """Say nothing."""


silent: Reporter = _Silent()
