"""Whether a build's memory grows with the catalogue: drawn catalogues of one, four and sixteen sizes."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.figures import OURS, Measured, Scale

FACTORS = (1, 4, 16)
COLOURS = ("Red", "Blue", "Green", "Black", "White", "Pink", "Grey", "Brown")
HEADER = "id,gender,masterCategory,subCategory,articleType,baseColour,season,year,usage,productDisplayName"


def measure(scale: Scale) -> Measured:
    """Peak memory of each, in a process of its own, stage by stage."""
    found = Measured()
    peaks = {}
    with tempfile.TemporaryDirectory() as folder:
        for factor in FACTORS:
            source = Path(folder) / f"x{factor}"
            draw(source, scale.drawn * factor)
            command = [sys.executable, "-m", "benchmarks.memory", str(source)]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
            peaks[factor] = json.loads(done.stdout.splitlines()[-1])
    found.details = {"MB by stage": peaks}
    for what, stages in (("encoding", ("text", "image")), ("a whole build", tuple(peaks[1]))):
        sizes = {factor: max(peak.get(stage, 0) for stage in stages) for factor, peak in peaks.items()}
        values = {f"{factor}× as many": sizes[factor] for factor in FACTORS[1:]}
        found.add(
            "build", f"peak memory of {what}, {scale.drawn:,} products, MB", {OURS: sizes[1], **values},
            note="the process's own, mapped files left out",
        )  # fmt: skip
    return found


def draw(folder: Path, count: int) -> None:
    """A catalogue of ``count`` products with distinct names and pictures of coloured noise."""
    (folder / "images").mkdir(parents=True)
    chance = np.random.default_rng(0)
    lines = [HEADER]
    for number in range(1, count + 1):
        colour = COLOURS[number % len(COLOURS)]
        lines.append(
            f"{number},Men,Apparel,Topwear,Shirts,{colour},Summer,2012,Casual,Alder {colour} Shirt {number}"
        )
        pixels = chance.integers(0, 256, (10, 8, 3), dtype=np.uint8)
        out = io.BytesIO()
        Image.fromarray(pixels).resize((60, 80)).save(out, "JPEG")
        (folder / "images" / f"{number}.jpg").write_bytes(out.getvalue())
    (folder / "styles.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


class Watch:
    """A reporter that notes each stage's peak of memory, looking fifty times a second."""

    def __init__(self) -> None:
        self.peaks: dict[str, float] = {}
        self._stage, self._going = "start", True
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while self._going:
            self.peaks[self._stage] = max(self.peaks.get(self._stage, 0), own_memory() / 1e6)
            time.sleep(0.02)

    def step(self, name: str, note: str = "") -> None:
        """The next stage."""
        self._stage = name

    def progress(self, done: int, total: int) -> None:
        """Nothing to note."""

    def stop(self) -> dict[str, float]:
        """The peaks in MB."""
        self._going = False
        self._thread.join()
        return self.peaks


def own_memory() -> int:
    """Bytes of memory that are this process's own; pages of mapped files can be dropped and do not count."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return 1024 * next(int(line.split()[1]) for line in status.splitlines() if line.startswith("RssAnon"))


def run(source: Path) -> dict[str, float]:
    """Build it with the embedded profile, without training."""
    from mpsr.pipeline import build
    from mpsr.stages.settings import Settings
    from mpsr.store import Store

    watch = Watch()
    with tempfile.TemporaryDirectory() as folder:
        build(source, Store(Path(folder) / "store"), Settings(learned="shipped"), watch)
    return watch.stop()


if __name__ == "__main__":
    print(json.dumps(run(Path(sys.argv[1]))))
