"""The page about the directory file tells the truth."""

from pathlib import Path
from textwrap import indent

import pytest

from entrada.server.store.memory import MemoryStore
from tests.usecases.client_certificates import pem
from tests.usecases.directory_files import applied

pytestmark = pytest.mark.anyio

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "directory-file.md").read_text("utf-8")
EXAMPLES = [block.partition("```")[0] for block in PAGE.split("```yaml\n")[1:]]
WRITTEN_CERTIFICATE = "      -----BEGIN CERTIFICATE-----\n      MIIC…\n      -----END CERTIFICATE-----\n"

AROUND = """\
tenants:
  - id: 9e7a1500-0000-4000-8000-000000000001
    displayName: Petals
    domains: [petals.example]
    users: [{userPrincipalName: eva@petals.example, displayName: Eva}]
  - id: 5a5a0000-0000-4000-8000-000000000001
    displayName: Example
    domains: [example.org]
"""
APPLICATION = """\
    applications:
      - appId: 5a5a0000-0000-4000-8000-0000000000f1
        displayName: Library
"""
KIM = "    users: [{userPrincipalName: kim@example.org, displayName: Kim}]\n"


async def test_its_example_can_be_applied():
    plan = await applied(EXAMPLES[0], MemoryStore(), environment={"KIMS_PASSWORD": "a long one for her"})
    assert {d.what.split()[0] for d in plan.diff.added} >= {
        "tenant",
        "user",
        "group",
        "member",
        "application",
        "app",
        "permission",
    }


@pytest.mark.parametrize("example", EXAMPLES[1:], ids=lambda example: example.partition(":")[0])
async def test_its_parts_of_a_file_can_be_applied_where_they_belong(example):
    assert "MIIC" not in example or WRITTEN_CERTIFICATE in example
    example = example.replace(WRITTEN_CERTIFICATE, indent(pem(), " " * 6))
    of_an_application = example.startswith(("keyCredentials", "groupMembershipClaims"))
    users = "" if example.startswith("users") else KIM
    part = indent(example, " " * (8 if of_an_application else 4))
    await applied(AROUND + users + APPLICATION + part, MemoryStore())
