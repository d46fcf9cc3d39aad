"""What holds for any question: whatever is mixed, filtered, weighed and hidden."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import mpsr
from mpsr.errors import InputError
from mpsr.search.request import Request
from mpsr.types import Part, Query, Weights

from ..conftest import picture_bytes

PICTURES = [picture_bytes(colour) for colour in ((200, 30, 30), (30, 40, 190))]
AMOUNTS = st.one_of(st.floats(0.1, 3), st.floats(-2, -0.1))
PARTS = st.one_of(
    st.builds(Part, product=st.integers(101, 130).map(str), weight=AMOUNTS),
    st.builds(Part, words=st.sampled_from(["red shirt", "birch", "watches blue"]), weight=AMOUNTS),
    st.builds(Part, picture=st.sampled_from(PICTURES), weight=AMOUNTS),
)
WHERE = st.dictionaries(
    st.sampled_from(["baseColour", "articleType"]),
    st.just(["Red", "Blue"]) | st.just(["Shirts", "Watches"]),
    max_size=2,
).map(
    lambda given: {name: ["Red", "Blue"] if name == "baseColour" else ["Shirts", "Watches"] for name in given}
)


@pytest.fixture
def service(learned_shop, tiny_embedded):
    return mpsr.open(learned_shop)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    parts=st.lists(PARTS, min_size=1, max_size=4).filter(lambda parts: any(p.weight > 0 for p in parts)),
    k=st.integers(1, 40),
    words=st.floats(0, 1),
    space=st.sampled_from(["learned", "paper"]),
    where=WHERE,
    hide=st.booleans(),
    diversity=st.sampled_from([0.0, 0.4, 1.0]),
)
def test_any_question_keeps_its_promises(service, parts, k, words, space, where, hide, diversity) -> None:
    query, weights = Query(tuple(parts)), Weights(words, 1 - words)
    try:
        request = Request(query, k, space, weights, where, hide, diversity)
        found = service.search(request)
    except InputError as error:
        if "cancel each other out" not in str(error):
            raise
        return
    items = found.neighbours
    ids = [item.id for item in items]
    assert len(ids) == len(set(ids)) <= k
    assert not set(ids) & set(query.products)
    allowed = service.mask(where)
    assert all(allowed[service.row_of(product)] for product in ids)
    assert all(
        item.score == item.text + item.image + item.lexical and abs(item.score) <= 1 + 1e-6 for item in items
    )
    assert all(0 <= item.percentile <= 1 for item in items)
    scores = [item.score for item in items]
    assert scores[:1] == sorted(scores, reverse=True)[:1]
    if not diversity:
        assert scores == sorted(scores, reverse=True)
    assert [item.id for item in found.good] == [
        item.id for item in items if item.score >= found.match_threshold
    ]
    again = service.search(request)
    assert again == found
