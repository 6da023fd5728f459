"""Whatever directory there is: its export, applied, changes nothing, and rebuilds it where there was none."""

import asyncio

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from entrada.core.directory.application import (
    Application,
    ClientSecret,
    Platform,
    PreAuthorizedApplication,
    RedirectUri,
    SignInAudience,
)
from entrada.core.directory.client_credential import ClientCertificate, FederatedCredential
from entrada.core.directory.directory_role import ROLE_NAMES
from entrada.core.directory.document.claims import GROUPS
from entrada.core.directory.document.entity_key import key_of
from entrada.core.directory.group import Group, GroupMember
from entrada.core.directory.ids import TenantId, UserId
from entrada.core.directory.message import Message
from entrada.core.directory.microsoft_graph import APP_ID, MICROSOFT_GRAPH, graph_principal
from entrada.core.directory.optional_claims import OptionalClaim, OptionalClaims
from entrada.core.directory.owner import Owner
from entrada.core.directory.permission import AppRole, PermissionScope, RequiredResourceAccess
from entrada.core.directory.policies import Policies, UserConsent
from entrada.core.directory.service_principal import AppRoleAssignment, PermissionGrant, ServicePrincipal
from entrada.core.directory.tenant import Branding, Tenant
from entrada.core.directory.user import Authenticator, HomeAccount, PasswordCredential, User
from entrada.core.jose.numeric_date import NumericDate, Seconds
from entrada.core.protocol.effects import PutEntity
from entrada.server.store.memory import MemoryStore
from entrada.server.usecases.export_directory import export_directory
from entrada.server.usecases.stored_directory import stored_directory
from tests.usecases.client_certificates import FROM, UNTIL, der
from tests.usecases.directory_files import applied

TENANT = Tenant(
    id=TenantId("11111111-0000-4000-8000-000000000001"), display_name="One", domains=("one.example", "b.example")
)
HOST = Tenant(id=TenantId("22222222-0000-4000-8000-000000000001"), display_name="Two", domains=("two.example",))
EVA = User(
    id=UserId("22222222-0000-4000-8000-0000000000e1"),
    tenant_id=HOST.id,
    user_principal_name="eva@two.example",
    display_name="Eva",
)
LOST = HomeAccount(tenant_id=HOST.id, user_id=UserId("22222222-0000-4000-8000-00000000dead"))
HOMES = (HomeAccount(tenant_id=HOST.id, user_id=EVA.id), LOST)
SEALED = "sealed-up-for-good"

guids = st.uuids().map(str)
# Words that YAML would take for something else, and words that would upset it.
tricky = st.sampled_from(
    [
        "null",
        "~",
        "true",
        "No",
        "0123",
        "1e3",
        "2026-01-01",
        "- a",
        "a: b",
        "#a",
        "'",
        '"',
        "%",
        "@a",
        "{",
        "|",
        "*a",
        "!x",
        "a #b",
    ]
)
lines = tricky | st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1).filter(
    lambda line: line.strip() and line.isprintable()
)
paragraphs = st.lists(lines | st.just(""), min_size=1, max_size=4).map("\n".join).filter(bool)
maybe = st.none() | lines
dates = st.integers(0, 253_402_300_799).map(NumericDate)
names = st.from_regex(r"[a-z0-9]{1,8}", fullmatch=True)
values = st.from_regex(r"[A-Za-z][A-Za-z.]{0,8}", fullmatch=True)

spans = st.none() | st.integers(600, 86_400).map(Seconds)
countries = st.none() | st.sampled_from(["NO", "CH"])
languages = st.none() | st.sampled_from(["no", "de-CH"])

