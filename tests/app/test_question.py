"""The question and its place in an address."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpsr.search.conditions import Condition
from mpsr.search.request import Request
from mpsr.types import LESS, Part, Query, about
from mpsr.ui.find.question import STEPS, Question

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
lists = st.lists(texts, max_size=3, unique=True).map(tuple)
questions = st.builds(
    Question,
    more=lists,
    less=lists,
    words=lists,
    photos=lists,
    picture=st.integers(0, 100),
    k=st.sampled_from(STEPS),
    space=st.sampled_from(["", "paper", "learned"]),
    where=st.dictionaries(texts, lists.filter(bool), max_size=3).map(lambda found: tuple(found.items())),
    hide_variants=st.booleans(),
    diversity=st.integers(0, 100),
    weak=st.booleans(),
    why=st.one_of(st.just(""), texts),
    refused=st.dictionaries(texts, lists.filter(bool), max_size=3).map(lambda found: tuple(found.items())),
    ranges=st.dictionaries(texts, st.sampled_from(["20..50", "..5", "0.5.."]), max_size=2).map(
        lambda found: tuple(found.items())
    ),
    same=lists,
    at_most=st.dictionaries(texts, st.integers(1, 50), max_size=2).map(lambda found: tuple(found.items())),
)


@given(questions)
def test_an_address_says_the_whole_question(question: Question) -> None:
    address = urlencode(question.parameters(), doseq=True)
    assert Question.parse(parse_qs(address)) == (question, [])


def test_what_is_as_usual_is_not_said() -> None:
    assert Question().parameters() == {}
    assert Question(more=("9065",), picture=70).parameters() == {"id": ["9065"], "picture": ["70"]}


def test_old_links_mean_what_they_meant() -> None:
    old = {"id": ["9065"], "variety": ["30"], "space": ["shared"]}
    assert Question.parse(old)[0] == Question(more=("9065",), diversity=30, space="learned")
    assert all(Question.owns(name) for name in old)


def test_a_question_is_a_request_of_the_library() -> None:
    question = Question(
        ("1",), ("2",), ("red",), ("abc",), 70, 10, "paper", (("gender", ("Men",)),), True, 30
    )
    request = question.request({"abc": b"photo"}.get)
    parts = (Part(product="1"), Part(words="red"), Part(picture=b"photo"), Part(product="2", weight=LESS))
    assert request.query == Query(parts)
    assert (request.weights.text, request.weights.image) == (pytest.approx(0.3), 0.7)
    assert (request.k, request.space, request.where) == (10, "paper", {"gender": ["Men"]})
    assert (request.hide_variants, request.diversity) == (True, 0.3)
    assert Question(more=("1",), hide_variants=False).request({}.get) == Request(about("1"))


def test_variants_are_hidden_unless_the_address_shows_them() -> None:
    assert Question.parse({"variants": ["hide"]})[0].hide_variants  # as older links say
    assert Question.parse({})[0].request(lambda name: None) is None
    assert Question(more=("1",)).request({}.get).hide_variants
    assert not Question.parse({"variants": ["show"]})[0].hide_variants
    assert Question(hide_variants=False).parameters() == {"variants": ["show"]}


def test_a_link_with_somebody_elses_photo_alone_asks_nothing() -> None:
    assert Question(less=("2",), photos=("abc",)).request({}.get) is None


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"k": ["many"]}, "k=many"),
        ({"k": ["7"]}, "one of 5, 10, 20, 50"),
        ({"k": ["5", "10"]}, "2 times"),
        ({"picture": ["101"]}, "from 0 to 100"),
        ({"picture": ["-4"]}, "from 0 to 100"),
        ({"picture": ["٣"]}, "from 0 to 100"),
        ({"diversity": ["0.5"]}, "from 0 to 100"),
        ({"variants": ["no"]}, "variants=show"),
        ({"weak": ["1"]}, "weak=show"),
        ({"range.price": ["20"]}, "20..50"),
        ({"most.brand": ["0"]}, "from 1 to 50"),
    ],
)
def test_a_wrong_value_is_left_out_and_told_and_the_rest_is_kept(parameters: dict, said: str) -> None:
    question, trouble = Question.parse({"id": ["1"], "where.gender": ["Men"], **parameters})
    assert question == Question(more=("1",), where=(("gender", ("Men",)),))
    assert len(trouble) == 1
    assert said in trouble[0]


def test_other_parameters_are_somebody_elses() -> None:
    assert Question.parse({"store": ["shop"], "board": ["1"]}) == (Question(), [])
    assert not Question.owns("store")
    assert Question.owns("where.gender")


def test_a_product_is_wanted_or_not_wanted_never_both() -> None:
    asked = Question(more=("1",), k=50, why="2", weak=True)
    assert asked.less_like("2").more_like("2") == Question(more=("1", "2"))
    assert asked.less_like("1") == Question(less=("1",))
    assert asked.also_saying("red").also_saying("red").words == ("red",)


def test_asking_anew_keeps_the_settings_and_drops_the_parts() -> None:
    asked = Question(("1",), ("2",), ("red",), ("abc",), picture=20, where=(("gender", ("Men",)),), k=20)
    assert asked.about("7") == Question(more=("7",), picture=20, where=(("gender", ("Men",)),))
    assert asked.saying("blue").words == ("blue",)
    assert asked.saying("blue").more == ()


def test_words_refine_a_product_or_a_photo_and_begin_anew_otherwise() -> None:
    assert Question(more=("1",)).refined_by_words
    assert Question(photos=("abc",)).refined_by_words
    assert not Question(words=("red",), less=("1",)).refined_by_words


def test_filters_come_and_go() -> None:
    asked = Question().filtered("gender", ["Men"]).filtered("season", ["Fall", "Summer"])
    assert asked.where == (("gender", ("Men",)), ("season", ("Fall", "Summer")))
    assert asked.filtered("gender", []).where == (("season", ("Fall", "Summer")),)
    assert asked.unfiltered() == Question()


def test_conditions_of_every_kind_come_and_go_and_are_the_librarys() -> None:
    asked = Question(more=("1",), same=("gender",), at_most=(("brand", 2),))
    asked = asked.refusing([("baseColour", "Black"), ("baseColour", "Blue")]).within("price", "20..50")
    assert asked.filters == {
        "baseColour": Condition(none_of=("Black", "Blue")),
        "price": Condition(least=20, most=50),
        "gender": Condition(same=True),
    }
    assert asked.request({}.get).at_most == {"brand": 2}
    assert "gender" not in asked.saying("red").filters  # words have no gender of their own
    assert asked.about("7").same == ("gender",)
    assert asked.within("price", "..").ranges == ()
    assert asked.narrowed
    assert asked.unfiltered() == Question(more=("1",))


def test_without_anything_to_look_for_an_example_stands_in() -> None:
    assert Question(picture=20, less=("3",)).or_about("1") == Question(more=("1",), less=("3",), picture=20)
    assert Question(words=("red",)).or_about("1").more == ()
