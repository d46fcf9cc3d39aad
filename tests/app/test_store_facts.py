"""What the Quality page says of the reading of a catalogue."""

from __future__ import annotations

from dataclasses import asdict

from mpsr.catalogue.types import Summary
from mpsr.store.facts import DriftFacts
from mpsr.ui.store_facts import drift_told, figures, gaps

DRIFTED: DriftFacts = {
    "products": 100, "added": 5, "removed": 3, "changed": 2, "share_changed": 0.1, "mean_shift": 0.02,
    "scale_ratio": 1.01, "agreement": 0.99, "unseen_labels": 0.0,
}  # fmt: skip

READ = Summary(
    rows_read=13,
    rows_kept=8,
    rows_repaired=0,
    rejected={"no id": 2},
    pictures_found=7,
    pictures_unused=4,
    rows_joined=3,
    missing_values={"gender": 0, "year": 5, "season": 8},
    unread_values={"year": 2, "price": 1},
)


def test_every_row_read_is_in_the_figures() -> None:
    shown = figures(asdict(READ))
    parts = ("Products", "Rows rejected", "Rows that add a picture")
    assert shown["Rows read"] == sum(shown[label] for label in parts)
    assert (shown["Without picture"], shown["Pictures of no product"]) == (1, 4)


def test_figures_that_are_nothing_special_are_not_shown() -> None:
    plain = figures(asdict(Summary(rows_read=1, rows_kept=1, rows_repaired=0)))
    assert not {"Rows that add a picture", "Pictures of no product"} & set(plain)


def test_values_that_could_not_be_read_are_told_from_those_that_are_missing() -> None:
    assert gaps(asdict(READ)) == {
        "Year": "5 of 8 products; 2 with a value that could not be read",
        "Season": "8 of 8 products",
        "price": "1 with a value that could not be read",
    }


def test_the_drift_is_told_with_its_gates() -> None:
    said = drift_told(DRIFTED)
    assert said["Since then"].startswith(
        "5 added, 3 removed, 2 with another text or picture: 10.0% (gate: 10%)"
    )
    assert "0.020 deviations (gate: 0.1)" in said["Mean embedding"]
    assert "99.0%" in said["Nearest products"]
