"""A catalogue as a whole: what is kept, what is rejected, and that it adds up."""

from __future__ import annotations

import zipfile

import pytest

from mpsr.catalogue import Policies, locate, read_catalogue
from mpsr.errors import InputError

from ..conftest import HEADER, line, picture_bytes, write_catalogue

LONG = (
    "59001,Women,Accessories,Jewellery,Earrings,Gold,Winter,2012,Casual,"
    "Alder Women Gold, Silver and Copper Toned Earrings"
)


def rejects(catalogue) -> list[tuple[int, str, str, str]]:
    return [(reject.line, reject.id, reject.kind, reject.reason) for reject in catalogue.rejects]


def test_rows_like_the_real_file_s(tmp_path):
    rows = [
        line(1),
        LONG,
        line(3, "Birch Women's Tempo 3.5\" Pink Short"),
        "4,Men,Apparel",
        line(1, "Again"),
        "",
        line(7),
    ]
    catalogue = read_catalogue(write_catalogue(tmp_path, rows, [1, 59001]))
    assert catalogue.products["productDisplayName"].tolist()[1:3] == [
        "Alder Women Gold, Silver and Copper Toned Earrings",
        "Birch Women's Tempo 3.5\" Pink Short",
    ]
    assert catalogue.products["line"].tolist() == [2, 3, 4, 8]
    assert rejects(catalogue) == [
        (5, "4", "row", "too few fields"),
        (6, "1", "row", "duplicate id"),
        (7, "", "row", "blank line"),
    ]
    summary = catalogue.summary
    assert (summary.rows_read, summary.rows_kept, summary.rows_repaired) == (7, 4, 1)
    assert (summary.pictures_found, summary.pictures_missing) == (2, 2)
    assert catalogue.cleaned_lines is None


def test_strict_keeps_the_lines_as_they_stood(tmp_path):
    catalogue = read_catalogue(
        write_catalogue(tmp_path, [line(1), LONG, line(3)], [1]), Policies(rows="strict")
    )
    assert rejects(catalogue) == [(3, "59001", "row", "too many fields")]
    assert catalogue.cleaned_lines == (HEADER, line(1), line(3))


def test_products_without_a_usable_picture_dropped(tmp_path):
    pictures = {"1.jpg": picture_bytes(), "2.jpg": b"broken", "4.jpg": b""}
    folder = write_catalogue(tmp_path, [line(n) for n in (1, 2, 3, 4)], pictures)
    kept = read_catalogue(folder)
    assert kept.ids == ["1", "2", "3", "4"]
    assert rejects(kept) == [(3, "2", "picture", "not a picture"), (5, "4", "picture", "empty picture")]
    assert (kept.summary.pictures_found, kept.summary.pictures_missing) == (1, 1)
    dropped = read_catalogue(folder, Policies(no_image="drop"))
    assert dropped.ids == ["1"]
    assert rejects(dropped) == [
        (3, "2", "row", "not a picture"),
        (4, "3", "row", "no picture"),
        (5, "4", "row", "empty picture"),
    ]
    assert (dropped.summary.rows_read, dropped.summary.rows_kept) == (4, 1)


