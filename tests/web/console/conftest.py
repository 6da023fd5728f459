"""A platform with a gateway in it, and whoever signs in to its console."""

import asyncio

import pytest

from entrada.testing import platform
from tests.plugins.platforms import InProcess, new_client
from tests.web.console import colors_gateway
from tests.web.console.streets import Streets


@pytest.fixture
def streets() -> Streets:
    return Streets()


@pytest.fixture
def console(signing_keys, streets) -> InProcess:
    made = asyncio.run(platform(keys=signing_keys, egress=streets))
    colors_gateway.put(made.here, colors_gateway.NOUNS)
    return InProcess(made, new_client(made))
