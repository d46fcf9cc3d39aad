"""The rows of a demo catalogue: which products there are, what they are called, what they look like.

Counts per type and colour are quotas rather than throws of dice, so that the neighbours a product should
have, those of the same type and colour, exist. Types go by their real share to the power of 0.72: a
catalogue thirty times smaller would otherwise hold a ring or two. No type has fewer than thirteen at 1,500
products, room for two colours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from demo.names import Brand, brand_for, brands, title
from demo.statistics import MARGINALS, TYPES, Shares

FIRST_ID = 1000
_TYPE_WEIGHT = sum(kind.share**0.72 for kind in TYPES.values())
SMALLEST_CELL = 7
"""Fewer products of one type and colour than this are not planned."""

_NEAR = (
    ("Grey", "Grey Melange", "Charcoal", "Steel", "Silver", "Metallic"), ("White", "Off White"),
    ("Beige", "Cream", "Nude", "Skin"),
    ("Brown", "Coffee Brown", "Mushroom Brown", "Taupe", "Bronze"), ("Maroon", "Burgundy"),
    ("Gold", "Mustard", "Bronze"), ("Pink", "Rose"),
    ("Olive", "Khaki"), ("Purple", "Mauve"), ("Copper", "Rust", "Bronze", "Tan"), ("Red", "Rust"),
)
"""Colours that can hardly be told apart in a picture: a type gets one of each row."""

_RARE: dict[str, tuple[str, ...]] = {
    "Tops": ("Peach", "Turquoise Blue", "Magenta"), "Kurtas": ("Teal", "Mustard", "Magenta"),
    "Tshirts": ("Lime Green", "Turquoise Blue"),
    "Sarees": ("Sea Green", "Mustard", "Magenta"), "Bra": ("Skin",),
    "Trousers": ("Khaki", "Charcoal"), "Handbags": ("Tan", "Mustard"),
    "Formal Shoes": ("Tan",), "Heels": ("Metallic", "Nude"), "Sports Shoes": ("Fluorescent Green",),
    "Lipstick": ("Red", "Mauve"), "Nail Polish": ("Red",),
    "Bangle": ("Copper",), "Ring": ("Silver",), "Bracelet": ("Bronze",), "Scarves": ("Rust",),
    "Dresses": ("Red",),
    "Track Pants": ("Grey Melange",), "Sweatshirts": ("Grey Melange",), "Casual Shoes": ("Taupe",),
    "Belts": ("Tan", "Coffee Brown"),
    "Sandals": ("Brown",), "Watches": ("Steel",), "Shirts": ("Lavender",), "Jackets": ("Olive",),
    "Lip Gloss": ("Rose",), "Cufflinks": ("Metallic",), "Flats": ("Bronze",), "Sweaters": ("Cream",),
    "Socks": ("Off White",), "Briefs": ("Charcoal",),
    "Backpacks": ("Khaki",), "Flip Flops": ("Rust",), "Wallets": ("Tan",), "Sunglasses": ("Copper",),
    "Clutches": ("Off White",),
}
"""Colours that a type must have while it has room: rarer ones in a type they suit, and a red lipstick."""

_CLOTH = {"plain": 0.6, "check": 0.1, "stripe": 0.1, "floral": 0.1, "dot": 0.1}
_PATTERNS: dict[str, Shares] = {
    "Tshirts": {"plain": 0.76, "hoop": 0.2, "melange": 0.04}, "Shirts": {
        "plain": 0.4, "check": 0.36, "stripe": 0.14, "pinstripe": 0.1,
    },
    "Kurtas": {"plain": 0.4, "paisley": 0.3, "floral": 0.2, "dot": 0.1}, "Tops": {
        "plain": 0.5, "floral": 0.25, "dot": 0.13, "stripe": 0.12,
    },
    "Jackets": {"plain": 0.6, "leather": 0.25, "denim": 0.15}, "Sweaters": {"knit": 0.65, "cable": 0.35},
    "Sweatshirts": {"plain": 0.85, "melange": 0.15},
    "Dresses": {"plain": 0.45, "floral": 0.3, "dot": 0.15, "check": 0.1}, "Sarees": {
        "plain": 0.35, "paisley": 0.35, "floral": 0.3,
    },
    "Jeans": {"denim": 1.0}, "Trousers": {"plain": 0.86, "pinstripe": 0.14}, "Shorts": {
        "plain": 0.72, "check": 0.18, "denim": 0.1,
    },
    "Track Pants": {"plain": 0.85, "melange": 0.15}, "Capris": {"plain": 0.75, "denim": 0.25},
    "Leggings": {"plain": 1.0},
    "Skirts": {"plain": 0.55, "floral": 0.2, "check": 0.15, "dot": 0.1}, "Innerwear Vests": {"plain": 1.0},
    "Bra": {"plain": 0.75, "dot": 0.15, "floral": 0.1},
    "Briefs": {"plain": 0.85, "hoop": 0.15}, "Trunk": {"plain": 0.85, "hoop": 0.15}, "Night suits": {
        "plain": 0.4, "check": 0.25, "dot": 0.2, "stripe": 0.15,
    },
    "Scarves": {"plain": 0.35, "check": 0.35, "stripe": 0.2, "knit": 0.1}, "Ties": {
        "plain": 0.3, "stripe": 0.4, "dot": 0.15, "check": 0.15,
    },
    "Socks": {"plain": 0.65, "hoop": 0.2, "dot": 0.15}, "Caps": {"plain": 0.9, "check": 0.1},
    "Casual Shoes": {"plain": 0.7, "leather": 0.2, "denim": 0.1},
    "Backpacks": {"plain": 0.9, "check": 0.1}, "Duffel Bag": {"plain": 1.0}, "Handbags": {
        "plain": 0.85, "floral": 0.08, "check": 0.07,
    },
    "Flip Flops": {"plain": 0.8, "stripe": 0.2}, "Belts": {"leather": 0.9, "stripe": 0.1},
    "Wallets": {"leather": 0.92, "check": 0.08},
    "Formal Shoes": {"leather": 1.0},
}
_CAN_BE_MULTI = {"Sarees", "Kurtas", "Scarves", "Socks", "Dresses", "Tops", "Skirts", "Handbags", "Heels"}
_FAMILY_SIZES = (0.54, 0.24, 0.14, 0.08)
_RESHOOT = 0.07


@dataclass(frozen=True)
class Product:
    """One row of the catalogue, and what its picture needs.

    Attributes:
        number: its position, from 0; with the seed it fixes the photograph.
        family: the design; with the seed it fixes the drawing.
        pattern: the fabric or print.
        paint: the colour it is drawn in, which is the base colour unless that is unknown.
        reshoot: whether this is a second photograph of the product before.
        pictured: whether it has a picture.
    """

    number: int
    family: int
    article: str
    gender: str
    colour: str
    season: str
    year: str
    usage: str
    name: str
    pattern: str
    paint: str
    reshoot: bool = False
    pictured: bool = True

    @property
    def id(self) -> int:
        """The product's id in the catalogue."""
        return FIRST_ID + self.number

    def row(self) -> tuple[str, ...]:
        """The ten columns."""
        kind = TYPES[self.article]
        return (
            str(self.id), self.gender, kind.master, kind.sub, self.article, self.colour, self.season,
            self.year, self.usage, self.name,
        )


