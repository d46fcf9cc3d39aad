"""What keeps the figures on a store's test side from being higher: ``python -m benchmarks.limits [STORE]``.

Three experiments: how often two photographs that look the same bear different labels; how many of the products that no
model has seen are told right from their picture and from their words; and what a title would find among the pictures,
were type, colour, gender and brand of every picture known for sure.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image

import mpsr
from mpsr.catalogue.families import near_identical
from mpsr.catalogue.pictures import decode_picture
from mpsr.catalogue.types import NAME
from mpsr.evaluation.bench import Bench, Rows, open_bench
from mpsr.evaluation.metrics import judge, measure
from mpsr.service import Service
from mpsr.space.pairs import LABELS, codes
from mpsr.space.towers import Towers
from mpsr.store.layout import HASHED, HASHES, Stage

#: Two photographs look the same when their hashes are near and no cell of their thumbnails differs by more than this, of
#: 255, in any channel.
SAME = 4.0
THUMBNAIL = (12, 16)

Line = tuple[str, str]


def thumbnail(service: Service, place: int) -> npt.NDArray[np.float32]:
    """The picture in a few pixels, shape (16, 12, 3)."""
    data = service.picture(service.ids[place])
    if data is None:
        raise ValueError(f"{service.ids[place]} has no picture")
    small = decode_picture(data).resize(THUMBNAIL, Image.Resampling.BOX)
    return np.asarray(small, np.float32)


def label_noise(bench: Bench) -> Iterator[Line]:
    """Pairs of products of different names whose photographs look the same, and how often their labels differ."""
    artefact = bench.service.artefact(Stage.SPLIT)
    hashed = np.asarray(artefact.array(HASHED))
    left, right = (hashed[side] for side in near_identical(np.asarray(artefact.array(HASHES))))
    other = bench.data.title[left] != bench.data.title[right]
    left, right = left[other], right[other]
    small = {
        place: thumbnail(bench.service, place) for place in np.unique(np.concatenate([left, right])).tolist()
    }
    apart = np.array(
        [np.abs(small[a] - small[b]).max() for a, b in zip(left.tolist(), right.tolist(), strict=True)]
    )
    left, right = left[apart <= SAME], right[apart <= SAME]
    yield "pairs of products of different names whose photographs look the same", f"{len(left):,}"
    for column, name in enumerate(LABELS):
        one, two = bench.data.labels[left, column], bench.data.labels[right, column]
        known = (one >= 0) & (two >= 0)
        yield f"of them with different {name}", f"{(one[known] != two[known]).mean():.3f}"


def told_right(bench: Bench) -> Iterator[Line]:
    """The share of test products whose type and colour the towers say right, from picture, words and both."""
    towers, test = bench.towers, bench.complete_on("test")
    if towers is None:
        raise SystemExit("this store has no learned space")
    said = {
        "picture": chances(towers, "image", bench.raw("image", test)),
        "words": chances(towers, "text", bench.raw("text", test)),
    }
    said["both"] = [one + two for one, two in zip(said["picture"], said["words"], strict=True)]
    for column, name in enumerate(LABELS):
        truth = bench.data.labels[test, column]
        shares = [
            f"{who} {(logs[column].argmax(1) == truth)[truth >= 0].mean():.3f}" for who, logs in said.items()
        ]
        yield f"test products whose {name} is told right", " · ".join(shares)
    yield from confusions(bench, test, said["picture"][0].argmax(1))


def confusions(bench: Bench, test: Rows, guessed: npt.NDArray[np.int64], shown: int = 6) -> Iterator[Line]:
    """Where the picture tells a wrong type: how often within the same subcategory, and the most frequent mistakes."""
    products = bench.service.products
    kinds, truth = products["articleType"], bench.data.labels[test, 0]
    named = dict(zip(bench.data.labels[:, 0].tolist(), kinds, strict=True))
    sub = products.groupby("articleType")["subCategory"].agg(lambda values: values.mode().iloc[0])
    wrong = [
        (named[t], named[g]) for t, g in zip(truth.tolist(), guessed.tolist(), strict=True) if 0 <= t != g
    ]
    within = np.mean([sub[t] == sub[g] for t, g in wrong])
    yield "types told wrong from the picture that stay within the subcategory", f"{within:.3f}"
    pairs = Counter(" / ".join(sorted(pair)) for pair in wrong).most_common(shown)
    yield (
        "the most frequent mistakes, share of all",
        " · ".join(f"{pair} {count / len(wrong):.3f}" for pair, count in pairs),
    )


@torch.inference_mode()
def chances(
    towers: Towers, modality: str, embeddings: npt.NDArray[np.float32]
) -> list[npt.NDArray[np.float32]]:
    """Log-probabilities of each attribute, (n, values) each."""
    tower = towers.text if modality == "text" else towers.image
    return [log.numpy() for log in tower.predict(torch.from_numpy(embeddings)).attributes]


def known_attributes(bench: Bench, seed: int = 0) -> Iterator[Line]:
    """What a title finds among all pictures when equal labels come first, in random order among themselves."""
    products, titles = bench.service.products, bench.data.title
    brand = codes(products[NAME].str.split().str[0].str.lower())
    test = bench.complete_on("test")
    _, first = np.unique(titles[test], return_index=True)
    asked, gallery = test[np.sort(first)], bench.complete_on()
    asked = asked[titles[asked] >= 0]
    random = np.random.default_rng(seed)
    known = np.column_stack([bench.data.labels, brand])
    for count, what in ((3, "type, colour and gender"), (4, "type, colour, gender and brand")):
        parts = []
        for start in range(0, len(asked), 256):
            some = asked[start : start + 256]
            same = (known[some][:, None, :count] == known[gallery][None, :, :count]).sum(2, dtype=np.float32)
            relevant = (titles[some][:, None] == titles[gallery][None]).astype(np.int8)
            parts.append(measure(judge(same + random.random(same.shape, np.float32), relevant, 1)))
        found = {name: np.concatenate([part[name] for part in parts]).mean() for name in parts[0]}
        figures = " / ".join(f"{found[name]:.3f}" for name in ("recall@1", "recall@10", "MRR@10"))
        yield f"title → picture, were {what} of every picture known: R@1 / R@10 / MRR@10", figures


def main() -> None:
    """Print a Markdown table."""
    service = mpsr.open(sys.argv[1] if len(sys.argv) > 1 else None)
    bench = open_bench(service)
    print(f"| store {service.snapshot.fingerprint[:12]} | |\n|---|---|")
    for experiment in (label_noise, told_right, known_attributes):
        for what, figure in experiment(bench):
            print(f"| {what} | {figure} |", flush=True)


if __name__ == "__main__":
    main()
