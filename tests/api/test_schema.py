"""Requests drawn from the OpenAPI document: none is a fault of the server, and every answer is of the documented form."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from mpsr.api.app import create_app
from mpsr.api.settings import ApiSettings
from mpsr.clicks import Events
from mpsr.service import Service

schemathesis = pytest.importorskip("schemathesis", reason="pip install 'mpsr[dev]'")

#: Requests a route, in the suite and with ``-m slow``; there are thirteen routes.
FEW, MANY = 4, 160


@pytest.fixture(scope="session")
def documented(tiny_store: Path, tmp_path_factory: pytest.TempPathFactory):
    events = Events(f"sqlite:///{tmp_path_factory.mktemp('events') / 'events.sqlite'}")
    app = create_app(Service(tiny_store, verify=False), ApiSettings(hosts=None), events=events)
    return schemathesis.openapi.from_asgi("/v1/openapi.json", app)


@pytest.fixture(autouse=True)
def models(tiny_embedded) -> None:
    """The models of the store, for one test at a time."""


schema = schemathesis.pytest.from_fixture("documented")


def check(case) -> None:
    checks = schemathesis.checks
    case.call_and_validate(
        checks=[
            checks.not_a_server_error,
            schemathesis.specs.openapi.checks.response_schema_conformance,
            schemathesis.specs.openapi.checks.content_type_conformance,
        ]
    )


@schema.parametrize()
@settings(max_examples=FEW, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_drawn_requests_get_documented_answers(case) -> None:
    check(case)


@pytest.mark.slow
@pytest.mark.timeout(3600)  # of one route; a busy machine takes more than the five minutes of other tests
@schema.parametrize()
@settings(max_examples=MANY, deadline=None, suppress_health_check=list(HealthCheck))
def test_two_thousand_drawn_requests_get_documented_answers(case) -> None:
    check(case)
