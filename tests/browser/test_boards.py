"""Boards in a real browser: the grid, two tabs at one board, what is taken away, and a server that is killed."""

from __future__ import annotations

import io
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

import mpsr
from mpsr.boards import Boards, Key
from mpsr.csvsafe import from_csv
from tests.browser.conftest import ATTACKS, ROOT, Visitor, visiting, wait_for

CARDS = "ol.grid > li"

#: Class names of the buttons that put a product on the board, or take it off.
ADD_BUTTONS = """[...document.querySelectorAll('[class*=st-key-board-]')]
    .map(one => [...one.classList].find(name => name.startsWith('st-key-board-')))"""


class Place:
    """A server of its own that can be killed, and its boards seen from outside."""

    def __init__(self, stores: Path, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self._port}"
        self._log = folder / "log"
        self.url = f"sqlite:///{folder / 'boards.sqlite'}"
        self._environment = os.environ | {
            "MPSR_STORES": str(stores),
            "MPSR_BOARDS_URL": self.url,
            "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
        }
        self.boards = Boards(self.url)
        self.service = mpsr.open(stores / "drawn")
        self.start()

    def start(self) -> None:
        command = [
            sys.executable,
            "-m",
            "streamlit",
            "run",
            "streamlit_app.py",
            f"--server.port={self._port}",
        ]
        command += ["--server.headless=true", "--server.address=127.0.0.1"]
        with self._log.open("wb") as out:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self._environment,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_for(f"{self.address}/_stcore/health", self._process, self._log)

    def kill(self) -> None:
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(20)

    def board(self, name: str, count: int = 6, note: str = "") -> str:
        """A board of the first products of the store "drawn"."""
        made = self.boards.make(name, note)
        self.boards.add(
            made, "drawn", {product: self.service.name(product) for product in self.service.ids[:count]}
        )
        return made

    def products(self, board: str) -> list[str]:
        return [key.product for key in self.boards.get(board).keys]


