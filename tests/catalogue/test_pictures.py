"""Pictures as shops have them: RGB out, or one reason why not."""

from __future__ import annotations

import io
import struct
import warnings
import zlib

import numpy as np
import pytest
from PIL import Image

from mpsr.catalogue.pictures import MAX_PIXELS, PREVIEW_SIDE, PictureError, decode_picture, preview

from ..conftest import picture_bytes


def reason(data: bytes) -> str:
    with pytest.raises(PictureError) as caught:
        decode_picture(data)
    return caught.value.reason


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def pixel(data: bytes) -> tuple[int, ...]:
    picture = decode_picture(data)
    assert picture.mode == "RGB"
    return picture.getpixel((2, 2))


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header promises any size."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"])
def test_every_format_by_its_content(kind):
    red, green, blue = pixel(picture_bytes((200, 30, 40), kind=kind))
    assert abs(red - 200) < 12
    assert abs(green - 30) < 12
    assert abs(blue - 40) < 12


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (picture_bytes((0, 255, 255, 0), mode="CMYK"), (255, 0, 0)),
        (picture_bytes((90,), mode="L"), (90, 90, 90)),
        (picture_bytes((1,), mode="1", kind="PNG"), (255, 255, 255)),
        (picture_bytes((10, 20, 30), mode="RGB", kind="GIF"), (10, 20, 30)),
        (picture_bytes((200, 0, 0, 0), mode="RGBA", kind="PNG"), (255, 255, 255)),
        (picture_bytes((200, 0, 0, 255), mode="RGBA", kind="PNG"), (200, 0, 0)),
        (picture_bytes((0, 0, 0, 128), mode="RGBA", kind="PNG"), (127, 127, 127)),
        (picture_bytes((100, 0), mode="LA", kind="PNG"), (255, 255, 255)),
        (saved(Image.fromarray(np.full((9, 9), 40_000, np.uint16)), "PNG"), (156, 156, 156)),
        (saved(Image.fromarray(np.full((9, 9), 40_000, np.uint16)), "TIFF"), (156, 156, 156)),
    ],
    ids=[
        "cmyk",
        "grey",
        "bilevel",
        "palette",
        "clear",
        "opaque",
        "half-clear",
        "grey-clear",
        "16-bit-png",
        "16-bit-tiff",
    ],
)
def test_any_mode_becomes_rgb_with_alpha_over_white(data, expected):
    assert np.abs(np.array(pixel(data)) - expected).max() <= 3


def test_a_palette_with_a_clear_colour_lies_on_white():
    picture = Image.new("P", (9, 9), 1)
    picture.putpalette([0, 0, 0, 255, 0, 0])
    assert pixel(saved(picture, "PNG", transparency=1)) == (255, 255, 255)
    assert pixel(saved(picture, "PNG")) == (255, 0, 0)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_of_an_animation_the_first_frame_counts(kind):
    frames = [Image.new("RGB", (9, 9), colour) for colour in ((250, 0, 0), (0, 0, 250))]
    data = saved(frames[0], kind, save_all=True, append_images=frames[1:], lossless=True, duration=50)
    assert np.abs(np.array(pixel(data)) - (250, 0, 0)).max() <= 3


@pytest.mark.parametrize(("orientation", "place"), [(1, (0, 0)), (3, (29, 19)), (6, (19, 0)), (8, (0, 29))])
def test_the_camera_s_orientation_is_applied(orientation, place):
    picture = Image.new("RGB", (30, 20), (255, 255, 255))
    picture.putpixel((0, 0), (0, 0, 0))
    exif = Image.Exif()
    exif[0x0112] = orientation
    upright = decode_picture(saved(picture, "PNG", exif=exif))
    assert upright.size == ((20, 30) if orientation in (6, 8) else (30, 20))
    assert upright.getpixel(place) == (0, 0, 0)


@pytest.mark.parametrize(
    "body",
    [
        b"Exif\0\0garbage!!",
        b"Exif\0\0II*\0\xff\xff\xff\xff",
        b"Exif\0\0MM\0*\0\0\0\x08\0\x05\x01\x12\0\x03\0\0",
    ],
)
def test_broken_metadata_does_not_cost_the_picture(body):
    data = picture_bytes()
    segment = b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
    assert decode_picture(data[:2] + segment + data[2:]).size == (30, 40)


