"""Certificates, federated credentials, claims, guests and policies in a directory file: read, kept, written."""

import re
from textwrap import indent

import pytest
from attrs import evolve

from entrada.core.directory.application import Application
from entrada.core.directory.client_credential import FederatedCredential
from entrada.core.directory.group import Group
from entrada.core.directory.ids import ClientId, TenantId
from entrada.core.directory.microsoft_graph import APP_ID
from entrada.core.directory.optional_claims import OptionalClaim, OptionalClaims
from entrada.core.directory.policies import Policies, UserConsent
from entrada.core.directory.user import Authenticator, HomeAccount
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.effects import PutEntity
from entrada.server.store.memory import MemoryStore
from entrada.server.usecases.apply_directory import FileRefused, apply_directory
from entrada.server.usecases.export_directory import export_directory
from tests.usecases.client_certificates import FROM, UNTIL, base64_der, der, pem, private_pem
from tests.usecases.directory_files import NOW, applied, credentials

pytestmark = pytest.mark.anyio

ONE = TenantId("11111111-0000-4000-8000-000000000001")
TWO = TenantId("22222222-0000-4000-8000-000000000001")
API = ClientId("11111111-0000-4000-8000-0000000000f1")
CLI = ClientId("11111111-0000-4000-8000-0000000000f2")
EVA_ID = "22222222-0000-4000-8000-0000000000e1"
GUEST = "eva_two.example#EXT#@one.example"
LATER = NumericDate(NOW + 60)

FILE = """\
tenants:
  - id: 11111111-0000-4000-8000-000000000001
    displayName: One
    domains: [one.example]
    countryLetterCode: NO
    preferredLanguage: nb-NO
    policies:
      userConsent: lowImpact
      securityDefaults: true
      passwordGrant: true
      lockoutThreshold: 3
      lockoutDuration: 00:00:05
      bannedPasswords: [Viking, fjord, viking]
      accessTokenLifetime: 1.00:00:00
    users:
      - userPrincipalName: ada@one.example
        displayName: Ada
        usageLocation: CH
        preferredLanguage: de
        secondFactorRequired: true
        password: {value: correct horse, mustChange: true}
      - displayName: Eva
        home: eva@two.example
    groups:
      - displayName: News
        securityEnabled: false
        members: ["eva_two.example#EXT#@one.example"]
    applications:
      - appId: 11111111-0000-4000-8000-0000000000f1
        displayName: App
        accessTokenLifetime: 00:10:00
        groupMembershipClaims: SecurityGroup, ApplicationGroup
        optionalClaims:
          idToken:
            - {name: email, source: null}
          accessToken:
            - {name: groups, essential: true, additionalProperties: [emit_as_roles]}
        web:
          implicitGrantSettings: {enableIdTokenIssuance: true}
        api:
          knownClientApplications: [11111111-0000-4000-8000-0000000000f2]
          oauth2PermissionScopes:
            - {value: Read, adminConsentDisplayName: Read, adminConsentDescription: Reads.}
        federatedIdentityCredentials:
          - name: main-branch
            issuer: https://ci.example/tokens
            subject: repo:one/app:ref:refs/heads/main
            audiences: [api://AzureADTokenExchange]
            description: Deploys.
        keyCredentials:
          - displayName: first
            key: CERTIFICATE
    servicePrincipals:
      - appId: 11111111-0000-4000-8000-0000000000f1
        appRoleAssignmentRequired: true
        lowImpactScopes: [Read]
        accessTokenLifetime: 02:30:15
      - appId: 00000003-0000-0000-c000-000000000000
        lowImpactScopes: [openid, User.Read]
  - id: 22222222-0000-4000-8000-000000000001
    displayName: Two
    domains: [two.example]
    users:
      - id: 22222222-0000-4000-8000-0000000000e1
        userPrincipalName: eva@two.example
        displayName: Eva
"""


