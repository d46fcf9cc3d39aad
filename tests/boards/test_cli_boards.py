"""The boards from the command line."""

import io
import json
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from typer.testing import CliRunner

from mpsr.boards import Boards
from mpsr.cli.main import app
from mpsr.csvsafe import from_csv
from mpsr.errors import InputError


@pytest.fixture
def board(monkeypatch, url, tiny_store: Path, tmp_path: Path) -> str:
    monkeypatch.setenv("MPSR_BOARDS_URL", url)
    monkeypatch.setenv("MPSR_STORES", str(tiny_store.parent))
    boards = Boards(url)
    made = boards.make("Summer")
    boards.add(made, "shop", {"101": "One", "102": "Two", "gone": "=1+1"})
    return made


def run(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["boards", *arguments], catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


def test_all_boards_and_one(board):
    assert run() == f"{board}      3  Summer\n"
    (listed,) = json.loads(run("--json"))
    assert (listed["id"], listed["name"], listed["products"]) == (board, "Summer", 3)
    assert run(board).splitlines() == [
        "Summer",
        "shop       101  One",
        "shop       102  Two",
        "shop      gone  =1+1",
    ]
    assert json.loads(run(board, "--json"))["items"][0]["name"] == "One"


def test_what_a_sheet_cannot_show_is_said(monkeypatch, url, tmp_path):
    monkeypatch.setenv("MPSR_BOARDS_URL", url)
    boards = Boards(url)
    made = boards.make("夏")
    boards.add(made, "shop", {"1": "شال (أحمر)"})
    done = CliRunner().invoke(app, ["boards", made, "--to", str(tmp_path / "b.pdf")])
    assert (
        "1 characters are missing from the font DejaVuSans and drawn as �: 夏. Set MPSR_FONT" in done.stderr
    )
    assert not CliRunner().invoke(app, ["boards", made, "--to", str(tmp_path / "b.csv")]).stderr


def test_no_board_yet(monkeypatch, url):
    monkeypatch.setenv("MPSR_BOARDS_URL", url)
    assert "Create one in the app" in run()


def test_files(board, tmp_path):
    for ending in ("pdf", "png", "csv"):
        assert str(tmp_path / f"b.{ending}") in run(board, "--to", str(tmp_path / f"b.{ending}"))
    document = pypdfium2.PdfDocument(tmp_path / "b.pdf")
    assert "Summer" in document[0].get_textpage().get_text_bounded()
    document.close()
    assert Image.open(io.BytesIO((tmp_path / "b.png").read_bytes())).size == (1240, 1754)
    assert from_csv((tmp_path / "b.csv").read_bytes())["productDisplayName"].tolist() == [
        "One",
        "Two",
        "=1+1",
    ]


@pytest.mark.parametrize(
    "arguments", [["none"], ["--to", "b.docx"], ["--to", "b.zip"], ["--to", "b.pdf", "--paper", "A9"]]
)
def test_wrong_use_is_told(board, tmp_path, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError):
        run(*(arguments if arguments == ["none"] else [board, *arguments]))
    assert not list(tmp_path.glob("b.*"))
