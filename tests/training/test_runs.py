"""Training in several runs: each starts from the encoder before it, and a finished one is not repeated."""

from dataclasses import replace
from pathlib import Path

import pytest

from mpsr.errors import InputError
from mpsr.training import runs as module
from mpsr.training.export import CONFIG_FILE, MODEL_FILE
from mpsr.training.runs import SHIPPED, train_in_runs
from mpsr.training.train import TrainingSettings

RUNS = (
    TrainingSettings(epochs=1, heights=(32,)),
    TrainingSettings(epochs=2, heights=(48,)),
    TrainingSettings(epochs=3, heights=(64,)),
)


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Path, TrainingSettings, bool]]:
    """What was trained, in order; nothing is computed."""
    made: list[tuple[Path, TrainingSettings, bool]] = []

    def train(sources, out, settings, say, read_test=False, note=""):
        made.append((out, settings, read_test))
        out.mkdir(parents=True, exist_ok=True)
        (out / MODEL_FILE).touch()
        (out / CONFIG_FILE).touch()
        return f"report of {settings.epochs}"

    monkeypatch.setattr(module, "train_encoder", train)
    return made


def test_each_run_starts_from_the_one_before_and_only_the_last_reads_test(tmp_path: Path, trained) -> None:
    assert train_in_runs([tmp_path], tmp_path / "out", RUNS, read_test=True) == "report of 3"
    first, second, last = tmp_path / "out/run-1", tmp_path / "out/run-2", tmp_path / "out"
    assert trained == [
        (first, RUNS[0], False),
        (second, replace(RUNS[1], init=str(first)), False),
        (last, replace(RUNS[2], init=str(second)), True),
    ]


def test_a_finished_run_is_not_repeated(tmp_path: Path, trained) -> None:
    train_in_runs([tmp_path], tmp_path / "out", RUNS[:2])
    train_in_runs([tmp_path], tmp_path / "out", RUNS)
    assert [out.name for out, _, _ in trained] == ["run-1", "out", "run-2", "out"]


def test_no_runs_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="at least one"):
        train_in_runs([tmp_path], tmp_path, ())


def test_the_shipped_runs_grow() -> None:
    sizes = [height for run in SHIPPED for height in run.heights]
    assert sizes == sorted(sizes)
    assert SHIPPED[0].init == "imagenet"