def with_key(written: str, file: str = FILE) -> str:
    """*file* with *written* as the certificate, as a block where it has several lines."""
    if "\n" not in written:
        return file.replace("CERTIFICATE", written)
    return file.replace("CERTIFICATE", "|\n" + indent(written.strip(), " " * 14))


FULL = with_key(pem())


@pytest.fixture
async def store():
    store = MemoryStore()
    await applied(FULL, store)
    return store


async def the_app(store) -> Application:
    found = await store.find_application(API)
    assert found
    return found


# ---- each noun, as it is stored ----


async def test_a_tenant_and_its_policies(store):
    tenant = await store.find_tenant(ONE)
    assert (tenant.country, tenant.preferred_language) == ("NO", "nb-NO")
    assert tenant.policies == Policies(
        user_consent=UserConsent.LOW_IMPACT, security_defaults=True, password_grant=True, lockout_threshold=3,
        lockout_duration=5, banned_passwords=("viking", "fjord"), access_token_lifetime=86_400,
    )  # fmt: skip


async def test_what_a_tenant_that_says_nothing_has(store):
    tenant = await store.find_tenant(TWO)
    assert (tenant.policies, tenant.country, tenant.preferred_language) == (Policies(), None, None)
    assert not tenant.policies.password_grant


async def test_a_user_who_must_do_something(store):
    ada = await store.find_user_by_name(ONE, "ada@one.example")
    assert (ada.usage_location, ada.preferred_language, ada.second_factor_required) == ("CH", "de", True)
    assert ada.password.must_change


async def test_a_guest_is_named_after_home_and_has_no_password(store):
    guest = await store.find_user_by_name(ONE, GUEST)
    assert guest.home == HomeAccount(tenant_id=TWO, user_id=EVA_ID)
    assert (guest.user_type, guest.password) == ("Guest", None)
    assert await store.find_guest(ONE, EVA_ID) == guest


async def test_a_distribution_group(store):
    (news,) = await store.list_entities(Group, ONE)
    assert not news.security_enabled


async def test_what_an_application_asks_and_offers(store):
    app = await the_app(store)
    assert app.enable_id_token_issuance
    assert app.access_token_lifetime == 600
    assert app.known_client_applications == {CLI}
    assert app.group_membership_claims == {"SecurityGroup", "ApplicationGroup"}
    assert app.optional_claims == OptionalClaims(
        id_token=(OptionalClaim(name="email"),),
        access_token=(OptionalClaim(name="groups", essential=True, additional_properties=("emit_as_roles",)),),
    )


async def test_what_an_application_proves_itself_with(store):
    app = await the_app(store)
    (certificate,) = app.certificates
    assert (certificate.der, certificate.display_name) == (der(), "first")
    assert (certificate.not_before, certificate.expires_at) == (FROM, UNTIL)
    (trusted,) = app.federated_credentials
    assert trusted == FederatedCredential(
        id=trusted.id, name="main-branch", issuer="https://ci.example/tokens", audience="api://AzureADTokenExchange",
        subject="repo:one/app:ref:refs/heads/main", description="Deploys.",
    )  # fmt: skip


async def test_service_principals(store):
    principal, graph = await store.find_service_principal(ONE, API), await store.find_service_principal(ONE, APP_ID)
    assert (principal.low_impact_scopes, principal.access_token_lifetime) == ({"Read"}, 9015)
    assert principal.app_role_assignment_required
    assert graph.low_impact_scopes == {"openid", "User.Read"}


@pytest.mark.parametrize("written", [pem(), base64_der()])
async def test_a_certificate_is_pem_or_the_base64_of_its_der(written):
    store = MemoryStore()
    await applied(with_key(written), store)
    assert (await the_app(store)).certificates[0].der == der()


# ---- again, and back ----


@pytest.mark.parametrize("prune", [False, True])
async def test_applying_twice_changes_nothing(store, prune):
    assert (await applied(FULL, store, prune=prune, now=LATER)).diff.is_empty


@pytest.mark.parametrize("prune", [False, True])
@pytest.mark.parametrize("with_hashes", [False, True])
async def test_what_was_exported_changes_nothing(store, prune, with_hashes):
    exported = await export_directory(store, with_hashes=with_hashes)
    assert (await applied(exported, store, prune=prune, now=LATER)).diff.is_empty


