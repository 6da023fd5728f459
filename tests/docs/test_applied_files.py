"""What the pages' directory files are about: each application has its own id, and a person's entry takes nothing away."""

import asyncio
import re

from attrs import evolve

from entrada.core.directory.ids import TenantId, UserId
from entrada.core.directory.user import User
from tests.docs.examples import DOCS, blocks
from tests.plugins.platforms import InProcess
from tests.web.seats import COLORS
from tests.web.test_grant_permissions_page import apply

SECOND_FACTOR = "how-to/require-a-second-factor.md"
ADA = "c0105000-0000-4000-8000-0000000000a1"


def user(there: InProcess, user_id: str) -> User:
    found = asyncio.run(there.platform.here.store.find_user(TenantId(COLORS), UserId(user_id)))
    assert found is not None
    return found


def test_a_second_factor_of_one_person_changes_nothing_else(in_process: InProcess) -> None:
    before = user(in_process, ADA)
    assert before.directory_roles
    apply(in_process, blocks(SECOND_FACTOR, "yaml")[0])
    assert user(in_process, ADA) == evolve(before, second_factor_required=True)


def test_a_second_factor_of_everybody_changes_nothing_else(in_process: InProcess) -> None:
    store = in_process.platform.here.store
    before = asyncio.run(store.find_tenant(TenantId(COLORS)))
    ada = user(in_process, ADA)
    assert before is not None
    assert not before.policies.security_defaults
    apply(in_process, blocks(SECOND_FACTOR, "yaml")[1])
    policies = evolve(before.policies, security_defaults=True)
    assert asyncio.run(store.find_tenant(TenantId(COLORS))) == evolve(before, policies=policies)
    assert user(in_process, ADA) == ada


def test_an_application_has_the_same_id_on_one_page_only() -> None:
    """Whoever follows two pages in one directory must not find the first one's application gone."""
    pages = {page.name: page.read_text("utf-8") for page in (DOCS / "how-to").glob("*.md")}
    registered = [
        (app_id, name) for name, text in pages.items() for app_id in re.findall(r"- appId: (\S+)\n +displayName:", text)
    ]
    assert len(registered) >= 6
    assert len({app_id for app_id, _ in registered}) == len(registered)
