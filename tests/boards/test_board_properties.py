"""Any sequence of changes leaves the board a plain list would be."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from mpsr.boards import Beside, Boards, Key
from mpsr.boards.order import between

PRODUCTS = st.sampled_from("abcdef")
STEPS = st.sampled_from(["first", "up", "down", "last"])


def key(product: str) -> Key:
    return Key("shop", product)


class BoardAsList(RuleBasedStateMachine):
    """Two handles on one file, as two tabs have; each change goes through either."""

    @initialize()
    def open(self):
        self.folder = tempfile.TemporaryDirectory()
        url = f"sqlite:///{Path(self.folder.name) / 'boards.sqlite'}"
        self.tabs = [Boards(url), Boards(url)]
        self.board = self.tabs[0].make("Model")
        self.model: list[str] = []
        self.removed: list = []

    def teardown(self):
        for tab in self.tabs:
            tab.database.close()
        self.folder.cleanup()

    @rule(tab=st.integers(0, 1), products=st.lists(PRODUCTS, unique=True, max_size=4))
    def add(self, tab, products):
        fresh = [product for product in products if product not in self.model]
        added = self.tabs[tab].add(self.board, "shop", dict.fromkeys(products, "name"))
        assert [key.product for key in added] == fresh
        self.model += fresh

    @rule(tab=st.integers(0, 1), product=PRODUCTS)
    def remove(self, tab, product):
        gone = self.tabs[tab].remove(self.board, [key(product)])
        assert len(gone) == self.model.count(product)
        if gone:
            self.model.remove(product)

    @rule(tab=st.integers(0, 1), product=PRODUCTS, to=STEPS)
    def step(self, tab, product, to):
        if product in self.model:
            self.tabs[tab].move(self.board, key(product), to)
            at = self.model.index(product)
            self.model.remove(product)
            target = {"first": 0, "up": max(at - 1, 0), "down": at + 1, "last": len(self.model)}[to]
            self.model.insert(target, product)

    @rule(tab=st.integers(0, 1), product=PRODUCTS, side=st.sampled_from(["before", "after"]), other=PRODUCTS)
    def move_beside(self, tab, product, side, other):
        if product in self.model and other in self.model:
            self.tabs[tab].move(self.board, key(product), Beside(side, key(other)))
            if product != other:
                self.model.remove(product)
                self.model.insert(self.model.index(other) + (side == "after"), product)

    @rule(tab=st.integers(0, 1), data=st.data())
    def arrange(self, tab, data):
        self.model = list(data.draw(st.permutations(self.model)))
        self.tabs[tab].arrange(self.board, [key(product) for product in self.model])

    @rule(product=PRODUCTS)
    def remove_and_undo(self, product):
        self.tabs[1].put_back(self.board, self.tabs[0].remove(self.board, [key(product)]))

    @invariant()
    def both_tabs_see_the_list(self):
        for tab in self.tabs:
            assert [key.product for key in tab.get(self.board).keys] == self.model
        assert self.tabs[0].listed()[0].count == len(self.model)


TestBoardAsList = BoardAsList.TestCase
TestBoardAsList.settings = settings(max_examples=12, stateful_step_count=16, deadline=None)


@given(st.lists(st.floats(-1e6, 1e6), max_size=8), st.integers(-2, 10))
def test_a_place_between_is_between(places, position):
    places = sorted(places)
    place = between(places, position)
    before, after = places[: max(position, 0)], places[max(position, 0) :]
    if place is None:
        assert before[-1] == after[0] or after[0] - before[-1] < 1e-6
    else:
        assert all(other < place for other in before)
        assert all(place < other for other in after)
