"""Folders and zips: listed, read in place, and never trusted."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from mpsr.catalogue.source import FolderSource, MemberError, ZipSource, open_source, source_fingerprint
from mpsr.errors import InputError

MIB = 1024 * 1024


def make_zip(path: Path, files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def make_folder(path: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return path


FILES = {"styles.csv": b"id\n", "images/1.jpg": b"one", "images/sub/2.JPG": b"two", "näme.txt": b"x"}


def test_a_folder_and_its_zip_hold_the_same(tmp_path):
    folder = open_source(make_folder(tmp_path / "f", FILES))
    archive = open_source(make_zip(tmp_path / "f.zip", FILES))
    assert sorted(folder.members()) == sorted(archive.members()) == sorted(FILES)
    for name, data in FILES.items():
        assert folder.read(name, 10) == archive.read(name, 10) == data


@pytest.mark.parametrize("make", [make_folder, make_zip])
def test_reading_stops_at_the_limit(tmp_path, make):
    source = open_source(make(tmp_path / "s", {"a.jpg": b"12345"}))
    assert source.read("a.jpg", 5) == b"12345"
    with pytest.raises(MemberError, match="larger than 4 bytes"):
        source.read("a.jpg", 4)
    with pytest.raises(MemberError):
        source.read("b.jpg", 4)


def test_the_fingerprint_changes_with_content_names_and_number(tmp_path):
    folder = make_folder(tmp_path / "f", FILES)
    before = source_fingerprint(FolderSource(folder).members())
    assert source_fingerprint(FolderSource(folder).members()) == before
    (folder / "images/1.jpg").write_bytes(b"ONE!")
    changed = source_fingerprint(FolderSource(folder).members())
    (folder / "images/1.jpg").rename(folder / "images/3.jpg")
    renamed = source_fingerprint(FolderSource(folder).members())
    assert len({before, changed, renamed}) == 3


def test_a_file_of_equal_size_written_later_changes_the_fingerprint(tmp_path):
    folder = make_folder(tmp_path / "f", FILES)
    before = source_fingerprint(FolderSource(folder).members())
    (folder / "images/1.jpg").write_bytes(b"two")
    os.utime(folder / "images/1.jpg", (1, 1))
    assert source_fingerprint(FolderSource(folder).members()) != before


def test_a_zip_s_fingerprint_is_of_its_content(tmp_path):
    stamps = [
        source_fingerprint(ZipSource(make_zip(tmp_path / f"{n}.zip", FILES | extra)).members())
        for n, extra in enumerate(({}, {}, {"images/1.jpg": b"own"}))
    ]
    assert stamps[0] == stamps[1] != stamps[2]


def test_links_out_of_the_folder_loops_and_pipes_are_left_out(tmp_path):
    folder = make_folder(tmp_path / "f", {"images/1.jpg": b"one"})
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "images" / "2.jpg").symlink_to(tmp_path / "secret.txt")
    (folder / "images" / "3.jpg").symlink_to(folder / "images" / "3.jpg")
    (folder / "images" / "4.jpg").symlink_to(folder / "nowhere")
    (folder / "images" / "again").symlink_to(folder)
    (folder / "images" / "5.jpg").symlink_to(folder / "images" / "1.jpg")
    os.mkfifo(folder / "images" / "6.jpg")
    (folder / "images" / "7.jpg").mkdir()
    assert sorted(FolderSource(folder).members()) == ["images/1.jpg", "images/5.jpg"]


def test_file_names_that_are_not_utf8_do_no_harm(tmp_path):
    folder = make_folder(tmp_path / "f", FILES)
    try:
        Path(os.fsdecode(os.fsencode(folder) + b"/images/caf\xe9.jpg")).write_bytes(b"x")
    except OSError:
        pytest.skip("this file system takes only UTF-8 names")
    members = FolderSource(folder).members()
    assert len(members) == 5
    assert len(source_fingerprint(members)) == 64


def test_a_folder_inside_that_may_not_be_read_is_left_out_with_a_warning(tmp_path, monkeypatch, caplog):
    folder = make_folder(tmp_path / "f", {"styles.csv": b"id\n", "locked/x.jpg": b"x"})
    refuse_listing(monkeypatch, folder / "locked")
    assert list(FolderSource(folder).members()) == ["styles.csv"]
    assert "locked" in caplog.text


def test_a_folder_that_may_not_be_read_at_all_is_an_error(tmp_path, monkeypatch):
    folder = make_folder(tmp_path / "f", FILES)
    refuse_listing(monkeypatch, folder)
    with pytest.raises(InputError, match=r"cannot read .*Permission denied"):
        FolderSource(folder).members()


def refuse_listing(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Root may read everything, so the refusal is played."""
    real = os.scandir

    def scandir(path: Path):
        if Path(path) == folder:
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)


