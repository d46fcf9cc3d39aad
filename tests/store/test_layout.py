"""The names of a store: one owner, one list of stages."""

import ast
from pathlib import Path

import pytest

import mpsr
from mpsr.store import layout
from mpsr.store.layout import OPTIONAL, REQUIRED, SPACES, STAGES, Stage

PACKAGE = Path(mpsr.__file__).parent

#: Names that files of models and of their training have too, so that they prove nothing.
ELSEWHERE = {layout.TOWERS_CONFIG, layout.CHECKPOINT}

#: Files of a store by name.
FILES = {
    value
    for name, value in vars(layout).items()
    if name.isupper() and isinstance(value, str) and "." in value
} - ELSEWHERE | set(layout.GRAPH.values())


def stage_names() -> list[str]:
    return [value for name, value in vars(Stage).items() if name.isupper()]


def test_every_stage_is_required_or_optional():
    assert set(stage_names()) == STAGES
    assert not set(REQUIRED) & set(OPTIONAL)


def test_every_space_has_an_index_and_a_graph_of_its_own():
    named = [name for space, others in SPACES.items() for name in (space, *others)]
    assert len(set(named)) == 6
    assert set(named) <= STAGES


@pytest.mark.parametrize(
    "path",
    [p for p in sorted(PACKAGE.rglob("*.py")) if "_assets" not in p.parts and p.name != "layout.py"],
    ids=lambda path: str(path.relative_to(PACKAGE)),
)
def test_no_module_retypes_a_file_name_of_a_store(path):
    constants = {
        node.value
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert not constants & FILES
