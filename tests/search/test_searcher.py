"""Queries of any parts against the stated formulas, in plain numpy and double precision."""

import io
import threading
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import torch
from PIL import Image

import mpsr
from mpsr.catalogue.coded import MISSING
from mpsr.catalogue.pictures import MAX_UPLOAD_BYTES, decode_picture
from mpsr.encoders.image import ImageEncoder
from mpsr.encoders.text import TextEncoder, product_texts
from mpsr.encoders.weights import find_weights
from mpsr.errors import InputError, StoreError
from mpsr.search import query_encoder as encoding
from mpsr.search.lexical import LexicalIndex
from mpsr.search.lexical_shares import product_words
from mpsr.search.request import Condition, Request
from mpsr.space.fusion import load_scalers
from mpsr.space.modality_weights import IMAGE_ONLY, TEXT_ONLY
from mpsr.space.towers import load_towers
from mpsr.types import LESS, Part, Query, Weights, about

from ..conftest import picture_bytes

SPACES = ("learned", "paper")


@pytest.fixture(autouse=True)
def models(tiny_embedded):
    """The store's profile is the tests' own."""
    return tiny_embedded


@pytest.fixture
def service(learned_shop):
    return mpsr.open(learned_shop)


def unit(vector: np.ndarray) -> np.ndarray:
    return vector / np.linalg.norm(vector)


