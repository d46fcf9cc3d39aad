"""Brands that belong to nobody, and names put together the way the real catalogue does.

A real name reads "brand, gender, detail, colour, type"; so does `Tarvmere Men Checked Navy Blue Shirt`. The
brands are joined from two lists of syllables by chance, a different set for each seed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from demo.statistics import TYPES

_HEADS: dict[str, tuple[str, ...]] = {
    "clothing": (
        "Brev", "Corl", "Drum", "Fenn", "Gorv", "Hask", "Ilb", "Jorv", "Kelm", "Ludd", "Morv", "Nolv", "Orsk",
        "Pelv", "Quorn", "Rusk", "Sorb", "Tarv", "Ulm", "Vesk", "Wendl",
    ),
    "ethnic": (
        "Vasur", "Niruv", "Padhir", "Suhav", "Talik", "Zarun", "Kesvar", "Mohvar", "Ruvan", "Chanvel",
        "Ishvel", "Bhumir",
    ),
    "sport": ("Velk", "Strid", "Torq", "Zyph", "Kindr", "Rapt", "Hurdl", "Voltr", "Tremv", "Sprin"),
    "footwear": ("Clomp", "Tredd", "Solv", "Cobb", "Heelw", "Marchl", "Paviem", "Wendr", "Stepp", "Brogl"),
    "leather": ("Saddl", "Hydev", "Buckr", "Tannw", "Grainv", "Calfr", "Stitchl", "Satchr"),
    "time": ("Chronv", "Tikk", "Meridv", "Dialw", "Orbv", "Lentv", "Shadr", "Glarv"),
    "jewels": ("Luzel", "Mirav", "Orelm", "Glimr", "Carav", "Tiarv", "Beadl", "Sparv"),
    "beauty": ("Blossv", "Perlud", "Rouvel", "Tintr", "Velvuq", "Amorv", "Satinv", "Gleaml", "Petalv"),
    "inner": ("Softl", "Cosyv", "Snugr", "Hugl", "Cottv", "Featherl", "Lullv"),
}
_TAILS: dict[str, tuple[str, ...]] = {
    "clothing": ("wick", "mere", "holt", "erby", "and", "eston", "aford", "ane"),
    "ethnic": ("ika", "ara", "oni", "eshi", "ura", "endi"),
    "sport": ("ado", "ix", "era", "on", "axa", "uro"),
    "footwear": ("er", "ino", "well", "aro", "ette", "ford"),
    "leather": ("ane", "ery", "ow", "is", "ond", "era"),
    "time": ("ex", "on", "ar", "ique", "ora", "us"),
    "jewels": ("ine", "ette", "ora", "is", "ella", "een"),
    "beauty": ("essa", "ille", "avie", "ua", "ine", "ora"),
    "inner": ("ie", "ette", "ow", "en", "ora", "elle"),
}
_COUNTS = {
    "clothing": 16, "ethnic": 8, "sport": 7, "footwear": 8, "leather": 6, "time": 7, "jewels": 6, "beauty": 7,
    "inner": 6,
}

_SEGMENTS: dict[str, tuple[str, ...]] = {
    "ethnic": ("Kurtas", "Sarees"),
    "sport": ("Sports Shoes", "Track Pants", "Sweatshirts", "Caps", "Backpacks", "Duffel Bag"),
    "footwear": ("Casual Shoes", "Formal Shoes", "Heels", "Flats", "Sandals", "Flip Flops"),
    "leather": ("Handbags", "Clutches", "Wallets", "Belts", "Laptop Bag"),
    "time": ("Watches", "Sunglasses"),
    "jewels": ("Earrings", "Pendant", "Necklace and Chains", "Ring", "Bracelet", "Bangle", "Cufflinks"),
    "beauty": (
        "Perfume and Body Mist", "Deodorant", "Nail Polish", "Lipstick", "Lip Gloss", "Kajal and Eyeliner",
        "Face Moisturisers",
        "Compact", "Foundation and Primer", "Eyeshadow",
    ),
    "inner": ("Bra", "Briefs", "Trunk", "Innerwear Vests", "Night suits", "Socks"),
}
_SEGMENT_OF = {article: segment for segment, articles in _SEGMENTS.items() for article in articles}

_NOUNS: dict[str, tuple[str, ...]] = {
    "Tshirts": ("T-shirt", "Tshirt", "T-shirt", "Polo T-shirt", "Tshirts"), "Shirts": (
        "Shirt", "Shirt", "Slim Fit Shirt", "Shirts",
    ),
    "Kurtas": ("Kurta", "Kurta", "Kurtas"), "Tops": ("Top", "Top", "Tops"), "Jackets": ("Jacket",),
    "Sweaters": ("Sweater", "Pullover"),
    "Sweatshirts": ("Sweatshirt", "Hooded Sweatshirt"), "Dresses": ("Dress",),
    "Sarees": ("Saree", "Saree", "Sari"), "Jeans": ("Jeans",),
    "Trousers": ("Trousers", "Trouser"), "Shorts": ("Shorts",), "Track Pants": ("Track Pants", "Track Pant"),
    "Capris": ("Capris", "Capri"),
    "Leggings": ("Leggings",), "Skirts": ("Skirt",), "Innerwear Vests": ("Innerwear Vest", "Vest"),
    "Night suits": ("Night Suit", "Pyjama Set"),
    "Bra": ("Bra",), "Briefs": ("Brief", "Briefs"), "Trunk": ("Trunk", "Trunks"),
    "Casual Shoes": ("Casual Shoes", "Shoes", "Shoe"),
    "Sports Shoes": ("Sports Shoes", "Shoe", "Sports Shoe"), "Formal Shoes": ("Formal Shoes", "Formal Shoe"),
    "Heels": ("Heels",),
    "Flats": ("Flats", "Ballerinas", "Flat Shoes"), "Sandals": ("Sandals", "Sandal"),
    "Flip Flops": ("Flip Flops", "Slippers", "Flip Flop"),
    "Handbags": ("Handbag", "Handbag", "Bag"), "Backpacks": ("Backpack",), "Clutches": ("Clutch",),
    "Wallets": ("Wallet",),
    "Duffel Bag": ("Duffle Bag",), "Laptop Bag": ("Laptop Bag",),
    "Watches": ("Dial Watch", "Dial Watch", "Watch"),
    "Sunglasses": ("Sunglasses",), "Belts": ("Belt",), "Ties": ("Tie",), "Caps": ("Cap",),
    "Scarves": ("Scarf",), "Socks": ("Socks",),
    "Cufflinks": ("Cufflinks",), "Earrings": ("Earrings",), "Pendant": ("Pendant", "Pendant with Chain"),
    "Necklace and Chains": ("Necklace",),
    "Ring": ("Ring",), "Bracelet": ("Bracelet",), "Bangle": ("Bangle", "Bangles"),
    "Perfume and Body Mist": ("Perfume",), "Deodorant": ("Deo",),
    "Nail Polish": ("Nail Polish",), "Lipstick": ("Lipstick",), "Lip Gloss": ("Lip Gloss",),
    "Kajal and Eyeliner": ("Eye Liner", "Kajal"),
    "Face Moisturisers": ("Daily Cream", "Moisturiser", "Day Cream"), "Compact": ("Compact",),
    "Foundation and Primer": ("Foundation",),
    "Eyeshadow": ("Eye Shadow",),
}
_PRINT_WORDS: dict[str, tuple[str, ...]] = {
    "plain": ("", "", "", "Solid"), "stripe": ("Striped", "Stripes"), "hoop": ("Striped",),
    "pinstripe": ("Pinstripe", "Striped"),
    "check": ("Check", "Checked"), "dot": ("Printed", "Polka Dot"), "floral": ("Printed", "Floral Print"),
    "paisley": ("Printed", "Block Print"),
    "denim": ("Washed", "Denim", ""), "leather": ("Leather", "Leather", ""), "knit": ("", "Knit"),
    "cable": ("Cable Knit",), "melange": ("Melange", ""),
}
_MATERIALS: dict[str, tuple[str, ...]] = {
    "Shirts": ("Cotton", "Linen", "", "", ""), "Kurtas": ("Cotton", "Silk Blend", "", ""),
    "Sarees": ("Silk", "Georgette", "Cotton", ""),
    "Ties": ("Silk", ""), "Scarves": ("Wool", "", ""), "Sweaters": ("Wool", "Acrylic", "", ""),
    "Trousers": ("Flat Front", "", ""),
    "Jeans": ("Slim Fit", "Regular Fit", "", ""),
}
_MODELS = (
    "Alder", "Drift", "Cove", "Ripple", "Monsoon", "Meadow", "Ember", "Harbour", "Quarry", "Willow",
    "Saffron", "Comet", "Lattice", "Pebble",
    "Orchard", "Tide", "Lantern", "Marble", "Breeze", "Canyon", "Thistle", "Velvet Hour", "Sundial",
    "Juniper", "Paper Boat", "Driftwood",
    "North Pier", "Kite", "Wren", "Copper Lane", "Silver Birch", "Half Moon", "Blue Hour", "Pinecone",
    "Cinder", "Tumble", "Sandbar",
)
_SHADES = (
    "Berry Fizz", "Plum Dusk", "Toffee Cloud", "Rose Ember", "Cocoa Silk", "Coral Tide", "Fig Jam",
    "Midnight Fig", "Pearl Mist", "Cherry Ink", "Mocha Dawn", "Sugar Petal",
)


@dataclass(frozen=True)
class Brand:
    """A made-up brand and how it writes the gender in its names."""

    name: str
    possessive: bool


def brands(seed: int) -> dict[str, list[Brand]]:
    """The brands of a catalogue, by trade; each seed has its own."""
    rng = np.random.default_rng([seed, 11])
    house: dict[str, list[Brand]] = {}
    for trade, heads in _HEADS.items():
        # No two brands of a catalogue begin alike: they would be taken for one another.
        for head in [heads[int(n)] for n in rng.permutation(len(heads))][: _COUNTS[trade]]:
            name = _joined(rng, head, _one(rng, _TAILS[trade]), heads)
            house.setdefault(trade, []).append(Brand(name, bool(rng.random() < 0.15)))
    return house


def _joined(rng: np.random.Generator, head: str, tail: str, heads: tuple[str, ...]) -> str:
    """`Tarvmere`, or now and then two words."""
    name = head + tail
    if rng.random() < 0.12:
        return f"{name} & {_one(rng, tuple(other for other in heads if other != head))}e"
    return name


def brand_for(rng: np.random.Generator, house: dict[str, list[Brand]], article: str) -> Brand:
    """A brand that sells this type; the first of a trade sell the most, as brands do."""
    pool = house[_SEGMENT_OF.get(article, "clothing")]
    if article in ("Tshirts", "Shorts", "Jackets") and rng.random() < 0.25:
        pool = house["sport"]
    weights = 1.0 / (np.arange(len(pool)) + 1.5)
    return pool[int(rng.choice(len(pool), p=weights / weights.sum()))]


def _one(rng: np.random.Generator, options: tuple[str, ...]) -> str:
    return options[int(rng.integers(len(options)))]


@dataclass(frozen=True)
class Title:
    """The parts of a family's name; the colour is put in per product.

    Attributes:
        before: the words ahead of the colour.
        after: the words behind it.
        coloured: whether the name tells the colour at all.
    """

    before: str
    after: str
    coloured: bool

    def of(self, colour: str) -> str:
        """The name of the family's member in this colour."""
        shown = {"Multi": "Multi Coloured", "NA": ""}.get(colour, colour) if self.coloured else ""
        return " ".join(part for part in (self.before, shown, self.after) if part)


