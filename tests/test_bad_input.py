"""Everything a user can bring on, through the command line: the exit code, one clear message, no traceback."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mpsr.store import Store

from .conftest import HEADER, line, picture_bytes, shop_pictures, shop_rows, write_catalogue

pytestmark = pytest.mark.usefixtures("tiny_embedded")


def built(mpsr, source: Path, store: Path, *options: str) -> dict:
    code, out, err = mpsr("build", source, "--store", store, "--json", *options)
    assert code == 0, err
    return json.loads(out)


# -- tables and pictures ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (b"", "is empty. Expected a header line"),
        (HEADER.encode(), "no rows at all"),
        (f"{HEADER.replace(',season', '')}\n{line(1)}\n".encode(), "lacks the column(s) season"),
        (f"{HEADER}\n{line(1, 'Käse für Mädchen')}\n".encode() + b"\xe9", "--encoding cp1252"),
        (bytes(1000), "no text in an encoding that is recognised"),
    ],
    ids=["empty", "header", "column", "damaged", "no text"],
)
def test_a_table_that_cannot_be_read_exits_with_2_and_leaves_no_store(mpsr, tmp_path, table, says):
    code, out, err = mpsr("build", write_catalogue(tmp_path / "shop", table), "--store", tmp_path / "store")
    assert (code, out) == (2, "")
    assert says in err
    assert not (tmp_path / "store" / "current").exists()


def test_one_build_through_everything_bad_loses_nothing(mpsr, tmp_path):
    rows = [
        *shop_rows()[:6],
        line("A-1", "x" * 1_000_000),
        line("A\0", "NUL"),
        line("A-3", "nul \0 inside"),
        line(101, "Again"),
        "",
        "short,row",
        line("cmyk"),
        line("anim"),
        line("grey16"),
        line("bomb"),
        line("zero"),
        line("cut"),
        line("../x"),
    ]
    huge = bytearray(picture_bytes(kind="PNG"))
    huge[16:24] = (20_000).to_bytes(4, "big") * 2
    pictures = {
        "cmyk.jpg": picture_bytes((0, 9, 9, 0), mode="CMYK"),
        "anim.jpg": picture_bytes(kind="GIF"),
        "grey16.png": picture_bytes((4000,), mode="I;16", kind="PNG"),
        "bomb.png": bytes(huge),
        "zero.jpg": b"",
        "cut.jpg": picture_bytes(size=(90, 90))[:500],
        **{name: data for name, data in shop_pictures().items() if name < "105"},
    }
    facts = built(mpsr, write_catalogue(tmp_path / "shop", rows, pictures), tmp_path / "store")
    figures = facts["catalogue"]
    assert figures["rows_read"] == len(rows) == figures["rows_kept"] + sum(figures["rejected"].values())
    assert figures["rejected"] == {
        "NUL byte": 2,
        "blank line": 1,
        "duplicate id": 1,
        "field too long": 1,
        "too few fields": 1,
    }
    assert sum(figures["pictures_refused"].values()) == 3
    assert figures["pictures_found"] == 4 + 3
    table = pd.read_parquet(facts["rejects"])
    assert table[table["kind"] == "row"]["line"].tolist() == [8, 9, 10, 11, 12, 13]
    assert table[table["kind"] == "picture"]["id"].tolist() == ["bomb", "zero", "cut"]
    code, out, _ = mpsr("similar", "../x", "--store", tmp_path / "store", "--json", "-k", 100)
    assert code == 0
    assert len(json.loads(out)["neighbours"]) == figures["rows_kept"] - 1


def test_strict_and_drop_are_taken_from_the_command(mpsr, tmp_path):
    folder = write_catalogue(tmp_path / "shop", [line(1), line(2), line(3, "Gold, Silver")], [1, 3])
    facts = built(mpsr, folder, tmp_path / "store", "--rows", "strict", "--no-image", "drop")
    assert facts["catalogue"]["rejected"] == {"no picture": 1, "too many fields": 1}
    assert Path(facts["cleaned"]).read_text().splitlines() == [HEADER, line(1)]


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("pictures", [True, False], ids=["pictures", "none"])
def test_one_and_two_products(mpsr, tmp_path, count, pictures):
    ids = list(range(1, count + 1))
    colours = {f"{n}.jpg": picture_bytes((n * 90, 10, 10)) for n in ids} if pictures else {}
    folder = write_catalogue(tmp_path / "shop", [line(n, f"Alder {'abc'[n]}") for n in ids], colours)
    facts = built(mpsr, folder, tmp_path / "store")
    assert facts["catalogue"]["pictures_found"] == len(colours)
    code, out, err = mpsr("similar", 1, "--store", tmp_path / "store", "--json", "-k", 5)
    assert code == 0, err
    found = json.loads(out)["neighbours"]
    assert [item["id"] for item in found] == [str(n) for n in ids[1:]]
    assert all(-1.0001 <= item["score"] <= 1.0001 for item in found)


def test_products_that_are_all_alike(mpsr, tmp_path):
    folder = write_catalogue(tmp_path / "shop", [line(n) for n in range(30)], range(30))
    built(mpsr, folder, tmp_path / "store")
    code, out, err = mpsr("similar", 3, "--store", tmp_path / "store", "--json")
    assert code == 0, err
    assert "3" not in [item["id"] for item in json.loads(out)["neighbours"]]


# -- archives --------------------------------------------------------------------------------------------


def zipped(path: Path, extra: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {"styles.csv": f"{HEADER}\n{line(1)}\n{line(2)}\n".encode(), **extra}.items():
            archive.writestr(name, data)
    return path


def test_a_zip_is_read_in_place(mpsr, tmp_path):
    path = zipped(tmp_path / "shop.zip", {"images/1.jpg": picture_bytes(), "images/2.jpg": bytes(9_000_000)})
    facts = built(mpsr, path, tmp_path / "store")
    assert facts["catalogue"]["pictures_refused"] == {"unreadable picture": 1}
    assert sorted(p.name for p in tmp_path.iterdir()) == ["shop.zip", "store"]


@pytest.mark.parametrize(
    ("damage", "says"),
    [("cut", "not a complete zip archive"), ("outside", "points outside the archive"), ("bomb", "zip bomb")],
)
def test_a_zip_that_cannot_be_trusted_exits_with_2(mpsr, tmp_path, damage, says):
    extra = {"outside": {"../evil.jpg": b"x"}, "bomb": {"styles.csv": bytes(9_000_000)}}.get(damage, {})
    path = zipped(tmp_path / "shop.zip", extra)
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:-30])
    code, _, err = mpsr("build", path, "--store", tmp_path / "store")
    assert code == 2
    assert says in err


# -- wrong use -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["similar", "0101"], "no product '0101' among the 30.*Similar ids: 101"),
        (["similar", "quite-another"], "no product 'quite-another'"),
        (["similar", "101", "-k", "0"], "k is 0; expected a whole number, at least 1"),
        (["similar", "101", "--space", "outer"], "no space 'outer'. Expected one of paper"),
        (["similar", "101", "--where", "gender"], "Expected COLUMN=VALUE"),
        (["similar", "101", "--where", "gendre=Men"], "unknown column 'gendre'"),
        (["similar", "101", "--where", "baseColour=Bleu"], "Did you mean Blue"),
        (["similar", "101", "--weights", "text=nan,image=1"], "weights are"),
        (["similar", "101", "--weights", "words=1"], "weights are"),
        (["similar"], "nothing to look for. Give a product.s id, --words TEXT or --photo FILE"),
        (["simmilar", "101"], "No such command"),
    ],
)
def test_a_wrong_question_exits_with_2(mpsr, tiny_store, arguments, says):
    options = ["--store", str(tiny_store)] if arguments[0] == "similar" else []
    code, out, err = mpsr(*arguments, *options)
    assert (code, out) == (2, "")
    assert re.search(says, err, re.S), err


def test_k_larger_than_the_catalogue_gives_all_others(mpsr, tiny_store):
    code, out, _ = mpsr("similar", 101, "--store", tiny_store, "--json", "-k", 1000)
    assert code == 0
    ids = [item["id"] for item in json.loads(out)["neighbours"]]
    assert len(ids) == len(set(ids)) == 29
    assert "101" not in ids


@pytest.mark.parametrize(
    "options",
    [
        ["--rows", "mend"],
        ["--no-image", "hide"],
        ["--index", "flat"],
        ["--limit", "0"],
        ["--mapping", "none.toml"],
        ["--encoding", "no-such"],
    ],
)
def test_a_wrong_option_of_build_exits_with_2(mpsr, shop, tmp_path, options):
    assert mpsr("build", shop, "--store", tmp_path / "store", *options)[0] == 2


@pytest.mark.parametrize(
    ("name", "says"),
    [("nothing", "does not exist"), ("notes.txt", "is no catalogue"), ("empty", "holds no styles.csv")],
)
def test_a_source_that_is_none_exits_with_2(mpsr, tmp_path, name, says):
    (tmp_path / "notes.txt").write_text("notes")
    (tmp_path / "empty").mkdir()
    code, _, err = mpsr("build", tmp_path / name, "--store", tmp_path / "store")
    assert code == 2
    assert says in err


# -- the store's place -----------------------------------------------------------------------------------


def test_a_damaged_or_older_store_exits_with_2_and_says_how_to_rebuild(mpsr, store_copy):
    vectors = next(store_copy.glob("objects/paper/*/vectors.npy"))
    data = bytearray(vectors.read_bytes())
    data[-5] ^= 1
    vectors.write_bytes(data)
    code, _, err = mpsr("similar", 101, "--store", store_copy)
    assert code == 2
    assert f"{vectors} is damaged" in err
    assert f"mpsr build SOURCE --store {store_copy}" in err
    snapshot = next(store_copy.glob("snapshots/*.json"))
    snapshot.write_text(snapshot.read_text().replace('"schema": 1', '"schema": 0'))
    code, _, err = mpsr("info", "--store", store_copy)
    assert code == 2
    assert "has schema 0" in err


def test_two_builds_into_one_store(mpsr, shop, tmp_path):
    with Store(tmp_path / "store").writing():
        code, _, err = mpsr("build", shop, "--store", tmp_path / "store")
    assert code == 1
    assert "another build is writing" in err
    built(mpsr, shop, tmp_path / "store")


def test_a_file_where_the_store_should_be(mpsr, shop, tmp_path):
    (tmp_path / "file").write_text("x")
    for store in (tmp_path / "file", tmp_path / "file" / "store"):
        code, _, err = mpsr("build", shop, "--store", store)
        assert code == 2
        assert "a file is in the way" in err
    assert (tmp_path / "file").read_text() == "x"


def test_a_read_only_folder(mpsr, shop, tmp_path, monkeypatch):
    def refuse(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "mkdir", refuse)
    code, _, err = mpsr("build", shop, "--store", tmp_path / "store")
    assert code == 1
    assert f"no permission ({tmp_path / 'store'})" in err


@pytest.mark.parametrize("after", [0, 3, 9, 15, 24])
def test_a_disk_that_fills_up_during_the_build(mpsr, shop, tmp_path, monkeypatch, after):
    """The n-th flush fails, wherever in the build that is; the same command then goes on."""
    real, calls = os.fsync, iter(range(10_000))

    def full(descriptor: int) -> None:
        if next(calls) >= after:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        code, _, err = mpsr("build", shop, "--store", tmp_path / "store")
    assert code == 1
    assert "the disk is full" in err
    assert mpsr("info", "--store", tmp_path / "store")[0] == 2
    built(mpsr, shop, tmp_path / "store")


@pytest.fixture
def small_disk(tmp_path):
    """Mounts a disk of so many KiB; needs root and Linux."""
    place = tmp_path / "disk"
    place.mkdir()

    def mount(kib: int, *, again: bool = False) -> Path:
        options = f"size={kib}k" + (",remount" if again else "")
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)], capture_output=True, check=False
        )
        if done.returncode:
            pytest.skip("cannot mount a small disk here")
        return place

    if not shutil.which("mount") or not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("needs root")
    yield mount
    subprocess.run(["umount", "-l", str(place)], capture_output=True, check=False)


@pytest.mark.parametrize(
    "kib",
    [8, 16, 28, 60, 120, 200, *(pytest.param(kib, marks=pytest.mark.slow) for kib in range(12, 220, 10))],
)
def test_a_disk_that_is_really_full(mpsr, shop, small_disk, kib):
    store = small_disk(kib) / "store"
    code, _, err = mpsr("build", shop, "--store", store)
    assert code == 1, err
    assert "the disk is full" in err
    small_disk(8192, again=True)
    assert built(mpsr, shop, store)["catalogue"]["rows_kept"] == 30


def test_a_build_that_is_stopped_says_so_and_goes_on_where_it_ended(mpsr, shop, tmp_path, monkeypatch):
    from mpsr.stages import paper

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(paper, "fuse", stop)
        code, _, err = mpsr("build", shop, "--store", tmp_path / "store")
    assert code == 1
    assert "stopped. Run the same command to resume." in err
    made = {path: path.stat().st_mtime_ns for path in (tmp_path / "store" / "objects").rglob("*.*")}
    assert {path.parent.parent.name for path in made} >= {"catalogue", "pictures", "text", "image"}
    built(mpsr, shop, tmp_path / "store")
    assert {path: path.stat().st_mtime_ns for path in made if path.exists()} == {
        path: time for path, time in made.items() if ".partial" not in str(path)
    }


# -- the program itself ----------------------------------------------------------------------------------


def test_the_program_exits_without_a_traceback(tmp_path, tiny_store):
    """As a process of its own."""

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "mpsr", *map(str, arguments)]
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | {"MPSR_STORES": str(tmp_path)},
        )

    good = run("similar", 101, "--store", tiny_store, "--json")
    assert good.returncode == 0
    assert len(json.loads(good.stdout)["neighbours"]) == 5
    missing = run("similar", 101)
    assert missing.returncode == 2
    assert missing.stderr.startswith("mpsr: there is no store in")
    assert "Traceback" not in missing.stderr


def test_the_vectors_of_products_without_a_picture_are_zero(tiny_store):
    store = Store(tiny_store)
    stages = store.current().stages
    image = store.open_object("image", stages["image"])
    present = image.array("present.npy")
    assert present.sum() == 29
    assert np.abs(image.array("vectors.npy")[~present]).max() == 0
