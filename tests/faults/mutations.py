"""Mutations of a file's bytes: the kinds of damage that files meet, drawn from a seed."""

from __future__ import annotations

import random


def mutated(data: bytes, draw: random.Random) -> bytes:
    """The bytes with one to four changes: a bit, a byte, a piece cut out, doubled, zeroed, made noise, or cut short."""
    changed = bytearray(data)
    for _ in range(draw.randint(1, 4)):
        if not changed:
            return bytes(changed)
        # The first bytes (headers) and the last (footers) are hit as often as everything between.
        size = len(changed)
        at = draw.choice(
            [draw.randrange(min(size, 128)), size - 1 - draw.randrange(min(size, 128)), draw.randrange(size)]
        )
        length = draw.choice([1, 2, 4, 8, 64])
        kind = draw.randrange(8)
        if kind == 0:
            changed[at] ^= 1 << draw.randrange(8)
        elif kind == 1:
            changed[at] = draw.choice([0, 1, 0x7F, 0x80, 0xFF, ord("9"), ord("-"), ord('"')])
        elif kind == 2:
            del changed[at : at + length]
        elif kind == 3:
            changed[at:at] = changed[at : at + length] * draw.choice([1, 3])
        elif kind == 4:
            changed[at : at + length] = bytes(len(changed[at : at + length]))
        elif kind == 5:
            changed[at : at + length] = draw.randbytes(len(changed[at : at + length]))
        elif kind == 6:
            changed[at : at + 8] = draw.choice([2**63 - 1, 2**31, 2**62 // 3, 2**64 - 1]).to_bytes(
                8, "little"
            )
        else:
            del changed[at:]
    return bytes(changed)
