"""Pictures that are named and found, and those that are not: none goes by in silence."""

from __future__ import annotations

import json
import unicodedata
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpsr.catalogue import Policies, read_catalogue, read_mapping
from mpsr.catalogue.find_pictures import find_pictures
from mpsr.catalogue.located import Located
from mpsr.catalogue.mapping import Mapping
from mpsr.errors import InputError

from ..conftest import HEADER, line, picture_bytes, write_catalogue
from .shop import read_shop, told

COLUMN = 'picture = "image"\n'
ONE, TWO = picture_bytes((200, 30, 30)), picture_bytes((30, 30, 200))


def found(catalogue) -> list[str | None]:
    return [value if isinstance(value, str) else None for value in catalogue.products["picture"]]


def named(tmp_path, *names: str, files: dict[str, bytes] | None = None):
    """A catalogue whose products name these pictures, one each."""
    table = "sku\ttitle\timage\n" + "".join(f"A{n}\tCoat {n}\t{name}\n" for n, name in enumerate(names))
    return read_shop(
        tmp_path, table, COLUMN, head='delimiter = "\\t"\n', pictures=files or {"media/1.jpg": ONE}
    )


# -- named otherwise, and found for sure ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("media/1.jpg", "media/1.jpg"),
        ("/media/1.jpg", "media/1.jpg"),
        ("./media/1.jpg", "media/1.jpg"),
        ("media\\1.jpg", "media/1.jpg"),
        ("C:\\shop\\media\\1.jpg", "media/1.jpg"),
        ("media/1.jpg?v=1", "media/1.jpg"),
        ("media/1.jpg?v=1&width=300#top", "media/1.jpg"),
        ("1.JPG", "1.jpg"),
        ("MEDIA/1.jpg", "media/1.JPG"),
        ("1.jpg", "photos/1.jpg"),
        ("media/1.jpg", "photos/media/1.jpg"),
        ("shop/media/1.jpg", "media/1.jpg"),
        ("/var/www/media/1.jpg", "photos/1.jpg"),
        ("https://cdn.example.com/s/files/1/media/1.jpg?v=1700", "photos/1.jpg"),
        ("//cdn.example.com/1.jpg", "1.jpg"),
        ("../pictures/1.jpg", "pictures/1.jpg"),
        ("blue%20coat.jpg", "blue coat.jpg"),
        ("https://cdn.example.com/Gr%C3%BCn.jpg", "Grün.jpg"),
        ("a.jpg?b.jpg", "a.jpg?b.jpg"),
        ("50%.jpg", "50%.jpg"),
        ("media/1", "media/1.jpg"),
        ("media/1.jpeg", "media/1.jpg"),
        ("1.png", "photos/1.webp"),
        (unicodedata.normalize("NFD", "Größe.jpg"), unicodedata.normalize("NFC", "Größe.jpg")),
        (unicodedata.normalize("NFC", "Größe.jpg"), unicodedata.normalize("NFD", "Größe.jpg")),
        ("1.jfif", "1.jfif"),
        ("x", "x.avif"),
    ],
)
def test_a_picture_named_otherwise_is_found(tmp_path, name, file):
    catalogue = named(tmp_path, name, files={file: ONE, "other/2.jpg": TWO})
    assert found(catalogue) == [file]
    assert told(catalogue) == []
    assert catalogue.summary.pictures_unused == 1


# -- not for sure: a line in the rejects ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "files", "reasons"),
    [
        (["media/2.jpg"], ["media/1.jpg"], ["picture not found"]),
        (["men/1.jpg"], ["women/1.jpg"], ["picture not found"]),
        (["https://cdn.example.com/2.jpg"], ["media/1.jpg"], ["named by URL; run mpsr fetch pictures"]),
        (["//cdn.example.com/2.jpg"], ["media/1.jpg"], ["named by URL; run mpsr fetch pictures"]),
        (["1.jpg"], ["men/1.jpg", "women/1.jpg"], ["picture ambiguous"]),
        (["1.Jpg"], ["1.jpg", "1.JPG"], ["picture ambiguous"]),
        (["/men/1.jpg", "/women/1.jpg"], ["1.jpg"], ["picture ambiguous"] * 2),
        (["https://cdn.example.com/men/1.jpg", "1.jpg"], ["women/1.jpg", "1.jpg"], ["picture ambiguous"]),
        (["1.png", "1.jpg"], ["1.jpg"], ["picture ambiguous"]),
        (["../../secret.jpg"], ["media/1.jpg"], ["picture not found"]),
    ],
)
def test_a_picture_that_is_named_and_not_found_for_sure_is_told(tmp_path, names, files, reasons):
    if len({file.lower() for file in files}) < len(files):
        (tmp_path / "a").touch()
        if (tmp_path / "A").exists():
            pytest.skip("this file system does not tell upper from lower case")
    catalogue = named(tmp_path, *names, files=dict.fromkeys(files, ONE))
    assert [reason for _, _, reason in told(catalogue)] == reasons
    assert sum(catalogue.summary.pictures_refused.values()) == len(reasons)
    assert catalogue.summary.pictures_missing == 0
    assert names[0] in catalogue.rejects[0].detail