NOISE = saved(Image.fromarray(np.random.default_rng(0).integers(0, 255, (60, 60, 3), np.uint8)), "JPEG")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "empty picture"),
        (b"id,gender\n1,Men\n", "not a picture"),
        (b"%PDF-1.4", "not a picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a picture"),
        (b"\0" * 5000, "not a picture"),
        (b"\xff\xd8\xff", "not a picture"),
        (b"\x89PNG\r\n\x1a\n", "not a picture"),
        (NOISE[: len(NOISE) // 2], "damaged picture"),
        (picture_bytes(kind="PNG", size=(400, 400))[:60], "damaged picture"),
        (png_that_claims(20_000, 20_000), "picture too large"),
        (png_that_claims(MAX_PIXELS // 5000 + 1, 5000), "picture too large"),
        (png_that_claims(10_000, 9_000), "picture too large"),
        (png_that_claims(40_000, 1), "picture too narrow"),
        (png_that_claims(1, 51), "picture too narrow"),
    ],
)
def test_what_is_refused_and_why(data, expected):
    assert reason(data) == expected


def test_a_large_picture_is_refused_where_warnings_are_errors():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert reason(png_that_claims(10_000, 9_000)) == "picture too large"


def test_a_program_s_own_formats_are_not_opened():
    """Pillow would start Ghostscript for this one."""
    assert reason(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EndComments\n") == "not a picture"


def test_damage_anywhere_is_a_picture_error_or_a_picture():
    for kind in ("JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP"):
        whole = picture_bytes(kind=kind)
        for place in range(0, len(whole), max(1, len(whole) // 60)):
            damaged = bytearray(whole)
            damaged[place] ^= 0xFF
            try:
                assert decode_picture(bytes(damaged)).mode == "RGB"
            except PictureError:
                continue


def test_a_small_plain_jpeg_is_shown_as_it_is():
    data = picture_bytes()
    assert preview(data) == data


@pytest.mark.parametrize(
    "data",
    [
        picture_bytes(size=(1000, 800)),
        picture_bytes(kind="PNG"),
        picture_bytes((0, 0, 0, 0), mode="CMYK"),
        picture_bytes((9,), mode="L"),
    ],
    ids=["large", "png", "cmyk", "grey"],
)
def test_any_other_is_shown_as_a_small_rgb_jpeg(data):
    shown = Image.open(io.BytesIO(preview(data)))
    assert (shown.format, shown.mode) == ("JPEG", "RGB")
    assert max(shown.size) <= PREVIEW_SIDE


def test_what_the_camera_wrote_down_is_not_shown_to_others():
    exif = Image.Exif()
    exif[0x010F] = "Secret Camera"
    exif[0x0112] = 6
    data = picture_bytes(exif=exif)
    assert b"Secret Camera" in data
    shown = preview(data)
    assert b"Secret Camera" not in shown
    assert Image.open(io.BytesIO(shown)).size == (40, 30)


def segment(code: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, code, len(body) + 2) + body


@pytest.mark.parametrize("code", [0xFE, 0xE1, 0xE2, 0xED], ids=["comment", "XMP", "profile", "Photoshop"])
def test_what_is_written_about_a_picture_goes_and_its_pixels_stay(code):
    data = picture_bytes()
    assert preview(data[:2] + segment(code, b"a secret") + data[2:]) == data
    behind_jfif = 4 + int.from_bytes(data[4:6])
    assert preview(data[:behind_jfif] + segment(code, b"a secret") + data[behind_jfif:]) == data


def test_nothing_hides_behind_or_between_the_pixels():
    data = picture_bytes()
    scan = data.index(b"\xff\xda")
    between = scan + 2 + int.from_bytes(data[scan + 2 : scan + 4])
    for hidden in (data + b"a secret", data[:between] + segment(0xFE, b"a secret") + data[between:]):
        shown = preview(hidden)
        assert b"a secret" not in shown
        assert Image.open(io.BytesIO(shown)).size == Image.open(io.BytesIO(data)).size
    assert b"a secret" not in preview(picture_bytes(size=(1000, 800), comment=b"a secret"))
