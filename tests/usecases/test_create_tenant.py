"""A tenant, its first administrator and Microsoft Graph in it: all of it, once, or nothing."""

import asyncio

import pytest
from attrs import evolve

from entrada.core.directory.directory_role import GLOBAL_ADMINISTRATOR
from entrada.core.directory.ids import ClientId
from entrada.core.directory.microsoft_graph import APP_ID
from entrada.core.directory.names import is_domain, is_principal_name
from entrada.core.errors.reason import Refusal
from entrada.core.jose.numeric_date import Seconds
from entrada.server.store.memory import MemoryStore
from entrada.server.usecases.create_tenant import Created, NewTenant, TenantRefused, create_tenant
from entrada.server.usecases.enrol import choose_password, open_enrolment
from entrada.server.usecases.new_credential import NewPassword
from entrada.server.usecases.renew_client_secret import knows, renew_client_secret

ASKED = NewTenant(
    display_name="Example", domain="Example.com", administrator="You@example.com", administrator_name="You Yourself"
)
DAEMON = ClientId("c0105000-0000-4000-8000-0000000dae01")


def token_of(link: str) -> str:
    return link.partition("token=")[2]


async def test_what_is_made(in_process):
    here = in_process.platform.here
    made = await create_tenant(here, ASKED)
    assert isinstance(made, Created)
    tenant = await here.store.find_tenant_by_domain("example.com")
    user = await here.store.find_user_by_name(made.tenant.id, "you@EXAMPLE.com")
    assert tenant == made.tenant
    assert user is not None
    assert user.directory_roles == {GLOBAL_ADMINISTRATOR}
    assert user.password is None
    assert await here.store.find_service_principal(made.tenant.id, APP_ID) is not None


async def test_the_link_serves_once(in_process):
    here = in_process.platform.here
    made = await create_tenant(here, ASKED)
    assert isinstance(made, Created)
    new = NewPassword(once="nine green lanterns", again="nine green lanterns")
    chosen = await choose_password(here, token_of(made.link), new, correlation_id="c")
    assert not isinstance(chosen, Refusal)
    assert isinstance(await open_enrolment(here, token_of(made.link)), Refusal)


async def test_the_link_lasts_three_days(in_process):
    here = in_process.platform.here
    made = await create_tenant(here, ASKED)
    assert isinstance(made, Created)
    in_process.clock.advance(3 * 86_400 - 1)
    assert not isinstance(await open_enrolment(here, token_of(made.link)), Refusal)
    in_process.clock.advance(1)
    assert isinstance(await open_enrolment(here, token_of(made.link)), Refusal)


async def test_eight_at_once_make_one(in_process):
    here = in_process.platform.here
    answers = await asyncio.gather(*(create_tenant(here, ASKED) for _ in range(8)))
    assert sorted(type(answer).__name__ for answer in answers) == ["Created"] + ["TenantRefused"] * 7
    assert sum(one.default_domain == "example.com" for one in await here.store.list_tenants()) == 1


class TakenMeanwhile(MemoryStore):
    """Another replica makes the tenant between our look and our commit."""

    async def commit(self, effects):
        await super().commit(effects)
        return False


async def test_the_slower_of_two_is_told(in_process):
    here = evolve(in_process.platform.here, store=TakenMeanwhile())
    answer = await create_tenant(here, ASKED)
    assert answer == TenantRefused("The domain example.com belongs to a tenant already.")


# ---- names ----


@pytest.mark.parametrize("text", ["a.b", "colors.example", "xn--bcher-kva.example", "a" * 63 + ".com"])
def test_a_domain(text):
    assert is_domain(text)
    assert is_principal_name(f"Ada.O'Hara@{text.upper()}")


# fmt: off
NONE = ["", "localhost", "A.b", "a..b", ".a.b", "a.b.", "a-.b", "-a.b", "a_b.c", "a b.c", "a.b\n", "a" * 64 + ".b", ".".join(["a" * 50] * 6), "é.b", "a.b/c", "a@b.c"]
# fmt: on


@pytest.mark.parametrize("text", NONE)
def test_no_domain(text):
    assert not is_domain(text)


# ---- a secret made here ----


async def test_a_renewed_secret_replaces_the_one_of_its_name_only(in_process):
    here = in_process.platform.here
    before = await here.store.find_application(DAEMON)
    first = await renew_client_secret(here, DAEMON, "sample", Seconds(60))
    second = await renew_client_secret(here, DAEMON, "sample", Seconds(60))
    other = await renew_client_secret(here, DAEMON, "another", Seconds(60))
    app = await here.store.find_application(DAEMON)
    assert None not in (first, second, other, app, before)
    now = here.clock()
    assert [knows(app, one, now) for one in (first, second, other, "daemon-dev-secret")] == [False, True, True, True]
    in_process.clock.advance(60)
    assert not knows(app, second, here.clock())
    assert len(app.client_secrets) == len(before.client_secrets) + 2


async def test_no_secret_for_nobody(in_process):
    assert await renew_client_secret(in_process.platform.here, ClientId("0" * 8), "sample", Seconds(60)) is None