@pytest.mark.parametrize("cell", ["", " ", "NA", "-", "#N/A", "null", "None"])
def test_a_cell_that_says_nothing_names_no_picture(tmp_path, cell):
    catalogue = named(tmp_path, cell)
    assert (told(catalogue), catalogue.summary.pictures_missing) == ([], 1)


# -- several pictures of a product ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell",
    [
        "b.jpg,a.jpg",
        "b.jpg, a.jpg",
        "b.jpg;a.jpg;",
        "b.jpg | a.jpg | b.jpg",
        '["b.jpg", "a.jpg"]',
        "['b.jpg', 'a.jpg']",
        '["media\\/b.jpg","media\\/a.jpg"]',
        "https://cdn.example.com/b.jpg,https://cdn.example.com/a.jpg",
        "https://cdn.example.com/w_1,h_2/b.jpg https://cdn.example.com/w_1,h_2/a.jpg",
        "/media/b.jpg,/media/a.jpg?v=3",
    ],
)
def test_several_pictures_of_a_product_stay_in_order(tmp_path, cell):
    catalogue = named(tmp_path, cell, files={"media/a.jpg": ONE, "media/b.jpg": TWO})
    assert found(catalogue) == ["media/b.jpg"]
    ((member, digest),) = json.loads(catalogue.products["further_pictures"].iat[0])
    assert (member, len(digest)) == ("media/a.jpg", 64)
    assert told(catalogue) == []


def test_a_file_whose_name_holds_a_comma_is_one_picture(tmp_path):
    catalogue = named(
        tmp_path, "Hat, red.jpg", "Hat, blue.jpg", files={"Hat, red.jpg": ONE, "x/Hat, blue.jpg": TWO}
    )
    assert found(catalogue) == ["Hat, red.jpg", "x/Hat, blue.jpg"]
    assert catalogue.products["further_pictures"].isna().all()


def test_where_the_first_cannot_be_used_the_next_is_the_product_s(tmp_path):
    catalogue = named(
        tmp_path, "bad.jpg,gone.jpg,a.jpg,b.jpg", files={"bad.jpg": b"junk", "a.jpg": ONE, "b.jpg": TWO}
    )
    assert found(catalogue) == ["a.jpg"]
    assert [member for member, _ in json.loads(catalogue.products["further_pictures"].iat[0])] == ["b.jpg"]
    assert sorted(reason for _, _, reason in told(catalogue)) == ["not a picture", "picture not found"]
    assert catalogue.summary.pictures_found == 1
    assert catalogue.summary.pictures_missing == 0


def test_dropping_products_without_a_picture_keeps_the_reasons_of_the_others(tmp_path):
    table = "sku,title,image\nA1,Coat,a.jpg;gone.jpg\nA2,Hat,lost.jpg\nA3,Cap,\n"
    catalogue = read_shop(
        tmp_path, table, COLUMN, pictures={"a.jpg": ONE}, policies=Policies(no_image="drop")
    )
    assert catalogue.ids == ["A1"]
    assert [(reject.line, reject.kind, reject.reason) for reject in catalogue.rejects] == [
        (2, "picture", "picture not found"),
        (3, "row", "picture not found"),
        (4, "row", "no picture"),
    ]


# -- by id ------------------------------------------------------------------------------------------------


def by_id(folder, ids, files):
    """A catalogue of the ten columns with pictures at these places."""
    write_catalogue(folder, [line(one) for one in ids])
    for file in files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes(picture_bytes())
    return read_catalogue(folder)


@pytest.mark.parametrize(
    ("product", "file"),
    [
        ("0200100001", "images/020/0200100001.jpg"),
        ("200100001", "images/020/0200100001.jpg"),
        ("5", "5.jpg"),
        ("5", "photos/5.jpg"),
        ("5", "images/5.jfif"),
        ("5", "images/5.avif"),
        ("ABC-5", "images/abc-5.JPG"),
        (unicodedata.normalize("NFC", "Größe"), f"images/{unicodedata.normalize('NFD', 'Größe')}.jpg"),
    ],
)
def test_a_picture_called_after_its_product_is_found(tmp_path, product, file):
    assert found(by_id(tmp_path, [product], [file])) == [file]


def test_a_picture_that_two_ids_fit_is_neither_s(tmp_path):
    catalogue = by_id(
        tmp_path,
        ["7", "07", "8", "9"],
        ["images/007.jpg", "images/a/8.jpg", "images/b/8.jpg", "images/9.jpg"],
    )
    assert found(catalogue) == [None, None, None, "images/9.jpg"]
    assert told(catalogue) == [
        (2, "7", "picture ambiguous"),
        (3, "07", "picture ambiguous"),
        (4, "8", "picture ambiguous"),
    ]


def test_an_id_s_own_picture_is_no_other_s(tmp_path):
    catalogue = by_id(tmp_path, ["007", "7"], ["images/007.jpg"])
    assert found(catalogue) == ["images/007.jpg", None]
    assert told(catalogue) == []


