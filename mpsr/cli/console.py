"""What the commands print: results on stdout, as text or as one JSON document; progress on stderr."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from types import TracebackType

import orjson
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from mpsr.store.layout import Stage

#: What the steps of a build are called on the screen.
TITLES = {
    Stage.CATALOGUE: "reading the catalogue",
    Stage.PICTURES: "storing the pictures",
    Stage.TEXT: "embedding the texts",
    Stage.IMAGE: "embedding the pictures",
    Stage.GENERATION: "fitting the scalers",
    Stage.DRIFT: "measuring the drift",
    Stage.SPLIT: "splitting by family",
    Stage.PAPER: "fusing the paper's space",
    Stage.PAPER_INDEX: "indexing the paper's space",
    Stage.PAPER_GRAPH: "finding every product's neighbours in it",
    Stage.TEXT_FORMS: "embedding the texts in the forms shoppers use",
    Stage.TOWERS: "training the towers of the learned space",
    Stage.LEARNED: "projecting into the learned space",
    Stage.LEARNED_INDEX: "indexing the learned space",
    Stage.LEARNED_GRAPH: "finding every product's neighbours in it",
    Stage.ATLAS: "drawing the map",
    Stage.REGIONS: "naming the regions of the map",
    "feed": "finding the neighbours for the feed",
}


def to_json(document: object) -> bytes:
    """The document as indented JSON; NumPy arrays and numbers are written as lists and numbers."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_SERIALIZE_NUMPY
    try:
        return orjson.dumps(document, option=options) + b"\n"
    except orjson.JSONEncodeError:  # a path that is not UTF-8
        return orjson.dumps(_as_utf8(document), option=options) + b"\n"


def _as_utf8(document: object) -> object:
    """The document, its texts with escapes for what UTF-8 cannot hold: bytes of paths that are no text."""
    if isinstance(document, str):
        return document.encode("utf-8", "backslashreplace").decode()
    if isinstance(document, Mapping):
        return {_as_utf8(name): _as_utf8(value) for name, value in document.items()}
    if isinstance(document, list | tuple):
        return [_as_utf8(value) for value in document]
    return document


def print_json(document: object) -> None:
    """Print one JSON document to stdout, in UTF-8 whatever the terminal's encoding is."""
    sys.stdout.buffer.write(to_json(document))
    sys.stdout.buffer.flush()


class RateColumn(ProgressColumn):
    """Items a second."""

    def render(self, task: Task) -> Text:
        """The speed, once there is one."""
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.0f}/s" if speed else "")


class ConsoleReporter:
    """Shows a bar with rate and time left on a terminal, one line a step elsewhere."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            RateColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=self._console,
            transient=False,
            disable=not self._console.is_terminal,
        )
        self._task: TaskID | None = None
        self._step = ""

    def __enter__(self) -> ConsoleReporter:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def step(self, name: str, note: str = "") -> None:
        """A step begins, or says something about itself."""
        title = TITLES.get(name, name)
        if note:
            self._console.print(f"  {title}: {note}", markup=False, soft_wrap=True)
        elif name != self._step:
            self._step, self._task = name, None
            if not self._console.is_terminal:
                self._console.print(title, markup=False)

    def progress(self, done: int, total: int) -> None:
        """How far the current step is."""
        if self._task is None:
            self._task = self._progress.add_task(TITLES.get(self._step, self._step), total=total)
        self._progress.update(self._task, completed=done, total=total)