def quota(shares: Mapping[str, float], count: int) -> dict[str, int]:
    """Share out `count` by largest remainder."""
    total = sum(shares.values())
    exact = {key: count * share / total for key, share in shares.items()}
    parts = {key: int(value) for key, value in exact.items()}
    left = sorted(exact, key=lambda key: parts[key] - exact[key])
    for key in left[: count - sum(parts.values())]:
        parts[key] += 1
    return {key: part for key, part in parts.items() if part}


def type_sizes(count: int) -> dict[str, int]:
    """How many products each type gets."""
    smallest = min(15.0, count / (1.7 * len(TYPES)))
    weights = {
        article: max(kind.share**0.72 * count / _TYPE_WEIGHT, smallest) for article, kind in TYPES.items()
    }
    return quota(weights, count)


def palettes(sizes: dict[str, int]) -> dict[str, dict[str, int]]:
    """How many products of each type come in which colour.

    Small types have room for two or three colours only. Were those always their commonest, a third of the
    catalogue would be black; so a type leans to the colours that larger types have left short of their share.
    """
    total = sum(sizes.values())
    wanted = {colour: share * total for colour, share in MARGINALS["baseColour"].items()}
    used: dict[str, int] = {}
    out: dict[str, dict[str, int]] = {}
    for article in sorted(sizes, key=lambda name: -sizes[name]):
        need = {colour: max(0.2, 1 - used.get(colour, 0) / amount) for colour, amount in wanted.items()}
        out[article] = _palette(article, sizes[article], need)
        for colour, part in out[article].items():
            used[colour] = used.get(colour, 0) + part
    return {article: out[article] for article in sizes}