def test_ids_read_as_floating_point_numbers_find_their_pictures(tmp_path):
    assert found(by_id(tmp_path, ["1163.0", "1164.0"], ["images/1163.jpg"])) == ["images/1163.jpg", None]


def test_a_folder_of_pictures_called_after_their_ids(tmp_path):
    catalogue = read_shop(
        tmp_path,
        "sku,title\nA1,Coat\nA2,Hat\n",
        head='pictures = "photos"\n',
        pictures={"photos/x/A1.jpg": ONE},
    )
    assert found(catalogue) == ["photos/x/A1.jpg", None]


def test_a_folder_without_pictures_is_an_error(tmp_path):
    with pytest.raises(
        InputError, match=r'pictures = "photos", and there is no picture below photos/.*\{id\}'
    ):
        read_shop(tmp_path, "sku,title\nA1,Coat\n", head='pictures = "photos"\n', pictures={"A1.jpg": ONE})


def test_a_pattern_s_picture_that_is_not_there_is_told(tmp_path):
    catalogue = read_shop(
        tmp_path, "sku,title\nA1,Coat\nA2,Hat\n", head='pictures = "p/{id}.jpg"\n', pictures={"p/A1.jpg": ONE}
    )
    assert told(catalogue) == [(3, "A2", "picture not found")]
    assert catalogue.rejects[0].detail == "p/A2.jpg"


@pytest.mark.parametrize(
    ("head", "columns", "says"),
    [
        ("", COLUMN, "looked for as named in the column image"),
        ('pictures = "p/{id}.png"\n', "", r"looked for as p/\{id\}.png"),
        ("", "", "looked for as images/<id>.jpg|looked for as <id>.jpg"),
    ],
)
def test_dropping_every_product_says_how_pictures_were_looked_for(tmp_path, head, columns, says):
    with pytest.raises(InputError, match=says):
        read_shop(
            tmp_path,
            "sku,title,image\nA1,Coat,x.jpg\n",
            columns,
            head=head,
            policies=Policies(no_image="drop"),
        )


# -- zips -------------------------------------------------------------------------------------------------


def test_utf8_names_of_a_zip_without_the_flag(tmp_path):
    name = unicodedata.normalize("NFD", "Größe.jpg")
    path = tmp_path / "shop.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("styles.csv", f"{HEADER}\n{line('Größe')}\n")
        archive.writestr("images/" + "x" * len(name.encode()), picture_bytes())
    data = path.read_bytes().replace(b"x" * len(name.encode()), name.encode())
    path.write_bytes(data)
    with zipfile.ZipFile(path) as archive:
        assert archive.infolist()[1].flag_bits & 0x800 == 0
    assert found(read_catalogue(path)) == [f"images/{name}"]


def test_old_names_of_a_zip_stay_what_they_were(tmp_path):
    from mpsr.catalogue.source import ZipSource

    path = tmp_path / "old.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.jpg", b"x")
    path.write_bytes(path.read_bytes().replace(b"x.jpg", b"\x81.jpg"))
    assert list(ZipSource(path).members()) == ["ü.jpg"]


# -- whatever is named ------------------------------------------------------------------------------------

names = st.text(st.sampled_from('ab1/.\\?#%,;|[]" :é'), max_size=14)


class Members:
    location = None


@given(st.lists(names, max_size=6), st.lists(names.filter(bool), max_size=6, unique=True))
@settings(max_examples=300, deadline=None)
def test_every_named_picture_is_found_or_told(cells, members):
    files = {f"{member}.jpg": "" for member in members} | {"t.csv": ""}
    located = Located(Members(), "t.csv", Mapping(columns={"picture": "image"}), files)
    for cell, one in zip(
        cells, find_pictures(located, ["x"] * len(cells), [[cell] for cell in cells]), strict=True
    ):
        assert set(one.members) <= set(files) - {"t.csv"}
        if any(sign in cell for sign in "ab1é"):
            assert one.members or one.lost
        assert len(set(one.members)) == len(one.members)


def test_the_fingerprint_covers_every_file_that_a_name_may_lead_to(tmp_path):
    from mpsr.catalogue import locate

    (tmp_path / "m.toml").write_text(
        'table = "t/shop.csv"\n[columns]\nid="sku"\nproductDisplayName="t"\npicture="p"\n'
    )
    for file in ("t/shop.csv", "photos/1.jpg", "t/2.jpg", "photos/._1.jpg", "__MACOSX/photos/1.jpg"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_bytes(b"x")
    located = locate(tmp_path, read_mapping(tmp_path / "m.toml"))
    assert {"t/shop.csv", "photos/1.jpg", "t/2.jpg"} <= set(located.relevant_members())
    assert not {"photos/._1.jpg", "__MACOSX/photos/1.jpg"} & set(located.relevant_members())


def test_the_app_takes_what_a_catalogue_takes():
    from mpsr.ui.photos import ENDINGS

    assert {"jfif", "avif", "jpg", "webp"} <= set(ENDINGS)
