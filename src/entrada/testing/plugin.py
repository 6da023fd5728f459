"""A pytest fixture for applications that sign people in: `pytest_plugins = ["entrada.testing.plugin"]`."""

import pytest

from entrada.testing.authority import InProcessAuthority, in_process_authority


@pytest.fixture
def entrada_authority() -> InProcessAuthority:
    """A real authority in this process, with the development directory in it."""
    return in_process_authority()
