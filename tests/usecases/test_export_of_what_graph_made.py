"""Whatever Graph lets people make, the export of it can be applied, and changes nothing."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.application import Application, SignInAudience
from entrada.core.directory.graph.application import application_json
from entrada.core.directory.group import Group
from entrada.core.directory.ids import ClientId
from entrada.core.directory.microsoft_graph import APP_ID, MICROSOFT_GRAPH, graph_principal
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.effects import PutEntity
from entrada.server.store.memory import MemoryStore
from entrada.server.usecases.administer.app_role_assignments import create_app_role_assignment
from entrada.server.usecases.administer.application_credentials import add_password
from entrada.server.usecases.administer.applications import change_application, create_application, delete_application
from entrada.server.usecases.administer.branding import change_branding
from entrada.server.usecases.administer.federated_credentials import create_federated_credential
from entrada.server.usecases.administer.group_members import add_member
from entrada.server.usecases.administer.groups import create_group
from entrada.server.usecases.administer.organization import change_organization
from entrada.server.usecases.administer.owners import add_owner
from entrada.server.usecases.administer.permission_grants import create_permission_grant
from entrada.server.usecases.administer.policies import change_settings
from entrada.server.usecases.administer.service_principals import (
    change_service_principal,
    create_service_principal,
    delete_service_principal,
)
from entrada.server.usecases.administer.users import create_user
from entrada.server.usecases.export_directory import export_directory
from tests.plugins.platforms import InProcess
from tests.usecases.acting import OPERATOR, TENANT, run
from tests.usecases.client_certificates import FROM, base64_der
from tests.usecases.directory_files import applied

COLORS = Tenant(id=TENANT, display_name="Colors", domains=("colors.example", "b.example"))
DAY = 86_400
GUID = "9e7a1500-0000-4000-8000-00000000000"

words = st.none() | st.sampled_from(
    ["", " ", "a", "null", "~", "0123", "a: b", "a\nb", "a\r\nb\n", " a ", "x" * 1024, "\u202ea", "a\x07", "-", GUID + "9"]
) | st.text(max_size=12)  # fmt: skip
lines = st.sampled_from(["a", "No", "null", " a ", "#", "x" * 100, GUID + "8"]) | st.text(min_size=1, max_size=12)
values = st.sampled_from(["Read", "read", "null", "1", GUID + "1", GUID + "2", "a:b"])
ids = st.sampled_from([GUID + str(one) for one in range(1, 5)])
moments = st.none() | st.sampled_from(["0001-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "2026-01-02T00:00:00Z"])


def some(**members: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=members)


scopes = st.fixed_dictionaries(
    {"value": values, "adminConsentDisplayName": lines, "adminConsentDescription": lines, "id": ids},
    optional={"userConsentDisplayName": words, "userConsentDescription": words, "isEnabled": st.booleans(),
              "type": st.sampled_from(["User", "Admin"])},
)  # fmt: skip
roles = st.fixed_dictionaries(
    {"value": values, "displayName": lines, "description": lines, "id": ids.map(lambda one: one[:-2] + "7" + one[-1]),
     "allowedMemberTypes": st.just(["User", "Application"])},
    optional={"isEnabled": st.booleans()},
)  # fmt: skip
pages = st.none() | st.sampled_from(["https://a.example/x", "http://a.example:80/?a=b#c"])
claims = st.lists(
    st.fixed_dictionaries({"name": values}, optional={"essential": st.booleans(), "additionalProperties": st.lists(lines, max_size=2)}),
    max_size=2,
)  # fmt: skip
required = st.fixed_dictionaries(
    {"resourceAppId": st.sampled_from([APP_ID, GUID + "6"]),
     "resourceAccess": st.lists(st.fixed_dictionaries(
         {"id": ids | st.sampled_from([one.id for one in MICROSOFT_GRAPH.scopes]), "type": st.sampled_from(["Scope", "Role"])}), max_size=3)},
)  # fmt: skip
# One part at a time, so that one member that is refused does not hide the others.
parts = st.one_of(
    some(description=words), some(notes=words), some(tags=st.lists(words, max_size=2)), some(serviceManagementReference=words),
    some(displayName=lines), some(signInAudience=st.sampled_from(SignInAudience)), some(groupMembershipClaims=st.sampled_from([None, "", "None", "All"])),
    some(identifierUris=st.lists(st.sampled_from([f"api://{TENANT}/x", f"api://{TENANT}/X y", "https://b.example/ä", "api://short"]) | lines.map(f"api://{TENANT}/{{}}".format), max_size=2)),
    some(info=some(supportUrl=pages, marketingUrl=pages, termsOfServiceUrl=pages)),
    some(web=some(homePageUrl=pages, logoutUrl=pages, redirectUris=st.lists(st.sampled_from(["https://a.example/cb", "http://localhost/x", "https://ä.example/%20?a"]), max_size=2))),
    some(publicClient=some(redirectUris=st.lists(st.sampled_from(["myapp://x", "http://localhost", "msal1://auth", "urn:ietf:wg:oauth:2.0:oob"]), max_size=2))),
    some(api=some(requestedAccessTokenVersion=st.sampled_from([None, 1, 2]), oauth2PermissionScopes=st.lists(scopes, max_size=2),
                  knownClientApplications=st.lists(ids, max_size=1))),
    some(appRoles=st.lists(roles, max_size=2)), some(requiredResourceAccess=st.lists(required, max_size=2)),
    some(optionalClaims=some(idToken=claims, accessToken=claims)), some(isFallbackPublicClient=st.none() | st.booleans()),
    some(keyCredentials=st.lists(st.fixed_dictionaries({"key": st.just(base64_der())}, optional={"displayName": words}), max_size=2)),
)  # fmt: skip
secrets = st.none() | some(displayName=words, startDateTime=moments, endDateTime=st.just("2027-01-01T00:00:00Z"))
federated = st.fixed_dictionaries(
    {"name": st.sampled_from(["abc", "null"]), "issuer": st.just("https://i.example"), "subject": lines,
     "audiences": st.just(["x"]) | lines.map(lambda line: [line])},
    optional={"description": words},
)  # fmt: skip
users = st.fixed_dictionaries(
    {"userPrincipalName": st.sampled_from(["a@colors.example", "o'x@b.example", "Null@colors.example"]), "displayName": lines,
     "mailNickname": st.sampled_from(["a", "null", "#"]), "accountEnabled": st.booleans()},
    optional=dict.fromkeys(("givenName", "jobTitle", "officeLocation"), words)
    | {"mail": st.sampled_from(["a@b", "\x01@b", "\u202ea@b"]), "usageLocation": st.sampled_from(["no", "NO", None]),
       "preferredLanguage": st.sampled_from(["no", "NO-no", None]), "businessPhones": st.lists(lines, max_size=1)},
)  # fmt: skip
groups = st.fixed_dictionaries(
    {"displayName": lines | st.just("a@colors.example"), "mailNickname": st.sampled_from(["a", "0", "~"]),
     "securityEnabled": st.just(True), "mailEnabled": st.just(False)},
    optional={"description": words},
)  # fmt: skip
principals = st.one_of(some(notes=words), some(tags=st.lists(words, max_size=2)), some(accountEnabled=st.booleans()))
tenants = st.one_of(
    some(displayName=lines),
    some(countryLetterCode=st.sampled_from([None, "no"])),
    some(preferredLanguage=st.just("no")),
)
branding = st.one_of(some(signInPageText=words), some(backgroundColor=st.sampled_from([None, "", "#0B6E4F"])))
settings_ = some(lockoutThreshold=st.integers(0, 51), bannedPasswords=st.lists(words, max_size=2))

directories = st.fixed_dictionaries(
    {
        "app": st.lists(parts, max_size=5), "secrets": st.lists(secrets, max_size=2), "federated": st.none() | federated,
        "user": users, "group": groups, "principal": st.none() | principals, "tenant": tenants, "branding": branding,
        "settings": settings_, "later": st.lists(parts, max_size=2), "no longer offered": st.booleans(), "links": st.booleans(), "end": st.sampled_from(["as it is", "principal removed", "removed and made", "application removed"]),
    },
)  # fmt: skip


WHOLE: dict[str, Any] = {"principal": {}, "links": True, "later": [], "no longer offered": True, "end": "as it is"}
GROUP: dict[str, Any] = {"displayName": "G", "mailNickname": "g", "securityEnabled": True, "mailEnabled": False}


class Made:
    """A directory that was asked for step by step; what is refused is not there."""

    def __init__(self, here: Any) -> None:
        self.here = here

    async def asked(self, step: Any) -> Any:
        done = await step
        return None if isinstance(done, Problem) else done

    async def all(self, wanted: dict[str, Any]) -> None:
        here, asked = self.here, self.asked
        await asked(change_organization(here, OPERATOR, wanted["tenant"]))
        await asked(change_branding(here, OPERATOR, wanted["branding"]))
        await asked(change_settings(here, OPERATOR, wanted["settings"]))
        user = cast("User | None", await asked(create_user(here, OPERATOR, wanted["user"], needs_password=False)))
        group = cast("Group | None", await asked(create_group(here, OPERATOR, wanted["group"])))
        app = cast("Application", await asked(create_application(here, OPERATOR, {"displayName": "App"})))
        for part in wanted["app"]:
            await asked(change_application(here, OPERATOR, app.id, part))
        for secret in wanted["secrets"]:
            await asked(add_password(here, OPERATOR, app.id, {"passwordCredential": secret}))
        if wanted["federated"]:
            await asked(create_federated_credential(here, OPERATOR, app.id, wanted["federated"]))
        if wanted["principal"] is not None:
            await self.present(app, wanted, user, group)
        if wanted["end"] == "application removed":
            await asked(delete_application(here, OPERATOR, app.id))

    async def present(self, app: Application, wanted: dict[str, Any], user: User | None, group: Group | None) -> None:
        here, asked = self.here, self.asked
        await asked(create_service_principal(here, OPERATOR, {"appId": app.app_id}))
        principal = await here.store.find_service_principal(TENANT, app.app_id)
        await asked(change_service_principal(here, OPERATOR, principal.id, wanted["principal"]))
        if wanted["links"]:
            await self.links(app, principal.id, user, group)
        for part in wanted["later"]:
            await asked(change_application(here, OPERATOR, app.id, part))
        if wanted["no longer offered"]:
            await self.no_longer_offered(app)
        if "removed" in wanted["end"]:
            await asked(delete_service_principal(here, OPERATOR, principal.id))
        if wanted["end"] == "removed and made":
            await asked(create_service_principal(here, OPERATOR, {"appId": app.app_id}))

    async def no_longer_offered(self, app: Application) -> None:
        """What was granted and assigned stays, and is dead."""
        now = application_json(await self.here.store.find_application(app.app_id))
        off = [
            {**one, "isEnabled": False, "allowedMemberTypes": ["Application"]} for one in cast("Any", now["appRoles"])
        ]
        scopes = [{**one, "isEnabled": False} for one in cast("Any", now["api"])["oauth2PermissionScopes"]]
        parts: tuple[dict[str, object], ...] = (
            {"appRoles": off},
            {"api": {"oauth2PermissionScopes": scopes}},
            {"api": {"oauth2PermissionScopes": []}},
        )
        for part in parts:
            await self.asked(change_application(self.here, OPERATOR, app.id, part))
        if len(off) > 1:
            await self.asked(change_application(self.here, OPERATOR, app.id, {"appRoles": []}))

    async def links(self, app: Application, principal_id: str, user: User | None, group: Group | None) -> None:
        here, asked = self.here, self.asked
        graph = graph_principal(TENANT).id
        grant = {"clientId": principal_id, "resourceId": graph, "consentType": "AllPrincipals", "scope": "User.Read"}
        await asked(create_permission_grant(here, OPERATOR, grant))
        now = await here.store.find_application(app.app_id)
        for scope in now.scopes:
            of_its_own = {**grant, "resourceId": principal_id, "scope": scope.value}
            await asked(create_permission_grant(here, OPERATOR, of_its_own))
        some_role = now.app_roles[0].id if now.app_roles else "00000000-0000-0000-0000-000000000000"
        for one in (user, group):
            if one is None:
                continue
            link = {"principalId": one.id, "resourceId": principal_id, "appRoleId": some_role}
            await asked(create_app_role_assignment(here, OPERATOR, link))
        if user is not None:
            await asked(add_owner(here, OPERATOR, app.id, user.id))
        if user is not None and group is not None:
            await asked(add_member(here, OPERATOR, group.id, user.id))


def fresh(in_process: InProcess) -> Any:
    in_process.clock.now = NumericDate(FROM + DAY)  # while the certificate is valid
    here = evolve(in_process.platform.here, store=MemoryStore())
    assert asyncio.run(here.store.commit([PutEntity(COLORS), PutEntity(graph_principal(TENANT))]))
    return here


async def changes_nothing(here: Any, *, dead: bool = False) -> None:
    """*dead*: but for what was granted of permissions that are there no more, which gave nothing."""
    for with_hashes in (False, True):
        exported = await export_directory(here.store, with_hashes=with_hashes)
        for prune in (False, True):
            plan = await applied(exported, here.store, prune=prune, now=here.clock())
            spared = ("permission grant", "app role") if dead else ()
            touched = (*plan.diff.added, *plan.diff.changed, *plan.diff.removed)
            assert not plan.diff.added, exported
            assert all(one.what.startswith(spared) for one in touched), (touched, exported)
            assert not plan.without_value


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(directories)
def test_the_export_of_what_graph_made_changes_nothing(in_process: InProcess, wanted: dict[str, Any]) -> None:
    here = fresh(in_process)
    asyncio.run(Made(here).all(wanted))
    asyncio.run(changes_nothing(here, dead=wanted["no longer offered"] or bool(wanted["later"])))


@pytest.mark.parametrize(
    "words",
    [
        None,
        {},
        {"displayName": ""},
        {"displayName": "  "},
        {"startDateTime": "0001-01-01T00:00:00Z", "endDateTime": "2027-01-01T00:00:00Z"},
    ],
)
def test_a_client_secret_without_a_description(in_process: InProcess, words: dict[str, Any] | None) -> None:
    here = fresh(in_process)
    app = run(create_application(here, OPERATOR, {"displayName": "App"}))
    for _ in range(2):
        run(add_password(here, OPERATOR, app.id, {"passwordCredential": words}))
    asyncio.run(changes_nothing(here))


def test_a_removed_service_principal_stays_away(in_process: InProcess) -> None:
    here = fresh(in_process)
    app = run(create_application(here, OPERATOR, {"displayName": "App"}))
    assert asyncio.run(here.store.find_service_principal(TENANT, app.app_id)) is None
    exported = asyncio.run(export_directory(here.store))
    assert "servicePrincipal: false" in exported
    asyncio.run(changes_nothing(here))
    run(create_service_principal(here, OPERATOR, {"appId": app.app_id}))
    assert "servicePrincipal" not in asyncio.run(export_directory(here.store)).replace("servicePrincipals", "")
    # A file that says there is none takes it away with prune alone, as it does with everything it lacks.
    assert asyncio.run(applied(exported, here.store)).diff.is_empty
    assert [one.what for one in asyncio.run(applied(exported, here.store, prune=True)).diff.removed] == [
        "service principal App in Colors"
    ]
    assert asyncio.run(here.store.find_service_principal(TENANT, ClientId(app.app_id))) is None


def test_what_an_api_no_longer_offers_is_not_taken_for_something_else(in_process: InProcess) -> None:
    here = fresh(in_process)
    role = {"value": "Lend", "displayName": "L", "description": "L", "allowedMemberTypes": ["User"]}
    scope = {"value": "Read", "adminConsentDisplayName": "R", "adminConsentDescription": "R"}
    part = {"appRoles": [role, {**role, "value": "Keep"}], "api": {"oauth2PermissionScopes": [scope]}}
    app = run(create_application(here, OPERATOR, {"displayName": "App", **part}))
    made = Made(here)
    asyncio.run(made.present(app, WHOLE, None, run(create_group(here, OPERATOR, GROUP))))
    assert "appRole:" not in asyncio.run(export_directory(here.store))
    asyncio.run(changes_nothing(here, dead=True))
