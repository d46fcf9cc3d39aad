"""The answers in docs/insights.md are what the demo catalogue answers."""

import re
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from mpsr.insights.listings import DIMENSIONS, Selection
from mpsr.insights.views import VIEWS, Options, insight

PAGE = (Path(__file__).parents[2] / "docs" / "insights.md").read_text(encoding="utf-8")
QUESTIONS = re.findall(r"`\?(view=[^`]*)`\n\n> ([^\n]*)", PAGE)


def test_there_is_a_question_for_each_published_view() -> None:
    assert [parse_qs(address)["view"][0] for address, _ in QUESTIONS] == [
        view.key for view in VIEWS.values() if view.published
    ]


@pytest.mark.parametrize(("address", "answer"), QUESTIONS)
def test_the_page_answers_as_written(demo, address: str, answer: str) -> None:
    asked = parse_qs(address)
    way = asked.get("as", ["count"])[0]
    selection = Selection.of({name: values for name, values in asked.items() if name in DIMENSIONS})
    found = insight(asked["view"][0], demo, selection, Options(as_=way))
    assert found.finding.replace("\u00a0", " ") == answer