@pytest.fixture(scope="module")
def place(shown_stores: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    made = Place(shown_stores, tmp_path_factory.mktemp("boards"))
    yield made
    made.kill()


@pytest.fixture
def tabs(chromium, place: Place) -> Iterator[tuple[Visitor, Visitor]]:
    """Two visitors at once; nothing they see raises a dialog, an error, or a request elsewhere."""
    with visiting(chromium, place.address) as one, visiting(chromium, place.address) as other:
        yield one, other
        for visitor in (one, other):
            assert (visitor.dialogs, visitor.errors, visitor.strange) == ([], [], [])


@pytest.fixture
def tab(tabs: tuple[Visitor, Visitor]) -> Visitor:
    return tabs[0]


def at(visitor: Visitor, board: str, **address: str) -> Visitor:
    visitor.open("/boards", board=board, store="drawn", **address)
    visitor.page.locator(CARDS).first.wait_for()
    return visitor


def shown(visitor: Visitor) -> list[str]:
    """Ids of the products in the grid, in the order they are shown."""
    return [text.split(" · ")[0] for text in visitor.texts(f"{CARDS} .detail")]


def tool(visitor: Visitor, label: str, place: int = 0):
    return visitor.page.locator(CARDS).nth(place).get_by_role("button", name=re.compile(f"^{label}"))


def tool_of(visitor: Visitor, label: str, product: str):
    """The tool of that product, wherever it stands when it is clicked."""
    card = visitor.page.locator(CARDS).filter(has_text=f"{product} · ")
    return card.get_by_role("button", name=re.compile(f"^{label}"))


def wait(condition, visitor: Visitor, seconds: float = 20) -> None:
    """Until the database says so; what a click does arrives there a little later."""
    for _ in range(int(seconds * 10)):
        if condition():
            return
        visitor.page.wait_for_timeout(100)
    pytest.fail("it did not come to be")


# -- gathering ----------------------------------------------------------------------------------------------


def test_products_go_from_the_find_page_to_a_board(tab: Visitor, place: Place) -> None:
    before = set(place.boards.names())
    tab.open("/", store="drawn", weak="show")
    for name in tab.page.evaluate(ADD_BUTTONS)[:3]:
        tab.page.locator(f".{name} button").click()
        tab.page.locator(f".{name}-held").wait_for()
    wait(lambda: len(set(place.boards.names()) - before) == 1, tab)
    (board,) = set(place.boards.names()) - before
    wait(lambda: len(place.products(board)) == 3, tab)
    tab.address_has(f"board={board}")
    tab.page.get_by_role("link", name="Boards").click()
    tab.button("Open board").first.wait_for()
    tab.press("Open board").address_has(f"board={board}")
    tab.page.locator(CARDS).nth(2).wait_for()
    assert shown(tab) == place.products(board)


def test_visitors_whose_boards_have_one_name_fill_their_own(
    tabs: tuple[Visitor, Visitor], place: Place
) -> None:
    boards = [place.boards.make("The same"), place.boards.make("The same")]
    for visitor, board in zip(tabs, boards, strict=True):
        visitor.open("/", store="drawn", weak="show", board=board)
    for visitor, board in zip(tabs, boards, strict=True):
        for number in range(3):  # faster than the page answers
            visitor.button("Add to board").nth(2 - number).click()
        wait(lambda board=board: len(place.products(board)) == 3, visitor)
        visitor.settled().address_has(f"board={board}")


def test_what_is_added_from_more_like_this_board_is_on_it_at_once(tab: Visitor, place: Place) -> None:
    board = place.board("More")
    at(tab, board)
    (name, *_) = tab.page.evaluate(ADD_BUTTONS)
    tab.page.locator(f".{name} button").click()
    tab.page.locator(CARDS).nth(6).wait_for()
    assert shown(tab) == place.products(board)


# -- arranging ----------------------------------------------------------------------------------------------


def test_moving_with_the_keyboard_keeps_the_focus_on_the_product(tab: Visitor, place: Place) -> None:
    board = place.board("Keyboard")
    a, b, c, *rest = place.products(board)
    at(tab, board)
    tool(tab, "Move one place later").focus()
    tab.page.keyboard.press("Enter")
    wait(lambda: place.products(board) == [b, a, c, *rest], tab)
    tab.settled()
    tab.page.keyboard.press("Enter")
    wait(lambda: place.products(board) == [b, c, a, *rest], tab)
    assert shown(tab) == [b, c, a, *rest]
    assert "number 3 of 6" in tab.page.locator("ol.grid + [role=status]").inner_text()


def test_clicks_that_come_faster_than_the_page_are_all_done(tab: Visitor, place: Place) -> None:
    board = place.board("Fast")
    a, *rest = place.products(board)
    at(tab, board)
    for number in range(5):
        tool(tab, "Move one place later", number).click(no_wait_after=True)
    assert shown(tab) == [*rest, a]
    wait(lambda: place.products(board) == [*rest, a], tab)
    tab.settled()
    assert shown(tab) == [*rest, a]


def test_a_click_that_gets_lost_on_its_way_is_sent_again(tab: Visitor, place: Place) -> None:
    board = place.board("Lost")
    a, b, *rest = place.products(board)
    at(tab, board)
    tab.page.locator("ol.grid").evaluate(
        "list => { const send = list.state.send; list.state.send = () => { list.state.send = send; }; }"
    )
    tool(tab, "Move one place later", 0).click()
    assert place.products(board) == [a, b, *rest]
    wait(lambda: place.products(board) == [b, a, *rest], tab)


def test_dragging(tab: Visitor, place: Place) -> None:
    board = place.board("Drag")
    a, b, c, d, *rest = place.products(board)
    at(tab, board)
    cards = tab.page.locator(CARDS)
    box = cards.nth(3).bounding_box()
    cards.nth(0).locator(".picture").drag_to(cards.nth(3), target_position={"x": box["width"] - 8, "y": 60})
    wait(lambda: place.products(board) == [b, c, d, a, *rest], tab)
    tab.settled()
    assert shown(tab) == [b, c, d, a, *rest]


def test_taking_off_and_undoing(tab: Visitor, place: Place) -> None:
    board = place.board("Taken off")
    before = place.boards.get(board).items
    at(tab, board)
    tool(tab, "Remove from the board", 1).click()
    wait(lambda: len(place.products(board)) == 5, tab)
    tab.page.get_by_text("1 product removed from the board").wait_for()
    tab.press("Undo")
    wait(lambda: place.boards.get(board).items == before, tab)


def test_a_note_is_written_and_kept(tab: Visitor, place: Place) -> None:
    board = place.board("Notes")
    at(tab, board)
    tool(tab, "Add a note", 2).click()
    tab.page.keyboard.type("<b>linen</b>, please")
    tab.page.keyboard.press("Control+Enter")
    wait(lambda: place.boards.get(board).items[2].note == "<b>linen</b>, please", tab)
    tab.settled()
    assert tab.texts(f"{CARDS} .remark")[2] == "<b>linen</b>, please"


# -- two tabs -----------------------------------------------------------------------------------------------


def test_two_tabs_that_change_one_board_lose_nothing(tabs: tuple[Visitor, Visitor], place: Place) -> None:
    one, other = tabs
    board = place.board("Ours", 8)
    a, b, c, d, e, f, g, h = place.products(board)
    at(one, board)
    at(other, board)
    tool_of(one, "Remove from the board", a).click()
    tool_of(other, "Remove from the board", h).click()
    tool_of(one, "Move to the end", b).click()
    tool_of(other, "Move to the start", g).click()  # wherever this tab shows it by now
    wait(lambda: set(place.products(board)) == {b, c, d, e, f, g}, one)
    wait(lambda: place.products(board) == [g, c, d, e, f, b], one)
    one.open("/boards", board=board, store="drawn").page.locator(CARDS).first.wait_for()
    assert shown(one) == [g, c, d, e, f, b]


def test_the_second_who_renames_is_told(tabs: tuple[Visitor, Visitor], place: Place) -> None:
    one, other = tabs
    board = place.board("Name")
    at(one, board)
    at(other, board)
    for visitor, name in ((one, "Hers <i>"), (other, "His")):
        visitor.press("Name and note")
        field = visitor.page.get_by_label("Name", exact=True)
        field.fill(name)
        field.press("Enter")
        if visitor is one:
            wait(lambda: place.boards.get(board).name == "Hers <i>", one)
    other.page.get_by_text("Somebody else changed this in the meantime").wait_for()
    assert "Saved: Hers <i>" in other.page.locator("[data-testid=stText]").first.inner_text()
    assert place.boards.get(board).name == "Hers <i>"
    other.press("Save mine")
    wait(lambda: place.boards.get(board).name == "His", other)


def test_two_notes_on_one_product_are_told(tabs: tuple[Visitor, Visitor], place: Place) -> None:
    one, other = tabs
    board = place.board("Two notes")
    at(one, board)
    at(other, board)
    for visitor, text in ((one, "silk"), (other, "wool")):
        tool(visitor, "Add a note").click()
        visitor.page.keyboard.type(text)
        visitor.page.keyboard.press("Control+Enter")
        wait(lambda: place.boards.get(board).items[0].note == "silk", visitor)
    told = other.page.get_by_text("Somebody else changed this in the meantime")
    told.wait_for()
    other.press("Keep theirs")
    told.wait_for(state="detached")
    other.page.locator(".remark", has_text="silk").wait_for()
    assert place.boards.get(board).items[0].note == "silk"


# -- taking away --------------------------------------------------------------------------------------------


def test_the_files_that_are_taken_away_open(tab: Visitor, place: Place) -> None:
    board = place.board("Sheet <b>", 12, note="=1+1")
    at(tab, board)
    tab.press("Export")

    def file(label: str) -> tuple[str, bytes]:
        with tab.page.expect_download() as told:
            tab.page.get_by_role("button", name=label).click()
        return told.value.suggested_filename, Path(told.value.path()).read_bytes()

    name, data = file("Contact sheet, PDF")
    assert name == f"sheet-b-{board}.pdf"
    document = pypdfium2.PdfDocument(data)
    said = document[0].get_textpage().get_text_bounded()
    assert len(document) == 1
    assert "Sheet <b>" in said
    assert f"board={board}" in said
    document.close()
    name, data = file("Contact sheet, PNG")
    assert Image.open(io.BytesIO(data)).size == (1240, 1754)
    name, data = file("Table, CSV")
    assert from_csv(data)["id"].tolist() == place.products(board)
    link = tab.page.locator("[data-testid=stCode]").first.inner_text().strip()
    tab.page.goto(link)
    tab.page.locator(CARDS).first.wait_for()
    assert shown(tab) == place.products(board)


def test_a_thousand_products(tab: Visitor, place: Place) -> None:
    board = place.board("Thousand", 120)
    place.boards.add(board, "drawn", {f"gone-{n}": f"Product {n}" for n in range(880)})
    at(tab, board)
    assert len(shown(tab)) == 60
    tab.page.get_by_text("1,000 products").first.wait_for()
    tab.page.get_by_role("button", name=re.compile("next", re.IGNORECASE)).first.click()
    tab.address_has("page=2")
    wait(lambda: shown(tab) == place.products(board)[60:120], tab)
    at(tab, board, page="17")
    assert shown(tab) == place.products(board)[960:]
    tab.press("Export")
    with tab.page.expect_download(timeout=120_000) as told:
        tab.page.get_by_role("button", name="Contact sheet, PDF").click()
    document = pypdfium2.PdfDocument(Path(told.value.path()))
    assert len(document) > 20
    document.close()


# -- text, widths, hands ------------------------------------------------------------------------------------


def test_hostile_text_is_text(tab: Visitor, place: Place) -> None:
    for attack in ATTACKS:
        board = place.boards.make(attack, attack)
        product = place.service.ids[0]
        place.boards.add(board, "drawn", {product: attack, attack: attack})
        place.boards.add(board, attack, {attack: attack})
        for key in place.boards.get(board).keys:
            place.boards.note_item(board, key, attack, seen="")
        at(tab, board)
        assert tab.page.locator(".mpsr-board h1").inner_text() == " ".join(attack.split())
        assert tab.texts(f"{CARDS} .name > span:last-child") == [attack] * 3
        assert tab.texts(f"{CARDS} .remark") == [attack] * 3
        tab.page.locator(CARDS).nth(0).hover()
        tab.press("Export")
        tab.page.get_by_text("Link to this board").wait_for()
    tab.open("/boards")
    assert set(ATTACKS) <= {" ".join(text.split()) for text in tab.texts(".mpsr-name")}
    tab.page.get_by_role("button", name="A new board").click()
    for attack in ATTACKS:
        tab.page.get_by_text(attack, exact=True).last.wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_telephone_needs_no_scrolling_sideways_and_everything_has_a_name(
    chromium, place: Place, scheme: str
) -> None:
    board = place.board("Telephone " + "x" * 60, 9)
    with visiting(chromium, place.address, width=400, color_scheme=scheme) as visitor:
        for path, address in (("/boards", {}), ("/boards", {"board": board, "store": "drawn"})):
            visitor.open(path, **address)
            assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 400
        visitor.page.locator(CARDS).first.wait_for()
        assert visitor.page.locator(f"{CARDS} img:not([alt])").count() == 0
        unnamed = visitor.page.locator(f"{CARDS} button").evaluate_all(
            "all => all.filter(one => !one.getAttribute('aria-label')).length"
        )
        assert unnamed == 0
        widths = visitor.page.locator(CARDS).evaluate_all(
            "all => all.map(one => one.getBoundingClientRect().right)"
        )
        assert max(widths) <= 400


# -- a killed server ----------------------------------------------------------------------------------------


def test_a_killed_server_loses_nothing_it_has_shown_as_done(tab: Visitor, place: Place) -> None:
    board = place.board("Survivor", 4)
    tab.open("/", store="drawn", board=board, weak="show", k="10", id=place.service.ids[20])
    buttons = [name for name in tab.page.evaluate(ADD_BUTTONS) if not name.endswith("-held")]
    for name in buttons[:4]:
        tab.page.locator(f".{name} button").click()
        tab.page.locator(f".{name}-held").wait_for()
    tab.page.locator(f".{buttons[4]} button").click(
        no_wait_after=True
    )  # one more, whose answer nobody waits for
    place.kill()
    kept = place.products(board)
    assert len(kept) in (8, 9)
    place.start()
    at(tab, board)
    assert shown(tab) == kept
    tool(tab, "Remove from the board").click()
    wait(lambda: place.products(board) == kept[1:], tab)
    assert Key("drawn", kept[0]) not in place.boards.keys(board)


@pytest.mark.parametrize("first", ["name", "paper"])
def test_a_rename_loses_no_choice_of_the_export(tab, place, first):
    """The name is saved as one leaves its field, which may be just when Export opens: what is chosen there stays."""
    board = place.board("Before", 6)
    at(tab, board)

    def rename() -> None:
        tab.press("Name and note")
        tab.page.get_by_label("Name", exact=True).fill("After")

    def choose() -> None:
        tab.page.get_by_role("button", name="Export").click()
        for label, option in (("Paper", "A3"), ("Pictures in a row", "4")):
            tab.page.get_by_role("combobox", name=label).click()
            tab.page.get_by_role("option", name=option, exact=True).click()

    for act in (rename, choose) if first == "name" else (choose, rename):
        act()
    if first == "paper":
        tab.page.get_by_role("button", name="Export").click()
    wait(lambda: place.boards.get(board).name == "After", tab)
    tab.settled()
    tab.page.wait_for_timeout(1000)
    told = [
        tab.page.get_by_role("combobox", name=name).input_value() for name in ("Paper", "Pictures in a row")
    ]
    assert told == ["A3", "4"]
    with tab.page.expect_download(timeout=120_000) as told:
        tab.page.get_by_role("button", name="Contact sheet, PDF").click()
    document = pypdfium2.PdfDocument(Path(told.value.path()))
    assert document[0].get_size() == pytest.approx((842, 1191), abs=1)
    assert told.value.suggested_filename.startswith("after-")
    document.close()
