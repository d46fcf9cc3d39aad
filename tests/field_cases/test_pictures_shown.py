"""Pictures as a browser shows them: colour profiles, transparent colours, deep greys, orientation, AVIF."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms

from mpsr.catalogue.pictures import decode_picture, preview
from mpsr.catalogue.srgb import is_srgb

from ..conftest import picture_bytes


def curve(gamma: float) -> bytes:
    return b"curv" + struct.pack(">IIH", 0, 1, round(gamma * 256)) + b"\0\0"


def fixed(*values: float) -> bytes:
    return b"XYZ \0\0\0\0" + b"".join(struct.pack(">i", round(value * 65536)) for value in values)


def profile(primaries: list[tuple[float, float, float]], gamma: float, space: bytes = b"RGB ") -> bytes:
    """A matrix profile as ICC.1 lays it out: the XYZ of red, green and blue against D50, and one gamma."""
    text = b"test profile"
    tags = {
        b"desc": b"desc\0\0\0\0" + struct.pack(">I", len(text) + 1) + text + b"\0" + bytes(78),
        b"cprt": b"text\0\0\0\0none\0",
        b"wtpt": fixed(0.9642, 1.0, 0.8249),
        **{name: fixed(*xyz) for name, xyz in zip((b"rXYZ", b"gXYZ", b"bXYZ"), primaries, strict=False)},
        **{name: curve(gamma) for name in (b"rTRC", b"gTRC", b"bTRC")},
    }
    if space == b"GRAY":
        tags = {name: tags[name] for name in (b"desc", b"cprt", b"wtpt")} | {b"kTRC": curve(gamma)}
    table, body, at = b"", b"", 128 + 4 + 12 * len(tags)
    for name, data in tags.items():
        data += bytes(-len(data) % 4)
        table += name + struct.pack(">II", at + len(body), len(data))
        body += data
    head = bytearray(128)
    head[8:12], head[12:16], head[16:20], head[20:24] = b"\x02\x40\0\0", b"mntr", space, b"XYZ "
    head[36:40] = b"acsp"
    head[68:80] = struct.pack(">iii", 63190, 65536, 54061)
    whole = bytes(head) + struct.pack(">I", len(tags)) + table + body
    return struct.pack(">I", len(whole)) + whole[4:]


#: From the colorants that Adobe RGB (1998) and ROMM RGB (ProPhoto, ISO 22028-2) define, adapted to D50.
ADOBE = profile(
    [(0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457)], 2.19921875
)
PROPHOTO = profile([(0.79767, 0.28804, 0.0), (0.13519, 0.71188, 0.0), (0.03134, 0.00009, 0.82491)], 1.8)


def saved(colour: tuple[int, int, int], icc: bytes, kind: str = "JPEG", mode: str = "RGB") -> bytes:
    """A picture of one sRGB colour, saved in the colour space of a profile."""
    source, target = ImageCms.createProfile("sRGB"), ImageCms.ImageCmsProfile(io.BytesIO(icc))
    picture = ImageCms.profileToProfile(Image.new("RGB", (40, 30), colour), source, target, outputMode="RGB")
    if mode == "RGBA":
        picture.putalpha(255)
    out = io.BytesIO()
    options = {"quality": 100, "subsampling": 0} if kind == "JPEG" else {}
    picture.save(out, kind, icc_profile=icc, **options)
    return out.getvalue()


def centre(picture: Image.Image) -> np.ndarray:
    return np.array(picture.convert("RGB").getpixel((picture.width // 2, picture.height // 2)))


@pytest.mark.parametrize(
    ("colour", "icc"), [((30, 120, 60), ADOBE), ((200, 30, 40), PROPHOTO)], ids=["Adobe", "ProPhoto"]
)
@pytest.mark.parametrize(
    ("kind", "mode"), [("JPEG", "RGB"), ("PNG", "RGB"), ("PNG", "RGBA"), ("TIFF", "RGB"), ("WEBP", "RGB")]
)
def test_a_colour_profile_is_applied_and_then_dropped(colour, icc, kind, mode):
    data = saved(colour, icc, kind, mode)
    raw = centre(Image.open(io.BytesIO(data)))
    assert np.abs(raw - colour).max() > 12
    seen = decode_picture(data)
    assert np.abs(centre(seen) - colour).max() <= (3 if kind != "WEBP" else 9)
    assert "icc_profile" not in seen.info
    shown = preview(data)
    assert b"test profile" not in shown
    assert np.abs(centre(Image.open(io.BytesIO(shown))) - colour).max() <= (4 if kind != "WEBP" else 9)


def test_an_srgb_profile_changes_no_pixel_and_keeps_the_jpeg():
    icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    plain, tagged = picture_bytes((90, 20, 160)), picture_bytes((90, 20, 160), icc_profile=icc)
    assert np.array_equal(np.asarray(decode_picture(tagged)), np.asarray(decode_picture(plain)))
    assert preview(tagged) == plain


@pytest.mark.parametrize(
    "icc", [b"junk", b"", ADOBE[:200], profile([], 2.2, b"GRAY")], ids=["junk", "empty", "cut", "grey"]
)
def test_a_profile_that_cannot_be_used_counts_for_nothing(icc):
    data = picture_bytes((30, 120, 60), icc_profile=icc, quality=100)
    assert np.abs(centre(decode_picture(data)) - (30, 120, 60)).max() <= 3
    assert np.abs(centre(Image.open(io.BytesIO(preview(data)))) - (30, 120, 60)).max() <= 3


def test_a_grey_picture_s_profile_is_applied():
    data = picture_bytes((100,), mode="L", kind="PNG", icc_profile=profile([], 1.0, b"GRAY"))
    assert centre(decode_picture(data)).tolist() == pytest.approx([168] * 3, abs=3)


@pytest.mark.parametrize(("gamma", "level"), [(1.0, 167), (0.45455, 100)])
def test_the_gamma_a_png_states_is_applied(gamma, level):
    data = picture_bytes((100, 100, 100), kind="PNG")
    chunk = b"gAMA" + struct.pack(">I", round(gamma * 100_000))
    place = 8 + 4 + 4 + 13 + 4
    whole = data[:place] + struct.pack(">I", 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) + data[place:]
    assert centre(decode_picture(whole)).tolist() == pytest.approx([level] * 3, abs=2)


def test_pictures_without_a_word_on_colour_are_srgb():
    assert is_srgb(Image.new("RGB", (2, 2)))


# -- transparent colours ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "colour", "transparency"),
    [("RGB", (10, 200, 30), (10, 200, 30)), ("L", 40, 40), ("1", 0, 0), ("P", 3, 3)],
)
def test_a_png_s_transparent_colour_lies_on_white(mode, colour, transparency):
    picture = Image.new(mode, (9, 9), colour)
    if mode == "P":
        picture.putpalette([9, 9, 9] * 8)
    out = io.BytesIO()
    picture.save(out, "PNG", transparency=transparency)
    assert centre(decode_picture(out.getvalue())).tolist() == [255, 255, 255]


def test_other_colours_of_such_a_png_stay():
    out = io.BytesIO()
    Image.new("RGB", (9, 9), (10, 200, 31)).save(out, "PNG", transparency=(10, 200, 30))
    assert centre(decode_picture(out.getvalue())).tolist() == [10, 200, 31]


# -- deep greys -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
@pytest.mark.parametrize(
    ("largest", "value", "shown"), [(65_535, 40_000, 156), (4_000, 2_000, 125), (250, 100, 100), (0, 0, 0)]
)
def test_a_16_bit_picture_uses_the_bits_it_uses(kind, largest, value, shown):
    grey = np.full((9, 9), value, np.uint16)
    grey[0, 0] = largest
    out = io.BytesIO()
    Image.fromarray(grey).save(out, kind)
    assert centre(decode_picture(out.getvalue())).tolist() == [shown] * 3


@pytest.mark.parametrize(
    ("largest", "value", "shown"), [(1.0, 0.5, 127), (255.0, 100.0, 100), (65_535.0, 40_000.0, 156)]
)
def test_a_floating_point_tiff_is_not_black(largest, value, shown):
    grey = np.full((9, 9), value, np.float32)
    grey[0, 0], grey[0, 1], grey[0, 2] = largest, np.nan, -1
    out = io.BytesIO()
    Image.fromarray(grey).save(out, "TIFF")
    assert centre(decode_picture(out.getvalue())).tolist() == [shown] * 3


# -- orientation ------------------------------------------------------------------------------------------

XMP = b"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/></rdf:RDF></x:xmpmeta>"""


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_an_orientation_in_xmp_alone_turns_neither_what_is_embedded_nor_what_is_shown(kind):
    options: dict[str, object] = {"xmp": XMP}
    if kind == "PNG":
        from PIL.PngImagePlugin import PngInfo

        options = {"pnginfo": PngInfo()}
        options["pnginfo"].add_itxt("XML:com.adobe.xmp", XMP.decode())
    data = picture_bytes(size=(30, 20), kind=kind, **options)
    assert b"Orientation" in data
    assert decode_picture(data).size == (30, 20)
    assert Image.open(io.BytesIO(preview(data))).size == (30, 20)


def test_an_orientation_in_exif_still_counts_beside_it():
    exif = Image.Exif()
    exif[0x0112] = 8
    data = picture_bytes(size=(30, 20), exif=exif, xmp=XMP)
    assert decode_picture(data).size == Image.open(io.BytesIO(preview(data))).size == (20, 30)


def test_avif_is_a_picture():
    data = picture_bytes((200, 30, 40), kind="AVIF")
    assert np.abs(centre(decode_picture(data)) - (200, 30, 40)).max() < 12
    assert Image.open(io.BytesIO(preview(data))).format == "JPEG"
