"""A changed catalogue of 560 products, brought up to date, against the same catalogue encoded and searched whole."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from mpsr.boards.types import Item, Key
from mpsr.boards.view import look
from mpsr.catalogue import locate
from mpsr.demo import demo_folder
from mpsr.errors import InputError
from mpsr.pipeline import build, update
from mpsr.progress import silent
from mpsr.search.conditions import Condition
from mpsr.service import Service
from mpsr.shop.feed import write_feed
from mpsr.space.fusion import fused_rows, load_scalers
from mpsr.stages.catalogue import read_catalogue
from mpsr.stages.image import embed_image
from mpsr.stages.maker import Maker
from mpsr.stages.settings import Settings
from mpsr.stages.text import embed_text
from mpsr.store import Store, drift_gates, read_embeddings
from mpsr.types import Embeddings

#: A day's changes, as parts of 560: products that are new, gone, have another name, another season.
COUNT = 560
NEW, GONE, RENAMED, RESEASONED = slice(0, 15), slice(15, 35), slice(35, 50), slice(50, 80)
ASKED = 500

pytestmark = pytest.mark.timeout(900)  # three builds, which others' work may slow down


@dataclass(frozen=True)
class Day:
    """A store brought up to date, and the embeddings that a whole build of the same catalogue makes."""

    before: Service
    after: Service
    text: Embeddings
    image: Embeddings
    rows: Mapping[str, dict[str, str]]
    gone: frozenset[str]


@pytest.fixture(scope="module")
def day(tiny_profile, tmp_path_factory) -> Day:
    folder = tmp_path_factory.mktemp("day")
    source = Path(shutil.copytree(demo_folder(), folder / "catalogue"))
    with (source / "styles.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    rows = rows[:COUNT]
    order = np.random.default_rng(4).permutation(len(rows))
    new, gone, renamed, reseasoned = (
        [rows[n] for n in order[part]] for part in (NEW, GONE, RENAMED, RESEASONED)
    )
    settings, store = Settings(tiny_profile, learned="paper"), Store(folder / "store")

    write(source / "styles.csv", header, [row for row in rows if row not in new])
    build(source, store, settings)
    before = Service(store.root)
    for row in renamed:
        row[header.index("productDisplayName")] += " Two"
    for row in reseasoned:
        row[header.index("season")] = "Winter" if row[header.index("season")] != "Winter" else "Summer"
    changes = folder / "changes"
    (changes / "images").mkdir(parents=True)
    for picture in (f"{row[0]}.jpg" for row in new):
        shutil.copy(source / "images" / picture, changes / "images" / picture)
    write(changes / "styles.csv", header, [*new, *renamed, *reseasoned])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drift_gates, "MOST_SCALED", 9.0)  # a random network has features that few products have
        update(changes, store, settings, [row[0] for row in gone])

    left = [row for row in rows if row not in gone]
    write(source / "styles.csv", header, left)
    make = Maker(Store(folder / "whole"), silent)
    located = locate(source)
    with make.store.writing():
        catalogue = read_catalogue(make, settings, located)
        text = read_embeddings(embed_text(make, settings, catalogue))
        image = read_embeddings(embed_image(make, settings, located, catalogue))
    # Some rows hold more fields than the header: a name with commas in it. It stands last.
    told = {row[0]: dict(zip(header, row, strict=False)) for row in left}
    return Day(before, Service(store.root), text, image, told, frozenset(row[0] for row in gone))


def write(path: Path, header: list[str], rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def test_the_products_are_those_of_a_whole_build(day: Day) -> None:
    assert set(day.after.ids) == set(day.text.ids) == set(day.rows)
    assert day.after.info()["generation"] == {**day.before.info()["generation"], "kept": True}


@pytest.mark.parametrize("modality", ["text", "image"])
def test_embeddings_are_those_of_a_whole_build(day: Day, modality: str) -> None:
    whole = getattr(day, modality)
    ours = read_embeddings(day.after.artefact(modality))
    rows = [ours.ids.index(product) for product in whole.ids]
    a, b = (np.asarray(one, np.float32) for one in (ours.vectors[rows], whole.vectors))
    np.testing.assert_array_equal(np.asarray(ours.present)[rows], whole.present)
    a, b = a[whole.present], b[whole.present]
    cosines = np.einsum("nd,nd->n", a, b) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)
    assert cosines.min() >= 0.9999


def test_the_five_nearest_are_those_of_a_whole_search_in_the_same_generation(day: Day) -> None:
    scalers = load_scalers(day.after.artefact("generation").folder)
    vectors = fused_rows(day.text, day.image, scalers, np.arange(len(day.text.ids)))[0]
    asked = np.random.default_rng(5).choice(len(vectors), ASKED, replace=False)
    scores = vectors[asked] @ vectors.T
    scores[np.arange(ASKED), asked] = -np.inf
    same = 0
    for row, found in zip(asked, np.argsort(-scores, axis=1)[:, :5], strict=True):
        ours = {item.id for item in day.after.similar(day.text.ids[row], k=5).neighbours}
        same += len(ours & {day.text.ids[n] for n in found})
    assert same >= 0.99 * 5 * ASKED


def test_filters_are_exact(day: Day) -> None:
    after = day.after
    for column in ("gender", "articleType", "baseColour", "season"):
        for value in {row[column] for row in day.rows.values()} - {"", "NA"}:
            found = set(np.array(after.ids)[after.mask({column: [value]})])
            assert found == {one for one, row in day.rows.items() if row[column] == value}
    years = sorted({int(row["year"]) for row in day.rows.values()})
    found = set(np.array(after.ids)[after.mask({"year": Condition(least=years[1], most=years[2])})])
    assert found == {one for one, row in day.rows.items() if years[1] <= int(row["year"]) <= years[2]}
    asked = after.ids[7]
    answer = after.similar(asked, k=50, where={"season": ["Winter"]}).neighbours
    assert {day.rows[item.id]["season"] for item in answer} == {"Winter"}


def test_removed_products_never_come_back(day: Day, tmp_path: Path) -> None:
    after, gone = day.after, day.gone
    assert len(gone) == 20
    assert not gone & set(after.ids)
    for product in after.ids[::3]:
        assert not gone & {item.id for item in after.similar(product, k=30).neighbours}
    assert len(after.atlas.coordinates) == len(after)
    assert not gone & set(after.suggest(next(iter(gone))))
    board = [
        Item(Key(after.root.name, one), "once", "", 0.0, 0.0) for one in sorted(gone)[:2] + after.ids[:1]
    ]
    assert [one.state for one in look(board, [after])] == ["gone", "gone", "there"]
    assert sum(day.before.has_picture(one) for one in gone) > 10
    for one in gone:
        assert day.before.name(one)
        with pytest.raises(InputError, match="no product"):
            after.picture(one)
    feed = tmp_path / "feed.jsonl"
    write_feed(after, feed, k=10)
    lines = [json.loads(line) for line in feed.read_text().splitlines()]
    assert len(lines) == len(after)
    assert not any(f'"{one}"' in line for line in map(json.dumps, lines) for one in gone)
