"""What a stranger can make the program do is bounded: memory, time and work, each with a sentence where it is refused."""

from __future__ import annotations

import gzip
import io
import os
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mpsr.catalogue import read_catalogue
from mpsr.catalogue.decoding import AT_ONCE, Budget, cost_of
from mpsr.catalogue.pictures import ENOUGH_SIDE, MAX_UPLOAD_PIXELS, decode_picture, decode_upload
from mpsr.catalogue.quoted import quoted_rows
from mpsr.catalogue.source import FolderSource
from mpsr.errors import InputError
from mpsr.search.request import MOST_DIVERSE, Request
from mpsr.types import MOST_ENCODED, MOST_PRODUCTS, Part, Query, about
from tests.conftest import HEADER, line, picture_bytes, write_catalogue

# -- pictures ----------------------------------------------------------------------------------------------


def test_a_budget_is_never_overdrawn_and_always_given_back():
    budget, now, most, lock = Budget(10), 0, 0, threading.Lock()

    def take(amount: int) -> None:
        nonlocal now, most
        for _ in range(20):
            with budget.taking(amount):
                with lock:
                    now += min(amount, 10)
                    most = max(most, now)
                time.sleep(0.0005)
                with lock:
                    now -= min(amount, 10)

    threads = [threading.Thread(target=take, args=(amount,)) for amount in (1, 3, 4, 9, 25)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (now, budget._left) == (0, 10)
    assert 4 <= most <= 10


PEAK = """
import resource, sys, threading
from mpsr.catalogue.pictures import decode_picture
data = open(sys.argv[1], "rb").read()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
threads = [threading.Thread(target=decode_picture, args=(data,)) for _ in range(4)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss is counted otherwise elsewhere")
def test_four_bombs_at_once_take_no_more_than_the_budget(tmp_path):
    path = tmp_path / "bomb.png"
    path.write_bytes(picture_bytes((10, 200, 30, 128), (6000, 6000), "RGBA", "PNG"))
    assert path.stat().st_size < 300_000
    done = subprocess.run(
        [sys.executable, "-c", PEAK, str(path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert int(done.stdout) < AT_ONCE


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "RGB"), ("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "L")])
def test_a_large_picture_is_shrunk_and_looks_the_same(kind, mode):
    ramp = np.linspace(0, 255, 2600).astype(np.uint8)
    grey = Image.fromarray(np.broadcast_to(ramp, (2200, 2600)).copy()).convert(mode)
    out = io.BytesIO()
    grey.save(out, kind, quality=95)
    shown = decode_picture(out.getvalue())
    assert ENOUGH_SIDE <= min(shown.size) < 2200
    expected = grey.convert("RGB").resize(shown.size, Image.Resampling.BOX)
    difference = np.abs(np.asarray(shown, np.int16) - np.asarray(expected, np.int16))
    assert difference.mean() < 1.5


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_a_large_picture_is_upright(kind):
    exif = Image.Exif()
    exif[0x0112] = 6
    shown = decode_picture(picture_bytes((9, 9, 9), (3200, 2400), "RGB", kind, exif=exif))
    assert shown.height > shown.width


def test_an_ordinary_picture_keeps_its_pixels():
    noise = np.random.default_rng(0).integers(0, 256, (2000, 2040, 3), np.uint8)
    out = io.BytesIO()
    Image.fromarray(noise).save(out, "PNG")
    np.testing.assert_array_equal(np.asarray(decode_picture(out.getvalue())), noise)


def test_an_upload_has_a_limit_of_its_own():
    side = int(MAX_UPLOAD_PIXELS**0.5)
    assert decode_upload(picture_bytes((1, 2, 3), (side, side)))
    with pytest.raises(InputError, match="at most 16,000,000 pixels"):
        decode_upload(picture_bytes((1, 2, 3), (side + 2, side + 2)))


def test_a_deep_picture_costs_more_than_a_plain_one():
    assert (
        cost_of((10, 10), "I;16", "PNG") > cost_of((10, 10), "RGBA", "PNG") > cost_of((10, 10), "RGB", "JPEG")
    )


# -- tables ------------------------------------------------------------------------------------------------


def test_quotes_that_are_never_closed_cost_time_in_proportion():
    rows, began = 60_000, time.process_time()
    text = "id,name\n" + 'p","y\n' * rows
    assert sum(1 for _ in quoted_rows(text, ",", ["id"])) == rows + 1
    assert time.process_time() - began < 6  # each row used to look at a thousand lines


def test_a_description_over_many_lines_is_one_row_all_the_same():
    rows = "".join(f'{n},"first\n{"more" + chr(10)}last {n}"\n' for n in range(500))
    found = list(quoted_rows(f"id,name\n{rows}", ",", ["id"]))
    assert len(found) == 501
    assert found[-1].fields["name"].endswith("last 499")


def test_a_table_packed_beyond_belief_is_not_read(tmp_path):
    table = f"{HEADER}\n".encode() + f"{line(1)}\n".encode() * 700_000
    path = tmp_path / "shop.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("styles.csv", table)
    assert path.stat().st_size < len(table) / 100
    with pytest.raises(InputError, match="taken for a zip bomb"):
        read_catalogue(path)
    packed = tmp_path / "styles.csv"
    packed.write_bytes(gzip.compress(table))
    with pytest.raises(InputError, match="taken for a bomb and not read"):
        read_catalogue(packed)


def test_an_ordinary_packed_table_is_read(tmp_path):
    packed = tmp_path / "styles.csv"
    packed.write_bytes(
        gzip.compress("\n".join([HEADER, *(line(n, f"Shirt {n}") for n in range(3000))]).encode())
    )
    assert read_catalogue(packed).summary.rows_kept == 3000


# -- folders -----------------------------------------------------------------------------------------------


def test_many_files_beside_a_table_take_little_time(tmp_path):
    for number in range(20_000):
        os.close(os.open(tmp_path / f"{number}.log", os.O_CREAT))
    began = time.process_time()
    assert len(FolderSource(tmp_path).members()) == 20_000
    assert time.process_time() - began < 2  # 4 s when each was resolved


def test_a_folder_of_a_whole_disk_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("mpsr.catalogue.source.MOST_FILES", 5)
    for number in range(6):
        (tmp_path / str(number)).touch()
    with pytest.raises(InputError, match="more than 5 files"):
        FolderSource(tmp_path).members()


def test_folders_a_thousand_deep_are_walked(tmp_path):
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(1300):
        os.mkdir("d", dir_fd=here)
        inner = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)
    write_catalogue(tmp_path, [line(1)], ["1"])
    assert read_catalogue(tmp_path).summary.pictures_found == 1
    subprocess.run(["rm", "-rf", str(tmp_path / "d")], check=True)


def test_a_store_within_the_catalogue_s_folder_is_no_part_of_it(tmp_path, store_copy):
    folder = write_catalogue(tmp_path / "shop", [line(1)], ["1"])
    before = FolderSource(folder).members()
    store_copy.rename(folder / "store")
    assert FolderSource(folder).members() == before


# -- queries -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "match"),
    [
        ([Part(words="red")] * (MOST_ENCODED + 1), "21 texts and pictures"),
        ([Part(product="1")] * (MOST_PRODUCTS + 1), "5,001 products"),
    ],
)
def test_a_query_of_too_many_parts_is_refused(parts, match):
    with pytest.raises(InputError, match=rf"{match}.* at most"):
        Query(tuple(parts))
    Query(tuple(parts[1:]))


def test_diversity_among_thousands_is_refused():
    with pytest.raises(InputError, match="k is 501 with diversity; expected at most 500"):
        Request(about("1"), k=MOST_DIVERSE + 1, diversity=0.3)
    Request(about("1"), k=5000)
    Request(about("1"), k=MOST_DIVERSE, diversity=0.3)


# -- open stores -------------------------------------------------------------------------------------------


def test_stores_stay_open_as_long_as_the_memory_allows(tmp_path, tiny_store, monkeypatch):
    from mpsr.ui import opened

    monkeypatch.setattr(opened, "_services", type(opened._services)())
    roots = [tmp_path / name for name in "abc"]
    for root in roots:
        root.symlink_to(tiny_store)
    services = [opened.opened(root) for root in roots]
    assert [opened.opened(root) for root in roots] == services
    assert 0 < services[0].memory < 10_000_000
    monkeypatch.setattr(opened, "MEMORY", 2 * services[0].memory)
    monkeypatch.setattr(opened, "_services", type(opened._services)())
    for root in roots:
        opened.opened(root)
    assert [opened.is_open(root) for root in roots] == [False, True, True]


def test_a_store_that_takes_all_of_it_is_open_all_the_same(tiny_store, monkeypatch):
    from mpsr.ui import opened

    monkeypatch.setattr(opened, "_services", type(opened._services)())
    monkeypatch.setattr(opened, "MEMORY", 1)
    assert opened.opened(tiny_store) is opened.opened(tiny_store)
