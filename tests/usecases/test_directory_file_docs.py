"""The page about the directory file tells the truth."""

from pathlib import Path

import pytest

from entrada.server.store.memory import MemoryStore
from tests.usecases.directory_files import applied

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "directory-file.md").read_text("utf-8")


@pytest.mark.anyio
async def test_its_example_can_be_applied():
    example = PAGE.partition("```yaml\n")[2].partition("```")[0]
    plan = await applied(example, MemoryStore(), environment={"KIMS_PASSWORD": "a long one for her"})
    assert {d.what.split()[0] for d in plan.diff.added} >= {
        "tenant",
        "user",
        "group",
        "member",
        "application",
        "app",
        "permission",
    }
