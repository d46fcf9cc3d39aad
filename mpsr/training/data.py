"""The training set of the image encoder: memory-mapped pixels, labels, titles and sides of catalogues."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import ndimage
from scipy.sparse import csr_matrix

from mpsr.catalogue import ID, NAME, Policies, locate, read_catalogue
from mpsr.catalogue.decoding import workers
from mpsr.catalogue.families import families, normalised_name, perceptual_hash
from mpsr.catalogue.pictures import MAX_BYTES, decode_picture
from mpsr.catalogue.source import source_fingerprint
from mpsr.catalogue.split import SIDES, sides, variants_of
from mpsr.encoders.letterbox import letterbox
from mpsr.encoders.profiles import profile
from mpsr.encoders.text import TextEncoder
from mpsr.encoders.weights import find_weights
from mpsr.errors import InputError
from mpsr.store import new_array_of

#: The attributes that the heads predict.
TASKS = ("articleType", "baseColour", "gender", "usage", "season")

#: Marks a missing label; cross entropy skips it.
NO_LABEL = -100

#: A title word is learned if at least this many train products have it.
WORD_SUPPORT = 10

#: A pair of article type and colour is a class of its own if at least this many train products have it.
PAIR_SUPPORT = 3

#: Pixels at least this bright in every channel and connected to the border are white background.
WHITE = 243

#: Titles per batch.
TOGETHER = 256

#: Raised when the prepared table changes.
LAYOUT = 3


@dataclass(frozen=True)
class Titles:
    """The distinct titles of the products and their embeddings.

    Attributes:
        of: shape (N,), int64, number of each product's title.
        vectors: shape (T, d), float32, unit vectors; zero for the empty title.
        words: shape (T, V), float32, sparse: each title's known words, each row sums to 1 (or 0 without one).
        train: numbers of the titles of training products, ascending; the empty title is not among them.
    """

    of: npt.NDArray[np.int64]
    vectors: npt.NDArray[np.float32]
    words: csr_matrix
    train: npt.NDArray[np.int64]


@dataclass(frozen=True)
class TrainingSet:
    """Pictures with their labels.

    Attributes:
        pixels: shape (N, height, width, 3), uint8, memory-mapped.
        backgrounds: shape (N, height * width / 8), uint8, packed bits: where a picture shows its white background.
        labels: shape (N, len(TASKS)), int64, ``NO_LABEL`` where missing.
        vocabulary: per task the label names in the order of their numbers.
        pairs: shape (N,), int64, number of the pair of article type and colour, ``NO_LABEL`` where missing or rare.
        titles: the products' titles.
        side: shape (N,), one of ``SIDES``.
        origin: shape (N,), number of the source each picture came from.
        ids: the N product ids.
    """

    pixels: npt.NDArray[np.uint8]
    backgrounds: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.int64]
    vocabulary: dict[str, list[str]]
    pairs: npt.NDArray[np.int64]
    titles: Titles
    side: npt.NDArray[np.str_]
    origin: npt.NDArray[np.int64]
    ids: list[str]

    def on(self, side: str, origin: int | None = None) -> npt.NDArray[np.intp]:
        """Positions of the pictures on that side (of that source)."""
        chosen = self.side == side
        return np.flatnonzero(chosen if origin is None else chosen & (self.origin == origin))

    def background(self, places: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
        """Where those pictures show their white background, shape (len(places), height, width)."""
        height, width = self.pixels.shape[1:3]
        bits = np.unpackbits(self.backgrounds[places], axis=1, count=height * width)
        return bits.reshape(len(places), height, width).astype(bool)


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
    backgrounds = np.concatenate([part[2] for part in parts])
    side = table["side"].to_numpy(dtype=str)
    seen = side == "train"
    return TrainingSet(
        pixels,
        backgrounds,
        labels,
        vocabulary,
        _pairs(table, seen),
        _titles(table[NAME].tolist(), seen, work),
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


def _titles(names: Sequence[object], seen: npt.NDArray[np.bool_], work: Path) -> Titles:
    """The distinct normalised names, numbered in alphabetical order, and their vectors by the embedded text encoder."""
    normalised = [normalised_name(name) for name in names]
    distinct, of = np.unique(np.array(normalised, dtype=str), return_inverse=True)
    texts = distinct.tolist()
    train = np.unique(of[seen])
    return Titles(
        of.astype(np.int64),
        _title_vectors(texts, work),
        _title_words(texts, of, seen),
        np.array([number for number in train if texts[number]], dtype=np.int64),
    )


def _title_vectors(texts: list[str], work: Path) -> npt.NDArray[np.float32]:
    """Unit vectors of the texts, kept under ``work``; zero for the empty text."""
    model = profile("embedded").text
    stamp = json.dumps([model.identity(), texts], sort_keys=True)
    path = work / f"titles-{hashlib.sha256(stamp.encode()).hexdigest()[:16]}.npy"
    if not path.exists():
        encoder = TextEncoder(model, find_weights(model))
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        vectors = np.zeros((len(texts), model.dimension), np.float32)
        for start in range(0, len(order), TOGETHER):
            batch = [place for place in order[start : start + TOGETHER] if texts[place]]
            if batch:
                vectors[batch] = encoder.encode([texts[place] for place in batch])
        partial = path.with_suffix(".partial.npy")
        np.save(partial, vectors, allow_pickle=False)
        partial.replace(path)
    return np.load(path, allow_pickle=False)


def _title_words(texts: Sequence[str], of: npt.NDArray[np.intp], seen: npt.NDArray[np.bool_]) -> csr_matrix:
    """The words of each text that the training side knows well enough, each row divided by their number."""
    titles = [sorted(set(text.split())) for text in texts]
    carried = np.bincount(of[seen], minlength=len(titles))
    counts: Counter[str] = Counter()
    for title, products in zip(titles, carried.tolist(), strict=True):
        counts.update(dict.fromkeys(title, products))
    known = sorted(word for word, count in counts.items() if count >= WORD_SUPPORT)
    number = {word: place for place, word in enumerate(known)}
    rows = [[number[word] for word in title if word in number] for title in titles]
    lengths = np.array([len(row) for row in rows], dtype=np.int64)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    values = np.repeat(1 / np.maximum(lengths, 1), lengths).astype(np.float32)
    places = np.array([word for row in rows for word in row], dtype=np.int64)
    return csr_matrix((values, places, starts), shape=(len(titles), len(number)))


def white_background(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Where a picture (h, w, 3) shows white background: shape (h, w), True for white pixels that reach the border."""
    groups, _ = ndimage.label((pixels >= WHITE).all(axis=2))
    border = np.concatenate([groups[0], groups[-1], groups[:, 0], groups[:, -1]])
    return np.isin(groups, np.unique(border[border > 0]))


