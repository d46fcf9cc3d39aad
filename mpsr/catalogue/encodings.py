"""From the bytes of a table to its text, in the encoding it was saved in."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import CharsetMatch, from_bytes

from mpsr.errors import InputError

#: What spreadsheets and shops write, besides UTF-8 and UTF-16. A detector that may choose among a hundred code pages
#: takes those of old mainframes for short tables of names.
ALPHABETS = ("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "koi8_r")
EAST_ASIAN = ("cp932", "euc_jp", "gb18030", "big5", "cp949")

#: Encodings of Python that nobody saves a table in; they read nearly anything, as something else.
NO_TEXT = ("utf-7", "unicode-escape", "raw-unicode-escape", "punycode", "idna", "undefined", "mbcs", "oem")

#: Lines with letters beyond ASCII that are looked at; the others say nothing.
LINES_LOOKED_AT = 2_000

_BEYOND_ASCII = re.compile(rb"[^\n]*[\x80-\xff][^\n]*\n?")

#: Signs that stand inside words only where cp1250 (Polish ł is its ³) was read as cp1252.
_SIGN_IN_WORD = re.compile(r"[^\W\d_][¹³¿£¥¼¾ª¯][^\W\d_]|\w[¹³¿£ª]\b")

#: What the Turkish ı, ş and ğ of cp1254 look like there, and letters of a language that has those signs as its own.
_TURKISH, _ICELANDIC = re.compile("[ýþðÝÞÐ]"), re.compile("[áéíóúæÁÉÍÓÚÆ]")

#: Runs of letters beyond ASCII, and a single one inside a Latin word: an accent, not an ideograph.
_RUN, _ALONE_IN_WORD = re.compile(r"[^\x00-\x7f]+"), re.compile(r"[A-Za-z][^\x00-\x7f](?=[A-Za-z])")

_UTF8_MARK = b"\xef\xbb\xbf"


def decode(data: bytes, name: str, encoding: str | None) -> str:
    """The text of a table, without a byte order mark.

    Args:
        data: the whole table.
        name: what to call it in messages.
        encoding: what it is in; None to find out.

    Raises:
        InputError: the bytes are not in that encoding, in none that is recognised, or there are none.
    """
    empty = InputError(f"{name} is empty. Expected a header line and one line a product.")
    if not data.removeprefix(_UTF8_MARK).strip():
        raise empty
    used = encoding or encoding_of(data, name)
    if not _is_of_text(used):
        raise InputError(f"{encoding!r} is no encoding of tables. Try utf-8, cp1252 or utf-16.")
    try:
        text = data.decode(used)
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        byte, wanted = f"0x{error.object[error.start]:02X}", "UTF-8" if used == "utf-8" else used
        raise InputError(
            f"{name} is not {wanted}: byte {byte} in line {line}. "
            "Save it as UTF-8, or name its encoding, for example --encoding cp1252."
        ) from error
    except (LookupError, ValueError) as error:
        raise InputError(f"{encoding!r} is no known text encoding. Try utf-8, cp1252 or utf-16.") from error
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise empty
    return text


def _is_of_text(encoding: str) -> bool:
    """Whether an encoding is one that text is saved in; unknown ones are told of when they are used."""
    try:
        return codecs.lookup(encoding).name not in NO_TEXT
    except (LookupError, ValueError):
        return True


def encoding_of(data: bytes, name: str = "the table") -> str:
    """The encoding that a table is most likely in.

    Raises:
        InputError: the bytes are no text in any encoding that is recognised.
    """
    if wide := _wide(data):
        return wide
    binary = b"\0" in data[: data.find(b"\n") if b"\n" in data else None]
    if not binary and (data.startswith(_UTF8_MARK) or _is_utf8(data)):
        return "utf-8"
    sample = b"".join(_BEYOND_ASCII.findall(data)[:LINES_LOOKED_AT])
    matches = [] if binary else _matches(sample)
    if not matches:
        raise InputError(
            f"{name} is no text in an encoding that is recognised. Save it as UTF-8, or name its encoding, for example "
            "--encoding cp1252."
        )
    return _latin(matches, sample) or matches[0].encoding


def _matches(sample: bytes) -> list[CharsetMatch]:
    """What the detector finds, best first."""
    found = list(from_bytes(sample, cp_isolation=[*ALPHABETS, *EAST_ASIAN]))
    if found and found[0].encoding in EAST_ASIAN:
        text = str(found[0])
        if 2 * len(_ALONE_IN_WORD.findall(text)) >= len(_RUN.findall(text)):
            return list(from_bytes(sample, cp_isolation=list(ALPHABETS))) or found
    return found


def _wide(data: bytes) -> str | None:
    """UTF-16 or UTF-32, by its mark or by the zeros beside its first letters."""
    if data[:4] in (b"\xff\xfe\0\0", b"\0\0\xfe\xff"):
        return "utf-32"
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    zeros = [byte == 0 for byte in data[:4]]
    if zeros == [False, True, False, True]:
        return "utf-16-le"
    return "utf-16-be" if zeros == [True, False, True, False] else None


def _is_utf8(data: bytes) -> bool:
    """Whether the bytes are UTF-8, damage in a few places included: other encodings hardly ever look like it."""
    text = data.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    return not damaged or sum(not sign.isascii() for sign in text) > 2 * damaged


def _latin(matches: list[CharsetMatch], sample: bytes) -> str | None:
    """Which of the code pages of Latin letters, where the detector finds several as good; cp1252 is the commonest."""
    best = matches[0]
    if best.encoding not in ("cp1250", "cp1252", "cp1254", "cp1257"):
        return None
    try:
        west = sample.decode("cp1252")
    except UnicodeDecodeError:
        return "cp1250"
    if _SIGN_IN_WORD.search(west):
        return None if best.encoding == "cp1257" else "cp1250"
    if _TURKISH.search(west) and not _ICELANDIC.search(west):
        return "cp1254"
    other = next((match for match in matches if "cp1252" in match.could_be_from_charset), None)
    return "cp1252" if other and other.chaos <= best.chaos + 0.005 else None
