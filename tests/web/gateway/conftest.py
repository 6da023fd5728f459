"""A gateway for each test, on the keys of the session."""

from collections.abc import AsyncIterator

import pytest

from entrada.testing.in_process import platform
from tests.web.gateway.place import Place, opened


@pytest.fixture
async def place(signing_keys) -> AsyncIterator[Place]:
    async with opened(await platform(keys=signing_keys)) as made:
        yield made