def title(rng: np.random.Generator, brand: Brand, article: str, gender: str, pattern: str) -> Title:
    """A name for a family of products."""
    noun = _one(rng, _NOUNS[article])
    if article in (
        "Nail Polish", "Lipstick", "Lip Gloss", "Eyeshadow", "Kajal and Eyeliner", "Compact",
        "Foundation and Primer",
    ):
        shade = _one(rng, _SHADES) if rng.random() < 0.7 else ""
        line = _one(rng, _MODELS) if rng.random() < 0.6 else ""
        number = f"{int(rng.integers(1, 400)):02d}" if rng.random() < 0.6 else ""
        return Title(
            " ".join(p for p in (brand.name, shade, line) if p), " ".join(p for p in (noun, number) if p),
            rng.random() < 0.25,
        )
    who = f"{gender}'s" if brand.possessive and gender in ("Men", "Women") else gender
    model = _one(rng, _MODELS) if rng.random() < 0.4 else ""
    if article in ("Perfume and Body Mist", "Deodorant", "Face Moisturisers"):
        told = article == "Perfume and Body Mist" and rng.random() < 0.6
        size = f"{_one(rng, ('50', '75', '100', '150'))} ml" if told else ""
        model = model or _one(rng, _MODELS)
        return Title(" ".join(p for p in (brand.name, who, model, size) if p), noun, rng.random() < 0.1)
    detail = _one(rng, _PRINT_WORDS.get(pattern, ("",)))
    if detail == "Solid" and TYPES[article].master != "Apparel":
        detail = ""
    material = _one(rng, _MATERIALS.get(article, ("",)))
    words = [brand.name, who, model, material, detail]
    if rng.random() < 0.12:
        words = [brand.name, detail, who, model, material]
    return Title(" ".join(w for w in words if w), noun, rng.random() < 0.78)
