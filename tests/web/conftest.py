"""A platform that a whole file shares: for rows that are refused, and prove that nothing was written."""

import asyncio
import logging
from collections.abc import Iterator

import pytest
import structlog

from entrada.server.store.memory import MemoryStore
from entrada.testing import platform
from tests.plugins.platforms import InProcess, new_client
from tests.web.seats import Seat, contents


@pytest.fixture(scope="package", autouse=True)
def quiet() -> Iterator[None]:
    """Log lines are formatted for their own test alone: printing a traceback takes longer than what failed."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.configure(**before)


@pytest.fixture(scope="module")
def shared(signing_keys: MemoryStore) -> InProcess:
    made = asyncio.run(platform(keys=signing_keys))
    return InProcess(made, new_client(made))


@pytest.fixture(scope="module")
def signed_in(shared: InProcess) -> Seat:
    """Ben, at repsys, who has consented."""
    seat = Seat(shared)
    assert seat.sign_in()["code"]
    return seat


@pytest.fixture
def untouched(shared: InProcess) -> Iterator[None]:
    """Whatever the test does leaves the store as it was."""
    store = shared.platform.here.store
    before = contents(store)
    yield
    assert contents(store) == before


@pytest.fixture
def seat(in_process: InProcess) -> Seat:
    return Seat(in_process)
