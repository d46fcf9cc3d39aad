"""What the picture encoder is trained on: catalogues in memory-mapped pixels, labels, title words and sides."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_matrix

from mpsr.catalogue import ID, NAME, Policies, locate, read_catalogue
from mpsr.catalogue.decoding import workers
from mpsr.catalogue.families import families, normalised_name, perceptual_hash
from mpsr.catalogue.pictures import MAX_BYTES, decode_picture
from mpsr.catalogue.source import source_fingerprint
from mpsr.catalogue.split import SIDES, sides, variants_of
from mpsr.encoders.letterbox import letterbox
from mpsr.errors import InputError
from mpsr.store import new_array_of

#: What the heads learn to tell from a picture.
TASKS = ("articleType", "baseColour", "gender", "usage", "season")

#: Marks a missing label; cross entropy skips it.
NO_LABEL = -100

#: A title word is something to learn when at least so many training products carry it.
WORD_SUPPORT = 10

#: A pair of article type and colour is a class of its own when at least so many training products are of it.
PAIR_SUPPORT = 3

#: Changes when the laid-out table holds something else.
LAYOUT = 2


@dataclass(frozen=True)
class TrainingSet:
    """Pictures with their labels.

    Attributes:
        pixels: shape (N, height, width, 3), uint8, memory-mapped.
        labels: shape (N, len(TASKS)), int64, ``NO_LABEL`` where missing.
        vocabulary: per task the label names in the order of their numbers.
        pairs: shape (N,), int64, number of the pair of article type and colour, ``NO_LABEL`` where missing or rare.
        words: shape (N, V), float32, sparse: the title's words, each row sums to 1 (or 0 without a known word).
        side: shape (N,), one of ``SIDES``.
        origin: shape (N,), number of the source each picture came from.
        ids: the N product ids.
    """

    pixels: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.int64]
    vocabulary: dict[str, list[str]]
    pairs: npt.NDArray[np.int64]
    words: csr_matrix
    side: npt.NDArray[np.str_]
    origin: npt.NDArray[np.int64]
    ids: list[str]

    def on(self, side: str, origin: int | None = None) -> npt.NDArray[np.intp]:
        """Positions of the pictures on that side (of that source)."""
        chosen = self.side == side
        return np.flatnonzero(chosen if origin is None else chosen & (self.origin == origin))


def load_training_set(sources: Sequence[Path], size: tuple[int, int], work: Path) -> TrainingSet:
    """Read the catalogues and lay their pictures out at ``size`` (height, width).

    Decoded pixels, hashes and sides are kept under ``work`` and read again the next time.

    Raises:
        InputError: no product of a source has a picture.
    """
    parts = [_load_source(source, size, work) for source in sources]
    table = pd.concat([part[0] for part in parts], ignore_index=True)
    origin = np.repeat(np.arange(len(parts)), [len(part[0]) for part in parts])
    vocabulary = {task: sorted(table[task].dropna().unique()) for task in TASKS}
    labels = np.stack(
        [pd.Categorical(table[task], categories=vocabulary[task]).codes.astype(np.int64) for task in TASKS],
        axis=1,
    )
    labels[labels < 0] = NO_LABEL
    pixels = parts[0][1] if len(parts) == 1 else _concatenated([part[1] for part in parts], work)
    side = table["side"].to_numpy(dtype=str)
    seen = side == "train"
    return TrainingSet(
        pixels,
        labels,
        vocabulary,
        _pairs(table, seen),
        _title_words(table[NAME].tolist(), seen),
        side,
        origin,
        table[ID].tolist(),
    )


def _pairs(table: pd.DataFrame, seen: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Numbers of the pairs of article type and colour that the training side knows well enough."""
    pair = table["articleType"].str.cat(table["baseColour"], sep="|")
    counts = pair[seen].value_counts()
    known = pd.Index(sorted(counts.index[counts >= PAIR_SUPPORT]))
    numbers = known.get_indexer(pair).astype(np.int64)
    numbers[numbers < 0] = NO_LABEL
    return numbers


def _title_words(names: Sequence[object], seen: npt.NDArray[np.bool_]) -> csr_matrix:
    """The words of each title that the training side knows well enough, each row divided by their number."""
    titles = [sorted(set(normalised_name(name if isinstance(name, str) else None).split())) for name in names]
    counts = Counter(word for title, use in zip(titles, seen, strict=True) if use for word in title)
    number = {
        word: place for place, word in enumerate(sorted(w for w, n in counts.items() if n >= WORD_SUPPORT))
    }
    known = [[number[word] for word in title if word in number] for title in titles]
    lengths = np.array([len(title) for title in known], dtype=np.int64)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    values = np.repeat(1 / np.maximum(lengths, 1), lengths).astype(np.float32)
    places = np.array([word for title in known for word in title], dtype=np.int64)
    return csr_matrix((values, places, starts), shape=(len(titles), len(number)))


def _load_source(path: Path, size: tuple[int, int], work: Path) -> tuple[pd.DataFrame, npt.NDArray[np.uint8]]:
    located = locate(path)
    stamp = f"{source_fingerprint(located.relevant_members())}-{size[0]}x{size[1]}-{LAYOUT}"
    folder = work / hashlib.sha256(stamp.encode()).hexdigest()[:16]
    pixels_file, table_file = folder / "pixels.npy", folder / "table.parquet"
    if not table_file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        catalogue = read_catalogue(path, Policies(no_image="drop"))
        products = catalogue.products
        if products.empty:
            raise InputError(f"{path} has no product with a picture; nothing to train on.")
        pixels = new_array_of(np.uint8, pixels_file, (len(products), *size, 3))

        def lay(place: int) -> npt.NDArray[np.uint8]:
            picture = decode_picture(located.source.read(str(products["picture"].iat[place]), MAX_BYTES))
            pixels[place] = np.asarray(letterbox(picture, size))
            return perceptual_hash(picture)

        with ThreadPoolExecutor(workers()) as pool:
            hashes = np.stack(list(pool.map(lay, range(len(products)))))
        pixels.flush()
        family = families(
            products[NAME].tolist(), np.arange(len(products)), hashes, variants_of(products).tolist()
        )
        products["family"], products["side"] = family, sides(products, family)
        products[[ID, NAME, *TASKS, "family", "side"]].to_parquet(
            table_file
        )  # last: it marks the folder as whole
    return pd.read_parquet(table_file), np.load(pixels_file, mmap_mode="r", allow_pickle=False)


def _concatenated(parts: list[npt.NDArray[np.uint8]], work: Path) -> npt.NDArray[np.uint8]:
    shape = (sum(map(len, parts)), *parts[0].shape[1:])
    together = new_array_of(np.uint8, work / "together.npy", shape)
    start = 0
    for part in parts:
        together[start : start + len(part)] = part
        start += len(part)
    return together


def side_counts(data: TrainingSet) -> dict[str, int]:
    """How many pictures lie on each side."""
    return {side: int((data.side == side).sum()) for side in SIDES}
