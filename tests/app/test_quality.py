"""The first lines of the Quality page, and an evaluation that is started there."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from mpsr.errors import InputError
from mpsr.evaluation.reading import reports_folder
from mpsr.evaluation.running import Evaluations
from mpsr.service import open_service
from mpsr.store.layout import REPORT_JSON
from mpsr.ui import quality

ENTRY = Path(__file__).parents[2] / "streamlit_app.py"


@pytest.fixture
def store(store_copy: Path, tmp_path: Path) -> Path:
    (tmp_path / "stores").mkdir()
    (tmp_path / "stores" / "shop").symlink_to(store_copy, target_is_directory=True)
    return tmp_path / "stores"


@pytest.fixture
def app(monkeypatch, store: Path) -> AppTest:
    monkeypatch.setenv("MPSR_STORES", str(store))
    app = AppTest.from_file(str(ENTRY), default_timeout=60).run()
    app.switch_page("pages/quality.py")
    return app


def labels(app: AppTest) -> str:
    return " ".join(one.label for one in app.expander)


def test_three_lines_stand_above_the_details(app: AppTest) -> None:
    app.run()
    assert not app.exception
    assert "Data complete" in labels(app)
    assert "without a picture" in labels(app)
    assert "Answers not measured yet" in labels(app)
    assert "Technical details" in [one.value for one in app.subheader]


def test_completeness_is_the_share_of_values_that_are_there() -> None:
    rows = {"rows_kept": 10, "missing_values": {"gender": 1, "season": 3, "productDisplayName": 10}}
    assert quality.completeness(rows) == pytest.approx(1 - 4 / 20)
    assert quality.percent(0.9999) == "99 %"
    assert quality.percent(1.0) == "100 %"
    assert quality.completeness({"rows_kept": 0, "missing_values": {}}) == 1


REPORT = {
    "tasks": {
        quality.TASK: {
            "rows": {"random": {}, "paper's space": {"type": {"P@10": [0.91, 0.9, 0.92]}}},
            "queries": {"type": {"queries": 3993, "without a relevant item": 0}},
        }
    }
}


def test_good_answers_are_those_of_what_the_app_shows() -> None:
    assert quality.good_answers(REPORT) == (0.91, 3993)
    learned = {"type": {"P@10": [0.99, 0.9, 1.0]}}
    rows = REPORT["tasks"][quality.TASK]["rows"] | {"learned space": learned}
    task = REPORT["tasks"][quality.TASK] | {"rows": rows}
    assert quality.good_answers({"tasks": {quality.TASK: task}}) == (0.99, 3993)
    assert quality.good_answers({"tasks": {}}) is None


def test_a_measured_store_says_how_good_its_answers_are(app: AppTest, store: Path) -> None:
    service = open_service(store / "shop")
    place = reports_folder(service.root, service.snapshot.fingerprint) / "test" / REPORT_JSON
    place.parent.mkdir(parents=True)
    task = {**REPORT["tasks"][quality.TASK], "title": "words → product", "gallery": "all"}
    measured = {name: [0.91, 0.9, 0.92] for name in ("nDCG@10", "P@10", "hit@5", "MRR@10", "mAP@10")}
    task["rows"] = {"paper's space": {"type": measured}}
    place.write_text(json.dumps({"tasks": {quality.TASK: task}}))
    app.run()
    assert not app.exception
    assert "91 % of answers are of the right type" in labels(app)
    assert "3,993 products never seen" in labels(app)


class Shop:
    """As much of a service as an evaluation's bookkeeping needs."""

    def __init__(self, fingerprint: str) -> None:
        self.snapshot = self
        self.fingerprint = fingerprint


def test_an_evaluation_runs_beside_the_page_one_at_a_time() -> None:
    go, begun = threading.Event(), threading.Event()

    def run(service, log) -> None:
        log("picture → product")
        begun.set()
        go.wait(30)

    evaluations = Evaluations(run)
    one = evaluations.start(Shop("a"))
    assert begun.wait(30)
    assert one.said == "picture → product"
    assert 0 < one.share < 1
    assert evaluations.start(Shop("a")) is one
    assert evaluations.start(Shop("b")) is None
    go.set()
    assert one.done.wait(30)
    assert (one.share, one.error) == (1.0, "")
    assert evaluations.of("a") is one


@pytest.mark.parametrize("error", [InputError("too few products"), OSError("read-only"), KeyError("x")])
def test_what_goes_wrong_is_told(error: Exception) -> None:
    def run(service, log) -> None:
        raise error

    one = Evaluations(run).start(Shop("a"))
    assert one.done.wait(30)
    assert one.error.strip()


def test_the_button_starts_it_and_its_trouble_is_told(app: AppTest) -> None:
    """Too few products to measure: the page says so and can be used on."""
    app.run()
    app.button(key="measure").click().run()
    assert not app.exception
    for running in quality._evaluations()._known.values():
        assert running.done.wait(60)
    app.run()
    assert not app.exception
