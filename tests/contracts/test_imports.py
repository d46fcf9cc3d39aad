"""The import rules of the rooms, read off the source: docs/architecture.md states them, this file holds them."""

from __future__ import annotations

import ast
import graphlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

import mpsr

PACKAGE = Path(mpsr.__file__).parent
ROOT = PACKAGE.parent
HEAVY = {"torch", "torchvision", "transformers", "streamlit"}

#: Every room and every module at the top of the package, in the order of the data flow. Each imports only itself and
#: those before it, whether at once, inside a function or under TYPE_CHECKING. "" is mpsr/__init__.py.
ORDER = (
    # base modules: types and tools for all
    "errors",
    "types",
    "assets",
    "progress",
    "csvsafe",
    "fonts",
    "demo",
    "client",
    "store",
    # from a catalogue to answers
    "catalogue",
    "encoders",
    "space",
    "search",
    "explain",
    "atlas",
    "insights",
    "boards",
    "clicks",
    "engines",
    # what opens a store and answers, and what measures and learns
    "service",
    "shop",
    "assortment",
    "evaluation",
    "training",
    # what builds one
    "stages",
    "pipeline",
    # what people and programs see
    "",
    "api",
    "cli",
    "__main__",
    "ui",
)

#: What the order alone would allow: views ask the service, and know nothing of how a store is built.
NEVER = {"ui": {"training", "stages", "pipeline", "cli", "__main__"}}

#: Rooms whose modules may load a model library when they are imported: what encodes and what trains.
LOADS_MODELS = {"encoders", "space", "training"}

#: Folders beside the package that it must not know.
BESIDE = {"demo", "benchmarks", "tests", "pages", "docs", "streamlit_app"}


def module_of(path: Path) -> str:
    parts = ("mpsr", *path.relative_to(PACKAGE).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path): path for path in sorted(PACKAGE.rglob("*.py")) if "_assets" not in path.parts}


def imports(path: Path, lazy: bool = True, typed: bool = True) -> set[str]:
    """Modules that a file imports.

    Without ``lazy`` those inside functions are left out, without ``typed`` those under TYPE_CHECKING; without both what
    is left is imported with the file itself.
    """
    found: set[str] = set()

    def visit(node: ast.AST) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test) and not typed:
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


def own_imports(module: str) -> set[str]:
    """The project's modules that a module imports, lazily and for types included.

    ``from mpsr.room import module`` takes the module, ``from mpsr.room import name`` the room.
    """
    found: set[str] = set()
    for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            full = (f"{node.module}.{alias.name}" for alias in node.names)
            found.update(name if name in MODULES else str(node.module) for name in full)
    return {name for name in found if name in MODULES} - {module}


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
            waiting += imports(MODULES[name], lazy=False, typed=False)
            waiting += [".".join(name.split(".")[:n]) for n in range(1, name.count(".") + 1)]
    return seen


def tops(modules: set[str]) -> set[str]:
    return {name.split(".")[0] for name in modules}


def circle(graph: dict[str, set[str]]) -> list[str]:
    """A circle of the graph, its first node again at its end; none when there is none."""
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        return list(error.args[1])
    return []


def test_every_module_is_on_the_list() -> None:
    assert {room(name) for name in MODULES} == set(ORDER)
    assert len(set(ORDER)) == len(ORDER)


@pytest.mark.parametrize("module", MODULES)
def test_rooms_import_only_what_comes_before_them(module):
    allowed = {*ORDER[: ORDER.index(room(module)) + 1]} - NEVER.get(room(module), set())
    used = {name for name in own_imports(module) if room(name) not in allowed}
    assert not used, f"{module} imports {used}; see ORDER"


def test_no_circle_between_modules() -> None:
    found = circle({module: own_imports(module) for module in MODULES})
    assert not found, " → ".join(found)


def test_no_circle_between_rooms() -> None:
    rooms: dict[str, set[str]] = {}
    for module in MODULES:
        used = {room(name) for name in own_imports(module)}
        rooms.setdefault(room(module), set()).update(used - {room(module)})
    found = circle(rooms)
    assert not found, " → ".join(found)


def test_imports_name_modules_that_exist() -> None:
    """Also those under TYPE_CHECKING and inside functions, which nothing else runs."""
    for module, path in MODULES.items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named = {a.name for node in ast.walk(tree) if isinstance(node, ast.Import) for a in node.names}
        named |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        wrong = {name for name in named if name.split(".")[0] == "mpsr" and name not in MODULES}
        assert not wrong, module


@pytest.mark.parametrize("module", MODULES)
def test_the_package_knows_nothing_beside_it(module):
    assert not tops(imports(MODULES[module])) & BESIDE


def test_the_service_never_imports_the_pipeline():
    for name, path in MODULES.items():
        if room(name) in {"service", "search", "explain"}:
            used = {room(imported) for imported in imports(path) if imported.startswith("mpsr.")}
            assert not used & {"pipeline", "stages", "cli"}
    assert not {name for name in loaded_by("mpsr.service") if room(name) in {"pipeline", "stages"}}


def test_only_ui_imports_streamlit():
    users = {name for name, path in MODULES.items() if "streamlit" in tops(imports(path))}
    assert {room(name) for name in users} == {"ui"}


def test_tables_and_views_know_no_plotting():
    """A library that draws is loaded only by what draws: on the screen, or on paper."""
    counted = [name for name in MODULES if re.match(r"mpsr\.insights\.(tables|views|sentences)", name)]
    assert {"mpsr.insights.tables", "mpsr.insights.views"} <= set(counted)
    for name in counted:
        assert not tops(loaded_by(name)) & {"plotly", "seaborn", "matplotlib", "altair", "vl_convert"}, name


@pytest.mark.parametrize("module", [name for name in MODULES if room(name) not in LOADS_MODELS])
def test_what_the_app_opens_loads_no_model_library(module):
    allowed = {"streamlit"} if room(module) == "ui" else set()
    assert not tops(loaded_by(module)) & HEAVY - allowed


def test_pages_use_the_library_and_know_no_builder() -> None:
    for path in [ROOT / "streamlit_app.py", *sorted((ROOT / "pages").glob("*.py"))]:
        used = {room(name) for name in imports(path) if name.startswith("mpsr.")}
        assert not used & {"stages", "pipeline", "training", "cli"}, path
        assert not tops(imports(path)) & {"demo", "benchmarks", "tests", "torch"}, path


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
    assert imports(path) == {"a", "b", "c", "c.d", "e", "h"}
    assert imports(path, typed=False) == {"a", "c", "c.d", "e", "h"}
    assert imports(path, lazy=False, typed=False) == {"a", "c", "c.d", "h"}


def test_a_circle_is_found_and_named() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"d"}, "d": set()}) == []
    assert set(circle({"a": {"b"}, "b": {"c"}, "c": {"b"}})) == {"b", "c"}