def _palette(article: str, size: int, need: Shares) -> dict[str, int]:
    """The colours of one type: its own commonest, leaning to what the catalogue still needs."""
    # The larger the type, the larger its cells too, as in any shop: ten colours of shirts, not twenty.
    most = max(1, min(size // SMALLEST_CELL, round(size**0.5)))
    measured = TYPES[article].colour
    rare = _RARE.get(article, ())[: (most + 1) // 3]
    leaning = {colour: share**0.85 * need[colour] for colour, share in measured.items()}
    chosen: Shares = {}
    for colour in [*rare, *sorted(leaning, key=lambda name: -leaning[name])]:
        near = {c for row in _NEAR if colour in row for c in row}
        if len(chosen) == most or near & chosen.keys() or (
            colour == "Multi" and article not in _CAN_BE_MULTI
        ):
            continue
        chosen[colour] = leaning.get(colour, 0.001)
    spare = size - SMALLEST_CELL * len(chosen)
    if spare <= 0:
        return quota(dict.fromkeys(chosen, 1.0), size)
    extra = quota(chosen, spare)
    return {colour: SMALLEST_CELL + extra.get(colour, 0) for colour in chosen}


def products(seed: int, count: int) -> list[Product]:
    """The products of a catalogue, the same for the same seed and count."""
    house = brands(seed)
    made: list[Product] = []
    for article, palette in palettes(type_sizes(count)).items():
        made += _type(seed, article, palette, house, len(made))
    order = np.random.default_rng([seed, 12]).permutation(len(made))
    shuffled = [replace(made[int(n)], number=position) for position, n in enumerate(order)]
    return _flawed(shuffled)


def _type(
    seed: int, article: str, palette: dict[str, int], house: dict[str, list[Brand]], first: int,
) -> list[Product]:
    """All products of one type, family by family."""
    rng = np.random.default_rng([seed, 13, first])
    kind = TYPES[article]
    left, size = dict(palette), sum(palette.values())
    seasons, years = (_dealt(rng, shares, size) for shares in (kind.season, kind.year))
    genders, usages = quota(kind.gender, size), quota(kind.usage, size)
    patterns = _dealt(rng, _PATTERNS.get(article, {"plain": 1.0}), size)
    out: list[Product] = []
    while len(out) < size:
        begin = len(out)
        gender, usage, pattern = _drawn(rng, genders), _drawn(rng, usages), patterns[begin]
        named = title(rng, brand_for(rng, house, article), article, gender, pattern)
        for colour in _family_colours(rng, left):
            plain = {"Multi": "multi", "Grey Melange": "melange"}.get(colour, pattern)
            look = plain if pattern in _CLOTH or colour == "Multi" else pattern
            name, family = named.of(colour), first + begin
            one = Product(
                0, family, article, gender, colour, seasons[len(out)], years[len(out)], usage, name, look,
                colour,
            )
            out.append(one)
            if rng.random() < _RESHOOT and left.get(colour, 0) > 0:
                left[colour] -= 1
                out.append(replace(one, reshoot=True))
        for deck, key in ((genders, gender), (usages, usage)):
            deck[key] = max(0, deck[key] - (len(out) - begin))
    return out


def _drawn(rng: np.random.Generator, deck: dict[str, int]) -> str:
    """A card of what is left in a deck; of any card once all are gone."""
    weights = np.array(list(deck.values()), dtype=float)
    weights = weights / weights.sum() if weights.sum() else np.full(len(deck), 1 / len(deck))
    return list(deck)[int(rng.choice(len(deck), p=weights))]


def _dealt(rng: np.random.Generator, shares: Shares, count: int) -> list[str]:
    """A shuffled deck with the shares in it."""
    deck = [key for key, part in quota(shares, count).items() for _ in range(part)]
    return [deck[int(n)] for n in rng.permutation(len(deck))]


def _family_colours(rng: np.random.Generator, left: dict[str, int]) -> list[str]:
    """The colours one design comes in, taken out of what is left of the type's palette."""
    open_colours = [colour for colour, part in left.items() if part > 0]
    weights = np.array([left[colour] for colour in open_colours], dtype=float)
    size = min(len(open_colours), 1 + int(rng.choice(len(_FAMILY_SIZES), p=_FAMILY_SIZES)))
    chosen = [
        open_colours[int(n)] for n in rng.choice(
            len(open_colours), size=size, replace=False, p=weights / weights.sum(),
        )
    ]
    for colour in chosen:
        left[colour] -= 1
    return chosen


def _flawed(rows: list[Product]) -> list[Product]:
    """Put in the flaws a real catalogue has: gaps, bare commas and quotes in names, a lost picture."""

    def put(article: str, nth: int, **changes: object) -> None:
        spots = [n for n, p in enumerate(rows) if p.article == article and not p.reshoot]
        if len(spots) > nth:
            rows[spots[nth]] = replace(rows[spots[nth]], **changes)  # type: ignore[arg-type]

    def named(article: str, nth: int) -> str:
        found = [p.name for p in rows if p.article == article and not p.reshoot]
        return found[nth].split(" ")[0] if len(found) > nth else ""

    put("Sports Shoes", 3, season="")
    put("Watches", 5, season="")
    put("Earrings", 2, name=f"{named('Earrings', 2)} Women Gold, Silver and Copper Toned Earrings")
    put(
        "Perfume and Body Mist", 1,
        name=f"{named('Perfume and Body Mist', 1)} Set of Rose, Amber, Cedar and Fig 50 ml Perfume",
    )
    put("Shorts", 4, name=f'{named("Shorts", 4)} Women\'s 3.5" Drift Short', gender="Women")
    put("Jeans", 2, colour="NA")
    put("Face Moisturisers", 1, colour="NA")
    put("Belts", 3, pictured=False)
    put("Kurtas", 6, pictured=False)
    return rows
