"""The app: routes, errors, documentation, and what stands before them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import HTMLResponse, Response

from mpsr import __version__
from mpsr.api import routes_events, routes_products, routes_search, routes_server
from mpsr.api.body_limit import BodyLimit
from mpsr.api.docs_page import CONTENT_POLICY, docs_page
from mpsr.api.gate import Gate
from mpsr.api.metrics import Metrics
from mpsr.api.models import Problem
from mpsr.api.observe import Observe
from mpsr.api.paths import EncodedPath
from mpsr.api.problems import PROBLEM_JSON, say_problems
from mpsr.api.schema import REFERENCE
from mpsr.api.served import Served
from mpsr.api.settings import PREFIX, ApiSettings
from mpsr.clicks import Events
from mpsr.service import Service
from mpsr.shop.live_rules import LiveRules
from mpsr.shop.live_store import LiveStore

DESCRIPTION = (
    "Similar products from a catalogue's pictures and words. Every score is a cosine that splits exactly into a text "
    "share and an image share. Errors are problem documents (RFC 9457)."
)

#: What shows similar items on a shop's page, whatever the page's site.
SNIPPET = Path(__file__).parent / "similar.js"
SNIPPET_HEADERS = {
    "Cache-Control": "public, max-age=3600",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}

#: What every route may answer besides: told once, as the default.
PROBLEMS: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "A problem document",
        "content": {PROBLEM_JSON: {"schema": {"$ref": REFERENCE.format(model="Problem")}}},
    }
}


def create_app(
    service: Service,
    settings: ApiSettings | None = None,
    prefix: str = PREFIX,
    rules: LiveRules | None = None,
    events: Events | None = None,
    interleave: bool = False,
    live: LiveStore | None = None,
) -> FastAPI:
    """The API of an open store as an ASGI app.

    Args:
        service: the store.
        settings: limits, tokens, hosts; by default it answers everybody on this machine.
        prefix: below which the routes are.
        rules: the store under a file of rules; the file may change while the server runs.
        events: where events are kept; None takes none.
        interleave: answer with the ranking by content and that with clicks, interleaved.
        live: gives the build that the store has published now; None keeps the one that is open.
    """
    settings = settings or ApiSettings()
    here = Served(service, settings, prefix, rules, events, interleave, live)
    metrics = Metrics()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        here.close()

    app = FastAPI(
        title="MPSR",
        version=__version__,
        description=DESCRIPTION,
        openapi_url=f"{prefix}/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
        responses=PROBLEMS,
    )
    app.state.served = here
    for routes in (routes_server, routes_products, routes_search, routes_events):
        app.include_router(routes.router, prefix=prefix)
    _add_pages(app, here, metrics, prefix)
    _document(app, bool(settings.tokens))
    say_problems(app)
    _stand_before(app, settings, metrics, prefix)
    return app


def _add_pages(app: FastAPI, here: Served, metrics: Metrics, prefix: str) -> None:
    """The documentation, and the figures for Prometheus."""

    @app.get(f"{prefix}/docs", include_in_schema=False)
    async def docs() -> Response:
        return HTMLResponse(docs_page(app.openapi()), headers={"Content-Security-Policy": CONTENT_POLICY})

    @app.get(f"{prefix}/similar.js", include_in_schema=False)
    async def snippet() -> Response:
        return Response(
            SNIPPET.read_text(encoding="utf-8"), headers=SNIPPET_HEADERS, media_type="text/javascript"
        )

    @app.get("/metrics", include_in_schema=False)
    async def figures() -> Response:
        now = here.now()
        return metrics.response(len(now.service), now.snapshot)


def _document(app: FastAPI, with_tokens: bool) -> None:
    """The OpenAPI document: FastAPI's, with the schema of problems, and the tokens."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = get_openapi(
                title=app.title, version=app.version, description=app.description, routes=app.routes
            )
            components = document.setdefault("components", {})
            schemas = components.setdefault("schemas", {})
            schemas["Problem"] = Problem.model_json_schema(ref_template=REFERENCE)
            _drop_other_errors(document)
            if with_tokens:
                components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
                document["security"] = [{"token": []}]
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # the way FastAPI documents


def _drop_other_errors(document: dict[str, Any]) -> None:
    """FastAPI's own form of validation errors is not what this API answers."""
    for name in ("HTTPValidationError", "ValidationError"):
        document["components"]["schemas"].pop(name, None)
    for path in document["paths"].values():
        for route in path.values():
            route["responses"].pop("422", None)


def _stand_before(app: FastAPI, settings: ApiSettings, metrics: Metrics, prefix: str) -> None:
    """What a request passes before a route, from the inside out."""
    open_paths = frozenset(
        f"{prefix}/{name}" for name in ("health", "ready", "docs", "openapi.json", "similar.js")
    )
    app.add_middleware(BodyLimit, most=settings.max_body, seconds=settings.timeout)
    write_paths = frozenset({f"{prefix}/events"})
    app.add_middleware(Gate, settings=settings, open_paths=open_paths, write_paths=write_paths)
    if settings.allow_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.allow_origins,
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type"],
        )
    app.add_middleware(Observe, metrics=metrics)
    app.add_middleware(EncodedPath)
