"""The commands and the Python of the documentation run on the demo's store, in the order in which a reader meets them."""

from __future__ import annotations

import json
import re
import shutil
import sys
import zipfile
from pathlib import Path

import pytest

from mpsr.cli import main as cli
from mpsr.demo import demo_folder
from tests.docs.pages import LANGUAGES, PAGES, Snippet, commands, snippets, snippets_in

#: Commands that are not run here, and why not.
NOT_RUN = {
    r"make (app|test|lint|bench|lock)\b": "sets up an environment of its own; .ci/run runs them",
    r"(python3? -m )?(venv|pip)\b": "installs packages; the Makefile runs the same lines",
    r"mpsr app\b": "serves until it is stopped; tests/browser opens the app",
    r"mpsr serve\b": "serves until it is stopped; tests/cli/test_serve.py starts it",
    r"curl\b": "asks that server; test_api_page.py runs them all",
    r"mpsr feed .*--since\b": "needs an earlier build; tests/shop/test_feed.py makes one",
    r"mpsr import-events\b": "needs a file of another system; tests/clicks/test_events.py makes some",
    r"mpsr learn-clicks\b": "writes into a store; tests/clicks/test_learning.py runs it on a copy",
    r"mpsr fetch\b": "needs a network and an account; tests/catalogue/test_fetch.py goes as far as the wire",
    r"(MPSR_BROWSER=required )?python -m pytest\b": "would run the tests within a test",
    r"pre-commit install\b": "changes the clone's git hooks",
    r"python -m benchmarks\b": "takes minutes; .ci/run runs it in tiny sizes",
}

#: Products of the small catalogues that the pages build from.
FEW = 24


def why_not(command: Snippet) -> str | None:
    """The reason a command is not run, None for one that is."""
    text = " ".join(command.words)
    return next((reason for pattern, reason in NOT_RUN.items() if re.match(pattern, text)), None)


@pytest.fixture
def workplace(demo_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with everything the pages speak of, and the demo's store as the newest of the stores."""
    shutil.copytree(demo_store, tmp_path / "stores" / "demo")
    monkeypatch.setenv("MPSR_STORES", str(tmp_path / "stores"))
    place = tmp_path / "work"
    place.mkdir()
    monkeypatch.chdir(place)
    header, *rows = (demo_folder() / "styles.csv").read_text(encoding="utf-8").splitlines()
    rows = rows[:FEW]
    photos = {row.split(",")[0]: demo_folder() / "images" / f"{row.split(',')[0]}.jpg" for row in rows}
    with zipfile.ZipFile(place / "fashion-product-images-small.zip", "w") as file:
        file.writestr("styles.csv", "\n".join([header, *rows]) + "\n")
        for product, photo in photos.items():
            file.write(photo, f"images/{product}.jpg")
    shutil.copytree(demo_folder() / "images", place / "my-folder" / "photos", ignore=_all_but(photos))
    own = [f"{row.split(',')[0]},{row.split(',')[9]},{row.split(',')[5]}" for row in rows]
    (place / "my-folder" / "products.csv").write_text("\n".join(["sku,title,color", *own]) + "\n")
    (place / "changes.csv").write_text("id,name\n9001,Green Rain Jacket\n")
    shutil.copy(photos["1010"], place / "shirt.jpg")
    (place / "judgments.json").write_text(json.dumps({"red shirt for men": {"1005": 3, "1010": 1}}))
    return place


def _all_but(photos: dict[str, Path]):
    return lambda folder, names: [name for name in names if Path(name).stem not in photos]


def run_command(words: list[str], monkeypatch: pytest.MonkeyPatch) -> int:
    """Run a command of ours as its process would; its exit code."""
    monkeypatch.setattr(sys, "argv", words)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


@pytest.mark.parametrize("page", [page for page in PAGES if snippets(page)])
def test_the_page_runs_from_top_to_bottom(page: str, workplace: Path, monkeypatch, capfd) -> None:
    namespace: dict[str, object] = {}
    for snippet in snippets(page):
        if snippet.language == "toml":
            name = snippet.text.splitlines()[0].removeprefix("# ")
            (workplace / name).write_text(snippet.text, encoding="utf-8")
        elif snippet.language == "python":
            exec(compile(snippet.text, str(snippet), "exec"), namespace)
        elif snippet.language == "sh" and why_not(snippet) is None:
            assert snippet.words[0] == "mpsr", f"{snippet} is neither run nor in NOT_RUN"
            code = run_command(snippet.words, monkeypatch)
            assert code == 0, f"{snippet} ended with {code}:\n{capfd.readouterr().err}"


def test_what_is_not_run_is_there() -> None:
    told = [" ".join(command.words) for command in commands()]
    assert [pattern for pattern in NOT_RUN if not any(re.match(pattern, text) for text in told)] == []


def test_most_commands_of_ours_are_run() -> None:
    run = {command.words[1] for command in commands() if command.words[0] == "mpsr" and not why_not(command)}
    assert {"build", "similar", "info", "report", "evaluate", "boards"} <= run


def test_blocks_and_indented_commands_are_found() -> None:
    text = (
        "a\n\n```sh\nmpsr info   # why\n# no\n\n.venv/bin/mpsr app\n```\n\n"
        "    mpsr report --out r.pdf\n\n    table ─▶\n\n```python\nx = 1\n```\n"
    )
    found = snippets_in(text, "p.md")
    assert [(one.line, one.language, one.words) for one in found[:3]] == [
        (4, "sh", ["mpsr", "info"]),
        (7, "sh", ["mpsr", "app"]),
        (10, "sh", ["mpsr", "report", "--out", "r.pdf"]),
    ]
    assert (found[3].language, found[3].text) == ("python", "x = 1\n")
    with pytest.raises(AssertionError, match=str(LANGUAGES[0])):
        snippets_in("```\nmpsr info\n```\n", "p.md")