async def test_an_export_rebuilds_the_directory(store):
    exported, other = await export_directory(store, with_hashes=True), MemoryStore()
    await applied(exported, other)
    assert await the_app(other) == await the_app(store)
    for name in ("ada@one.example", GUEST):
        assert await other.find_user_by_name(ONE, name) == await store.find_user_by_name(ONE, name)
    assert await other.find_tenant(ONE) == await store.find_tenant(ONE)
    assert await other.find_service_principal(ONE, API) == await store.find_service_principal(ONE, API)


async def test_an_export_writes_what_a_person_would_write(store):
    exported = await export_directory(store)
    for line in (
        "countryLetterCode: NO", "lockoutDuration: 00:00:05", "accessTokenLifetime: 1.00:00:00", "home: eva@two.example",
        "groupMembershipClaims: ApplicationGroup,SecurityGroup", "-----BEGIN CERTIFICATE-----", "securityEnabled: false",
        "enableIdTokenIssuance: true", "secondFactorRequired: true",
    ):  # fmt: skip
        assert re.search(rf"^ *{re.escape(line)}$", exported.replace("'", ""), re.MULTILINE), line
    assert "userType" not in exported


async def test_one_tenant_alone_names_homes_elsewhere_by_id_and_still_changes_nothing(store):
    exported = await export_directory(store, [ONE])
    assert f"userId: {EVA_ID}" in exported
    assert (await applied(exported, store, prune=True)).diff.is_empty


async def test_a_home_in_a_tenant_the_file_does_not_name(store):
    guest = "    users:\n      - displayName: Eva\n        home: EVA@two.example\n"
    file = FULL.partition("    users:\n")[0] + guest
    await applied(file, store)
    assert (await store.find_user_by_name(ONE, "eva_two.example#EXT#@one.example")).home.user_id == EVA_ID


async def test_a_guest_whose_home_is_gone_still_comes_back(store):
    guest = await store.find_user_by_name(ONE, GUEST)
    lost = HomeAccount(tenant_id=TenantId("33333333-0000-4000-8000-000000000001"), user_id=API)
    await store.commit([PutEntity(evolve(guest, home=lost))])
    assert (await applied(await export_directory(store), store, prune=True)).diff.is_empty


# ---- what stays ----


async def test_no_file_takes_a_second_factor_away_and_no_export_shows_it(store):
    ada = await store.find_user_by_name(ONE, "ada@one.example")
    enrolled = evolve(
        ada,
        authenticator=Authenticator(sealed_secret="sealed-up", added_at=NOW),
        recovery_codes=("0a" * 32,),
    )
    await store.commit([PutEntity(enrolled)])
    for prune in (False, True):
        assert (await applied(FULL, store, prune=prune)).diff.is_empty
    changed = await applied(FULL.replace("displayName: Ada", "displayName: Ada A."), store, prune=True)
    assert [str(one) for one in changed.diff.changed] == ["user ada@one.example: displayName"]
    after = await store.find_user_by_name(ONE, "ada@one.example")
    assert (after.authenticator, after.recovery_codes) == (enrolled.authenticator, enrolled.recovery_codes)
    for exported in (await export_directory(store, with_hashes=True), await export_directory(store)):
        assert "sealed-up" not in exported
        assert "0a" * 32 not in exported


async def test_a_password_that_was_changed_need_not_be_changed_again(store):
    ada = await store.find_user_by_name(ONE, "ada@one.example")
    await store.commit([PutEntity(evolve(ada, password=evolve(ada.password, must_change=False)))])
    silent = FULL.replace(", mustChange: true", "")
    assert (await applied(silent, store)).diff.is_empty
    stored = FULL.replace("{value: correct horse, mustChange: true}", "{stored: true}")
    assert (await applied(stored, store)).diff.is_empty
    asked = await applied(stored.replace("stored: true}", "stored: true, mustChange: true}"), store)
    assert [str(one) for one in asked.diff.changed] == ["user ada@one.example: password"]
    assert (await store.find_user_by_name(ONE, "ada@one.example")).password.must_change


