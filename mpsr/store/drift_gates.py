"""The gates of the drift: how far a catalogue may move from the one that its build keeps the fits of."""

from __future__ import annotations

from mpsr.store.facts import DriftFacts

#: The gates: past one of them the next build fits a new generation.
MOST_CHANGED, MOST_SHIFTED, MOST_SCALED, LEAST_AGREEMENT, MOST_UNSEEN = 0.1, 0.1, 1.1, 0.98, 0.02


def past_gate(drift: DriftFacts) -> str | None:
    """Why the generation no longer describes the catalogue, or None."""
    if (share := drift["share_changed"]) > MOST_CHANGED:
        return f"{share:.1%} of its products have changed, more than {MOST_CHANGED:.0%}"
    if (shift := drift["mean_shift"]) > MOST_SHIFTED:
        return f"the mean embedding has moved by {shift:.2f} deviations, more than {MOST_SHIFTED}"
    if (ratio := drift["scale_ratio"]) > MOST_SCALED:
        return f"the embeddings' deviations have changed by a factor of {ratio:.2f}, more than {MOST_SCALED}"
    if (same := drift["agreement"]) < LEAST_AGREEMENT:
        return f"{same:.1%} of the nearest would be the same if fitted anew, fewer than {LEAST_AGREEMENT:.0%}"
    if (unseen := drift["unseen_labels"]) > MOST_UNSEEN:
        return f"{unseen:.1%} of the products have a type, colour or gender it has never seen"
    return None
