"""The README's commands are the ones the project has."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_make_targets_named_in_the_readme_exist() -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    named = set(re.findall(r"^ {4}make ([a-z]+)", README, re.M))
    assert {"app", "test"} <= named <= set(targets)


def test_commands_named_in_the_readme_exist() -> None:
    from typer.main import get_command

    from mpsr.cli.main import app

    known = set(get_command(app).commands)
    assert set(re.findall(r"^ {4}(?:\.venv/bin/)?mpsr ([a-z-]+)", README, re.M)) <= known


def test_files_named_in_the_readme_exist() -> None:
    for name in re.findall(r"\]\(((?!http)[^)#]+)", README):
        assert (ROOT / name).exists(), name