async def test_silence_about_it_keeps_the_duty_to_change_a_password_until_it_is_another(store):
    assert (await applied(FULL.replace(", mustChange: true", ""), store)).diff.is_empty
    await applied(FULL.replace("correct horse, mustChange: true", "another battery"), store)
    assert not (await store.find_user_by_name(ONE, "ada@one.example")).password.must_change


async def test_whoever_becomes_a_guest_loses_the_password(store):
    file = FULL.replace("        displayName: Ada\n", "        displayName: Ada\n        home: ada@two.example\n")
    file = re.sub(r" +password: .*\n", "", file) + "      - {userPrincipalName: ada@two.example, displayName: Ada}\n"
    await applied(file, store)
    ada = await store.find_user_by_name(ONE, "ada@one.example")
    assert (ada.password, ada.user_type) == (None, "Guest")


async def test_policies_the_file_is_silent_about_stay_unless_pruned(store):
    before = await store.find_tenant(ONE)
    silent = re.sub(r"    policies:\n(      .*\n)+?    users", "    users", FULL)
    assert "policies" not in silent
    assert (await applied(silent, store)).diff.is_empty
    assert (await store.find_tenant(ONE)).policies == before.policies
    pruned = await applied(silent, store, prune=True)
    assert str(pruned.diff.changed[0]).startswith("tenant One: policies.userConsent, policies.securityDefaults")
    assert (await store.find_tenant(ONE)).policies == Policies()


async def test_a_file_for_one_policy_leaves_the_others(store):
    before = (await store.find_tenant(ONE)).policies
    alone = re.sub(r"    policies:\n(      .*\n)+?    users", "    policies: {lockoutThreshold: 7}\n    users", FULL)
    assert before.security_defaults
    plan = await applied(alone, store)
    assert [str(one) for one in plan.diff.changed] == ["tenant One: policies.lockoutThreshold"]
    assert (await store.find_tenant(ONE)).policies == evolve(before, lockout_threshold=7)


async def test_a_diff_names_the_policy(store):
    plan = await applied(FULL.replace("lockoutThreshold: 3", "lockoutThreshold: 4"), store)
    assert [str(one) for one in plan.diff.changed] == ["tenant One: policies.lockoutThreshold"]


SECOND = """\
          - name: releases
            issuer: https://ci.example/tokens
            subject: repo:one/app:environment:live
            audiences: [api://AzureADTokenExchange]
"""


async def added_elsewhere(store) -> Application:
    """The stored application with a certificate and a federated credential that the file does not name."""
    app, both = await the_app(store), MemoryStore()
    more = FULL.replace("        keyCredentials:\n", SECOND + "        keyCredentials:\n")
    await applied(more.replace(indent(pem().strip(), " " * 14), indent(pem("2048 b").strip(), " " * 14)), both)
    other = await the_app(both)
    everything = evolve(
        app,
        certificates=(*other.certificates, *app.certificates),
        federated_credentials=tuple(reversed(other.federated_credentials)),
    )
    await store.commit([PutEntity(everything)])
    return await the_app(store)


async def test_merging_keeps_credentials_that_were_added_elsewhere(store):
    before = await added_elsewhere(store)
    assert (len(before.certificates), len(before.federated_credentials)) == (2, 2)
    assert (await applied(FULL, store)).diff.is_empty
    pruned = await applied(FULL, store, prune=True)
    assert [str(one) for one in pruned.diff.changed] == [
        f"application App ({API}): keyCredentials, federatedIdentityCredentials"
    ]
    after = await the_app(store)
    assert [one.der for one in after.certificates] == [der()]
    assert [one.name for one in after.federated_credentials] == ["main-branch"]


