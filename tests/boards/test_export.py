"""What leaves the app: the sheet as pixels and as PDF, opened by other programs, and the table, read back."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image

import mpsr
from mpsr.boards import Board, Key
from mpsr.boards.export import file_name, page_count, sheet, table
from mpsr.boards.palette import Swatch, palette
from mpsr.boards.pdf import pdf
from mpsr.boards.pictures import for_paper
from mpsr.boards.png import DPI, png
from mpsr.boards.sheet import COLUMNS, PAPERS, Cell, Picture, Sheet, Text, pages
from mpsr.boards.sheet import page_count as count_pages
from mpsr.boards.typeset import fit, lacking, width
from mpsr.boards.view import look, without_variants
from mpsr.csvsafe import from_csv
from mpsr.errors import InputError
from tests.conftest import picture_bytes

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    '=HYPERLINK("http://x.org","go")',
    "-2+3 & <b>bold</b>",
    "Größe Ω Ж ‘42’",
]


@pytest.fixture
def service(tiny_store: Path):
    return mpsr.open(tiny_store)


@pytest.fixture
def board(boards, service) -> Board:
    """Twelve products that are there, one without a picture, one that is gone, one of another store, one hostile."""
    made = boards.make(HOSTILE[0], HOSTILE[1])
    boards.add(
        made, "shop", {product: service.name(product) for product in (*service.ids[:12], service.ids[-1])}
    )
    boards.add(made, "shop", {"gone": HOSTILE[1]})
    boards.add(made, "elsewhere", {"1": HOSTILE[0]})
    boards.note_item(made, Key("shop", "102"), HOSTILE[2], seen="")
    return boards.get(made)


def many(count: int, note: str = "", **options) -> Sheet:
    photo = picture_bytes((120, 60, 30), (60, 80))
    cells = [
        Cell(f"Product number {n} of the catalogue", f"{n} · Shirts", "", lambda: photo) for n in range(count)
    ]
    return Sheet("Board", note, "summary", "http://localhost/boards?board=x", [], cells, **options)


def text_of(document: pypdfium2.PdfDocument) -> str:
    return "\n".join(page.get_textpage().get_text_bounded() for page in document)


# -- beside the catalogues ----------------------------------------------------------------------------------


def test_what_is_still_there_is_told_from_what_is_not(board, service):
    states = {one.item.key: one.state for one in look(board.items, [service])}
    assert states[Key("shop", "101")] == "there"
    assert states[Key("shop", "gone")] == "gone"
    assert states[Key("elsewhere", "1")] == "closed"
    assert {one.state for one in look(board.items, [])} == {"closed"}


def test_variants_are_hidden_one_of_a_family_stays(boards, service):
    family = service.artefact("split").array("family.npy").tolist()
    made = boards.make("All")
    boards.add(made, "shop", dict.fromkeys(reversed(service.ids), "name"))
    boards.add(made, "shop", {"gone": "name", "gone too": "name"})
    seen = look(boards.get(made).items, [service])
    kept = [one.item.key.product for one in without_variants(seen)]
    assert len(kept) == len(set(family)) + 2
    last_of = {number: product for product, number in zip(service.ids, family, strict=True)}
    assert set(kept) == {*last_of.values(), "gone", "gone too"}  # the first on the board, which is in reverse


# -- the table ----------------------------------------------------------------------------------------------


def test_the_table_reads_back_equal_and_holds_no_formula(board, service):
    data = table(look(board.items, [service]))
    back = from_csv(data)
    assert back["id"].tolist() == [item.key.product for item in board.items]
    assert back["productDisplayName"].tolist() == [item.name for item in board.items]
    assert back["note"].tolist() == [item.note for item in board.items]
    assert back["position"].tolist() == [str(n) for n in range(1, len(board.items) + 1)]
    assert back["state"].tolist()[-3:] == ["there", "gone", "closed"]
    assert back["articleType"].tolist()[0] == "Shirts"
    assert back["articleType"].tolist()[-1] == ""
    for line in data.decode("utf-8-sig").splitlines():
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in line.strip('"').split('","'))


def test_an_empty_board_has_a_table_of_column_names():
    assert from_csv(table([])).columns.tolist()[:3] == ["position", "catalogue", "id"]


# -- the sheet ----------------------------------------------------------------------------------------------


def test_the_pixels_are_a_page_of_paper(board, service):
    colours = [Swatch("#c8202c", 0.75, "Red"), Swatch("#2f66b8", 0.25, "Blue")]
    data, ending = png(sheet(board, look(board.items, [service]), colours))
    with Image.open(io.BytesIO(data)) as image:
        assert (ending, image.format, image.mode) == ("png", "PNG", "RGB")
        assert image.size == tuple(round(side * DPI / 72) for side in PAPERS["A4"])
        shown = {colour for _, colour in image.getcolors(image.width * image.height)}
    assert {(0xC8, 0x20, 0x2C), (0x2F, 0x66, 0xB8)} <= shown
    assert {(200, 30, 30), (30, 40, 190)} & {
        tuple(round(part / 5) * 5 for part in colour) for colour in shown
    }


def test_several_pages_of_pixels_come_in_a_zip():
    made = many(100)
    data, ending = png(made)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        sizes = {Image.open(archive.open(name)).size for name in names}
    assert ending == "zip"
    assert len(names) == count_pages(made) > 1
    assert names == sorted(names)
    assert len(sizes) == 1


@pytest.mark.parametrize("paper", list(PAPERS))
@pytest.mark.parametrize("columns", [None, *COLUMNS])
@pytest.mark.parametrize("count", [0, 1, 41])
def test_everything_is_on_the_paper_once_and_inside_its_margins(paper, columns, count):
    made = many(count, note="about " * 200, paper=paper, columns=columns)
    drawn = list(pages(made))
    assert len(drawn) == count_pages(made) >= 1
    marks = [mark for page in drawn for mark in page.marks]
    assert sum(isinstance(mark, Picture) for mark in marks) == count
    for mark in marks:
        right = mark.x + (width(mark.text, mark.size, mark.bold) if isinstance(mark, Text) else mark.width)
        bottom = mark.y + (0 if isinstance(mark, Text) else mark.height)
        assert (isinstance(mark, Text) and mark.right) or 0 <= mark.x <= right <= PAPERS[paper][0] - 30
        assert 0 <= mark.y <= bottom <= PAPERS[paper][1] - 30


def test_pictures_do_not_overlap():
    for page in pages(many(41, columns=5)):
        boxes = [mark for mark in page.marks if isinstance(mark, Picture)]
        for i, one in enumerate(boxes):
            for other in boxes[:i]:
                apart = one.x >= other.x + other.width or other.x >= one.x + one.width
                assert apart or abs(one.y - other.y) >= one.height


def test_the_pdf_opens_has_its_pages_and_its_text_is_text(board, service):
    seen = look(board.items, [service])
    made = sheet(
        board,
        seen,
        palette([shown for one in seen if (shown := one.shown())]),
        "http://localhost:8501/boards?board=abc",
    )
    document = pypdfium2.PdfDocument(pdf(made))
    assert len(document) == count_pages(made) == page_count(board, seen, made.palette, "A4", None) == 1
    said = text_of(document)
    for wanted in (
        "<img src=x onerror=alert(1)>",
        "=HYPERLINK(",
        "no longer in shop",
        "no picture",
        "from elsewhere",
    ):
        assert wanted in said
    assert "15 products" in said
    assert "http://localhost:8501/boards?board=abc" in said
    assert document.get_metadata_dict()["Title"] == HOSTILE[0]
    assert not document.get_formtype()
    pixels = document[0].render(scale=1).to_pil()
    assert pixels.size == (595, 842)
    assert len(pixels.getcolors(pixels.width * pixels.height)) > 100
    document.close()


def test_the_pdf_and_the_pixels_show_the_same(board, service):
    made = sheet(board, look(board.items, [service]))
    document = pypdfium2.PdfDocument(pdf(made))
    one = document[0].render(scale=1).to_pil().convert("L")
    other = Image.open(io.BytesIO(png(made)[0])).convert("L").resize(one.size)
    different = np.abs(np.asarray(one, float) - np.asarray(other, float)).mean() / 255
    assert different < 0.02
    document.close()


def test_a_thousand_products_fit_on_their_pages():
    made = many(1000)
    document = pypdfium2.PdfDocument(pdf(made))
    assert len(document) == count_pages(made)
    said = text_of(document)
    assert all(f"{n} · Shirts" in said for n in (0, 500, 999))
    document.close()


@pytest.mark.parametrize("options", [{"paper": "A9"}, {"columns": 7}, {"columns": 0}])
def test_a_paper_that_is_not_known_is_told(options):
    with pytest.raises(InputError, match="Expected one of"):
        many(1, **options)


def test_pictures_are_made_smaller_for_paper_and_small_ones_left_alone():
    small, large = picture_bytes(size=(60, 80)), picture_bytes(size=(1800, 2400))
    assert for_paper(small, (180, 240)) is small
    with Image.open(io.BytesIO(for_paper(large, (180, 240)))) as image:
        assert image.size == (180, 240)
    with Image.open(
        io.BytesIO(for_paper(picture_bytes(mode="CMYK", colour=(1, 2, 3, 4)), (30, 40)))
    ) as image:
        assert image.mode == "RGB"
    assert for_paper(None, (30, 40)) is None
    assert for_paper(b"no picture", (30, 40)) is None


# -- text ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["short", "a name that goes on for rather more than one line", "x" * 200, "", " \n "]
)
@pytest.mark.parametrize("lines", [1, 2, 3])
def test_text_is_wrapped_and_cut_where_it_does_not_fit(text, lines):
    found = fit(text, 8, 70, lines)
    assert len(found) <= lines
    assert all(width(line, 8) <= 70 for line in found)
    whole = "".join(found).replace(" ", "")
    assert whole == text.replace(" ", "").strip() or whole.endswith("…")


def test_signs_the_font_lacks_are_shown_as_lacking():
    assert lacking("Größe Ж Ω ‘42’ €") == set()
    assert lacking("a 漢 b") == {"漢"}
    assert fit("a漢b", 8, 70, 1) == ["a�b"]


def test_another_font_can_be_named(monkeypatch, tmp_path):
    monkeypatch.setenv("MPSR_FONT", str(tmp_path / "none.ttf"))
    with pytest.raises(InputError, match="MPSR_FONT"):
        fit("text", 8, 70, 1)
    (tmp_path / "none.ttf").write_text("no font")
    with pytest.raises(InputError, match="cannot be read as a font"):
        fit("text", 8, 70, 1)


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("Summer Dresses!", "summer-dresses"),
        ("../../etc/passwd", "etc-passwd"),
        ("漢字", "board"),
        ("Größe", "groe"),
    ],
)
def test_file_names_are_plain(name, file):
    assert file_name(Board("k2", name, "", 0, 0, ()), "pdf") == f"{file}-k2.pdf"
