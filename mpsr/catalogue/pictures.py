"""From the bytes of a picture to RGB pixels one can trust."""

from __future__ import annotations

import io
import re
import warnings

import numpy as np
from PIL import Image, ImageOps

from mpsr.catalogue.decoding import DECODING, REDUCED, cost_of
from mpsr.catalogue.srgb import is_srgb, to_srgb
from mpsr.errors import InputError

#: Larger pictures are refused before a pixel is decoded (a decompression bomb is small on disk).
MAX_PIXELS = 50_000_000
MAX_BYTES = 64 * 1024 * 1024

#: Largest picture that somebody may upload, in bytes; a camera's photo has 3 to 6 MB.
MAX_UPLOAD_BYTES = 10 * 1024 * 1024

#: And in pixels; visitors share the server's memory. Most phones' photos have 12 million.
MAX_UPLOAD_PIXELS = 16_000_000

#: A picture whose shorter side has at least twice as many pixels is shrunk by a whole factor as soon as it is decoded.
#: Encoders look at a few hundred, and the screen shows ``PREVIEW_SIDE``.
ENOUGH_SIDE = 1024

#: A strip many times longer than wide shows no product, and scaled by its shorter side it would fill the memory.
MAX_ASPECT = 50

# Pillow warns of large pictures and odd metadata; what counts is checked here. Set once: the filters of the
# warnings module are not safe to change while pictures are decoded in threads.
warnings.filterwarnings("ignore", module="PIL")

#: Formats by content, whatever the file is called.
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF", "BMP", "TIFF")

#: Longest side of the copy kept in the store for showing.
PREVIEW_SIDE = 512


#: What is said about a JPEG and not needed to draw it: comments, and applications' segments but JFIF's and Adobe's.
_SAID = frozenset(bytes([code]) for code in (0xFE, *range(0xE1, 0xEE), 0xEF))
_SAID_MARKER = re.compile(b"\xff[\xe1-\xed\xef\xfe]")

#: A segment before the pixels: its marker, and its length with the two bytes that say it.
_SEGMENT = re.compile(b"\xff([\xc0-\xcf\xdb-\xfe])(..)", re.DOTALL)


