"""What goes wrong when the program is operated: each is one line that says what came, and exit code 2."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import sys
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import mpsr as library
from mpsr.boards import Boards
from mpsr.boards.types import BoardsError
from mpsr.catalogue import read_catalogue
from mpsr.catalogue.types import COLUMNS
from mpsr.cli.console import to_json
from mpsr.cli.serving import keep_paths
from mpsr.errors import InputError, StoreError
from mpsr.store import Store, stores_folder
from mpsr.training.data import _load_source
from tests.conftest import HEADER, line, write_catalogue
from tests.faults.resealed import object_of

pytestmark = pytest.mark.usefixtures("tiny_embedded")

# -- tables ------------------------------------------------------------------------------------------------

NOT_UTF8 = pa.StringArray.from_buffers(
    2, pa.py_buffer(b"\0\0\0\0\2\0\0\0\4\0\0\0"), pa.py_buffer(b"\xff\xfeab")
)
CELLS = {
    "text that is not UTF-8": NOT_UTF8,
    "a time after all calendars": pa.array([2**62, 5], pa.timestamp("ms")),
    "a day before all calendars": pa.array([2**31 - 1, -(2**31)], pa.date32()),
    "a time of another world": pa.array([2**62, 5], pa.timestamp("ns", "Mars/Base")),
    "a span without end": pa.array([2**62, 5], pa.duration("s")),
}


@pytest.mark.parametrize("kind", CELLS)
def test_values_of_a_parquet_table_that_are_none_name_their_column(tmp_path, kind):
    columns = {name: pa.array(["1", "2"]) for name in COLUMNS} | {"made": CELLS[kind]}
    pq.write_table(pa.table(columns), tmp_path / "shop.parquet")
    with pytest.raises(
        InputError, match=r"shop\.parquet: the column 'made' holds values that cannot be read as"
    ):
        read_catalogue(tmp_path / "shop.parquet")


def test_columns_called_like_ours_and_like_their_other_name_are_all_kept(tmp_path):
    pd.DataFrame(
        {"sku": ["a"], "title": ["Shirt"], "line": ["9"], "line_given": ["8"], "repaired": ["no"]}
    ).to_csv(tmp_path / "shop.csv", index=False)
    row = read_catalogue(tmp_path / "shop.csv").products.iloc[0]
    assert row["line_given"] == "8"
    assert row["line_given_given"] == "9"
    assert row["repaired_given"] == "no"
    assert (row["line"], row["repaired"]) == (2, False)


@pytest.mark.parametrize(
    "encoding", ["utf-7", "UTF7", "unicode_escape", "raw_unicode_escape", "idna", "undefined"]
)
def test_an_encoding_that_nobody_saves_tables_in_is_refused(mpsr, tmp_path, encoding):
    source = write_catalogue(tmp_path / "shop", [line(1, "Caf+AOk- \\ud800")])
    code, _, err = mpsr("build", source, "--store", tmp_path / "store", "--encoding", encoding)
    assert code == 2
    assert "is no encoding of tables. Try utf-8" in err


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_judgments_nested_without_end_are_refused(mpsr, tmp_path, tiny_store, opening):
    (tmp_path / "qrels.json").write_text(opening * 200_000)
    code, _, err = mpsr("evaluate", "--store", tiny_store, "--qrels", tmp_path / "qrels.json")
    assert code == 2
    assert "cannot be read as judgments" in err


@pytest.mark.parametrize("text", ["a = " + "[" * 200_000, "a = " + "{b=" * 200_000])
def test_a_mapping_nested_without_end_is_refused(mpsr, shop, tmp_path, text):
    (tmp_path / "mapping.toml").write_text(text)
    code, _, err = mpsr("build", shop, "--store", tmp_path / "store", "--mapping", tmp_path / "mapping.toml")
    assert code == 2
    assert "is not valid TOML" in err


# -- paths -------------------------------------------------------------------------------------------------


def test_a_path_that_is_not_utf8_is_built_from_and_shown(mpsr, tmp_path):
    source = write_catalogue(Path(os.fsdecode(bytes(tmp_path) + b"/n\xff")), [line(1), line(2)], ["1"])
    Path(os.fsdecode(bytes(source) + b"/images/\xfe.jpg")).write_bytes(b"x")
    store = tmp_path / "store"
    code, out, err = mpsr("build", source, "--store", store, "--json")
    assert code == 0, err
    assert json.loads(out)["source"].endswith("n\\udcff")
    assert Store(store).source() == str(source)
    code, out, _ = mpsr("info", "--store", store)
    assert code == 0
    assert "n\\udcff" in out


def test_output_that_a_terminal_has_no_letters_for_is_escaped(monkeypatch, tiny_store):
    from mpsr.cli import main as cli

    out = io.TextIOWrapper(io.BytesIO(), encoding="cp1252")
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "argv", ["mpsr", "similar", "101", "--store", str(tiny_store), "--k", "1"])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert not stop.value.code
    print("Ł ✓")  # noqa: T201 - what a command prints
    out.flush()
    assert out.buffer.getvalue().rstrip().endswith(b"\\u0141 \\u2713")


def test_json_of_texts_that_are_not_utf8_is_json():
    assert json.loads(to_json({"a": ["x\udcff"]})) == {"a": ["x\\udcff"]}


@pytest.mark.parametrize("given", ["", "  "])
@pytest.mark.parametrize("command", [("build", "shop"), ("info",), ("similar", "101")])
def test_a_store_without_a_name_is_refused(mpsr, given, command):
    code, _, err = mpsr(*command, "--store", given)
    assert code == 2
    assert "--store is empty" in err


def test_relative_paths_lead_to_the_same_place_from_another_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPSR_STORES", "stores")
    monkeypatch.setenv("MPSR_BOARDS_URL", "sqlite:///boards.sqlite")
    monkeypatch.setenv("MPSR_WEIGHTS", "")
    assert stores_folder() == tmp_path / "stores"
    keep_paths()
    monkeypatch.chdir("/")
    assert stores_folder() == tmp_path / "stores"
    assert os.environ["MPSR_BOARDS_URL"] == f"sqlite:///{tmp_path}/boards.sqlite"
    assert os.environ["MPSR_WEIGHTS"] == ""


def test_a_store_inside_its_catalogue_s_folder_is_built_once(mpsr, tmp_path):
    source = write_catalogue(tmp_path / "shop", [line(1), line(2)], ["1"])
    found = []
    for note in ("", "touched"):
        code, out, err = mpsr("build", source, "--store", source / "store", "--json")
        assert code == 0, err
        found.append(json.loads(out)["snapshot"])
        (source / "unrelated.log").write_text(f"{note} now")
        os.utime(source / "images" / "1.jpg")
    assert found[0] == found[1]


# -- numbers and addresses ---------------------------------------------------------------------------------


@pytest.mark.parametrize("rate", ["nan", "inf", "0", "-1"])
def test_a_learning_rate_that_learns_nothing_is_refused(mpsr, shop, rate):
    code, _, err = mpsr("train-encoder", shop, "--learning-rate", rate)
    assert code == 2
    assert "--learning-rate is" in err


@pytest.mark.parametrize("command", ["train-space", "train-encoder"])
@pytest.mark.parametrize("seed", ["-1", str(2**64)])
def test_a_seed_that_is_none_is_refused(mpsr, shop, command, seed):
    code, _, err = mpsr(command, *([shop] if command == "train-encoder" else []), "--seed", seed)
    assert code == 2
    assert "--seed" in err


def test_the_figures_of_one_product_are_refused(mpsr, one_product):
    code, _, err = mpsr("reproduce", "--store", one_product)
    assert code == 2
    assert "has 1 products with both text and picture. Expected at least 6" in err


@pytest.mark.parametrize("address", ["", " ", "nosuchhost.invalid", "x" * 300, "203.0.113.7"])
def test_an_address_that_is_none_of_this_machine_is_refused(mpsr, address, monkeypatch):
    monkeypatch.setattr(os, "execv", lambda *_: pytest.fail("served"))
    code, _, err = mpsr("app", "--address", address)
    assert code == 2
    assert "--address is" in err


@pytest.mark.parametrize(
    ("address", "warned"), [("0.0.0.0", True), ("127.0.0.1", False), ("localhost", False)]
)
def test_an_address_that_others_can_reach_is_warned_of(mpsr, tiny_store, monkeypatch, address, warned):
    monkeypatch.setenv("MPSR_STORES", str(tiny_store.parent))
    monkeypatch.setattr(os, "execv", lambda *_: None)
    monkeypatch.chdir(tiny_store)
    code, _, err = mpsr("app", "--address", address)
    assert code == 0
    assert ("can be reached from other machines" in err) is warned


# -- boards ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://h/x?user=u&password=SECRET",
        "postgresql+psycopg://u:SECRET@h/x",
        "postgresql+nosuchdriver://u:SECRET@h/SECRET?sslpassword=SECRET",
        "postgresql+psycopg://u:SECRET@h:1/x?options=SECRET&service=SECRET",
    ],
)
def test_an_address_of_boards_shows_scheme_and_host_alone(monkeypatch, url):
    import builtins

    real = builtins.__import__

    def missing(name: str, *rest: object, **more: object) -> object:
        if name.startswith("psycopg"):
            raise ModuleNotFoundError(f"No module named {name!r}")
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises((InputError, BoardsError)) as caught:
        Boards(url)
    assert "SECRET" not in str(caught.value)
    assert "://h" in str(caught.value)


DAMAGE = [
    "UPDATE mpsr_board_item SET place = 'x'",
    "UPDATE mpsr_board_item SET place = NULL",
    "UPDATE mpsr_board_item SET added = 'never'",
    "UPDATE mpsr_board_item SET name = CAST(X'FFFE' AS TEXT)",
    "UPDATE mpsr_board_item SET product = CAST(X'FFFE' AS TEXT)",
    "UPDATE mpsr_board SET made = 'x'",
    "UPDATE mpsr_board SET changed = 'x'",
    "UPDATE mpsr_board SET changed = 9e999",
    "UPDATE mpsr_board SET note = NULL",
    "UPDATE mpsr_board SET id = X'00FF'",
    "DROP TABLE mpsr_board_item",
]


@pytest.mark.parametrize("statement", DAMAGE)
def test_damaged_rows_of_the_boards_are_told(mpsr, tmp_path, monkeypatch, tiny_store, statement):
    url = f"sqlite:///{tmp_path / 'boards.sqlite'}"
    monkeypatch.setenv("MPSR_BOARDS_URL", url)
    boards = Boards(url)
    board = boards.make("Summer")
    boards.add(board, "shop", {"101": "Shirt"})
    boards.database.close()
    with sqlite3.connect(tmp_path / "boards.sqlite") as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("PRAGMA ignore_check_constraints=ON")
        try:
            connection.execute(statement)
        except sqlite3.IntegrityError:
            pytest.skip("the database itself refuses it")
    told = ""
    for options in (["--json"], [board, "--json"], [board, "--to", tmp_path / "out.csv"]):
        code, _, err = mpsr("boards", *options)
        assert code in (0, 1, 2), err
        assert not code or len(err.strip().splitlines()) == 1
        told += err
    assert "mpsr: the boards in" in told or "there is no board" in told


# -- stores ------------------------------------------------------------------------------------------------


def test_pictures_that_are_cut_short_while_they_are_open_are_told(store_copy):
    service = library.open(store_copy)
    path = object_of(store_copy, "pictures") / "pictures.bin"
    os.truncate(path, 10)
    with pytest.raises(StoreError, match=r"pictures\.bin was cut short"):
        service.picture("101")


@pytest.mark.parametrize("content", ["x", "", "f" * 64])
def test_damage_to_the_pointer_names_the_pointer(store_copy, content):
    (store_copy / "current").write_text(content)
    with pytest.raises(StoreError, match=rf"{store_copy}/(current|snapshots)"):
        library.open(store_copy)


def test_training_pictures_take_their_room_at_once(tmp_path, shop):
    """A mapped file that is written to on a full disk would end the process without a word."""
    _, pixels, _ = _load_source(shop, (32, 24), tmp_path)
    stat = Path(pixels.filename).stat()
    assert stat.st_blocks * 512 >= stat.st_size


def test_a_table_of_the_header_alone_is_no_catalogue(mpsr, tmp_path):
    source = write_catalogue(tmp_path / "shop", f"{HEADER}\n".encode())
    assert mpsr("build", source, "--store", tmp_path / "store")[0] == 2
