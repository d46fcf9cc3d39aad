"""The contact sheet as pixels."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from PIL import Image, ImageDraw, ImageOps

from mpsr.boards.pictures import read
from mpsr.boards.sheet import LINE, PLACE, QUIET, Box, Page, Picture, Sheet, Text, page_count, pages
from mpsr.boards.typeset import fit, pillow_font
from mpsr.fonts import font_file

#: Dots an inch: sharp on a screen and on a home printer.
DPI = 150


def png(sheet: Sheet) -> tuple[bytes, str]:
    """The sheet as a PNG file, or as a zip of PNG files where it has several pages.

    Returns:
        The file's bytes, and "png" or "zip".
    """
    count = page_count(sheet)
    if count == 1:
        return _encoded(next(images(sheet))), "png"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:  # a PNG is compressed already
        for number, image in enumerate(images(sheet), 1):
            archive.writestr(f"page-{number:0{len(str(count))}}.png", _encoded(image))
    return out.getvalue(), "zip"


def images(sheet: Sheet) -> Iterator[Image.Image]:
    """The pages as pictures, one in memory at a time."""
    for page in pages(sheet):
        yield _drawn(page)


def _encoded(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", dpi=(DPI, DPI), compress_level=4)
    return out.getvalue()


def _drawn(page: Page) -> Image.Image:
    image = Image.new("RGB", (_pixels(page.width), _pixels(page.height)), "white")
    draw = ImageDraw.Draw(image)
    for mark in page.marks:
        if isinstance(mark, Text):
            font = pillow_font(font_file(mark.bold), max(1, round(mark.size * DPI / 72)))
            anchor = "rs" if mark.right else "ls"
            draw.text((_pixels(mark.x), _pixels(mark.y)), mark.text, mark.colour, font, anchor=anchor)
        elif isinstance(mark, Box):
            draw.rectangle(_corners(mark), mark.fill or None, mark.stroke or None)
        else:
            _draw_picture(image, draw, mark)
    return image


def _draw_picture(image: Image.Image, draw: ImageDraw.ImageDraw, mark: Picture) -> None:
    left, top, right, bottom = _corners(mark)
    photo = read(mark.picture(), (right - left, bottom - top))
    if photo is None:
        draw.rectangle((left, top, right, bottom), PLACE, LINE)
        font = pillow_font(font_file(), _pixels(7))
        line = fit(mark.absent, 7, mark.width - 6, 1)[0]
        draw.text(((left + right) / 2, (top + bottom) / 2), line, QUIET, font, anchor="mm")
        return
    photo = ImageOps.contain(photo, (right - left, bottom - top), Image.Resampling.LANCZOS)
    image.paste(photo, ((left + right - photo.width) // 2, (top + bottom - photo.height) // 2))


def _corners(mark: Box | Picture) -> tuple[int, int, int, int]:
    ends = (mark.x, mark.y, mark.x + mark.width, mark.y + mark.height)
    left, top, right, bottom = (_pixels(end) for end in ends)
    return left, top, right, bottom


def _pixels(points: float) -> int:
    return round(points * DPI / 72)
