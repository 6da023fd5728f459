"""Two processes at one cache, and processes that are killed: nothing is lost and nothing is half.

`tests/stress/test_vault.py` does the same at length.
"""

import pytest

from tests.client.vault.writer import HERE
from tests.client.vault.writers import cache_in, kept_in, kill_writing, two_write


def test_two_processes_lose_nothing(tmp_path):
    two_write(tmp_path, 200)


@pytest.mark.parametrize("kill", range(5))
def test_a_kill_leaves_the_old_or_the_new(tmp_path, kill):
    assert kill_writing(tmp_path, 0.005 + 0.0137 * kill)
    cache_in(tmp_path).change(HERE, lambda kept: kept)
    count = kept_in(tmp_path)
    assert kill_writing(tmp_path, 0.01)
    assert kept_in(tmp_path) > count