async def test_credentials_keep_the_ids_they_have(store):
    app = await the_app(store)
    renamed = evolve(
        app,
        certificates=(evolve(app.certificates[0], key_id=EVA_ID),),
        federated_credentials=(evolve(app.federated_credentials[0], id=EVA_ID),),
    )
    await store.commit([PutEntity(renamed)])
    for prune in (False, True):
        assert (await applied(FULL, store, prune=prune)).diff.is_empty
    exported = await export_directory(store)
    assert (await applied(exported, store, prune=True)).diff.is_empty
    moved = MemoryStore()
    await applied(exported, moved)
    assert (await the_app(moved)).certificates[0].key_id == EVA_ID
    assert (await the_app(moved)).federated_credentials[0].id == EVA_ID


async def test_a_certificate_may_end_earlier_than_it_says(store):
    file = FULL.replace("displayName: first", "displayName: first\n            endDateTime: 2026-06-01T00:00:00Z")
    plan = await applied(file, store)
    assert [str(one) for one in plan.diff.changed] == [f"application App ({API}): keyCredentials"]
    assert (await the_app(store)).certificates[0].expires_at == 1_780_272_000
    assert (await applied(await export_directory(store), store)).diff.is_empty


async def test_permissions_an_api_no_longer_offers_do_not_spoil_an_export(store):
    granted = (
        "    oauth2PermissionGrants:\n"
        f"      - {{clientAppId: {API}, resourceAppId: {API}, consentType: AllPrincipals, scopes: [Read]}}\n"
    )
    await applied(FULL.replace("    servicePrincipals:\n", granted + "    servicePrincipals:\n"), store)
    app = await the_app(store)
    await store.commit([PutEntity(evolve(app, scopes=()))])
    await applied(await export_directory(store), store)
    assert (await store.find_service_principal(ONE, API)).low_impact_scopes == frozenset()


# ---- what is refused, and where ----

KEYED = with_key(base64_der())  # in one line, so that what follows has a line to name
SUBJECT = "subject: repo:one/app:ref:refs/heads/main"
ISSUER = "issuer: https://ci.example/tokens"
AUDIENCES = "audiences: [api://AzureADTokenExchange]"
LINES = KEYED.splitlines()


def place(start: str, value: str) -> str:
    """Where *value* stands in the line that begins with *start*."""
    number = next(n for n, line in enumerate(LINES) if line.strip().startswith(start))
    return f"{number + 1}:{LINES[number].index(value) + 1}"


