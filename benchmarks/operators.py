"""Where the models' time goes, by kind of operation: ``python -m benchmarks.operators [CATALOGUE]``.

OpenVINO's own counters, on the architectures of the ``paper`` profile with random weights and products of the catalogue.
What it fuses into a convolution or a matrix product counts as part of that.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.models import random_profile, write_models
from mpsr.catalogue import Policies, read_catalogue
from mpsr.catalogue.pictures import MAX_BYTES, decode_picture
from mpsr.catalogue.source import open_source
from mpsr.demo import demo_folder
from mpsr.encoders import image, text
from mpsr.encoders.network import Network
from mpsr.encoders.openvino_runner import HINTS, _converted, core, fast_precision
from mpsr.encoders.stream import distinct
from mpsr.encoders.weights import find_weights
from mpsr.stages.image import BATCHING as IMAGE_BATCHING
from mpsr.stages.text import BATCHING as TEXT_BATCHING

PRODUCTS, SHOWN = 600, 6


class Counting:
    """In place of an encoder's runner: adds up the seconds of each kind of operation."""

    def __init__(self, network: Network) -> None:
        settings = {"INFERENCE_PRECISION_HINT": HINTS[fast_precision()], "PERF_COUNT": True}
        self._request = core().compile_model(_converted(network), "CPU", settings).create_infer_request()
        self.seconds: Counter[str] = Counter()

    def __call__(self, inputs: dict[str, Any]) -> Any:
        """As ``mpsr.encoders.runtime.Runner.__call__``."""
        found = self._request.infer(inputs)[0]
        for node in self._request.get_profiling_info():
            self.seconds[node.node_type] += node.real_time.total_seconds()
        return found


def shares(encoder: Any, network: Network, items: Sequence[Any], batch: int) -> str:
    """The kinds of operation that take most, with their share of all the model's time."""
    encoder.runner = counting = Counting(network)
    for at in range(0, len(items), batch):
        encoder.encode(items[at : at + batch])
    whole = counting.seconds.total()
    return " · ".join(f"{kind} {spent / whole:.1%}" for kind, spent in counting.seconds.most_common(SHOWN))


def main() -> None:
    """Print a Markdown table."""
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else demo_folder()
    products = read_catalogue(source, Policies(limit=PRODUCTS), check_pictures=False).products
    opened = open_source(source)
    with tempfile.TemporaryDirectory() as models:
        write_models(Path(models))
        profile = random_profile(Path(models))
        words, photos = profile.text, profile.image
        reader = text.TextEncoder(words, find_weights(words))
        viewer = image.ImageEncoder(photos, find_weights(photos))
        texts = distinct(text.product_texts(products, words)).items
        texts = [one for _, one in sorted(zip(reader.lengths(texts), texts, strict=True))]
        pixels = [
            viewer.prepare(decode_picture(opened.read(member, MAX_BYTES)))
            for member in products["picture"].dropna()
        ]
        print("| model | share of its time |\n|---|---|")
        network = text._network(words, find_weights(words))
        print(f"| {words.name} | {shares(reader, network, texts, TEXT_BATCHING.batch)} |", flush=True)
        network = image._network(photos, find_weights(photos))
        print(f"| {photos.name} | {shares(viewer, network, pixels, IMAGE_BATCHING.batch)} |")


if __name__ == "__main__":
    main()
