"""The font of everything drawn on paper: ``MPSR_FONT``, or DejaVu Sans, which comes with matplotlib."""

from __future__ import annotations

import logging
import os
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mpsr.errors import InputError

logger = logging.getLogger(__name__)

#: matplotlib's figures may be drawn in any thread, but not its shared font cache in two at once.
_DRAWING = threading.Lock()


def font_file(bold: bool = False) -> Path:
    """The TrueType file text is drawn with.

    Raises:
        InputError: ``MPSR_FONT`` names no file.
    """
    if told := _told():
        return told
    from matplotlib import get_data_path

    return Path(get_data_path()) / "fonts" / "ttf" / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf")


def _told() -> Path | None:
    told = os.environ.get("MPSR_FONT")
    if told and not Path(told).is_file():
        raise InputError(f"MPSR_FONT is {told!r}, which does not exist. Expected a TrueType (.ttf) file.")
    return Path(told) if told else None


@contextmanager
def drawing() -> Iterator[None]:
    """Within it matplotlib draws, in one thread at a time, with that font; signs that it lacks are logged in one line.

    Raises:
        InputError: ``MPSR_FONT`` names no font.
    """
    import matplotlib

    families = _families()
    with _DRAWING, matplotlib.rc_context(), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        if families:
            matplotlib.rcParams["font.family"] = families
        yield
    lost = {str(one.message) for one in caught if "missing from" in str(one.message)}
    for one in caught:
        if str(one.message) not in lost:
            warnings.warn_explicit(one.message, one.category, one.filename, one.lineno)
    if lost:
        logger.warning(
            "%d characters are not in the font %s and are drawn as boxes. Set MPSR_FONT to a TrueType file with them.",
            len(lost),
            font_file().stem,
        )


def _families() -> list[str]:
    told = _told()
    if told is None:
        return []
    from matplotlib import font_manager

    try:
        font_manager.fontManager.addfont(told)
        name = font_manager.FontProperties(fname=told).get_name()
    except (OSError, RuntimeError) as error:
        raise InputError(
            f"{told} cannot be read as a font ({error}). Expected a TrueType (.ttf) file."
        ) from error
    return [name, "DejaVu Sans"]