policies = st.builds(
    Policies, user_consent=st.sampled_from(UserConsent), security_defaults=st.booleans(), password_grant=st.booleans(),
    lockout_threshold=st.integers(1, 50), lockout_duration=st.integers(5, 18_000).map(Seconds), access_token_lifetime=spans,
    users_register_applications=st.booleans(), banned_passwords=st.lists(st.from_regex("[a-z]{4,16}", fullmatch=True), max_size=3, unique=True).map(tuple),
)  # fmt: skip
branding = st.builds(
    Branding, accent=st.none() | st.just("#0b6e4f"), logo=st.none() | st.just(b"\x89PNG\r\n\x1a\n\x00"), sign_in_text=st.none() | paragraphs,
)  # fmt: skip
passwords = st.builds(
    PasswordCredential, hash=st.just("$argon2id$v=19$m=1,t=1,p=1$c2FsdA$aGFzaA"), changed_at=dates, seed=st.booleans(),
    must_change=st.booleans(),
)  # fmt: skip
authenticators = st.builds(Authenticator, sealed_secret=st.just(SEALED), added_at=dates)
certificates = st.builds(
    ClientCertificate, key_id=guids, display_name=lines, der=st.sampled_from(["2048", "2048 b"]).map(der),
    not_before=st.sampled_from([FROM, NumericDate(FROM + 1)]), expires_at=st.sampled_from([UNTIL, NumericDate(UNTIL - 1)]),
)  # fmt: skip
short = lines.map(lambda line: line.strip().replace("*", "-")[:600]).filter(lambda line: line.strip() == line != "")
trusted = st.builds(
    FederatedCredential, id=guids, name=st.from_regex("[A-Za-z0-9][A-Za-z0-9_-]{2,8}", fullmatch=True), subject=short,
    issuer=names.map(lambda name: f"https://{name}.example"), audience=short, description=st.none() | short,
)  # fmt: skip
claims = st.lists(
    st.builds(
        OptionalClaim,
        name=st.sampled_from(["email", "groups", "upn"]),
        essential=st.booleans(),
        additional_properties=st.lists(lines, max_size=2).map(tuple),
    ),
    max_size=2,
    unique_by=lambda claim: claim.name,
).map(tuple)
secrets = st.builds(
    ClientSecret, key_id=guids, display_name=lines, digest=st.from_regex("[0-9a-f]{64}", fullmatch=True), hint=st.just("") | lines,
    not_before=dates, expires_at=dates, seed=st.booleans(),
)  # fmt: skip
scopes = st.builds(
    PermissionScope, id=guids, value=values, admin_only=st.booleans(), is_enabled=st.booleans(), admin_consent_display_name=lines,
    admin_consent_description=lines, user_consent_display_name=maybe, user_consent_description=maybe,
)  # fmt: skip
roles = st.builds(
    AppRole, id=guids, value=values, display_name=lines, description=lines, is_enabled=st.booleans(),
    allowed_member_types=st.just(frozenset({"User", "Application"})),
)  # fmt: skip
redirect_uris = st.builds(RedirectUri, names.map(lambda name: f"https://{name}.example/cb"), st.sampled_from(Platform))
pages = st.none() | names.map(lambda name: f"https://{name}.example/page")


def several(elements, by):
    return st.lists(elements, max_size=3, unique_by=by).map(tuple)


users = st.builds(
    User, id=guids, tenant_id=st.just(TENANT.id), display_name=lines, given_name=maybe, surname=maybe, mail=maybe, job_title=maybe,
    user_principal_name=st.tuples(names, st.sampled_from(TENANT.domains)).map("@".join), account_enabled=st.booleans(),
    user_type=st.sampled_from(["Member", "Guest"]), directory_roles=st.frozensets(st.sampled_from(list(ROLE_NAMES)) | guids, max_size=2),
    password=st.none() | passwords, sign_in_sessions_valid_from=dates, second_factor_required=st.booleans(),
    authenticator=st.none() | authenticators, recovery_codes=st.just(()) | st.just(("0f" * 32,)), usage_location=countries,
    preferred_language=languages, mail_nickname=maybe, department=maybe, company_name=maybe, employee_id=maybe, office_location=maybe,
    mobile_phone=maybe, business_phones=several(lines, str), other_mails=several(lines, str),
)  # fmt: skip
# Few names, so that groups share them; one is a GUID and one looks like a user.
group_names = st.sampled_from(["Painters", "Welders", "a@one.example", "11111111-0000-4000-8000-00000000a171"]) | lines
groups = st.builds(
    Group,
    id=guids,
    tenant_id=st.just(TENANT.id),
    display_name=group_names,
    description=maybe,
    security_enabled=st.booleans(),
    mail_nickname=maybe,
)
applications = st.builds(
    Application, id=guids, app_id=guids, tenant_id=st.just(TENANT.id), display_name=lines, sign_in_audience=st.sampled_from(SignInAudience),
    redirect_uris=several(redirect_uris, lambda uri: uri.uri), logout_url=pages, requested_access_token_version=st.sampled_from([None, 1, 2]),
    identifier_uris=several(names.map(f"api://{TENANT.id}/{{}}".format), str), scopes=several(scopes, lambda s: s.value.lower()),
    app_roles=several(roles, lambda r: r.value.lower()), client_secrets=several(secrets, lambda s: s.key_id),
    is_fallback_public_client=st.booleans(), publisher_domain=st.none() | st.just("one.example"), verified_publisher=maybe,
    terms_url=pages, privacy_url=pages, support_url=pages, marketing_url=pages, home_page_url=pages, notes=st.none() | paragraphs,
    description=st.none() | paragraphs, tags=several(lines, str), service_management_reference=maybe, enabled=st.booleans(),
    certificates=several(certificates, lambda c: c.key_id), known_client_applications=st.frozensets(guids, max_size=2),
    federated_credentials=several(trusted, lambda one: one.name).filter(lambda all_: len({(one.issuer, one.subject) for one in all_}) == len(all_)),
    enable_id_token_issuance=st.booleans(), optional_claims=st.builds(OptionalClaims, id_token=claims, access_token=claims),
    group_membership_claims=st.frozensets(st.sampled_from(GROUPS), max_size=2), access_token_lifetime=spans,
    required_resource_access=several(st.builds(
        RequiredResourceAccess, resource_app_id=st.just(APP_ID) | guids, roles=several(guids, str),
        scopes=several(st.sampled_from([scope.id for scope in MICROSOFT_GRAPH.scopes]) | guids, str),
    ), lambda access: access.resource_app_id),
    pre_authorized=several(st.builds(PreAuthorizedApplication, app_id=guids, permission_ids=st.frozensets(guids, max_size=2)), lambda p: p.app_id),
)  # fmt: skip
messages = st.tuples(guids | names, lines, lines, lines, dates, paragraphs, st.booleans())


