"""Many products in an address: a set of catalogue rows as a short text, bound to the snapshot it was made from."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from mpsr.errors import InputError

#: Browsers and proxies begin to refuse longer addresses.
LONGEST = 16_000

#: As much of the fingerprint as tells one snapshot from another.
MARK = 8


def pack(rows: Iterable[int], size: int, snapshot: str) -> str:
    """Rows of a catalogue as text: compressed bits, base64 for addresses, after the snapshot's mark.

    Args:
        rows: positions in the catalogue, each in [0, size); order and repetition do not matter.
        size: products in the catalogue.
        snapshot: fingerprint of the store's snapshot.

    Raises:
        InputError: the set is too large and too scattered for an address.
    """
    bits = np.zeros(size, dtype=bool)
    bits[np.fromiter(rows, dtype=np.int64)] = True
    data = base64.urlsafe_b64encode(zlib.compress(np.packbits(bits).tobytes(), 9)).rstrip(b"=")
    text = f"{snapshot[:MARK]}.{data.decode('ascii')}"
    if len(text) > LONGEST:
        raise InputError(
            f"{int(bits.sum()):,} products are too many for an address. Put them on a board instead."
        )
    return text


def unpack(text: str, size: int, snapshot: str) -> npt.NDArray[np.int64]:
    """The rows of ``pack``, ascending.

    Raises:
        InputError: the text is damaged, or was made from another snapshot, whose rows may be other products.
    """
    mark, _, data = text.partition(".")
    if mark != snapshot[:MARK]:
        raise InputError(
            "this selection was made before the store was built anew, or in another store. Select it again."
        )
    length = -(-size // 8)
    try:
        packed = base64.b64decode(data + "=" * (-len(data) % 4), altchars=b"-_", validate=True)
        bits = zlib.decompressobj().decompress(packed, length + 1)  # never more than the catalogue has
    except (binascii.Error, ValueError, zlib.error) as error:
        raise InputError(
            "the selection in the address is damaged. Copy the whole link, or select again."
        ) from error
    if len(bits) != length:
        raise InputError("the selection in the address is damaged. Copy the whole link, or select again.")
    return np.flatnonzero(np.unpackbits(np.frombuffer(bits, dtype=np.uint8), count=size))
