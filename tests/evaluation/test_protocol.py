"""The whole protocol on a small store: complete, repeatable, and within its bounds."""

import json

import numpy as np
import pytest

from mpsr.catalogue.types import ID
from mpsr.errors import StoreError
from mpsr.evaluation.bench import open_bench
from mpsr.evaluation.protocol import evaluate
from mpsr.evaluation.reading import read_report
from mpsr.evaluation.render import save_report, text_table
from mpsr.evaluation.reproduce import markdown, reproduce
from mpsr.evaluation.task import CEILING, RANDOM
from mpsr.evaluation.tasks import product_grades, title_task
from mpsr.search.request import Request
from mpsr.service import open_service
from mpsr.types import Part, Query


@pytest.fixture(scope="module")
def report(learned_store):
    return evaluate(open_service(learned_store))


def test_every_task_and_every_row_is_there(report):
    assert {"picture", "words", "masked", "both", "photo", "sentence", "title"} <= set(report["tasks"])
    rows = set(report["tasks"]["both"]["rows"])
    assert {
        RANDOM, "raw picture", "raw words", "paper's space", "PCA of the paper's space", "late fusion",
        "learned space", CEILING,
    } <= rows  # fmt: skip


def test_queries_by_words_alone_have_a_row_with_the_lexical_share(report):
    for task in ("sentence", "title, products"):
        rows = set(report["tasks"][task]["rows"])
        assert {"paper's space, and lexical", "learned space, and lexical"} <= rows
    assert "learned space, and lexical" not in report["tasks"]["title"]["rows"]  # pictures have no words


def test_every_system_lies_below_what_can_be_reached(report):
    for task in report["tasks"].values():
        for levels in task["rows"].values():
            for level, metrics in levels.items():
                for metric, (value, low, high) in metrics.items():
                    if value is not None:
                        assert low - 1e-9 <= value <= high + 1e-9
                        assert value <= task["rows"][CEILING][level][metric][0] + 1e-9


def test_systems_beat_a_random_order_on_drawings(report):
    rows = report["tasks"]["both"]["rows"]
    for name in ("raw words", "paper's space", "late fusion", "learned space"):
        assert rows[name]["graded"]["nDCG@10"][0] > rows[RANDOM]["graded"]["nDCG@10"][0] + 0.1


def test_two_runs_give_the_same_document(report, learned_store):
    assert json.dumps(evaluate(open_service(learned_store))) == json.dumps(report)


def test_the_query_and_its_family_never_come_back(service):
    bench = open_bench(service)
    rows = bench.complete_on()
    grades = product_grades(bench, rows, rows)(slice(None))
    family = bench.data.split.family[rows]
    np.testing.assert_array_equal(grades == -1, family[:, None] == family[None])


def test_nothing_but_the_train_side_is_fitted_on(service):
    bench = open_bench(service)
    assert (bench.data.split.side[bench.train] == "train").all()
    rows = bench.raw("text", bench.train).astype(np.float64)
    np.testing.assert_allclose(bench.scalers[0].mean, rows.mean(axis=0), atol=1e-6)


def test_the_report_is_saved_whole_with_its_plots(report, service, tmp_path):
    folder = save_report(tmp_path, report)
    assert {path.name for path in folder.iterdir()} == {
        "evaluation.json", "evaluation.md", "by-system.png", "by-type.png"
    }  # fmt: skip
    assert read_report(tmp_path, report["store"]) == report
    assert read_report(tmp_path, "unknown") is None
    page = (folder / "evaluation.md").read_text()
    assert "learned space" in page
    assert "learned space" in text_table(report)


def test_reproduce_says_which_models_and_what_is_missing(service):
    found = reproduce(service)
    page = markdown(found)
    assert found["table 1"]["9065"] == {"missing": True}
    assert "Not the published models" in page
    assert 0 < found["here"]["mean top-1 similarity"] <= 1.0001
    for values in found["accuracy"].values():
        assert values["random, one product"] <= values["top-1"] + 0.2


def test_without_a_learned_space_its_figures_are_left_out_and_its_vectors_refused(tiny_store):
    bench = open_bench(open_service(tiny_store))
    assert bench.towers is None
    with pytest.raises(StoreError, match="mpsr train-space"):
        bench.learned("text", bench.train)
    assert "learned space" not in evaluate(bench.service)["tasks"]["both"]["rows"]


def test_words_are_scored_as_a_search_scores_them(learned_store):
    service = open_service(learned_store)
    bench = open_bench(service)
    everything = bench.complete_on()
    task = title_task(bench, bench.complete_on("test"), everything, "all", products=True)
    named = np.flatnonzero((task.grades(slice(0, 1)) == 1)[0])[0]
    title = bench.texts("title", everything[[named]])[0]
    request = Request(Query((Part(words=title),)), k=len(service.products), space="learned")
    found = {one.id: one.score for one in service.search(request).neighbours}
    ours = task.systems["learned space, and lexical"].scores(slice(0, 1))[0]
    ids = service.products[ID].to_numpy()[everything]
    np.testing.assert_allclose(ours, [found[product] for product in ids], atol=2e-3)
    assert np.abs(ours - task.systems["learned space"].scores(slice(0, 1))[0]).max() > 0.1