@st.composite
def directories(draw):
    people = draw(several(users, lambda user: user.user_principal_name))
    homes = zip(people, draw(st.permutations([*HOMES, None, None])), strict=False)
    people = [evolve(user, home=home, password=None if home else user.password) for user, home in homes]
    tenant = evolve(TENANT, policies=draw(policies), country=draw(countries), preferred_language=draw(languages), branding=draw(branding))  # fmt: skip
    circles = draw(several(groups, lambda group: group.id))
    apps = draw(st.lists(applications, max_size=2, unique_by=(lambda app: app.app_id, lambda app: app.identifier_uris)))
    principals = [
        ServicePrincipal(id=draw(guids), tenant_id=TENANT.id, app_id=app.app_id, account_enabled=draw(st.booleans()), app_role_assignment_required=draw(st.booleans()),
                         low_impact_scopes=frozenset(scope.value for scope in app.scopes if draw(st.booleans())), access_token_lifetime=draw(spans),
                         notes=draw(st.none() | paragraphs), tags=draw(several(lines, str)))
        for app in apps
    ]  # fmt: skip
    classified = draw(st.frozensets(st.sampled_from([scope.value for scope in MICROSOFT_GRAPH.scopes]), max_size=2))
    graph = evolve(graph_principal(TENANT.id), low_impact_scopes=classified, access_token_lifetime=draw(spans))
    found = [tenant, HOST, EVA, graph_principal(HOST.id), *people, *circles, *apps, *principals, graph]
    for group in circles:
        found += [
            GroupMember(tenant_id=TENANT.id, group_id=group.id, member_id=m.id)
            for m in (*people, *circles)
            if m != group and draw(st.booleans())
        ]
    owned = [one.id for one in (*circles, *apps, *principals)]
    owners = [one.id for one in (*people, *principals)]
    for object_id in owned:
        some = draw(st.frozensets(st.sampled_from(owners), max_size=2)) if owners else ()
        found += [Owner(tenant_id=TENANT.id, object_id=object_id, owner_id=one) for one in some]
    for principal, app in zip(principals, apps, strict=True):
        for user in (*(user.id for user in people), None):
            if draw(st.booleans()):
                granted = draw(
                    st.frozensets(st.sampled_from([scope.value for scope in MICROSOFT_GRAPH.scopes]), min_size=1)
                )
                found.append(
                    PermissionGrant(
                        tenant_id=TENANT.id,
                        client_id=principal.id,
                        resource_id=graph.id,
                        principal_id=user,
                        scopes=granted,
                    )
                )
        for holder in (*people, *circles, *principals):
            if app.app_roles and draw(st.booleans()):
                found.append(
                    AppRoleAssignment(
                        tenant_id=TENANT.id,
                        principal_id=holder.id,
                        resource_id=principal.id,
                        app_role_id=draw(st.sampled_from(app.app_roles)).id,
                    )
                )
    for user in people:
        for guid, subject, name, address, at, body, read in draw(st.lists(messages, max_size=2)):
            found.append(Message(id=guid, tenant_id=TENANT.id, user_id=user.id, subject=subject, sender_name=name, sender_address=address, received_at=at, body=body, is_read=read))  # fmt: skip
    return list({key_of(entity): entity for entity in found}.values())


async def held_by(store):
    return {key_of(entity): entity for entity in await stored_directory(store, [TENANT.id])}


def portable(entity):
    """What a file carries of it: all but the second factor, which is the person's own."""
    match entity:
        case User():
            return evolve(entity, authenticator=None, recovery_codes=())
        case Application():
            return evolve(entity, redirect_uris=frozenset(entity.redirect_uris))
        case _:
            return entity


async def there_and_back(entities):
    store, other = MemoryStore(), MemoryStore()
    if not await store.commit([PutEntity(entity) for entity in entities]):
        return  # the draw held a name twice
    exported = await export_directory(store, with_hashes=True)
    assert SEALED not in exported
    assert "0f" * 32 not in exported
    alone = await export_directory(store, [TENANT.id], with_hashes=True)
    assert (await applied(alone, store, prune=True)).diff.is_empty, alone
    for prune in (False, True):
        assert (await applied(exported, store, prune=prune)).diff.is_empty, exported
    assert (await applied(await export_directory(store), store, prune=True)).diff.is_empty
    await applied(exported, other)
    assert await export_directory(other, with_hashes=True) == exported
    first, second = await held_by(store), await held_by(other)
    assert first.keys() == second.keys()
    assert {key: portable(entity) for key, entity in second.items()} == {
        key: portable(entity) for key, entity in first.items()
    }


@settings(max_examples=60)
@given(directories())
def test_export_and_apply_are_inverse(entities):
    asyncio.run(there_and_back(entities))
