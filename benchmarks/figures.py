"""What a benchmark hands back: figures measured side by side, and how they are timed and shown."""

from __future__ import annotations

import importlib.util
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar

Question = TypeVar("Question")
Answer = TypeVar("Answer")

#: Our side in a figure's values.
OURS = "MPSR"


@dataclass(frozen=True)
class Scale:
    """How large everything is measured.

    Attributes:
        source: catalogue that is built, a folder or a zip.
        store: a published store to ask, built with the ``embedded`` profile.
        limit: products of the build.
        recipe: products the published recipe is timed on, and other slow peers too.
        pairs: products whose vectors are compared with plain float32.
        sizes: numbers of synthetic vectors on the curves, ascending.
        dimension: of the synthetic vectors when there is no store to take the spectrum from.
        queries: questions asked of each index.
        drawn: products of the smallest catalogue whose build's memory is measured; then 4 and 16 times as many.
        rows: listings of the synthetic table that the insights' views are timed on.
        repeats: how often short things are timed.
        small: tiny architectures in place of the real ones, to see that everything runs.
    """

    source: Path
    store: Path
    limit: int = 1500
    recipe: int = 96
    pairs: int = 3000
    sizes: tuple[int, ...] = (11_000, 44_446, 120_000, 1_000_000)
    dimension: int = 512
    queries: int = 200
    drawn: int = 300
    rows: int = 1_000_000
    repeats: int = 5
    small: bool = False

    def as_json(self) -> dict[str, Any]:
        """For the command line of a child."""
        return {**asdict(self), "source": str(self.source), "store": str(self.store)}

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Scale:
        """The other way."""
        paths = {name: Path(document[name]) for name in ("source", "store")}
        return cls(**{**document, **paths, "sizes": tuple(document["sizes"])})


@dataclass(frozen=True)
class Figure:
    """One line of the table.

    Attributes:
        group: the part it belongs to.
        what: what was measured, with its unit.
        values: side → value; ours is called ``OURS``.
        better: whether more or less is better.
        against: the side that the ratio is taken to, None for a figure without a peer.
        note: what a reader has to know beside it.
    """

    group: str
    what: str
    values: dict[str, float]
    better: Literal["more", "less"] = "less"
    against: str | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times better ours is than the peer's; None without a peer."""
        if self.against is None:
            return None
        ours, theirs = self.values[OURS], self.values[self.against]
        return ours / theirs if self.better == "more" else theirs / ours


@dataclass
class Measured:
    """What one part of the benchmarks found: lines for the table, and everything else worth keeping."""

    figures: list[Figure] = field(default_factory=list)
    details: dict[str, Any] = field(default_factory=dict)

    def add(self, *arguments: Any, **named: Any) -> None:
        """Add a ``Figure``."""
        self.figures.append(Figure(*arguments, **named))


def p50(
    ask: Callable[[Question], Answer], questions: Sequence[Question], warm: int = 3
) -> tuple[float, list[Answer]]:
    """The median milliseconds of an answer, the first few left out; and all answers."""
    answers, seconds = [], []
    for question in questions:
        began = time.perf_counter()
        answers.append(ask(question))
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds[min(warm, len(seconds) - 1) :]) * 1e3, answers


def is_there(package: str | None) -> bool:
    """Whether a peer is installed (``pip install mpsr[bench]``); one that is not is left out of the table."""
    return package is None or importlib.util.find_spec(package) is not None


def markdown(results: dict[str, Any]) -> str:
    """The table of a run's results."""
    figures = [Figure(**figure) for figure in results["figures"]]
    lines = [facts_of(results), "", "| | MPSR | others in the same run | ratio |", "|---|---|---|---|"]
    for figure in figures:
        others = " · ".join(
            f"{side} {number(value)}" for side, value in figure.values.items() if side != OURS
        )
        ratio = f"{number(figure.ratio)}× {figure.against}" if figure.ratio is not None else ""
        note = f" ({figure.note})" if figure.note else ""
        lines.append(f"| {figure.what} | **{number(figure.values[OURS])}**{note} | {others} | {ratio} |")
    return "\n".join(lines)


def facts_of(results: dict[str, Any]) -> str:
    """When and on what the figures were measured."""
    machine, scale = results["machine"], results["scale"]
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    return (
        f"Measured on {results['date']} in {results['minutes']:.0f} minutes by one run of `make bench`: "
        f"{machine['cpu']}, {machine['threads']} threads, {machine['instructions']}, {machine['memory_gb']:.0f} GB; "
        f"{versions}; {scale['limit']:,} products of {Path(scale['source']).name}, the store of {results['store']}."
    )


def number(value: float) -> str:
    """Three digits that count, thousands with a comma."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value < 0.9 or value >= 1.1 else f"{value:.3f}".rstrip("0").rstrip(".")