APP = place("- appId: 11111111-0000-4000-8000-0000000000f1", "appId")
KEY, ID_TOKEN = place("key: ", "MII"), place("idToken:", "idToken")
GUEST_PLACE = place("- displayName: Eva", "displayName")
# fmt: off
BAD = [  # what is replaced, by what, where it is noticed, a part of what is said
    pytest.param("countryLetterCode: NO", "countryLetterCode: Norway", place("countryLetterCode", "NO"), "two capital letters", id="a country in words"),
    pytest.param("usageLocation: CH", "usageLocation: ch", place("usageLocation", "CH"), "two capital letters", id="a country in small letters"),
    pytest.param("preferredLanguage: nb-NO", "preferredLanguage: nb_NO", place("preferredLanguage", "nb"), "language such as", id="a language with an underscore"),
    pytest.param("userConsent: lowImpact", "userConsent: some", place("userConsent", "low"), "all, lowImpact, none", id="unknown consent policy"),
    pytest.param("passwordGrant: true", "passwordGrant: yes", place("passwordGrant", "true"), "true or false", id="a policy that is neither true nor false"),
    pytest.param("passwordGrant: true", "ropc: true", place("passwordGrant", "pass"), "no member ropc", id="unknown policy"),
    pytest.param("lockoutThreshold: 3", "lockoutThreshold: 0", place("lockoutThreshold", "3"), "from 1 to 50", id="locked before the first failure"),
    pytest.param("lockoutThreshold: 3", "lockoutThreshold: 51", place("lockoutThreshold", "3"), "from 1 to 50", id="51 failures"),
    pytest.param("lockoutThreshold: 3", "lockoutThreshold: 3.5", place("lockoutThreshold", "3"), "from 1 to 50", id="half a failure"),
    pytest.param("lockoutDuration: 00:00:05", "lockoutDuration: 00:00:04", place("lockoutDuration", "00"), "00:00:05 to 05:00:00", id="a lock of 4 seconds"),
    pytest.param("lockoutDuration: 00:00:05", "lockoutDuration: 05:00:01", place("lockoutDuration", "00"), "00:00:05 to 05:00:00", id="a lock of more than five hours"),
    pytest.param("lockoutDuration: 00:00:05", "lockoutDuration: 60", place("lockoutDuration", "00"), "not a span of time", id="a lock in seconds"),
    pytest.param("[Viking, fjord, viking]", "[Viking, ice]", "13:33", "4 to 16", id="a banned word of three letters"),
    pytest.param("[Viking, fjord, viking]", f"[{'x' * 17}]", "13:25", "4 to 16", id="a banned word of 17 letters"),
    pytest.param("[Viking, fjord, viking]", f"[{', '.join(f'word{n}' for n in range(1001))}]", place("bannedPasswords", "banned"), "At most 1000", id="1001 banned words"),
    pytest.param("1.00:00:00", "1.00:00:01", place("accessTokenLifetime: 1", "1."), "to 1.00:00:00", id="tokens for more than a day"),
    pytest.param("accessTokenLifetime: 00:10:00", "accessTokenLifetime: 00:09:59", place("accessTokenLifetime: 00", "00"), "00:10:00 to", id="tokens for less than ten minutes"),
    pytest.param("accessTokenLifetime: 02:30:15", "accessTokenLifetime: 02:60:00", place("accessTokenLifetime: 02", "02"), "not a span", id="sixty minutes beside hours"),
    pytest.param("accessTokenLifetime: 02:30:15", "accessTokenLifetime: 24:00:00", place("accessTokenLifetime: 02", "02"), "not a span", id="24 o'clock"),
    pytest.param("SecurityGroup, ApplicationGroup", "SecurityGroup, Everybody", place("groupMembershipClaims", "Sec"), "'Everybody'", id="unknown kind of group"),
    pytest.param("SecurityGroup, ApplicationGroup", "SecurityGroup,", place("groupMembershipClaims", "Sec"), "beside a comma", id="a comma too many"),
    pytest.param("SecurityGroup, ApplicationGroup", "None, All", place("groupMembershipClaims", "Sec"), "'None'", id="none and all"),
    pytest.param("{name: email, source: null}", "{name: e mail}", place("- {name: email", "email"), "claim's name", id="a claim with a blank"),
    pytest.param("{name: email, source: null}", "{name: email, source: user}", "35:29", "no directory extensions", id="a directory extension"),
    pytest.param("            - {name: email, source: null}\n", "            - {name: email}\n            - {name: email}\n", ID_TOKEN, "listed twice", id="a claim twice"),
    pytest.param("idToken:", "saml2Token:", ID_TOKEN, "no member saml2Token", id="claims of SAML"),
    pytest.param("enableIdTokenIssuance", "enableAccessTokenIssuance", place("implicit", "enableId"), "Did you mean enableIdTokenIssuance", id="access tokens without a code"),
    pytest.param("[11111111-0000-4000-8000-0000000000f2]", "[cli]", place("knownClient", "1111"), "not a GUID", id="a known client without id"),
    pytest.param("lowImpactScopes: [Read]", "lowImpactScopes: [Raed]", place("lowImpactScopes: [R", "Read"), "no scope 'Raed'", id="unknown low-impact scope"),
    pytest.param("lowImpactScopes: [openid,", "lowImpactScopes: [opened,", place("lowImpactScopes: [o", "openid"), "no scope 'opened'", id="unknown low-impact scope of Graph"),
    pytest.param("name: main-branch", "name: m", place("- name: main", "main"), "3 to 120", id="a federated name of one letter"),
    pytest.param("name: main-branch", "name: -main", place("- name: main", "main"), "letter or digit first", id="a federated name that begins with a dash"),
    pytest.param("name: main-branch", f"name: {'m' * 121}", place("- name: main", "main"), "3 to 120", id="a federated name of 121 letters"),
    pytest.param(ISSUER, "issuer: http://ci.example/tokens", place("issuer", "https"), "not an issuer", id="an issuer over plain http"),
    pytest.param(ISSUER, "issuer: https://ci.example/tokens?a=1", place("issuer", "https"), "not an issuer", id="an issuer with a query"),
    pytest.param(ISSUER, "issuer: https://user@ci.example", place("issuer", "https"), "not an issuer", id="an issuer with a user"),
    pytest.param(ISSUER, "issuer: https://ci.example:http", place("issuer", "https"), "not an issuer", id="an issuer with a port that is none"),
    pytest.param(ISSUER, "issuer: 'https://[::1'", place("issuer", "https"), "not an issuer", id="half an address"),
    pytest.param(ISSUER, "issuer: ci", place("issuer", "https"), "not an issuer", id="an issuer without scheme"),
    pytest.param(ISSUER, "issuer: ' https://ci.example'", place("issuer", "https"), "no blanks around it", id="a blank before the issuer"),
    pytest.param(SUBJECT, "subject: repo:one/*", place("subject", "repo"), "no wildcard", id="a wildcard"),
    pytest.param(SUBJECT, f"subject: {'s' * 601}", place("subject", "repo"), "at most 600", id="a subject of 601 letters"),
    pytest.param(f"            {SUBJECT}\n", "", place("- name: main", "name"), "needs subject", id="federated without a subject"),
    pytest.param(AUDIENCES, "audiences: []", place("audiences", "["), "one audience", id="no audience"),
    pytest.param(AUDIENCES, "audiences: [a, b]", place("audiences", "["), "one audience", id="two audiences"),
    pytest.param("        keyCredentials:\n", SECOND.replace("releases", "main-branch") + "        keyCredentials:\n", APP, "'main-branch' is there twice", id="a federated name twice"),
    pytest.param("        keyCredentials:\n", SECOND.replace("environment:live", "ref:refs/heads/main") + "        keyCredentials:\n", APP, "subject", id="issuer and subject twice"),
    pytest.param("        keyCredentials:\n", "".join(SECOND.replace("live", f"n{n}").replace("releases", f"n-{n}") for n in range(20)) + "        keyCredentials:\n", APP, "at most 20", id="21 federated credentials"),
    pytest.param(f"key: {base64_der()}", "key: aGVsbG8=", KEY, "no X.509 certificate", id="base64 of something else"),
    pytest.param(f"key: {base64_der()}", "key: hello, world", KEY, "no X.509 certificate", id="no base64"),
    pytest.param(f"key: {base64_der()}", "key: '-----BEGIN CERTIFICATE-----'", KEY, "no X.509 certificate", id="a beginning of PEM"),
    pytest.param(base64_der(), base64_der("EC"), KEY, "RSA key", id="a key on a curve"),
    pytest.param(base64_der(), base64_der("1024"), KEY, "1024 bits", id="a short key"),
    pytest.param("            key: ", "            startDateTime: 2025-12-31T23:59:59Z\n            key: ", "53:13", "valid from 2026-01-01", id="valid before the certificate is"),
    pytest.param("            key: ", "            endDateTime: 2027-01-01T00:00:01Z\n            key: ", "53:13", "to 2027-01-01", id="valid after the certificate is"),
    pytest.param("            key: ", "            endDateTime: 2026-02-01T00:00:00Z\n            startDateTime: 2026-03-01T00:00:00Z\n            key: ", "54:13", "lie within", id="ends before it begins"),
    pytest.param("displayName: first", "usage: Sign", "51:13", "needs displayName", id="a certificate without a name"),
    pytest.param("home: eva@two.example", "home: eva@three.example", place("home", "eva"), "No tenant has a user", id="a home in no tenant"),
    pytest.param("home: eva@two.example", "home: ida@two.example", place("home", "eva"), "No tenant has a user", id="a home nobody has"),
    pytest.param("home: eva@two.example", "home: ada@one.example", place("home", "eva"), "another tenant", id="a home in the same tenant"),
    pytest.param("home: eva@two.example", "home: eva", place("home", "eva"), "user principal name", id="a home without a domain"),
    pytest.param("home: eva@two.example", f"home: {{tenantId: {TWO}, userId: {EVA_ID}}}", GUEST_PLACE, "needs userPrincipalName", id="a guest without any name"),
    pytest.param("home: eva@two.example", f"home: {{tenantId: {TWO}}}", "23:16", "needs userId", id="half a home"),
    pytest.param("home: eva@two.example", f"home: {'e' * 60}@two.example", GUEST_PLACE, "shorter userPrincipalName", id="a guest with too long a name"),
    pytest.param("home: eva@two.example", "home: eva@two.example\n        password: {value: correct horse}", "24:9", "no password here", id="a guest with a password"),
    pytest.param("home: eva@two.example", "home: eva@two.example\n      - {displayName: Eva, home: eva@two.example, userPrincipalName: eva@one.example}", "24:10", "The home account of eva@one.example is already taken", id="two guests of one home"),
    pytest.param("        displayName: Eva\n", f"        displayName: Eva\n        home: {{tenantId: {ONE}, userId: {EVA_ID}}}\n", GUEST_PLACE, "is a guest as well", id="a guest of a guest"),
    pytest.param("mustChange: true", "mustChange: soon", place("password: {value: correct", "true}"), "true or false", id="change it soon"),
]
# fmt: on


