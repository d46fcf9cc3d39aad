"""From the bytes of a table to its text."""

from __future__ import annotations

from mpsr.errors import InputError


def decode(data: bytes, name: str, encoding: str | None) -> str:
    """The text of a table, without a byte order mark.

    Raises:
        InputError: the bytes are not in that encoding (UTF-8 unless told otherwise), or there are none.
    """
    if not data.removeprefix(b"\xef\xbb\xbf").strip():
        raise InputError(f"{name} is empty. Expected a header line and one line a product.")
    if encoding is None and (data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:4]):
        raise InputError(f"{name} looks like UTF-16. Expected UTF-8: save it so, or add --encoding utf-16.")
    try:
        text = data.decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{name} is not {encoding or 'UTF-8'}: byte 0x{error.object[error.start]:02X} in line {line}. "
            "Save it as UTF-8, or name its encoding, for example --encoding latin-1."
        ) from error
    except (LookupError, ValueError) as error:
        raise InputError(f"{encoding!r} is no known text encoding. Try utf-8, latin-1 or utf-16.") from error
    return text.removeprefix("\ufeff")
