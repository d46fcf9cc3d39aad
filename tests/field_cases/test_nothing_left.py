"""Where nothing is left to answer with, that is the answer: no error, in no form of the question."""

from __future__ import annotations

import sys

import pytest

from mpsr.cli import main as cli
from mpsr.errors import InputError
from mpsr.pipeline import build
from mpsr.search.request import Request
from mpsr.service import open_service
from mpsr.stages.settings import Settings
from mpsr.store import Store
from mpsr.types import Part, Query

OPTIONS = [
    {},
    {"diversity": 0.5},
    {"hide_variants": True},
    {"hide_variants": True, "diversity": 0.5},
    {"at_most": {"gender": 1}, "where": {"gender": ["Men"]}, "hide_variants": True},
]


@pytest.fixture(scope="module")
def gift_cards(tmp_path_factory, tiny_profile):
    """22 products of one name, without pictures."""
    folder = tmp_path_factory.mktemp("cards")
    rows = [f"G{n:02},Gift card,Men" for n in range(22)]
    (folder / "cards.csv").write_text("\n".join(["id,title,gender", *rows]) + "\n")
    build(folder / "cards.csv", Store(folder / "store"), Settings(profile=tiny_profile))
    return folder / "store"


@pytest.mark.parametrize("options", OPTIONS)
def test_variants_of_one_product_leave_no_other(gift_cards, options) -> None:
    assert open_service(gift_cards).similar("G00", **options).neighbours == []


def test_the_command_line_says_that_there_is_no_other(gift_cards, monkeypatch, capfd) -> None:
    asked = ["similar", "G00", "--hide-variants", "--diversity", "0.5", "--store", str(gift_cards)]
    monkeypatch.setattr(sys, "argv", ["mpsr", *asked])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    out, err = capfd.readouterr()
    assert not ended.value.code
    assert out.endswith("no other product\n")
    assert not err


def test_words_that_tell_nothing_apart_are_not_said_to_cancel_out(gift_cards, tiny_embedded) -> None:
    with pytest.raises(InputError, match='"gift card" tells no product of this catalogue from another'):
        open_service(gift_cards).search(Request(Query((Part(words="gift card"),))))