class PictureError(Exception):
    """A picture that cannot be used; ``reason`` is a short constant phrase, the message says what came."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(detail or reason)
        self.reason = reason


def decode_picture(data: bytes, max_pixels: int = MAX_PIXELS) -> Image.Image:
    """The picture as a browser shows it: sRGB, upright by its EXIF orientation, alpha over white, the first frame.

    Large ones are shrunk, see ``ENOUGH_SIDE``. Waits while others decode as much as the memory is for, see
    ``mpsr.catalogue.decoding``.

    Args:
        data: the file.
        max_pixels: larger pictures are refused.

    Raises:
        PictureError: empty, no known picture format, too many pixels, or damaged.
    """
    if not data:
        raise PictureError("empty picture", "0 bytes")
    try:
        picture = Image.open(io.BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureError("picture too large", str(error)) from error
    except Exception as error:  # damaged headers make Pillow's readers raise nearly anything
        raise PictureError("not a picture", f"{len(data):,} bytes that begin {data[:8]!r}") from error
    width, height = picture.size
    if width * height > max_pixels:
        raise PictureError("picture too large", f"{width} × {height} pixels, at most {max_pixels:,} in all")
    if max(width, height) > MAX_ASPECT * min(width, height):
        raise PictureError("picture too narrow", f"{width} × {height} pixels, at most {MAX_ASPECT}:1")
    try:
        with DECODING.taking(cost_of(picture.size, picture.mode, picture.format)):
            return _shown(picture)
    except Exception as error:  # damaged files make Pillow's decoders raise nearly anything
        raise PictureError("damaged picture", f"{type(error).__name__}: {error}") from error


def _shown(opened: Image.Image) -> Image.Image:
    """The pixels of an opened picture, as ``decode_picture``."""
    shown = _to_rgb(ImageOps.exif_transpose(_shrunk(opened)))
    shown.info.clear()  # what it says of the colour space has been done
    return shown


def _shrunk(picture: Image.Image) -> Image.Image:
    """The decoded picture, a large one shrunk by a whole factor: a JPEG while it is decoded, others right after."""
    factor = min(picture.size) // ENOUGH_SIDE
    if factor > 1 and picture.format == "JPEG":
        width, height = picture.size
        picture.draft(None, (width // factor, height // factor))
    picture.load()
    for orientation_of_its_own in ("xmp", "XML:com.adobe.xmp"):  # Pillow heeds it, browsers do not
        picture.info.pop(orientation_of_its_own, None)
    factor = min(picture.size) // ENOUGH_SIDE
    if factor < 2 or picture.mode not in REDUCED or "transparency" in picture.info:
        return picture
    smaller = picture.reduce(factor)
    smaller.info = dict(picture.info)
    smaller.getexif().update(picture.getexif())
    return smaller


#: What to do about an upload that was refused, by the ``reason`` of its ``PictureError``.
_ADVICE = {
    "picture too large": f"It may have at most {MAX_UPLOAD_PIXELS:,} pixels: save it smaller.",
    "picture too narrow": f"Its longer side may be at most {MAX_ASPECT} times its shorter side: crop it.",
    "damaged picture": "The file is incomplete or broken: save or download it again.",
}


def decode_upload(data: bytes) -> Image.Image:
    """The pixels of an uploaded picture, upright RGB, without its metadata.

    Raises:
        InputError: more than ``MAX_UPLOAD_BYTES`` or ``MAX_UPLOAD_PIXELS``, not a picture by its content, or damaged. The
            message is for the person who uploaded it and quotes no exception.
    """
    if len(data) > MAX_UPLOAD_BYTES:
        raise InputError(
            f"this file has {len(data) / 2**20:.1f} MB. Expected at most {MAX_UPLOAD_BYTES // 2**20} MB: save it smaller."
        )
    try:
        return decode_picture(data, MAX_UPLOAD_PIXELS)
    except PictureError as error:
        advice = _ADVICE.get(error.reason, f"Expected one of {', '.join(FORMATS)}.")
        raise InputError(f"this file cannot be used: {error.reason}. {advice}") from error


def _to_rgb(picture: Image.Image) -> Image.Image:
    if picture.mode == "F" or picture.mode.startswith("I"):
        return _deep_grey(picture).convert("RGB")
    if picture.mode in ("P", "1", "PA", "La", "RGBa") or "transparency" in picture.info:
        clear = picture.mode in ("PA", "La", "RGBa") or "transparency" in picture.info
        shown = picture.convert("RGBA" if clear else "RGB")
        shown.info = {
            name: said for name, said in picture.info.items() if name in ("icc_profile", "gamma", "srgb")
        }
        picture = shown
    picture = to_srgb(picture)
    if picture.mode in ("RGBA", "LA"):
        layer = picture.convert("RGBA")
        white = Image.new("RGBA", layer.size, (255, 255, 255, 255))
        return Image.alpha_composite(white, layer).convert("RGB")
    return picture.convert("RGB")


def _deep_grey(picture: Image.Image) -> Image.Image:
    """Grey of more than 8 bits as 8; Pillow's own conversion clips. How many bits are used, the largest value says."""
    grey = np.nan_to_num(np.asarray(picture).astype(np.float64), posinf=0, neginf=0).clip(0)
    clear = picture.info.get("transparency")
    largest = float(grey.max())
    if picture.mode == "F" and largest <= 1:
        shown = grey * 255
    else:
        bits = next((bits for bits in (8, 12, 16) if largest < 2**bits), int(largest).bit_length())
        shown = np.floor(grey / 2 ** (bits - 8))
    if isinstance(clear, int):
        shown[grey == clear] = 255
    return Image.fromarray(shown.astype(np.uint8))


def preview(data: bytes) -> bytes:
    """The bytes to keep for showing, at most ``PREVIEW_SIDE`` pixels on the longest side, without metadata.

    A small plain JPEG keeps its pixels as they are; anything else becomes one, upright.

    Raises:
        PictureError: as ``decode_picture``.
    """
    if data[:3] == b"\xff\xd8\xff" and b"Exif\0" not in data:
        with Image.open(io.BytesIO(data), formats=("JPEG",)) as header:
            plain = _without_metadata(data) if header.mode == "RGB" and is_srgb(header) else None
            if plain and max(header.size) <= PREVIEW_SIDE:
                return plain
    return small_jpeg(decode_picture(data))


def small_jpeg(picture: Image.Image) -> bytes:
    """A copy of a picture as JPEG, at most ``PREVIEW_SIDE`` pixels on the longest side, of its pixels alone."""
    copy = picture.copy()
    copy.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE), Image.Resampling.LANCZOS)
    copy.info.clear()  # a comment or a profile would be written again
    out = io.BytesIO()
    copy.save(out, "JPEG", quality=90)
    return out.getvalue()


def _without_metadata(data: bytes) -> bytes | None:
    """A JPEG without comments and application segments but JFIF's and Adobe's; its pixels stay byte for byte.

    None where something may hide between or behind the pixels. Layout: ITU-T T.81, annex B.1.1.
    """
    kept, place = [data[:2]], 2
    while segment := _SEGMENT.match(data, place):
        end = segment.end() + int.from_bytes(segment[2]) - 2
        if segment[1] not in _SAID:
            kept.append(data[place:end])
        place = end
    pixels = data[place:]
    hidden = _SAID_MARKER.search(pixels) or pixels.find(b"\xff\xd9") not in (-1, len(pixels) - 2)
    return None if hidden or pixels[:2] != b"\xff\xda" else b"".join([*kept, pixels])
