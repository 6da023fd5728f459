"""What requests write into users, groups and tenants: whatever arrives, an object or a Problem; never what a file cannot
carry.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.entity import Entity
from entrada.core.directory.graph.group_json import group_json, security_identifier
from entrada.core.directory.graph.group_members import changed_group, new_group
from entrada.core.directory.graph.object_reference import referred
from entrada.core.directory.graph.organization_json import branding_json, organization_json
from entrada.core.directory.graph.organization_members import changed_branding, changed_domain, changed_organization
from entrada.core.directory.graph.policies_json import authorization_policy_json, settings_json
from entrada.core.directory.graph.policies_members import (
    changed_authorization_policy,
    changed_security_defaults,
    changed_settings,
    changed_token_lifetime,
)
from entrada.core.directory.graph.user_json import DEFAULT_MEMBERS, default_user_json, user_json
from entrada.core.directory.graph.user_members import changed_own_profile, changed_user, new_user
from entrada.core.directory.group import Group
from entrada.core.directory.ids import GroupId, TenantId, UserId
from entrada.core.directory.policies import Policies
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import HomeAccount, PasswordCredential, User
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.effects import PutEntity
from entrada.server.store.memory import MemoryStore
from entrada.server.usecases.export_directory import export_directory
from tests.usecases.directory_files import applied

TENANT: Final = Tenant(
    id=TenantId("11111111-0000-4000-8000-000000000001"), display_name="One", domains=("one.example", "b.example")
)
USER: Final = User(
    id=UserId("11111111-0000-4000-8000-0000000000a1"),
    tenant_id=TENANT.id,
    user_principal_name="ada@one.example",
    display_name="Ada",
    mail_nickname="ada",
)
GROUP: Final = Group(
    id=GroupId("11111111-0000-4000-8000-0000000000b1"),
    tenant_id=TENANT.id,
    display_name="All",
    mail_nickname="all",
)
NOW: Final = NumericDate(1_770_000_000)
GUID: Final = "c0105000-0000-4000-8000-00000000a171"

READERS: dict[str, tuple[Callable[[Any], Any], dict[str, object]]] = {
    "new user": (lambda given: new_user(TENANT, USER.id, given, NOW), user_json(USER)),
    "user": (lambda given: changed_user(USER, TENANT, given), user_json(USER)),
    "own profile": (lambda given: changed_own_profile(USER, given), user_json(USER)),
    "new group": (lambda given: new_group(TENANT.id, GROUP.id, given, NOW), group_json(GROUP)),
    "group": (lambda given: changed_group(GROUP, given), group_json(GROUP)),
    "reference": (referred, {"@odata.id": None}),
    "organization": (lambda given: changed_organization(TENANT, given), organization_json(TENANT)),
    "branding": (lambda given: changed_branding(TENANT, given), branding_json(TENANT)),
    "domain": (lambda given: changed_domain(TENANT, "b.example", given), {"isDefault": True}),
    "authorization": (
        lambda given: changed_authorization_policy(Policies(), given),
        authorization_policy_json(TENANT),
    ),
    "security defaults": (lambda given: changed_security_defaults(Policies(), given), {"isEnabled": True}),
    "settings": (lambda given: changed_settings(Policies(), given), settings_json(TENANT)),
    "token lifetime": (lambda given: changed_token_lifetime(Policies(), given), {"definition": []}),
}
anything: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize("reader", READERS)
@settings(max_examples=30)
@given(data=st.data())
def test_whatever_arrives_is_read_or_refused(reader: str, data: st.DataObject) -> None:
    read, known = READERS[reader]
    names = st.sampled_from(sorted({*known, "passwordProfile", "members@odata.bind", "owners@odata.bind"}))
    answer = read(data.draw(st.dictionaries(names | st.text(max_size=8), anything, max_size=6)))
    if isinstance(answer, Problem):
        assert (answer.status, answer.code) == (400, "Request_BadRequest")
        assert len(answer.message) < 1000


@pytest.mark.parametrize("given_user", [USER, evolve(USER, home=HomeAccount(tenant_id=TENANT.id, user_id=USER.id))])
def test_what_is_read_of_a_user_can_be_sent_back(given_user: User) -> None:
    written = changed_user(given_user, TENANT, user_json(given_user))
    assert not isinstance(written, Problem), written
    assert written.user == given_user


def test_what_is_read_of_a_group_can_be_sent_back() -> None:
    for group in (GROUP, evolve(GROUP, security_enabled=False)):
        written = changed_group(group, group_json(group))
        assert not isinstance(written, Problem), written
        assert (written.group, written.members, written.owners) == (group, (), ())


def test_a_user_in_json() -> None:
    shown = user_json(
        evolve(USER, password=PasswordCredential(hash="$argon2id$secret", changed_at=NOW), created_at=NOW)
    )
    assert tuple(default_user_json(USER)) == DEFAULT_MEMBERS
    assert set(DEFAULT_MEMBERS) < set(shown)
    assert "secret" not in repr(shown)
    assert (shown["createdDateTime"], shown["lastPasswordChangeDateTime"]) == ("2026-02-02T02:40:00Z",) * 2
    assert shown["identities"] == [
        {"signInType": "userPrincipalName", "issuer": "one.example", "issuerAssignedId": "ada@one.example"}
    ]


def test_a_groups_security_identifier() -> None:
    """A published pair of an object id and the security identifier that Windows makes of it."""
    identifier = "S-1-12-1-1943430372-1249052806-2496021943-3034400218"
    assert security_identifier("73d664e4-0886-4a73-b745-c694da45ddb4") == identifier


# fmt: off
REFERENCES = [
    pytest.param(f"https://graph.microsoft.com/v1.0/directoryObjects/{GUID}",      GUID, id="as Graph documents it"),
    pytest.param(f"https://graph.microsoft.com/v1.0/users/{GUID.upper()}",         GUID, id="in capitals"),
    pytest.param(f"https://localhost:8443/v1.0/groups/{GUID}",                     GUID, id="at this host"),
    pytest.param(f"https://graph.microsoft.com/v1.0/directoryObjects('{GUID}')",   GUID, id="with its key in brackets"),
    pytest.param(f"/users/{GUID}",                                                 GUID, id="a path"),
    pytest.param(f"servicePrincipals/{GUID}",                                      GUID, id="a set and a key"),
    pytest.param(GUID,                                                             None, id="an id alone"),
    pytest.param("https://graph.microsoft.com/v1.0/users/ada@one.example",         None, id="by name"),
    pytest.param(f"https://graph.microsoft.com/v1.0/messages/{GUID}",              None, id="of another set"),
    pytest.param(f"https://graph.microsoft.com/v1.0/users/{GUID}/manager",         None, id="something below"),
    pytest.param(f"https://graph.microsoft.com/v1.0/users/{GUID}?x",               None, id="with a query"),
    pytest.param(17,                                                               None, id="a number"),
]
# fmt: on


@pytest.mark.parametrize(("value", "object_id"), REFERENCES)
def test_references_to_objects(value: object, object_id: str | None) -> None:
    found = referred({"@odata.id": value})
    assert (None if isinstance(found, Problem) else found) == object_id


texts: Final = st.text(max_size=40) | st.sampled_from(
    ["👩‍👩‍👧", "שלום", "null", "- a", "'", "a\nb", "a\tb", "en-US", "AT", "x@y.z"]
)
MEMBERS: Final = (
    "displayName",
    "givenName",
    "surname",
    "mail",
    "mailNickname",
    "jobTitle",
    "department",
    "companyName",
    "employeeId",
    "officeLocation",
    "mobilePhone",
    "usageLocation",
    "preferredLanguage",
)


@settings(max_examples=60, deadline=None)
@given(
    user=st.dictionaries(st.sampled_from(MEMBERS), texts),
    group=st.dictionaries(st.sampled_from(("displayName", "description", "mailNickname")), texts),
    organization=st.dictionaries(st.sampled_from(("displayName", "countryLetterCode", "preferredLanguage")), texts),
    words=texts,
    banned=st.lists(texts, max_size=2),
)
def test_what_a_request_may_write_a_file_can_carry(
    user: dict[str, str], group: dict[str, str], organization: dict[str, str], words: str, banned: list[str]
) -> None:
    tenant = _taken(TENANT, changed_organization(TENANT, organization))
    tenant = _taken(tenant, changed_branding(tenant, {"signInPageText": words}))
    policies = changed_settings(tenant.policies, {"bannedPasswords": banned})
    tenant = tenant if isinstance(policies, Problem) else evolve(tenant, policies=policies)
    people = [changed_user(USER, TENANT, {name: value}) for name, value in user.items()]
    for one in people:
        _carried(tenant, USER if isinstance(one, Problem) else one.user)
    for name, value in group.items():
        written = changed_group(GROUP, {name: value})
        _carried(tenant, GROUP if isinstance(written, Problem) else written.group)
    _carried(tenant)


def _taken(before: Tenant, answer: Tenant | Problem) -> Tenant:
    return before if isinstance(answer, Problem) else answer


def _carried(*entities: Entity) -> None:
    async def there_and_back() -> None:
        store, other = MemoryStore(), MemoryStore()
        assert await store.commit([PutEntity(one) for one in entities])
        exported = await export_directory(store, with_hashes=True)
        await applied(exported, other)
        for one in entities:
            assert await other.list_entities(type(one), TENANT.id) == (one,)

    asyncio.run(there_and_back())