class Oracle:
    """The formulas of ``mpsr.search.query_vector``, written out."""

    def __init__(self, service, profile) -> None:
        self.service, self.profile = service, profile
        self.raw = [
            np.array(service.artefact(side).array("vectors.npy"), np.float64) for side in ("text", "image")
        ]
        self.there = [np.array(service.artefact(side).array("present.npy")) for side in ("text", "image")]
        self.towers = load_towers(service.artefact("towers").folder)
        self.scalers = load_scalers(service.artefact("paper").folder)
        self.texts = product_texts(service.products, profile.text)

    def embedded(self, part: Part) -> tuple[int, np.ndarray]:
        if part.words is not None:
            model = self.profile.text
            return 0, TextEncoder(model, find_weights(model)).encode([part.words.lower()])[0]
        encoder = ImageEncoder(self.profile.image, find_weights(self.profile.image))
        return 1, encoder.encode([encoder.prepare(decode_picture(part.picture))])[0]

    def placed(self, side: int, raw: np.ndarray, space: str, text: str = "") -> np.ndarray:
        if space == "learned":
            tower, row = (self.towers.text, self.towers.image)[side], torch.from_numpy(raw.astype(np.float32))
            typed = {word.rstrip("s") for word in text.lower().split()}
            known = torch.tensor([[float(word in typed) for word in self.towers.vocabulary.words]])
            with torch.inference_mode():
                return tower(row[None], None if side else known.to_sparse())[0].numpy().astype(float)
        scaler = self.scalers[side]
        return (raw - scaler.mean.astype(float)) / scaler.scale.astype(float)

    def blocks(self, part: Part, space: str) -> list[np.ndarray]:
        if part.product is not None:
            place = self.service.row_of(part.product)
            return [
                self.placed(side, self.raw[side][place], space, self.texts[place]) * self.there[side][place]
                for side in (0, 1)
            ]
        side, raw = self.embedded(part)
        block = self.placed(side, raw, space, part.words or "")
        if space == "learned":
            return [block, block]
        other = np.zeros(self.raw[1 - side].shape[1])
        return [block, other] if side == 0 else [other, block]

    def confidence_weighted(self, block: np.ndarray) -> np.ndarray:
        """Words beside something else: each attribute as loud as it is sure, the rest at 0.3."""
        cuts = np.cumsum(self.towers.shape.classes)
        *attributes, rest = np.split(block, cuts)
        louder = []
        for part in attributes:
            chance = part**2 / (part**2).sum()
            doubt = -(chance * np.log(chance)).sum() / np.log(len(chance))
            louder.append(part * 2 * (1 - doubt) ** 4)
        return np.concatenate([*louder, 0.3 * rest])

    def emphasis(self) -> np.ndarray:
        """Words alone: every block's share becomes the share it has where words ask."""
        widths = [*self.towers.shape.classes, self.towers.shape.residual]
        ratio = self.towers.text_only_shares.numpy() / self.towers.text.shares.numpy()
        return np.concatenate([np.full(width, r) for width, r in zip(widths, ratio, strict=True)])

    def catalogue(self, space: str) -> list[np.ndarray]:
        return [
            np.array(
                [
                    self.placed(side, row, space, text) * there
                    for row, there, text in zip(self.raw[side], self.there[side], self.texts, strict=True)
                ]
            )
            for side in (0, 1)
        ]

    def shares(self, query: Query, space: str, weights: Weights) -> np.ndarray:
        """Shape (2, N): both shares of every product."""
        blocks = [self.blocks(part, space) for part in query.parts]
        if space == "learned" and any(part.words is None for part in query.parts):
            blocks = [
                b if part.words is None else [self.confidence_weighted(side) for side in b]
                for part, b in zip(query.parts, blocks, strict=True)
            ]
        sums = []
        for side in (0, 1):
            total = sum(part.weight * block[side] for part, block in zip(query.parts, blocks, strict=True))
            having = [
                (abs(part.weight), np.linalg.norm(b[side]))
                for part, b in zip(query.parts, blocks, strict=True)
            ]
            having = [(weight, length) for weight, length in having if length]
            length = 1.0
            if space == "paper" and having:
                length = sum(w * n for w, n in having) / sum(w for w, _ in having)
            sums.append(unit(total) * length if having else total)
        if space == "learned" and all(part.words is not None for part in query.parts):
            sums = [block * self.emphasis() for block in sums]
        factors = np.array([weights.text, weights.image])
        if space == "learned" and all(part.words is not None for part in query.parts):
            factors = factors * (TEXT_ONLY, 1 - TEXT_ONLY) / (factors @ (TEXT_ONLY, 1 - TEXT_ONLY))
        if space == "learned" and all(part.picture is not None for part in query.parts):
            factors = factors * (1 - IMAGE_ONLY, IMAGE_ONLY) / (factors @ (1 - IMAGE_ONLY, IMAGE_ONLY))
        catalogue = self.catalogue(space)
        dots = np.array([factor * rows @ q for factor, rows, q in zip(factors, catalogue, sums, strict=True)])
        if space == "learned":
            return dots
        kinds = {"product" if p.product else "words" if p.words else "picture" for p in query.parts}
        if kinds == {"words"} or kinds == {"picture"}:
            side = 0 if kinds == {"words"} else 1
            factors = np.eye(2)[side]
            dots = np.array([factors[s] * catalogue[s] @ sums[s] for s in (0, 1)])
        own = sum(f * q @ q for f, q in zip(factors, sums, strict=True))
        squares = sum(f * (rows**2).sum(axis=1) for f, rows in zip(factors, catalogue, strict=True))
        with np.errstate(invalid="ignore", divide="ignore"):
            return dots / np.sqrt(squares * own)


PHOTO = picture_bytes((30, 90, 160), (40, 50))
QUERIES = {
    "words": Query((Part(words="Blue Casual shoes"),)),
    "photo": Query((Part(picture=PHOTO),)),
    "two words": Query((Part(words="red shirt"), Part(words="watches", weight=0.5))),
    "words and photo": Query((Part(words="green"), Part(picture=PHOTO, weight=2))),
    "product and words": Query((Part(product="101"), Part(words="black"))),
    "more and less": Query(
        (Part(product="101"), Part(product="109", weight=0.7), Part(product="115", weight=-0.6))
    ),
    "product without picture": Query((Part(product="130"), Part(product="102"))),
    "less than a photo": Query((Part(words="birch"), Part(picture=PHOTO, weight=-0.4))),
}


