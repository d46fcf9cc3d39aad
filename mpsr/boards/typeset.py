"""Text on paper: measured, wrapped and cut with the font it is drawn with.

DejaVu Sans, which comes with matplotlib, covers the Latin, Greek and Cyrillic scripts and many symbols; ``MPSR_FONT``
names another TrueType file for other scripts. Characters a font lacks are drawn as �; ``lacking`` lists them.

Lines come out as they are drawn from left to right: Arabic letters joined, right-to-left text in its order on paper.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

from PIL import ImageFont

from mpsr.errors import InputError
from mpsr.fonts import font_file

#: Text is measured at this size and scaled: one measure for paper and for pixels.
_MEASURED_AT = 200

_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")

#: Brackets and the like, which are drawn mirrored where text runs from right to left (rule L4 of the algorithm).
_MIRRORED = dict(zip("()[]{}<>«»‹›≤≥", ")(][}{><»«›‹≥≤", strict=True))

#: Follows such a sign while lines are put in order: a mark has its sign's direction, and stands before it where that is
#: from right to left. It is not drawn.
_MARK = "\N{COMBINING GRAPHEME JOINER}"

_MARKED = re.compile(rf"(?P<left>[{re.escape(''.join(_MIRRORED))}]){_MARK}|{_MARK}(?P<right>.)")

ELLIPSIS, LACKING = "…", "\N{REPLACEMENT CHARACTER}"


@cache
def pillow_font(file: Path, size: int) -> ImageFont.FreeTypeFont:
    """The font for drawing pixels.

    Raises:
        InputError: the file is not a font.
    """
    try:
        return ImageFont.truetype(file, size, layout_engine=ImageFont.Layout.BASIC)
    except OSError as error:
        raise InputError(
            f"{file} cannot be read as a font ({error}). Expected a TrueType (.ttf) file."
        ) from error


@cache
def _covered(file: Path) -> frozenset[int]:
    from reportlab.pdfbase.ttfonts import TTFError, TTFontFile

    try:
        return frozenset(TTFontFile(str(file), charInfo=1).charToGlyph)
    except TTFError as error:
        raise InputError(
            f"{file} cannot be read as a font ({error}). Expected a TrueType (.ttf) file."
        ) from error


def lacking(text: str) -> set[str]:
    """The characters that the font lacks of those a text is drawn with."""
    covered = _covered(font_file())
    return {sign for sign in _joined(text) if ord(sign) not in covered and not sign.isspace()}


def drawable(text: str) -> str:
    """The text on one line, in the order it is read, with � for characters that the font lacks."""
    missing = lacking(text)
    return " ".join("".join(LACKING if sign in missing else sign for sign in _joined(text)).split())


def _joined(text: str) -> str:
    """The text with Arabic letters in the forms they have beside each other."""
    if not _ARABIC.search(text):
        return text
    from arabic_reshaper import reshape

    return str(reshape(text))


def _on_paper(line: str, base: str) -> str:
    """A line as it is drawn from left to right (the Unicode bidirectional algorithm).

    Args:
        line: in the order it is read.
        base: direction of the paragraph it is of, "L" or "R".
    """
    if base == "L" and not _RIGHT_TO_LEFT.search(line):
        return line
    from bidi import get_display

    marked = "".join(f"{sign}{_MARK}" if sign in _MIRRORED else sign for sign in line.replace(_MARK, ""))
    drawn = str(get_display(marked, base_dir=base))
    return _MARKED.sub(lambda found: found["left"] or _MIRRORED[found["right"]], drawn)


def _direction(text: str) -> str:
    """Direction of a paragraph: that of its first letter with one."""
    for sign in text:
        if (kind := unicodedata.bidirectional(sign)) in ("L", "R", "AL"):
            return "L" if kind == "L" else "R"
    return "L"


def width(text: str, size: float, bold: bool = False) -> float:
    """How wide a text is, in the unit of ``size``."""
    return pillow_font(font_file(bold), _MEASURED_AT).getlength(text) * size / _MEASURED_AT


def fit(text: str, size: float, room: float, lines: int, bold: bool = False) -> list[str]:
    """The text on at most so many lines of a width, its end cut with an ellipsis where it is longer.

    Args:
        text: its line breaks are kept.
        size: of the font.
        room: width of a line, in the unit of ``size``.
        lines: how many there may be.
        bold: measured bold.
    """
    wrapped: list[str] = []
    bases: list[str] = []
    for paragraph in text.splitlines():
        wrapped += _wrap(drawable(paragraph), size, room, bold)
        bases += [_direction(paragraph)] * (len(wrapped) - len(bases))
        if len(wrapped) > lines:
            break
    if len(wrapped) > lines:
        wrapped = [*wrapped[: lines - 1], _cut(wrapped[lines - 1] + ELLIPSIS, size, room, bold)]
    return [_on_paper(line, base) for line, base in zip(wrapped, bases, strict=False)]


def _wrap(text: str, size: float, room: float, bold: bool) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".lstrip()
        if width(longer, size, bold) <= room:
            lines[-1] = longer
            continue
        if lines[-1]:
            lines.append("")
        while (taken := _most(word, size, room, bold)) < len(word):
            lines[-1] = word[:taken]
            word = word[taken:]
            lines.append("")
        lines[-1] = word
    return lines


def _most(word: str, size: float, room: float, bold: bool) -> int:
    """How many of the word's characters fit, at least one."""
    low, high = 1, len(word)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if width(word[:middle], size, bold) <= room else (low, middle - 1)
    whole = low
    while 0 < whole < len(word) and unicodedata.category(word[whole]).startswith("M"):
        whole -= 1  # a letter keeps its marks
    return whole or low


def _cut(text: str, size: float, room: float, bold: bool) -> str:
    """The text, which ends in an ellipsis, shortened before it until it fits."""
    while len(text) > 1 and width(text, size, bold) > room:
        text = text[:-2].rstrip() + ELLIPSIS
    return text
