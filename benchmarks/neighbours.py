"""How often a store's top 5 share the query's article type and colour: ``python -m benchmarks.neighbours [STORE]``.

Every product with a picture is a query; the whole store is the gallery, the query left out. The demo catalogue's
aims: by picture alone type ≥ 0.95 and colour ≥ 0.80, by picture and words ≥ 0.98 and ≥ 0.85.
"""

from __future__ import annotations

import sys

import numpy as np

import mpsr
from mpsr.service import Service
from mpsr.types import Weights

WAYS = {"picture": Weights(0, 1), "picture and words": Weights(), "words": Weights(1, 0)}


def shares(service: Service, space: str, weights: Weights) -> tuple[float, float]:
    """Mean share of the top 5 with the query's article type, and with its colour."""
    products = service.products.set_index("id")
    kind, colour = products["articleType"], products["baseColour"]
    queries = products.index[products["picture"].notna() & kind.notna() & colour.notna()]
    hits = np.zeros(2)
    for query in queries:
        found = [item.id for item in service.similar(query, space=space, weights=weights).neighbours]
        hits += (kind[found] == kind[query]).mean(), (colour[found] == colour[query]).mean()
    type_share, colour_share = hits / len(queries)
    return float(type_share), float(colour_share)


def main() -> None:
    """Print a Markdown table."""
    service = mpsr.open(sys.argv[1] if len(sys.argv) > 1 else None)
    print(
        f"| {len(service):,} products, store {service.snapshot.fingerprint[:12]} | type in top 5 | colour in top 5 |"
    )
    print("|---|---|---|")
    for space in service.spaces:
        for name, weights in WAYS.items():
            type_share, colour_share = shares(service, space, weights)
            print(f"| {name}, {space} space | {type_share:.3f} | {colour_share:.3f} |")


if __name__ == "__main__":
    main()