@pytest.mark.parametrize("weights", [Weights(), Weights(0.8, 0.2)])
@pytest.mark.parametrize("space", SPACES)
@pytest.mark.parametrize("name", QUERIES)
def test_answers_follow_the_formulas(service, models, name, space, weights) -> None:
    query = QUERIES[name]
    shares = Oracle(service, models).shares(query, space, weights)
    total = shares.sum(axis=0)
    for product in query.products:
        total[service.row_of(product)] = np.nan
    usable = np.flatnonzero(~np.isnan(total))
    best = usable[np.argsort(-total[usable], kind="stable")][:7]
    found = service.search(Request(query, 7, space, weights, lexical=0)).neighbours
    np.testing.assert_allclose([item.score for item in found], total[best], atol=2e-5)
    places = [service.row_of(item.id) for item in found]
    np.testing.assert_allclose([item.text for item in found], shares[0][places], atol=2e-5)
    np.testing.assert_allclose([item.image for item in found], shares[1][places], atol=2e-5)


@pytest.mark.parametrize("space", SPACES)
@pytest.mark.parametrize("name", ["words", "two words", "not"])
@pytest.mark.parametrize("where", [{}, {"gender": ["Men"]}])
def test_words_alone_have_a_lexical_share(service, models, name, space, where) -> None:
    query = {**QUERIES, "not": Query((Part(words="shirt not red"),))}[name]
    read = {**QUERIES, "not": Query((Part(words="shirt"), Part(words="red", weight=LESS)))}[name]
    shares = 0.7 * Oracle(service, models).shares(read, space, Weights())
    index = LexicalIndex(product_words(service.products), service._names)
    amounts = np.array([part.weight for part in read.parts]) / sum(abs(part.weight) for part in read.parts)
    lexical = 0.3 * amounts @ np.array([index.scores(part.words) for part in read.parts])
    total = np.where(service.mask(where), shares.sum(axis=0) + lexical, np.nan)
    usable = np.flatnonzero(~np.isnan(total))
    best = usable[np.argsort(-total[usable], kind="stable")][:7]
    request = Request(query, 7, space, where=where, lexical=0.3)
    found = service.search(request)
    rows = [service.row_of(item.id) for item in found.neighbours]
    np.testing.assert_allclose([item.score for item in found.neighbours], total[best], atol=2e-5)
    np.testing.assert_allclose([item.lexical for item in found.neighbours], lexical[rows], atol=1e-6)
    np.testing.assert_allclose([item.text for item in found.neighbours], shares[0][rows], atol=2e-5)
    for item in found.neighbours:
        assert item.score == item.text + item.image + item.lexical
        assert item.percentile == service.percentile(item.score, request)
        why = service.why(request, item.id)
        assert (why.text, why.image, why.lexical) == (item.text, item.image, item.lexical)
        assert sum(share for _, share in why.typed) == pytest.approx(item.lexical, abs=1e-6)
    diverse = service.search(replace(request, hide_variants=True, diversity=0.5)).neighbours
    assert diverse[0].id == found.neighbours[0].id


def test_the_lexical_share_is_of_words_alone_and_can_be_off(service) -> None:
    for query in (QUERIES["words and photo"], QUERIES["product and words"], about("101")):
        assert all(item.lexical == 0 for item in service.search(Request(query)).neighbours)
    for options in ({"lexical": 0.0}, {"weights": Weights(0, 1)}):
        found = service.search(Request(QUERIES["words"], **options))
        assert all(item.lexical == 0 for item in found.neighbours)
        assert service.why(found.request, found.neighbours[0].id).typed is None


@pytest.mark.parametrize("space", SPACES)
def test_a_products_own_picture_finds_it_and_its_own_words_do(service, models, space) -> None:
    for product in ("101", "107", "115"):
        by_photo = service.search(
            Request(Query((Part(picture=service.picture(product)),)), 30, space, Weights(0, 1))
        )
        same = {item.id: item.image for item in by_photo.neighbours}
        assert same[product] == pytest.approx(1, abs=1e-4)
        text = product_texts(service.products.iloc[[service.row_of(product)]], models.text)[0]
        request = Request(Query((Part(words=text.upper()),)), 30, space, Weights(1, 0), lexical=0)
        by_words = service.search(request)
        same = {item.id: item.text for item in by_words.neighbours}
        assert same[product] == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("space", SPACES)
