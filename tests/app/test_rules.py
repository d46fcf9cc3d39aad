"""Rules in the app: the page, and the results under them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from mpsr.service import Service
from mpsr.shop import watched
from mpsr.ui.find.question import Question
from mpsr.ui.rules import live

RULES = """
[[rule]]
name = "A watch <b>first</b>"
action = "pin"
products = ["110"]
slot = 1
for = { products = ["101"] }

[[rule]]
action = "boost"
where = { baseColour = ["Red"] }
amount = 0.25

[[rule]]
action = "exclude"
products = ["no-such"]
until = 2001-01-01
"""


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shop_store: Path) -> Path:
    monkeypatch.setattr(watched, "LOOK_EVERY", 0.0)
    monkeypatch.setattr(live, "_live", {})
    path = tmp_path / "rules.toml"
    path.write_text(RULES)
    monkeypatch.setenv("MPSR_RULES", str(path))
    return path


def html(app: AppTest) -> str:
    return " ".join(str(element.proto.body) for element in app.get("html"))


def test_the_page_says_the_rules_in_words_and_previews_them(
    rules: Path, start: Callable[..., AppTest]
) -> None:
    app = start(id="101")
    app.switch_page("pages/rules.py").run()
    assert not app.exception
    said = html(app)
    for sentence in (
        "A watch &lt;b&gt;first&lt;/b&gt;",
        "Show product 110 in place 1, for queries about product 101.",
        "Lift products with Colour Red by 0.25, for every query.",
        "not today",
        "pinned",
        "+ 0.250 rule",
    ):
        assert sentence in said
    assert "no\\-such" in " ".join(element.value for element in app.warning)
    assert [element.value for element in app.subheader][-2:] == ["Before: without rules", "After: with rules"]


def test_a_wrong_file_is_named_with_its_line_and_the_last_rules_hold_on(
    rules: Path, start: Callable[..., AppTest]
) -> None:
    app = start(id="101")
    app.switch_page("pages/rules.py").run()
    rules.write_text(f"{RULES}\n[[rule]]\naction = 'pim'\n")
    app.run()
    told = " ".join(element.value for element in app.get("text"))
    assert f"line {len(RULES.splitlines()) + 2}" in told
    assert str(rules.parent) not in told
    assert "Show product 110 in place 1" in html(app)


def test_without_a_file_the_page_says_how_to_begin(
    shop_store: Path, start: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MPSR_RULES", raising=False)
    app = start()
    app.switch_page("pages/rules.py").run()
    assert not app.exception
    assert "mpsr app --rules rules.toml" in [block.value for block in app.code]


def test_the_results_follow_the_rules_until_they_are_switched_off(
    rules: Path, start: Callable[..., AppTest], shop_store: Path
) -> None:
    app = start(id="101", weak="show")
    assert "Pinned by a rule" in html(app)
    app.toggle(key="question.rules").set_value(False).run()
    assert app.query_params["rules"] == "off"
    assert "by a rule" not in html(app)
    first = Service(shop_store, verify=False).similar("101", hide_variants=True).neighbours[0]
    assert first.name in html(app)


def test_an_address_says_that_rules_are_off() -> None:
    question = Question(more=("101",), rules=False)
    assert Question.parse(question.parameters()) == (question, [])
    request = question.request(lambda name: None)
    assert request is not None
    assert request.rules is False
