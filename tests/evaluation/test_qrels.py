"""Somebody else's judgments: right ones, unknown ids, empty, malformed."""

import json

import pytest

from mpsr.errors import InputError
from mpsr.evaluation.qrels import evaluate_qrels
from mpsr.search.request import Request
from mpsr.types import Part, Query


@pytest.fixture
def write(tmp_path):
    def writer(document):
        path = tmp_path / "qrels.json"
        path.write_text(document if isinstance(document, str) else json.dumps(document))
        return path

    return writer


@pytest.mark.parametrize("space", ["learned", "paper"])
@pytest.mark.parametrize("gallery", ["text", "image", "fused"])
@pytest.mark.parametrize("query", ["image", "product"])
def test_products_as_queries(service, write, query, gallery, space):
    if space == "paper" and {query, gallery} == {"image", "text"}:
        pytest.skip("the paper's space has no such comparison")
    found = evaluate_qrels(service, write({"1000": {"1012": 2, "1024": 1}}), query, gallery, space)
    assert found["queries"] == 1
    assert all(0 <= value <= 1 for value in found["metrics"].values())


def test_the_store_agrees_with_its_own_answers(service, write):
    answer = service.similar("1000", k=3, space="learned").neighbours
    found = evaluate_qrels(service, write({"1000": {answer[0].id: 2, answer[1].id: 1}}), "product", "fused")
    assert found["metrics"]["nDCG@10"] == 1
    assert found["metrics"]["MRR@10"] == 1


def test_words_as_queries(service, write):
    red = [i for i in service.products["id"] if "Red Shirt" in service.product(i)["productDisplayName"]]
    found = evaluate_qrels(service, write({"red shirt": dict.fromkeys(red, 1)}), "text", "fused")
    assert found["metrics"]["P@1"] == 1


@pytest.mark.parametrize("space", ["learned", "paper"])
def test_words_are_ranked_as_a_search_ranks_them(service, write, space):
    found = service.search(Request(Query((Part(words="red shirt"),)), k=5, space=space, lexical=0)).neighbours
    judged = {neighbour.id: 5 - place for place, neighbour in enumerate(found)}
    measured = evaluate_qrels(service, write({"red shirt": judged}), "text", "fused", space)
    assert measured["metrics"]["nDCG@10"] == 1


def test_unknown_products_are_counted_and_left_out(service, write):
    path = write({"1000": {"1012": 1, "nowhere": 1}, "nobody": {"1012": 1}, "1001": {"nowhere": 1}})
    found = evaluate_qrels(service, path, "product", "fused")
    assert found["queries"] == 1
    assert list(found["left out"].values()) == [2, 1, 1]


@pytest.mark.parametrize(
    "document",
    ["", "{", "[]", "{}", '{"1000": ["1012"]}', '{"1000": {"1012": "yes"}}', '{"1000": {"1012": -1}}',
     '{"1000": {"1012": 0.5}}', '{"1000": {"1012": true}}', '{"1000": {}}', '{"nobody": {"1012": 1}}'],
)  # fmt: skip
def test_malformed_or_empty_judgments_are_refused(service, write, document):
    with pytest.raises(InputError):
        evaluate_qrels(service, write(document), "product", "fused")


def test_unknown_choices_and_absent_files_are_refused(service, write, tmp_path):
    path = write({"1000": {"1012": 1}})
    for query, gallery, space in (("photo", "fused", None), ("text", "all", None), ("text", "text", "other")):
        with pytest.raises(InputError):
            evaluate_qrels(service, path, query, gallery, space)
    with pytest.raises(InputError, match="cannot be read"):
        evaluate_qrels(service, tmp_path / "none.json", "text", "text")
    with pytest.raises(InputError, match="cannot compare"):
        evaluate_qrels(service, path, "text", "image", "paper")
