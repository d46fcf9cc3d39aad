"""A board's colours: what is in the pictures, without their background, every product counting the same."""

import io

import numpy as np
import pytest
from PIL import Image

from mpsr.boards.foreground import Shown, foreground, part_of, shown, to_lab
from mpsr.boards.palette import ALIKE, name_of, palette
from tests.conftest import picture_bytes

SKIN, HAIR = (222, 172, 142), (30, 25, 22)


def encoded(image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def photo(colour, box=(8, 8, 24, 32), background=(255, 255, 255)) -> Shown:
    image = Image.new("RGB", (30, 40), background)
    image.paste(colour, box)
    return Shown(encoded(image))


def person(top, bottom, waist=52, **attributes) -> Shown:
    """Somebody with a face, bare arms, a shirt and trousers: a shop shows tops to the hip, and trousers to the feet."""
    image = Image.new("RGB", (60, 80), (255, 255, 255))
    for colour, box in (
        (HAIR, (24, 2, 36, 8)),
        (SKIN, (24, 8, 36, 20)),
        (top, (16, 20, 44, waist)),
        (SKIN, (10, 30, 16, 58)),
        (SKIN, (44, 30, 50, 58)),
        (bottom, (17, waist, 43, 80)),
    ):
        image.paste(colour, box)
    return shown(encoded(image), attributes)


@pytest.mark.parametrize(
    ("rgb", "lab"),
    [  # published values of the sRGB primaries, D65
        ((1, 1, 1), (100.0, 0.0, 0.0)),
        ((0, 0, 0), (0.0, 0.0, 0.0)),
        ((1, 0, 0), (53.24, 80.09, 67.20)),
        ((0, 1, 0), (87.73, -86.18, 83.18)),
        ((0, 0, 1), (32.30, 79.19, -107.86)),
        ((128 / 255,) * 3, (53.59, 0.0, 0.0)),
    ],
)
def test_cielab_is_the_published_one(rgb, lab):
    assert to_lab(np.array(rgb, dtype=float)) == pytest.approx(lab, abs=0.02)


def test_the_white_around_a_product_is_background_and_the_white_in_it_is_not():
    image = Image.new("RGB", (30, 40), (255, 255, 255))
    image.paste((20, 20, 20), (5, 5, 25, 35))
    image.paste((255, 255, 255), (10, 10, 20, 30))  # a white print on a black shirt
    pixels = foreground(Shown(encoded(image)))
    assert len(pixels) == 18 * 28  # without the outermost, which mix with the ground in a JPEG
    assert (pixels == 1).all(axis=1).sum() == 10 * 20


def test_the_shares_are_those_of_the_products_not_of_their_size():
    small, large = photo((200, 30, 30), (14, 18, 16, 22)), photo((40, 100, 185), (1, 1, 29, 39))
    found = palette([small, large, large])
    assert [swatch.hex for swatch in found] == ["#2864b9", "#c81e1e"]
    assert [swatch.share for swatch in found] == pytest.approx([2 / 3, 1 / 3], abs=0.01)
    assert [swatch.name for swatch in found] == ["Blue", "Red"]


def test_colours_that_look_the_same_are_one_swatch():
    assert len(palette([photo((200, 30, 30)), photo((204, 34, 30))])) == 1


def test_swatches_differ_and_their_shares_sum_to_one():
    rng = np.random.default_rng(0)
    found = palette([photo(tuple(int(part) for part in rng.integers(0, 230, 3))) for _ in range(30)])
    labs = [to_lab(np.array([int(s.hex[i : i + 2], 16) for i in (1, 3, 5)]) / 255) for s in found]
    assert 2 <= len(found) <= 6
    assert sum(swatch.share for swatch in found) == pytest.approx(1)
    assert min(np.linalg.norm(a - b) for i, a in enumerate(labs) for b in labs[:i]) > ALIKE / 2


@pytest.mark.parametrize("seed", range(5))
def test_no_two_swatches_have_one_name(seed):
    rng = np.random.default_rng(seed)
    reds = [(int(red), int(other), int(other)) for red, other in rng.integers((90, 0), (230, 60), (30, 2))]
    found = palette([photo(colour) for colour in reds])
    assert len({swatch.name for swatch in found}) == len(found)
    assert sum(swatch.share for swatch in found) == pytest.approx(1)


def test_the_same_pictures_give_the_same_palette():
    pictures = [photo((n * 8 % 256, n * 5 % 256, n * 11 % 256)) for n in range(20)]
    assert palette(pictures) == palette(pictures)


def test_what_gives_no_colour_gives_none():
    assert palette([]) == []
    assert palette([Shown(b"no picture"), Shown(picture_bytes((255, 255, 255)), "upper")]) == []
    assert len(palette([Shown(b"no picture"), photo((1, 2, 3))])) == 1


def test_every_kind_of_picture_is_read():
    for mode, colour in (("L", (90,)), ("RGBA", (10, 200, 10, 255)), ("P", (3,)), ("CMYK", (0, 255, 255, 0))):
        kind = "TIFF" if mode == "CMYK" else "PNG"
        assert len(foreground(Shown(picture_bytes(colour, mode=mode, kind=kind)))) > 0


def test_names_are_those_of_the_catalogue():
    assert name_of(np.array([0.97, 0.97, 0.96])) == "White"
    assert name_of(np.array([0x22, 0x33, 0x6F]) / 255) == "Navy Blue"


RED, NAVY = (200, 32, 44), (34, 51, 111)


@pytest.mark.parametrize(
    ("kind", "colour", "waist", "name", "share"),
    [
        ("Tshirts", "Red", 52, "Red", 0.85),
        ("Jeans", "Navy Blue", 30, "Navy Blue", 0.85),
        ("Shorts", None, 30, "Navy Blue", 0.6),
    ],
)
def test_a_worn_garment_is_told_from_the_skin_and_the_other_clothes(kind, colour, waist, name, share):
    found = palette([person(RED, NAVY, waist, articleType=kind, baseColour=colour)])
    assert found[0].name == name
    assert found[0].share > share


def test_skin_counts_where_the_product_may_have_that_colour():
    nude = (223, 184, 152)
    found = palette([person(nude, NAVY, articleType="Tops", baseColour="Nude")])
    assert found[0].name == "Nude"


def test_what_is_no_garment_keeps_the_colour_of_leather():
    """A brown sole is a shoe's own, whatever its label says."""
    image = Image.new("RGB", (30, 40), (255, 255, 255))
    image.paste((20, 20, 20), (5, 5, 25, 20))
    image.paste(SKIN, (5, 20, 25, 35))
    found = palette([shown(encoded(image), {"articleType": "Casual Shoes", "baseColour": "Black"})])
    assert [swatch.share for swatch in found] == pytest.approx([0.5, 0.5], abs=0.05)


def test_a_flat_garment_is_taken_whole():
    image = Image.new("RGB", (60, 80), (255, 255, 255))
    image.paste(RED, (10, 5, 50, 40))
    image.paste(NAVY, (10, 40, 50, 75))
    found = palette([shown(encoded(image), {"articleType": "Shirts", "baseColour": "Red"})])
    assert [swatch.share for swatch in found] == pytest.approx([0.5, 0.5], abs=0.05)


def test_a_picture_of_nothing_but_skin_and_little_else_keeps_all_its_pixels():
    image = Image.new("RGB", (60, 80), (255, 255, 255))
    image.paste(SKIN, (10, 5, 50, 75))
    assert palette([shown(encoded(image), {"articleType": "Bra", "baseColour": "Black"})])


def test_a_white_shirt_on_white_ground_is_still_found():
    image = Image.new("RGB", (60, 80), (255, 255, 255))
    image.paste((243, 243, 243), (10, 5, 50, 75))
    assert (
        palette([shown(encoded(image), {"articleType": "Shirts", "baseColour": "White"})])[0].name == "White"
    )


@pytest.mark.parametrize(
    ("kinds", "part"),
    [
        ({"articleType": "Sweatshirts"}, "upper"),
        ({"articleType": "Lounge Pants"}, "lower"),
        ({"articleType": "Kurtas", "subCategory": "Topwear"}, "whole"),
        ({"subCategory": "Topwear"}, "upper"),
        ({"masterCategory": "Apparel", "articleType": "Stoles"}, "whole"),
        ({"articleType": "Laptop Bag", "masterCategory": "Accessories"}, None),
        ({"articleType": None}, None),
    ],
)
def test_where_a_product_is_worn_is_in_its_type_and_categories(kinds, part):
    assert part_of(kinds) == part
