"""Runtimes: the rule and its override, compiled models kept, nothing reported, vectors that go together."""

import importlib.util
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from mpsr.encoders import runtime
from mpsr.encoders.network import RUNTIMES, Network
from mpsr.encoders.runtime import choose_runtime, start
from mpsr.encoders.weights import ModelFiles
from mpsr.errors import InputError
from mpsr.pipeline import build
from mpsr.service import Service
from mpsr.stages.settings import Settings
from mpsr.store import Store


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MPSR_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "openvino"


class Line(torch.nn.Module):
    """A small network: one linear layer."""

    def __init__(self, slope: float) -> None:
        super().__init__()
        self.layer = torch.nn.Linear(3, 2, bias=False)
        torch.nn.init.constant_(self.layer.weight, slope)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layer(x.to(self.layer.weight.dtype)).float()


def line(made: list[float], slope: float = 2.0) -> Network:
    def make(device: torch.device, precision: str) -> torch.nn.Module:
        made.append(slope)
        return Line(slope).eval().to(device, getattr(torch, precision))

    return Network(make, {"x": np.ones((2, 3), np.float32)}, {"x": (1,)}, {"model": "line", "slope": slope})


X = {"x": np.array([[1, 2, 3], [0, 0, 1], [-1, 0, 1]], np.float32)}
Y = np.array([[12, 12], [2, 2], [0, 0]], np.float32)


def without_openvino(monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "openvino" else real(name))


