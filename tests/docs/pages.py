"""The pages of the documentation, and the commands and the code they show."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

#: Every page that somebody reads on the way in.
PAGES = tuple(
    path.relative_to(ROOT).as_posix()
    for path in (
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        ROOT / "benchmarks" / "README.md",
        *sorted((ROOT / "docs").glob("*.md")),
    )
)

#: Languages a fenced block may have. "sh" is run line by line, "python" as a whole, "toml" is written to the file that
#: its first line names, "text" is a drawing.
LANGUAGES = ("sh", "python", "toml", "text")

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
_INDENTED = re.compile(r"^ {4}((?:mpsr|make|python|\.venv/bin/\w+) .*)$", re.M)
_INLINE = re.compile(r"`(mpsr [a-z][^`]*)`")


@dataclass(frozen=True)
class Snippet:
    """A piece of a page that can be run.

    Attributes:
        page: path of the page in the project.
        line: number of its first line there.
        language: one of ``LANGUAGES``.
        text: a command for "sh", else the whole block.
    """

    page: str
    line: int
    language: str
    text: str

    @property
    def words(self) -> list[str]:
        """A command's words, its comment left out; ``.venv/bin/mpsr`` is ``mpsr``."""
        return [word.removeprefix(".venv/bin/") for word in shlex.split(self.text, comments=True)]

    def __str__(self) -> str:
        return f"{self.page}:{self.line}: {self.text.splitlines()[0]}"


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def snippets(page: str) -> list[Snippet]:
    """All snippets of a page in order; commands one by one."""
    return snippets_in(text_of(page), page)


def snippets_in(text: str, page: str) -> list[Snippet]:
    found: list[Snippet] = []
    for block in _FENCE.finditer(text):
        line = text.count("\n", 0, block.start(2)) + 1
        language, body = block.groups()
        assert language in LANGUAGES, f"{page}:{line}: a block of {language!r}; expected one of {LANGUAGES}"
        if language == "sh":
            found += [
                Snippet(page, line + number, "sh", command)
                for number, command in enumerate(body.splitlines())
                if command.strip() and not command.startswith("#")
            ]
        else:
            found.append(Snippet(page, line, language, body))
    fenced = [range(block.start(), block.end()) for block in _FENCE.finditer(text)]
    for command in _INDENTED.finditer(text):
        if not any(command.start() in block for block in fenced):
            found.append(Snippet(page, text.count("\n", 0, command.start()) + 1, "sh", command[1]))
    return sorted(found, key=lambda snippet: snippet.line)


def inline_commands(page: str) -> list[str]:
    """``mpsr ...`` commands within the text."""
    return [" ".join(command.split()) for command in _INLINE.findall(text_of(page))]


def commands() -> list[Snippet]:
    """The commands of all pages."""
    return [snippet for page in PAGES for snippet in snippets(page) if snippet.language == "sh"]