@pytest.mark.parametrize(("old", "new", "where", "said"), BAD)
async def test_what_is_wrong_is_told_with_its_place(old, new, where, said):
    assert old in KEYED
    store = MemoryStore()
    # The last place that fits: what stands in both tenants is spoilt in the second.
    spoilt = new.join(KEYED.rsplit(old, 1))
    refused = await apply_directory(spoilt, store, NOW, credentials())
    assert isinstance(refused, FileRefused)
    faults = [str(fault) for fault in refused.faults]
    assert any(fault.startswith(f"{where}: ") and said in fault for fault in faults), faults
    assert await store.list_tenants() == ()


async def test_the_file_they_spoil_is_good():
    await applied(KEYED, MemoryStore())


@pytest.mark.parametrize(
    ("written", "said"),
    [
        pytest.param(private_pem() + pem(), "private key", id="a private key beside it"),
        pytest.param(private_pem(), "private key", id="a private key alone"),
        pytest.param(pem() + pem("2048 b"), "2 certificates", id="a chain"),
    ],
)
async def test_a_certificate_comes_alone_and_nothing_of_it_is_repeated(written, said):
    refused = await apply_directory(with_key(written), MemoryStore(), NOW, credentials())
    assert isinstance(refused, FileRefused)
    (fault,) = refused.faults
    assert said in fault.message
    assert str(fault.at.line) == KEY.partition(":")[0]
    assert written.splitlines()[2] not in fault.message


async def test_a_federated_credential_cannot_stand_beside_a_rival_that_stays(store):
    renamed = FULL.replace("name: main-branch", "name: trunk")
    refused = await apply_directory(renamed, store, NOW, credentials())
    assert isinstance(refused, FileRefused)
    assert "subject" in refused.faults[0].message
    assert [one.name for one in (await the_app(store)).federated_credentials] == ["main-branch"]
    await applied(renamed, store, prune=True)
    assert [one.name for one in (await the_app(store)).federated_credentials] == ["trunk"]


@pytest.mark.parametrize(
    "issuer", ["http://localhost:9000", "http://127.0.0.1", "http://[::1]:9000/x", "https://[::1]"]
)
async def test_an_issuer_on_this_machine_needs_no_certificate(issuer):
    store = MemoryStore()
    await applied(FULL.replace(ISSUER, f'issuer: "{issuer}"'), store)
    assert (await the_app(store)).federated_credentials[0].issuer == issuer