@pytest.mark.parametrize("name", RUNTIMES)
def test_what_is_asked_for_is_taken(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(runtime.OVERRIDE, raising=False)
    assert choose_runtime(name) == name
    monkeypatch.setenv(runtime.OVERRIDE, name)
    assert choose_runtime() == name
    other = next(known for known in RUNTIMES if known != name)
    assert choose_runtime(other) == other


@pytest.mark.parametrize(
    ("processor", "device", "expected"),
    [
        ("x86_64", "cpu", "openvino"),
        ("AMD64", "cpu", "openvino"),
        ("x86_64", "cuda", "torch"),
        ("arm64", "mps", "torch"),
        ("aarch64", "cpu", "torch"),
    ],
)
def test_the_rule(processor: str, device: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(runtime.OVERRIDE, raising=False)
    monkeypatch.setattr(runtime.platform, "machine", lambda: processor)
    monkeypatch.setattr(runtime, "choose_device", lambda: torch.device(device))
    assert choose_runtime() == expected


def test_without_openvino_torch_computes_unless_openvino_was_asked_for(monkeypatch) -> None:
    monkeypatch.delenv(runtime.OVERRIDE, raising=False)
    without_openvino(monkeypatch)
    assert choose_runtime() == "torch"
    with pytest.raises(InputError, match=r"not installed.*pip install openvino.*--runtime torch"):
        choose_runtime("openvino")
    monkeypatch.setenv(runtime.OVERRIDE, "openvino")
    with pytest.raises(InputError, match="not installed"):
        choose_runtime()


def test_an_unknown_runtime_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(runtime.OVERRIDE, "onnx")
    with pytest.raises(InputError, match=r"unknown runtime 'onnx'\. Expected one of torch, openvino"):
        choose_runtime()


@pytest.mark.parametrize("name", RUNTIMES)
def test_any_batch_size_is_computed(name: str, cache: Path) -> None:
    runner = start(line([]), name, "float32")
    assert (runner.runtime, runner.precision) == (name, "float32")
    np.testing.assert_allclose(runner(X), Y)
    np.testing.assert_allclose(runner({"x": X["x"][:1]}), Y[:1])


def test_an_answer_stays_as_it_is_when_the_next_is_computed(cache: Path) -> None:
    runner = start(line([]), "openvino", "float32")
    first = runner(X)
    runner({"x": np.zeros((3, 3), np.float32)})
    np.testing.assert_allclose(first, Y)


def test_a_compiled_model_is_kept(cache: Path) -> None:
    made: list[float] = []
    for _ in range(3):
        np.testing.assert_allclose(start(line(made), "openvino", "float32")(X), Y)
    assert made == [2.0]
    assert len(list(cache.glob("*.blob"))) == 1


def test_other_weights_or_precision_are_compiled_anew(cache: Path) -> None:
    made: list[float] = []
    start(line(made), "openvino", "float32")
    np.testing.assert_allclose(start(line(made, 3.0), "openvino", "float32")(X), Y * 1.5)
    start(line(made), "openvino", "bfloat16")
    assert made == [2.0, 3.0, 2.0]


@pytest.mark.parametrize("damage", ["cut", "flipped", "no hash", "not text"])
def test_a_damaged_compiled_model_is_never_used(cache: Path, damage: str) -> None:
    made: list[float] = []
    start(line(made), "openvino", "float32")
    blob = next(cache.glob("*.blob"))
    data, note = blob.read_bytes(), blob.with_suffix(".sha256")
    if damage == "cut":
        blob.write_bytes(data[: len(data) // 2])
    elif damage == "flipped":
        blob.write_bytes(data[:-5] + bytes([data[-5] ^ 1]) + data[-4:])
    elif damage == "no hash":
        note.unlink()
    else:
        note.write_bytes(b"\xff\xfe\x00")
    np.testing.assert_allclose(start(line(made), "openvino", "float32")(X), Y)
    start(line(made), "openvino", "float32")
    assert made == [2.0, 2.0]


def test_only_the_latest_compiled_forms_are_kept(cache: Path) -> None:
    for slope in range(1, 7):
        start(line([], float(slope)), "openvino", "float32")
    assert len(list(cache.glob("*.blob"))) == len(list(cache.glob("*.sha256"))) == 3
    made: list[float] = []
    start(line(made, 6.0), "openvino", "float32")
    assert not made


def test_a_cache_that_cannot_be_written_is_said_and_done_without(tmp_path, monkeypatch, caplog) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("MPSR_CACHE", str(tmp_path / "file"))
    np.testing.assert_allclose(start(line([]), "openvino", "float32")(X), Y)
    assert "could not be cached" in caplog.text


def test_openvino_reports_nothing(tmp_path: Path) -> None:
    """Importing it the project's way opens no connection and leaves nothing in the user's home."""
    program = (
        "import socket, sys, json, urllib.request, multiprocessing\n"
        "def refused(*a, **k): print('CALLED'); raise OSError\n"
        "socket.socket.connect = urllib.request.urlopen = multiprocessing.Process.start = refused\n"
        "from mpsr.encoders.openvino_runner import core\n"
        "import openvino, torch\n"
        "openvino.convert_model(torch.nn.Linear(2, 2), example_input=torch.ones(1, 2)); core()\n"
        "print(json.dumps([name for name in sys.modules if name.startswith('openvino_telemetry.')]))\n"
    )
    environment = {"HOME": str(tmp_path), "PATH": "", "PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment
    )
    assert json.loads(done.stdout) == []
    assert not (tmp_path / "intel").exists()


def test_a_store_says_what_computed_it_and_either_runtime_makes_the_same(
    shop, tiny_profile, tmp_path
) -> None:
    vectors = {}
    for name in RUNTIMES:
        store = Store(tmp_path / name)
        snapshot = build(shop, store, Settings(tiny_profile, runtime=name))
        models = Service(store.root).info()["models"]
        assert [models[stage]["runtime"] for stage in ("text", "image")] == [name, name]
        vectors[name] = {s: Service(store.root).artefact(s).array("vectors.npy") for s in ("text", "image")}
        vectors[name]["fingerprint"] = snapshot.stages["image"]
    assert vectors["torch"]["fingerprint"] == vectors["openvino"]["fingerprint"]
    for stage in ("text", "image"):
        ours, theirs = vectors["openvino"][stage], vectors["torch"][stage]
        present = np.linalg.norm(theirs, axis=1) > 0
        assert ((ours * theirs).sum(1)[present] >= 0.999).all()


def test_weights_are_part_of_the_compiled_models_name(tiny_profile) -> None:
    from mpsr.encoders.image import _network

    files = ModelFiles(Path(), Path(), "one")
    first, second = (_network(tiny_profile.image, f) for f in (files, replace(files, sha256="two")))
    assert first.identity != second.identity