def test_ids_are_text(tmp_path):
    ids = ["007", "7", " 8 ", "A-9", "../x", "ключ", "NA", "1e3", "x" * 150]
    pictures = {f"{name}.jpg": picture_bytes() for name in ("007", "7", "8", "A-9", "ключ")}
    catalogue = read_catalogue(write_catalogue(tmp_path, [line(n) for n in ids], pictures))
    assert catalogue.ids == [text.strip() for text in ids]
    assert catalogue.products["picture"].notna().tolist() == [
        True,
        True,
        True,
        True,
        False,
        True,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize("name", ["5.JPG", "5.jpeg", "5.Png", "5.webp"])
def test_pictures_of_any_usual_ending(tmp_path, name):
    catalogue = read_catalogue(
        write_catalogue(
            tmp_path, [line(5)], {name: picture_bytes(), "._5.jpg": b"junk", "Thumbs.db": b"junk"}
        )
    )
    assert catalogue.products["picture"].tolist() == [f"images/{name}"]


def test_a_picture_named_with_the_wrong_ending_is_known_by_its_content(tmp_path):
    catalogue = read_catalogue(write_catalogue(tmp_path, [line(5)], {"5.jpg": picture_bytes(kind="PNG")}))
    assert catalogue.summary.pictures_found == 1


def test_missing_values_and_years_that_are_none(tmp_path):
    years = ["2012", "", "NA", "2012.0", "inf", "1e300", "-5", "99999", "next", "NaN"]
    rows = [line(n, "NA" if n == 0 else " A ").replace("2012", year) for n, year in enumerate(years)]
    catalogue = read_catalogue(write_catalogue(tmp_path, rows))
    found = catalogue.products["year"]
    assert found.dtype == "Int64"
    assert [
        None if value is None or value != value else value
        for value in found.astype(object).where(found.notna(), None)
    ] == [
        2012,
        None,
        None,
        2012,
        *[None] * 6,
    ]
    assert catalogue.products["productDisplayName"].isna().tolist() == [True] + [False] * 9
    assert catalogue.summary.missing_values["year"] == 8


def test_limit_keeps_the_first(tmp_path):
    catalogue = read_catalogue(
        write_catalogue(tmp_path, ["", *[line(n) for n in range(9)]]), Policies(limit=3)
    )
    assert catalogue.ids == ["0", "1", "2"]


def test_columns_named_like_ours_do_not_collide(tmp_path):
    header = f"line,picture,{HEADER},repaired"
    catalogue = read_catalogue(write_catalogue(tmp_path, f"{header}\nL,P,{line(1)},R\n".encode(), [1]))
    assert catalogue.products["line"].tolist() == [2]
    assert catalogue.products["picture"].tolist() == ["images/1.jpg"]
    assert catalogue.products["repaired"].tolist() == [False]


@pytest.mark.parametrize("root", ["", "archive/", "a/b/"])
def test_a_zip_with_the_table_at_any_depth(tmp_path, root):
    with zipfile.ZipFile(tmp_path / "shop.zip", "w") as archive:
        for place in (root, f"{root}myntradataset/"):
            archive.writestr(f"{place}styles.csv", f"{HEADER}\n{line(1)}\n")
            archive.writestr(f"{place}images/1.jpg", picture_bytes())
        archive.writestr(f"__MACOSX/{root}._styles.csv", b"\0\5\x16\7junk")
        archive.writestr(f"__MACOSX/{root}images/._1.jpg", b"\0\5\x16\7junk")
    catalogue = read_catalogue(tmp_path / "shop.zip")
    assert catalogue.ids == ["1"]
    assert catalogue.products["picture"].tolist() == [f"{root}images/1.jpg"]
    assert sorted(locate(tmp_path / "shop.zip").relevant_members()) == [
        f"{root}images/1.jpg",
        f"{root}styles.csv",
    ]


def test_the_table_itself_with_its_pictures_beside_it(tmp_path):
    write_catalogue(tmp_path, [line(1)], [1])
    (tmp_path / "styles.csv").rename(tmp_path / "Mine.CSV")
    assert read_catalogue(tmp_path / "Mine.CSV").summary.pictures_found == 1


def test_a_damaged_member_of_a_zip_costs_one_picture(tmp_path):
    path = tmp_path / "shop.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("styles.csv", f"{HEADER}\n{line(1)}\n{line(2)}\n")
        archive.writestr("images/1.jpg", picture_bytes())
        archive.writestr("images/2.jpg", picture_bytes((1, 2, 3)))
    data = bytearray(path.read_bytes())
    data[data.index(picture_bytes((1, 2, 3))) + 200] ^= 0xFF
    path.write_bytes(data)
    catalogue = read_catalogue(path)
    assert rejects(catalogue) == [(3, "2", "picture", "unreadable picture")]
    assert catalogue.ids == ["1", "2"]


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (b"", "styles.csv is empty"),
        (HEADER.encode(), "no product that can be kept; rejected: no rows at all"),
        (f"{HEADER}\r\n".encode(), "no rows at all"),
        (f"{HEADER}\n7\n\n".encode(), "'too few fields': 1, 'blank line': 1"),
        (f"{HEADER.replace(',year', '')}\n".encode(), r"lacks the column\(s\) year; it has id, gender"),
        (b"junk", "lacks the column.*it has junk"),
        (b"a," * 100_000, "lacks|more than one"),
        (bytes(1000), "no text in an encoding that is recognised"),
    ],
)
def test_a_table_that_gives_no_product_says_why(tmp_path, table, says):
    with pytest.raises(InputError, match=says) as caught:
        read_catalogue(write_catalogue(tmp_path, table))
    assert len(str(caught.value)) < 1500


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "cp1252"])
def test_a_named_encoding_is_used(tmp_path, encoding):
    folder = write_catalogue(tmp_path, f"{HEADER}\n{line(1, 'Grüne Hose')}\n".encode(encoding))
    catalogue = read_catalogue(folder, Policies(encoding=encoding))
    assert catalogue.products["productDisplayName"].tolist() == ["Grüne Hose"]


def test_no_picture_at_all(tmp_path):
    folder = write_catalogue(tmp_path, [line(1)])
    assert read_catalogue(folder).summary.pictures_missing == 1
    with pytest.raises(InputError, match=r"none of the 1 products .* has a usable picture"):
        read_catalogue(folder, Policies(no_image="drop"))


@pytest.mark.parametrize("make", [lambda p: p.mkdir(), lambda p: (p / "styles.csv").mkdir(parents=True)])
def test_a_folder_without_a_table(tmp_path, make):
    make(tmp_path / "shop")
    with pytest.raises(InputError, match=r"holds no styles.csv. Expected styles.csv and images/<id>.jpg"):
        read_catalogue(tmp_path / "shop")