# -- zips --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["../evil.jpg", "images/../../evil.jpg", "/etc/passwd", "..\\evil.jpg", "images\\..\\..\\evil.jpg"],
)
def test_a_name_that_leaves_the_archive_condemns_it(tmp_path, name):
    path = make_zip(tmp_path / "evil.zip", {"styles.csv": b"id\n", name: b"x"})
    with pytest.raises(InputError, match="points outside the archive"):
        ZipSource(path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["evil.zip"]


def test_backslashes_in_names_are_folders(tmp_path):
    source = ZipSource(make_zip(tmp_path / "w.zip", {"images\\1.jpg": b"one", "empty\\": b""}))
    assert list(source.members()) == ["images/1.jpg"]
    assert source.read("images/1.jpg", 10) == b"one"


def test_a_zip_bomb_is_not_opened(tmp_path):
    source = ZipSource(make_zip(tmp_path / "b.zip", {"a.jpg": bytes(20 * MIB), "b.jpg": b"fine"}))
    with pytest.raises(MemberError, match=r"unpacks to 20,971,520 bytes.*zip bomb"):
        source.read("a.jpg", 64 * MIB)
    assert source.read("b.jpg", 10) == b"fine"


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA])
def test_a_bomb_that_lies_about_its_size_gives_no_more_than_it_said(tmp_path, method):
    path = make_zip(tmp_path / "b.zip", {"a.jpg": bytes(3 * MIB)}, method)
    honest, claimed = (3 * MIB).to_bytes(4, "little"), (1000).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(honest, claimed))
    with pytest.raises(MemberError):
        ZipSource(path).read("a.jpg", 64 * MIB)


def test_bzip2_is_refused_by_name(tmp_path):
    source = ZipSource(make_zip(tmp_path / "b.zip", {"a.jpg": b"abc"}, zipfile.ZIP_BZIP2))
    with pytest.raises(MemberError, match=r"packed with method 12. Expected an ordinary zip"):
        source.read("a.jpg", 10)


def test_an_encrypted_zip_says_so(tmp_path):
    path = make_zip(tmp_path / "e.zip", {"styles.csv": b"id\n"}, zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(MemberError, match=r"styles.csv in e.zip is encrypted"):
        ZipSource(path).read("styles.csv", 10)


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.99])
def test_a_cut_zip_is_called_incomplete(tmp_path, part):
    path = make_zip(tmp_path / "cut.zip", {f"images/{n}.jpg": os.urandom(300) for n in range(20)})
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * part)])
    with pytest.raises(InputError, match="not a complete zip archive"):
        open_source(path)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA])
def test_damage_anywhere_in_a_zip_is_an_input_error_or_nothing(tmp_path, method):
    whole = make_zip(
        tmp_path / "z.zip", {"styles.csv": b"id\n1\n", "images/ä.jpg": b"abc" * 40}, method
    ).read_bytes()
    path = tmp_path / "damaged.zip"
    for place in range(len(whole)):
        damaged = bytearray(whole)
        damaged[place] ^= 0xFF
        path.write_bytes(damaged)
        try:
            source = open_source(path)
            for member in source.members():
                source.read(member, 1000)
        except InputError:
            continue


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("notes.txt", b"some notes", "is no catalogue. Expected a catalogue folder, its zip, or a .csv"),
        ("empty.zip", b"", "is an empty file"),
        ("page.zip", b"<html>sign in</html>", "not a complete zip archive"),
    ],
)
def test_a_file_that_is_no_catalogue(tmp_path, name, data, says):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError, match=says):
        open_source(tmp_path / name)


def test_nothing_there(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        open_source(tmp_path / "nothing")


def test_an_empty_zip_holds_nothing(tmp_path):
    assert open_source(make_zip(tmp_path / "z.zip", {})).members() == {}