def test_a_query_of_one_product_is_the_product_whatever_its_weight(service, space) -> None:
    one = service.similar("104", k=8, space=space).neighbours
    other = service.search(Request(Query((Part(product="104", weight=3.5),)), 8, space)).neighbours
    assert one == other


@pytest.mark.parametrize("space", SPACES)
def test_asking_for_something_twice_changes_nothing(service, space) -> None:
    one = service.search(Request(Query((Part(product="104"),) * 2), 8, space)).neighbours
    other = service.similar("104", k=8, space=space).neighbours
    np.testing.assert_allclose([a.score for a in one], [b.score for b in other], atol=1e-6)


def test_a_store_without_a_learned_space_answers_words_and_photos(tiny_store) -> None:
    service = mpsr.open(tiny_store)
    assert all(item.image == 0 for item in service.search(Request(QUERIES["words"])).neighbours)
    assert all(item.text == 0 for item in service.search(Request(QUERIES["photo"])).neighbours)
    assert len(service.search(Request(QUERIES["words and photo"])).neighbours) == 5


def test_nothing_of_the_query_is_among_the_results(service) -> None:
    query = QUERIES["more and less"]
    found = {item.id for item in service.search(Request(query, 100)).neighbours}
    assert found == set(service.ids) - {"101", "109", "115"}


@pytest.mark.parametrize("space", SPACES)
@pytest.mark.parametrize("diversity", [0.0, 0.6])
@pytest.mark.parametrize("name", ["one product", *QUERIES])
def test_hiding_variants_leaves_one_of_a_family_and_none_of_the_querys(
    service, name, diversity, space
) -> None:
    query = QUERIES.get(name, about("101"))
    family = dict(zip(service.ids, service.artefact("split").array("family.npy"), strict=True))
    where = {"gender": ["Men"]}
    found = service.search(
        Request(query, 30, space, where=where, hide_variants=True, diversity=diversity)
    ).neighbours
    families = [family[item.id] for item in found]
    assert len(families) == len(set(families))
    assert not set(families) & {family[product] for product in query.products}
    everything = service.search(Request(query, 100, space, where=where)).neighbours
    best = {}
    for item in everything:
        best.setdefault(family[item.id], item)
    expected = [item for key, item in best.items() if key not in {family[p] for p in query.products}]
    if not diversity:
        assert found == expected
    else:
        assert found[0] == expected[0]
        assert {item.id for item in found} == {item.id for item in expected}


def test_a_store_without_families_says_so(service, monkeypatch) -> None:
    monkeypatch.delitem(service._store.artefacts, "split")
    assert service.similar("101").neighbours
    with pytest.raises(StoreError, match="lacks the stage split"):
        service.similar("101", hide_variants=True)


def test_diversity_keeps_the_best_and_asks_within_the_filters(service) -> None:
    where = {"baseColour": ["Red", "Blue"]}
    plain = service.similar("101", k=5, where=where)
    varied = service.similar("101", k=5, where=where, diversity=1.0)
    assert varied.neighbours[0] == plain.neighbours[0]
    assert [item.id for item in varied.neighbours] != [item.id for item in plain.neighbours]
    assert {service.product(item.id)["baseColour"] for item in varied.neighbours} <= {"Red", "Blue"}
    assert (varied.request.diversity, varied.request.hide_variants) == (1.0, False)


def test_conditions_hold_and_same_is_what_the_querys_products_have(service) -> None:
    where = {"baseColour": Condition(none_of=("Red",)), "articleType": Condition(same=True)}
    found = service.similar("101", k=30, where=where)
    own = service.product("101")["articleType"]
    shown = [service.product(item.id) for item in found.neighbours]
    assert shown
    assert all(one["baseColour"] != "Red" and one["articleType"] == own for one in shown)
    others = service.mask(where, ["101"])
    assert others.sum() - others[service.row_of("101")] == len(shown)
    with pytest.raises(InputError, match="the same articleType"):
        service.search(Request(Query((Part(words="red"),)), where={"articleType": Condition(same=True)}))