def _load_source(
    path: Path, size: tuple[int, int], work: Path
) -> tuple[pd.DataFrame, npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """The products of a source, their pictures and their packed backgrounds."""
    located = locate(path)
    stamp = f"{source_fingerprint(located.relevant_members())}-{size[0]}x{size[1]}-{LAYOUT}"
    folder = work / hashlib.sha256(stamp.encode()).hexdigest()[:16]
    pixels_file, backgrounds_file, table_file = (
        folder / name for name in ("pixels.npy", "backgrounds.npy", "table.parquet")
    )
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
        backgrounds = np.stack([np.packbits(white_background(picture)) for picture in pixels])
        np.save(backgrounds_file, backgrounds, allow_pickle=False)
        family = families(
            products[NAME].tolist(), np.arange(len(products)), hashes, variants_of(products).tolist()
        )
        products["family"], products["side"] = family, sides(products, family)
        products[[ID, NAME, *TASKS, "family", "side"]].to_parquet(
            table_file
        )  # last: it marks the folder as whole
    return (
        pd.read_parquet(table_file),
        np.load(pixels_file, mmap_mode="r", allow_pickle=False),
        np.load(backgrounds_file, allow_pickle=False),
    )


def _concatenated(parts: list[npt.NDArray[np.uint8]], work: Path) -> npt.NDArray[np.uint8]:
    shape = (sum(map(len, parts)), *parts[0].shape[1:])
    partial = work / f"together.{os.getpid()}.partial"
    together = new_array_of(np.uint8, partial, shape)
    start = 0
    for part in parts:
        together[start : start + len(part)] = part
        start += len(part)
    partial.replace(work / "together.npy")  # another run may be reading the old file, and keeps it
    return together


def side_counts(data: TrainingSet) -> dict[str, int]:
    """How many pictures lie on each side."""
    return {side: int((data.side == side).sum()) for side in SIDES}
