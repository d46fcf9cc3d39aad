"""The import rules of the rooms, read off the source."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import mpsr

PACKAGE = Path(mpsr.__file__).parent
HEAVY = {"torch", "torchvision", "transformers", "streamlit"}

#: The data flow; a room may import those before it and itself. What is not listed is a type or a tool for all.
FLOW = (
    "catalogue",
    "encoders",
    "space",
    "search",
    "explain",
    "atlas",
    "insights",
    "boards",
    "evaluation",
    "training",
)
TOP = {"stages", "pipeline", "service", "cli", "ui", "__main__"}
BASE = ("errors", "types", "store", "assets", "progress", "csvsafe")


def module_of(path: Path) -> str:
    parts = ("mpsr", *path.relative_to(PACKAGE).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path): path for path in sorted(PACKAGE.rglob("*.py")) if "_assets" not in path.parts}


def imports(path: Path, lazy: bool = True) -> set[str]:
    """Modules that a file imports; without ``lazy`` only what is imported with the file itself."""
    found: set[str] = set()

    def visit(node: ast.AST) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
                continue
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) and not lazy:
                continue
            if isinstance(child, ast.Import):
                found.update(alias.name for alias in child.names)
            elif isinstance(child, ast.ImportFrom):
                assert child.level == 0, f"{path}: relative import"
                found.add(child.module or "")
                found.update(f"{child.module}.{alias.name}" for alias in child.names)
            visit(child)

    visit(ast.parse(path.read_text(encoding="utf-8")))
    return found


def room(module: str) -> str:
    return [*module.split("."), ""][1]


def loaded_by(module: str) -> set[str]:
    """Everything that comes along when a module is imported, ours and others', without running it."""
    seen: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        if name in MODULES:
            waiting += imports(MODULES[name], lazy=False)
            waiting += [".".join(name.split(".")[:n]) for n in range(1, name.count(".") + 1)]
    return seen


def tops(modules: set[str]) -> set[str]:
    return {name.split(".")[0] for name in modules}


@pytest.mark.parametrize("module", MODULES)
def test_rooms_import_only_what_comes_before_them(module):
    mine = room(module)
    if mine in FLOW:
        later = {*FLOW[FLOW.index(mine) + 1 :], *TOP}
    elif mine in BASE:
        later = {*FLOW, *TOP}
    else:
        return
    wrong = {name for name in imports(MODULES[module]) if name.startswith("mpsr.") and room(name) in later}
    assert not wrong


def test_the_service_never_imports_the_pipeline():
    for name, path in MODULES.items():
        if room(name) in {"service", "search", "explain"}:
            used = {room(imported) for imported in imports(path) if imported.startswith("mpsr.")}
            assert not used & {"pipeline", "stages", "cli"}
    assert not {"mpsr.pipeline", "mpsr.stages.embeddings"} & loaded_by("mpsr.service")


def test_only_ui_imports_streamlit():
    users = {name for name, path in MODULES.items() if "streamlit" in tops(imports(path))}
    assert {room(name) for name in users} <= {"ui"}


def test_tables_know_no_plotting():
    for name, path in MODULES.items():
        if name.startswith("mpsr.insights.tables"):
            assert not tops(imports(path)) & {"plotly", "seaborn", "matplotlib"}


@pytest.mark.parametrize(
    "module",
    [
        name
        for name in MODULES
        if name == "mpsr"
        or room(name)
        in {"service", "cli", "ui", "catalogue", "search", "explain", "store", "insights", "atlas", "boards"}
    ],
)
def test_what_the_app_opens_loads_no_model_library(module):
    allowed = {"streamlit"} if room(module) == "ui" else set()
    assert not tops(loaded_by(module)) & HEAVY - allowed


def test_nothing_unpickles():
    for path in MODULES.values():
        assert not tops(imports(path)) & {"pickle", "joblib", "dill", "shelve", "cloudpickle"}, path
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            text = ast.unparse(call)
            if text.startswith(("np.load(", "numpy.load(", "np.save(")):
                assert "allow_pickle=False" in text, (path, text)
            if text.startswith("torch.load("):
                assert "weights_only=True" in text, (path, text)


def test_opening_a_store_and_asking_it_loads_no_model_library(tiny_store):
    program = (
        "import sys, mpsr; shop = mpsr.open(sys.argv[1]); print(shop.similar('101', k=3).neighbours[0].id);"
        f"print(sorted({HEAVY!r} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tiny_store)], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_reading_imports_sees_through_what_it_should(tmp_path):
    """The checker itself: lazy, typed-only and plain imports are told apart."""
    path = tmp_path / "m.py"
    path.write_text(
        "import a\nif TYPE_CHECKING:\n    import b\ntry:\n    from c import d\nexcept ImportError:\n    pass\n"
        "def f():\n    import e\nclass G:\n    import h\n"
    )
    assert imports(path) == {"a", "c", "c.d", "e", "h"}
    assert imports(path, lazy=False) == {"a", "c", "c.d", "h"}