def test_at_most_so_many_results_of_a_value_the_best_of_each(service) -> None:
    found = service.similar("101", k=30, at_most={"baseColour": 2})
    colours = [service.product(item.id)["baseColour"] for item in found.neighbours]
    assert set(Counter(colours).values()) == {2}
    everything = [item.id for item in service.similar("101", k=30).neighbours]
    first = {
        colour: [one for one in everything if service.product(one)["baseColour"] == colour][:2]
        for colour in colours
    }
    assert {item.id for item in found.neighbours} == {one for pair in first.values() for one in pair}
    hidden = service.similar("101", k=30, at_most={"baseColour": 2}, hide_variants=True, diversity=0.5)
    assert max(Counter(service.product(item.id)["baseColour"] for item in hidden.neighbours).values()) <= 2
    with pytest.raises(InputError, match="unknown column 'brand'"):
        service.similar("101", at_most={"brand": 2})


def test_results_say_what_their_scores_are_worth(service) -> None:
    for query in QUERIES.values():
        request = Request(query, 10)
        found = service.search(request)
        worth = [item.percentile for item in found.neighbours]
        assert all(0 <= low <= high <= 1 for high, low in pairwise(worth))
        first = found.neighbours[0]
        assert service.percentile(first.score, request) == first.percentile
        assert service.match_threshold(request) == (found.match_threshold, found.match_percentile)
        assert found.good == [item for item in found.neighbours if item.score >= found.match_threshold]


def test_words_are_worth_what_words_of_random_products_are(service) -> None:
    def threshold(query: Query, space: str, weights: Weights | None = None) -> float:
        return service.match_threshold(Request(query, space=space, weights=weights or Weights())).score

    assert threshold(QUERIES["words"], "learned") != threshold(about("101"), "learned")
    words = service.match_threshold(Request(QUERIES["words"], space="paper", lexical=0)).score
    assert words == threshold(about("101"), "paper", Weights(1, 0))
    assert threshold(QUERIES["words"], "paper") != words  # random pairs have their lexical share, too


def test_where_takes_products_without_a_value(service) -> None:
    with pytest.raises(InputError, match="no product has season"):
        service.similar("101", where={"season": [MISSING]})
    assert service.counts({"gender": ["Men"]})["gender"] == {"Men": 30}


def test_examples_are_pictured_and_of_different_types(service) -> None:
    kinds = [service.product(product)["articleType"] for product in service.examples()]
    assert sorted(kinds) == ["Casual Shoes", "Shirts", "Watches"]
    assert all(service.has_picture(product) for product in service.examples())
    assert service.example() == service.examples()[0]
    assert service.examples(2) == service.examples()[:2]


def test_random_products_are_pictured_and_come_again_for_the_same_seed(service) -> None:
    drawn = [service.random(seed) for seed in range(60)]
    assert drawn == [service.random(seed) for seed in range(60)]
    assert "130" not in drawn
    assert len(set(drawn)) > 15
    assert service.random() in service.ids


# -- what cannot be asked ---------------------------------------------------------------------------------


def bomb() -> bytes:
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("picture", "message"),
    [
        (b"<svg onload='x()'/>", "not a picture"),
        (b"%PDF-1.7 ...", "not a picture"),
        (picture_bytes()[:400], "damaged picture|not a picture"),
        (picture_bytes(size=(3000, 2)), "too narrow"),
        (b"\xff\xd8\xff" + bytes(MAX_UPLOAD_BYTES), "10 MB"),
    ],
)
def test_uploads_that_are_no_pictures_are_refused(service, picture: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        service.search(Request(Query((Part(picture=picture),))))


def test_a_decompression_bomb_is_refused_before_it_is_unpacked(service) -> None:
    data = bomb()
    assert len(data) < 100_000
    with pytest.raises(InputError, match="too large"):
        service.search(Request(Query((Part(picture=data),))))


def test_what_the_file_says_about_itself_changes_nothing(service) -> None:
    """The bytes of the pixels count, not the file's metadata; only orientation is obeyed."""
    photo = Image.open(io.BytesIO(PHOTO))
    exif = Image.Exif()
    exif[0x010E] = "a description"
    plain, told = io.BytesIO(), io.BytesIO()
    photo.save(plain, "PNG")
    photo.save(told, "PNG", exif=exif)
    one, other = (
        service.search(Request(Query((Part(picture=f.getvalue()),)))).neighbours for f in (plain, told)
    )
    assert one == other


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (about("€"), "no product"),
        (Query((Part(product="101"), Part(product="no such", weight=-1))), "no product 'no such'"),
        (Query((Part(words="x" * 1001),)), "1,001 characters"),
        (Query((Part(product="101"), Part(product="101", weight=-1))), "cancel each other out"),
    ],
)
def test_wrong_queries_say_what_is_wrong(service, query: Query, message: str) -> None:
    for space in SPACES:
        with pytest.raises(InputError, match=message):
            service.search(Request(query, space=space))


