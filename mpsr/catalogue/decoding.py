"""How many pixels are decoded at once in this process, whoever asks: a bound on memory, not on what is accepted."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

#: Bytes that all pictures being decoded may take together; one that needs more is decoded alone.
AT_ONCE = 800_000_000

#: Bytes a pixel takes while a picture is decoded, shrunk and put upright: of a JPEG, which is shrunk while it is decoded
#: (the progressive kind keeps its coefficients); of others that can be shrunk next; and of the deep or indexed ones.
JPEG_PIXEL, PLAIN_PIXEL, DEEP_PIXEL = 6, 14, 32

#: Modes that ``Image.reduce`` shrinks as they are.
REDUCED = ("L", "RGB", "RGBA", "CMYK", "YCbCr")


class Budget:
    """An amount that several threads share; who asks for more than is left waits."""

    def __init__(self, amount: int) -> None:
        self._amount, self._left = amount, amount
        self._changed = threading.Condition()

    @contextmanager
    def taking(self, amount: int) -> Iterator[None]:
        """Hold that much, at most all of it, while the block runs."""
        held = min(amount, self._amount)
        with self._changed:
            self._changed.wait_for(lambda: self._left >= held)
            self._left -= held
        try:
            yield
        finally:
            with self._changed:
                self._left += held
                self._changed.notify_all()


#: Shared by all that decode pictures.
DECODING = Budget(AT_ONCE)


def workers() -> int:
    """Threads that decode side by side: the processor's cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def cost_of(size: tuple[int, int], mode: str, kind: str | None) -> int:
    """Bytes that decoding takes."""
    each = JPEG_PIXEL if kind == "JPEG" else PLAIN_PIXEL if mode in REDUCED else DEEP_PIXEL
    return size[0] * size[1] * each
