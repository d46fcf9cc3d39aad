"""The app's pages by the server's time, and the map's layout beside umap-learn left alone."""

from __future__ import annotations

from statistics import median

from benchmarks.figures import OURS, Measured, Scale
from mpsr.errors import StoreError
from mpsr.insights.listings import listings_of
from mpsr.service import Service, open_service


def measure(scale: Scale) -> Measured:
    """Map, insights, clicks on every page."""
    found, service = Measured(), open_service(scale.store)
    try:
        _map(found, service)
    except StoreError as error:
        found.details["map"] = f"not measured: {error}"
    _insights(found, service, scale)
    _clicks(found, scale)
    return found


def _map(found: Measured, service: Service) -> None:
    from benchmarks.atlas import layouts, server_times

    times = layouts(service)
    found.details["map"] = times | server_times(service)
    found.add(
        "map", f"the map of {len(service):,} products laid out, seconds",
        {OURS: times["graph_seconds"], "umap-learn by itself": times["umap_seconds"]}, "less", "umap-learn by itself",
        f"trustworthiness {times['graph_trustworthiness']:.4f}, umap-learn's {times['umap_trustworthiness']:.4f}",
    )  # fmt: skip
    for what, name in (("a click", "click_ms"), ("a lasso", "lasso_ms")):
        found.add("map", f"the map: {what}, ms of the server", {OURS: found.details["map"][name]})


def _insights(found: Measured, service: Service, scale: Scale) -> None:
    from benchmarks.insights import synthetic, views

    for table in (service.products, synthetic(service.products, scale.rows)):
        times = views(listings_of(table), scale.repeats)
        slowest = max(times, key=lambda view: times[view]["all"])
        found.details[f"insights, {len(table):,}"] = times
        what = f"insights: the slowest view of {len(table):,} products, filtered, ms of the server"
        found.add("views", what, {OURS: times[slowest]["all"]}, note=slowest)


def _clicks(found: Measured, scale: Scale) -> None:
    from benchmarks.clicks import PAGES, alone, milliseconds

    with alone(scale.store) as service:
        clocks = {
            name: [clock for clock, _ in times] for name, times in milliseconds(service, 4 * scale.repeats)
        }
    found.details["clicks"] = {name: median(spent) for name, spent in clocks.items()}
    first, *kinds = found.details["clicks"]
    found.add("views", "Find: first page, ms of the server", {OURS: found.details["clicks"][first]})
    for page in PAGES:
        mine = [kind for kind in kinds if kind.startswith(f"{page}:")]
        if mine:
            slowest = max(mine, key=found.details["clicks"].__getitem__)
            what = f"{page.capitalize()}: the slowest kind of click, p50 ms of the server"
            found.add("views", what, {OURS: found.details["clicks"][slowest]}, note=slowest)
