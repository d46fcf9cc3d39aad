"""The document of an evaluation, as it is saved: types for those who write and read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

#: A mean with the bounds of its 95 % interval, [value, low, high]; None where nothing was measured.
Figure = list[float | None]

#: System → level of relevance → metric → figure.
Figures = dict[str, dict[str, dict[str, Figure]]]

Queries = TypedDict("Queries", {"queries": int, "without a relevant item": int})


class TypeFigures(TypedDict, total=False):
    """Figures by article type: their mean over all types, the number of types, and the frequent types one by one."""

    macro: dict[str, float]
    types: int
    frequent: list[dict[str, str | int | float]]


# Keys that people read in the JSON have spaces, which a class cannot have.
TaskReport = TypedDict(
    "TaskReport",
    {
        "title": str,
        "gallery": str,
        "queries": dict[str, Queries],
        "left out before": int,
        "rows": Figures,
        "gain of the learned space, nDCG@10": dict[str, dict[str, list[float]]],
        "by type": dict[str, TypeFigures],
    },
)

ChosenReport = TypedDict(
    "ChosenReport",
    {
        "late fusion, weight of words": float,
        "PCA, dimensions": int,
        "learned space, weight of words": float,
        "photo, weight of words": float,
        "sentence, weight of words": float,
        "tried": dict[str, dict[str, float]],
    },
)

Report = TypedDict(
    "Report",
    {
        "protocol": int,
        "store": str,
        "profile": str,
        "side": str,
        "products": dict[str, int],
        "with words and picture": dict[str, int],
        "families": int,
        "chosen on validation": ChosenReport,
        "towers": Mapping[str, Any] | None,
        "label noise": dict[str, float],
        "tasks": dict[str, TaskReport],
    },
)
