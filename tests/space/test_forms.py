"""Words in the forms shoppers use."""

import pandas as pd

from mpsr.space.forms import (
    FORMS,
    attribute_sentences,
    dropped_titles,
    masked_titles,
    short_sentences,
    texts_of,
    titles,
)

PRODUCTS = pd.DataFrame(
    {
        "id": ["1", "2", "3"],
        "productDisplayName": ["Acme Men Black Casual Shirt", None, "Shirts"],
        "masterCategory": ["Apparel", "Apparel", "Apparel"],
        "subCategory": ["Topwear", "Topwear", "Topwear"],
        "articleType": ["Shirts", "Shirts", "Shirts"],
        "baseColour": ["Black", None, "Red"],
        "gender": ["Men", "Men", "Unisex"],
        "usage": ["Casual", None, None],
    }
)


def test_sentences():
    assert attribute_sentences(PRODUCTS) == [
        "black casual shirts for men",
        None,
        "red shirts for men and women",
    ]
    assert short_sentences(PRODUCTS) == ["men black shirts", None, "men and women red shirts"]


def test_masked_titles_name_neither_type_nor_colour():
    assert masked_titles(PRODUCTS) == ["acme men casual", None, None]
    watch = PRODUCTS.assign(productDisplayName="Acme Men Black Watch", articleType="Watches")
    assert masked_titles(watch)[0] == "acme men"


def test_dropped_titles_keep_a_word_and_invent_none():
    for seed in range(20):
        dropped = dropped_titles(PRODUCTS, seed)
        assert dropped[1] is None
        assert dropped[2] == "shirts"
        assert set(dropped[0].split()) <= set(titles(PRODUCTS)[0].split())


def test_a_product_keeps_its_texts_when_others_come_or_go():
    for form in FORMS:
        whole = texts_of(form, PRODUCTS, ["a", "b", "c"])
        assert texts_of(form, PRODUCTS.iloc[[2, 0]], ["c", "a"]) == [whole[2], whole[0]]


def test_every_form_gives_one_text_a_product():
    for form in FORMS:
        assert len(texts_of(form, PRODUCTS, ["a", "b", "c"])) == 3
