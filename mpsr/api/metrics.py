"""What is counted for Prometheus."""

from __future__ import annotations

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from starlette.responses import Response

#: Upper bounds of the answer times in seconds: a stored neighbour list takes a millisecond, an explanation a second.
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """Requests and their times by route; a registry of its own, so that several apps can live in one process."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        names = ["route", "method", "status"]
        self._requests = Counter("mpsr_requests", "Requests answered.", names, registry=self._registry)
        self._seconds = Histogram(
            "mpsr_request_seconds", "Time to an answer.", ["route"], buckets=SECONDS, registry=self._registry
        )
        self._active = Gauge("mpsr_requests_active", "Requests under way.", registry=self._registry)
        self._products = Gauge(
            "mpsr_products", "Products of the open store.", ["snapshot"], registry=self._registry
        )

    def begun(self) -> None:
        """A request has come."""
        self._active.inc()

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        """A request has been answered."""
        self._active.dec()
        self._requests.labels(route, method, status).inc()
        self._seconds.labels(route).observe(seconds)

    def response(self, products: int, snapshot: str) -> Response:
        """All figures in Prometheus' text format, with those of the store that is open."""
        self._products.clear()
        self._products.labels(snapshot).set(products)
        return Response(
            generate_latest(self._registry),
            media_type=CONTENT_TYPE_LATEST,
            headers={"Cache-Control": "no-store"},
        )
