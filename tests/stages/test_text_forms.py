"""Texts in the forms shoppers use: thinned out, encoded once, read back by product."""

import numpy as np
import pandas as pd

from mpsr.encoders.stream import distinct
from mpsr.space.pairs import TextForm
from mpsr.stages.embeddings import Encoded
from mpsr.stages.text import text_digests
from mpsr.stages.text_forms import OTHER_FORMS, THINNED, form_texts, save_by_form
from mpsr.store import Store
from mpsr.store.layout import VECTORS, WHERE
from mpsr.store.segments import Segments

COUNT = 400


def products():
    return pd.DataFrame(
        {
            "id": [str(n) for n in range(COUNT)],
            "productDisplayName": [f"Maker{n} Men Blue Casual Shirt" for n in range(COUNT)],
            "masterCategory": "Apparel",
            "subCategory": "Topwear",
            "articleType": "Shirts",
            "baseColour": "Blue",
            "gender": "Men",
            "usage": "Casual",
        }
    )


def by_form(texts):
    return {form: texts[n * COUNT : (n + 1) * COUNT] for n, form in enumerate(OTHER_FORMS)}


def test_costly_forms_are_thinned_and_masked_titles_beyond_the_train_side_stay():
    side = np.where(np.arange(COUNT) % 2 == 0, "train", "test")
    texts = by_form(form_texts(products(), side))
    assert all(texts["title"])
    assert all(texts["sentence"])
    shown = np.array([text is not None for text in texts["masked"]])
    assert shown[side == "test"].all()
    assert abs(shown[side == "train"].mean() - THINNED["masked"]) < 0.08
    assert abs(np.mean([text is not None for text in texts["dropped"]]) - THINNED["dropped"]) < 0.08


def test_a_product_keeps_its_forms_when_others_come_or_go():
    whole, side = products(), np.full(COUNT, "train")
    texts, fewer = form_texts(whole, side), form_texts(whole.iloc[::-2], side[::-2])
    for n in range(len(OTHER_FORMS)):
        of_form = fewer[n * COUNT // 2 : (n + 1) * COUNT // 2]
        assert of_form == texts[n * COUNT : (n + 1) * COUNT][::-2]


def test_vectors_come_back_by_form_and_product(tmp_path):
    texts = form_texts(products(), np.full(COUNT, "train"))
    found = distinct(texts)
    vectors = np.random.default_rng(0).normal(size=(len(found.items), 4)).astype(np.float32)
    segments = Segments(Store(tmp_path), {}, print)
    digests = text_digests(found.items)
    segments.add(digests, vectors.shape, np.float16, lambda: iter([vectors]), {})
    save_by_form(tmp_path, Encoded(np.arange(COUNT).astype(str), found, digests, segments.find(digests), 4))
    saved, where = np.load(tmp_path / VECTORS), np.load(tmp_path / WHERE)
    assert saved.dtype == np.float16
    for n, form in enumerate(OTHER_FORMS):
        rows = np.flatnonzero(where[:, n] >= 0)
        assert len(rows) == sum(text is not None for text in by_form(texts)[form])
        expected = vectors[[found.items.index(by_form(texts)[form][row]) for row in rows]]
        np.testing.assert_allclose(TextForm(saved, where[:, n]).of(rows), expected, atol=2e-3)
