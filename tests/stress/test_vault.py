"""The cache in files, at length: a thousand writes each of two processes, twenty kills."""

import pytest

from tests.client.vault.writers import kept_in, kill_writing, two_write

pytestmark = pytest.mark.stress


def test_two_processes_lose_nothing(tmp_path):
    two_write(tmp_path, 1000)


def test_twenty_kills_leave_the_old_or_the_new(tmp_path):
    for kill in range(20):
        kill_writing(tmp_path, 0.003 + 0.0071 * kill)
    assert kept_in(tmp_path) >= 20
