"""The curves from which the index kinds and their switching sizes are chosen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

#: Panels: what is drawn, its title, and whether its axis is logarithmic.
PANELS = (
    ("p50 ms", "one question, p50 in ms", True),
    ("recall@5", "recall@5", False),
    ("build s", "making the index, s", True),
    ("memory MB", "memory, MB", True),
)


def draw(curves: list[dict[str, Any]], path: Path) -> None:
    """Latency, recall, building time and memory over the number of products, a line for each kind."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, len(PANELS), figsize=(18, 4.5), layout="constrained")
    for axis, (value, title, logarithmic) in zip(axes, PANELS, strict=True):
        for kind in dict.fromkeys(point["kind"] for point in curves):
            points = [point for point in curves if point["kind"] == kind]
            axis.plot(
                [point["size"] for point in points],
                [point[value] for point in points],
                marker="o",
                linewidth=3 if kind == "MPSR" else 1.2,
                label=kind,
            )
        axis.set(title=title, xlabel="products", xscale="log")
        if logarithmic:
            axis.set_yscale("log")
        axis.grid(alpha=0.3)
    axes[0].legend(fontsize=8)
    figure.savefig(path, dpi=110)
    pyplot.close(figure)