@pytest.mark.parametrize("diversity", [-0.1, 1.1, float("nan")])
def test_diversity_goes_from_zero_to_one(service, diversity: float) -> None:
    with pytest.raises(InputError, match="from 0 to 1"):
        service.similar("101", diversity=diversity)


def test_models_other_than_the_stores_are_refused(service, models, monkeypatch) -> None:
    parameters = service.artefact("text").manifest["parameters"]
    monkeypatch.setitem(parameters, "weights", "0" * 64)
    with pytest.raises(InputError, match="would not compare"):
        service.search(Request(QUERIES["words"]))
    assert service.search(Request(QUERIES["photo"])).neighbours


def test_models_that_are_gone_name_the_ways_on(service, models, tmp_path, monkeypatch) -> None:
    import dataclasses

    from mpsr.encoders import profiles
    from mpsr.encoders.profiles import Origin

    gone = Origin("shipped", str(tmp_path / "gone"), ("model.safetensors",), "0" * 64)
    lost = dataclasses.replace(models, text=dataclasses.replace(models.text, origins=(gone,)))
    monkeypatch.setattr(profiles, "profile", lambda name: lost)
    with pytest.raises(InputError, match="were not found"):
        service.search(Request(QUERIES["words"]))


def test_weights_may_lie_in_a_folder_that_is_told(service, models, tmp_path, monkeypatch) -> None:
    import dataclasses
    import shutil
    from pathlib import Path

    from mpsr.encoders import profiles

    origin = models.text.origins[0]
    shutil.copytree(origin.name, tmp_path / "weights")
    moved = dataclasses.replace(origin, name=str(Path(origin.name).with_name("elsewhere")))
    lost = dataclasses.replace(models, text=dataclasses.replace(models.text, origins=(moved,)))
    monkeypatch.setattr(profiles, "profile", lambda name: lost)
    monkeypatch.setenv(encoding.WEIGHTS_VARIABLE, str(tmp_path / "weights"))
    assert service.search(Request(QUERIES["words"])).neighbours


# -- many at once -----------------------------------------------------------------------------------------


def test_models_are_loaded_once_and_many_may_ask_at_a_time(service, monkeypatch) -> None:
    from mpsr.encoders import text

    made, real = [], text.TextEncoder
    monkeypatch.setattr(text, "TextEncoder", lambda *a, **k: made.append(1) or real(*a, **k))
    queries = [Query((Part(words=f"red shirt {number % 5}"), Part(picture=PHOTO))) for number in range(20)]
    answers, failures = {}, []

    def ask(number: int) -> None:
        try:
            answers[number] = [item.id for item in service.search(Request(queries[number])).neighbours]
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert len(made) == 1
    assert all(answers[number] == answers[number % 5] for number in range(20))


def test_only_the_latest_embeddings_are_kept(learned_shop, monkeypatch) -> None:
    monkeypatch.setattr(encoding, "KEPT", 2)
    encoders = mpsr.open(learned_shop)._encoders
    encoded, real = [], encoders._text_encoder().encode
    monkeypatch.setattr(
        encoders._text_encoder(), "encode", lambda texts: encoded.extend(texts) or real(texts)
    )
    first = encoders.words(["red", "blue"])
    np.testing.assert_array_equal(encoders.words(["red"])[0], first[0])
    encoders.words(["green"])  # "blue" was used longest ago, so it goes
    encoders.words(["red"])
    encoders.words(["blue"])
    assert encoded == ["red", "blue", "green", "blue"]
