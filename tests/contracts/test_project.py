"""The project's own files agree with each other: version, lint commands, hooks, issue forms, the container."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml

import mpsr

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_version_is_the_same_everywhere() -> None:
    released = re.findall(r"^## (\d+\.\d+\.\d+)$", text_of("CHANGELOG.md"), re.M)
    assert PROJECT["project"]["version"] == mpsr.__version__ == released[0]


def test_the_changelog_sorts_every_version_alike() -> None:
    headings = ["Breaking", "Features", "Performance", "Fixes"]
    for version in re.split(r"^## ", text_of("CHANGELOG.md"), flags=re.M)[1:]:
        found = re.findall(r"^### (.+)$", version, re.M)
        assert found == [heading for heading in headings if heading in found], version.splitlines()[0]


def test_hooks_run_what_make_lint_runs() -> None:
    recipe = re.search(r"^lint:.*\n((?:\t.*\n)+)", text_of("Makefile"), re.M)
    assert recipe is not None
    linted = {re.sub(r" (--check|\.)(?= |$)", "", line.strip()) for line in recipe[1].splitlines()}
    hooks = yaml.safe_load(text_of(".pre-commit-config.yaml"))["repos"][0]["hooks"]
    entries = {hook["entry"].replace(".venv/bin", "$(BIN)").replace(" --force-exclude", "") for hook in hooks}
    assert entries == linted
    assert "make lint" in text_of(".ci/run")


@pytest.mark.parametrize(
    "path", [path for path in FORMS if path.name != "config.yml"], ids=lambda path: path.name
)
def test_issue_forms_have_what_a_form_needs(path: Path) -> None:
    form = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert {"name", "description", "body"} <= form.keys()
    assert all(field["type"] == "textarea" and field["attributes"]["label"] for field in form["body"])
    assert len({field["id"] for field in form["body"]}) == len(form["body"])


def test_the_package_says_that_it_is_typed() -> None:
    assert (ROOT / "mpsr" / "py.typed").is_file()


def test_the_image_takes_along_what_the_wheel_does() -> None:
    """The container installs from a copy of the tree, so .dockerignore lets through all that the build needs."""
    let_through = {line[1:] for line in text_of(".dockerignore").splitlines() if line.startswith("!")}
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    read = {*PROJECT["tool"]["hatch"]["metadata"]["hooks"]["requirements_txt"]["files"], "pyproject.toml"}
    needed = {PROJECT["project"]["readme"], *PROJECT["project"]["license-files"], *wheel["packages"], *read}
    assert needed | set(wheel["force-include"]) | {"requirements.lock"} == let_through


def test_only_the_package_and_its_data_are_installed() -> None:
    """What draws the demo catalogue and what measures stay in the repository."""
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["packages"] == ["mpsr"]
    assert {"demo", "benchmarks", "tests", "docs"}.isdisjoint(wheel["force-include"])
