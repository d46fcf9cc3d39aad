"""What the pages name exists: files, links, commands and their options, code, figures, rooms."""

from __future__ import annotations

import importlib
import re

import pytest
from typer.main import get_command

from mpsr.cli.main import app
from tests.contracts.test_imports import ORDER
from tests.docs.pages import PAGES, ROOT, commands, inline_commands, text_of

FOLDERS = "mpsr|docs|demo|assets|tests|pages|benchmarks"


def test_the_readme_is_short() -> None:
    assert len(text_of("README.md").splitlines()) <= 150


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    for target in re.findall(r"\]\(((?!https?:)[^)#]+)[^)]*\)", text_of(page)):
        assert ((ROOT / page).parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES)
def test_files_named_exist(page: str) -> None:
    for name in re.findall(rf"`((?:{FOLDERS})/[\w./-]*)`", text_of(page)):
        assert (ROOT / name).exists(), name


@pytest.mark.parametrize("page", PAGES)
def test_code_named_exists(page: str) -> None:
    for name in re.findall(r"`(mpsr(?:\.\w+)+)`", text_of(page)):
        assert _found(name), name


def _found(name: str) -> bool:
    """Whether a dotted name is a module, or something in one."""
    parts = name.split(".")
    for count in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:count]))
        except ModuleNotFoundError:
            continue
        for attribute in parts[count:]:
            if not hasattr(found, attribute):
                return False
            found = getattr(found, attribute)
        return True
    return False


@pytest.mark.parametrize("page", PAGES)
def test_commands_within_the_text_have_these_options(page: str) -> None:
    known = get_command(app).commands
    for command in inline_commands(page):
        _, name, *rest = command.split()
        assert name in known, command
        options = {option for parameter in known[name].params for option in parameter.opts}
        assert {word.split("=")[0] for word in rest if word.startswith("-")} <= options, command


def test_make_targets_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    named = {command.words[1] for command in commands() if command.words[0] == "make"}
    assert {"app", "test", "lint", "bench"} <= named <= targets


def test_every_figure_of_the_readme_stands_where_it_links() -> None:
    figures = text_of("README.md").partition("\n## Figures\n")[2].partition("\n## ")[0]
    rows = [line for line in figures.splitlines() if "**" in line]
    assert len(rows) == 5
    for row in rows:
        source = text_of(re.findall(r"\]\(([^)#]+)", row)[-1])
        for figure in re.findall(r"\*\*([^*]+)\*\*", row):
            assert figure in source, figure


def test_the_architecture_lists_the_rooms_in_the_order_of_the_contract() -> None:
    named = re.findall(r"^\| `mpsr/(\w+)(?:\.py|/)` \|", text_of("docs/architecture.md"), re.M)
    assert tuple("" if name == "__init__" else name for name in named) == ORDER
