"""The container's lock file: everything pinned with hashes, within the bounds, and from nowhere in particular."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")

#: The container has these extras beside what MPSR always needs.
EXTRAS = ("api", "login", "postgres")


def pins() -> list[Requirement]:
    """What is pinned; a package may be pinned differently for different platforms."""
    return [
        Requirement(line.rstrip("\\ ")) for line in LOCK.splitlines() if re.match(r"[a-z0-9]", line, re.I)
    ]


PINNED = {canonicalize_name(pin.name): pin for pin in pins()}


def direct() -> list[Requirement]:
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    told = [line.partition("  #")[0] for line in lines if line and not line.startswith("#")]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    told += [one for extra in EXTRAS for one in project["optional-dependencies"][extra]]
    return [Requirement(one) for one in told]


@pytest.mark.parametrize("wanted", direct(), ids=str)
def test_what_the_project_needs_is_pinned_within_its_bounds(wanted: Requirement) -> None:
    pin = PINNED[canonicalize_name(wanted.name)]
    (version,) = (one.version for one in pin.specifier)
    assert wanted.specifier.contains(version)


def test_every_line_pins_one_version_with_hashes() -> None:
    blocks = re.split(r"\n(?=\S)", LOCK.strip())
    assert len(blocks) == len(pins())
    for block in blocks:
        assert re.match(r"[\w.\[\]-]+==[\w.+!]+( ; [^\\]+)? \\\n", block), block.splitlines()[0]
        assert set(block.splitlines()[1:]) == set(
            re.findall(r"^ {4}--hash=sha256:[0-9a-f]{64}(?: \\)?$", block, re.M)
        )


def test_what_those_need_is_pinned_too() -> None:
    """As far as it is installed here, which all is that the tests run with."""
    waiting, seen = {(canonicalize_name(one.name), frozenset(one.extras)) for one in direct()}, set()
    while waiting:
        name, extras = one = waiting.pop()
        seen.add(one)
        try:
            needed = [Requirement(text) for text in requires(name) or ()]
        except PackageNotFoundError:
            continue
        for further in needed:
            environments = [{"extra": extra} for extra in ("", *extras)]
            if further.marker is None or any(further.marker.evaluate(env) for env in environments):
                found = canonicalize_name(further.name)
                assert found in PINNED, f"{name} needs {further}"
                waiting |= {(found, frozenset(further.extras))} - seen
    assert len(seen) > len(direct())


def test_no_place_is_named_and_the_container_installs_it() -> None:
    assert not re.search(r"https?:|file:|index-url|find-links| @ ", LOCK)
    docker = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert "--require-hashes -r requirements.lock" in docker
