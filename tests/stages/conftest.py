"""The drawn store, opened."""

import pytest

from mpsr.service import open_service


@pytest.fixture
def service(learned_store):
    return open_service(learned_store)
