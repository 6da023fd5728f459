"""Microsoft's Graph SDK for Python works against us by base URL: each resource made, read, changed and deleted."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

import httpx
import pytest
from azure.core.credentials import AccessToken
from azure.identity import ClientSecretCredential
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_authentication_azure.azure_identity_authentication_provider import AzureIdentityAuthenticationProvider
from msal import PublicClientApplication  # type: ignore[import-untyped]
from msgraph.generated.applications.applications_request_builder import ApplicationsRequestBuilder
from msgraph.generated.applications.item.add_password.add_password_post_request_body import AddPasswordPostRequestBody
from msgraph.generated.applications.item.remove_password.remove_password_post_request_body import (
    RemovePasswordPostRequestBody,
)
from msgraph.generated.groups.groups_request_builder import GroupsRequestBuilder
from msgraph.generated.groups.item.group_item_request_builder import GroupItemRequestBuilder
from msgraph.generated.models.api_application import ApiApplication
from msgraph.generated.models.app_role import AppRole
from msgraph.generated.models.app_role_assignment import AppRoleAssignment
from msgraph.generated.models.application import Application
from msgraph.generated.models.federated_identity_credential import FederatedIdentityCredential
from msgraph.generated.models.group import Group
from msgraph.generated.models.o_auth2_permission_grant import OAuth2PermissionGrant
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.password_credential import PasswordCredential
from msgraph.generated.models.password_profile import PasswordProfile
from msgraph.generated.models.permission_scope import PermissionScope
from msgraph.generated.models.reference_create import ReferenceCreate
from msgraph.generated.models.required_resource_access import RequiredResourceAccess
from msgraph.generated.models.resource_access import ResourceAccess
from msgraph.generated.models.service_principal import ServicePrincipal
from msgraph.generated.models.user import User
from msgraph.generated.models.web_application import WebApplication
from msgraph.generated.users.item.get_member_groups.get_member_groups_post_request_body import (
    GetMemberGroupsPostRequestBody,
)
from msgraph.generated.users.users_request_builder import UsersRequestBuilder
from msgraph.graph_request_adapter import GraphRequestAdapter, options
from msgraph.graph_service_client import GraphServiceClient
from msgraph_core import GraphClientFactory, PageIterator  # type: ignore[import-untyped]
from msgraph_core.requests.batch_request_builder import BatchRequestBuilder  # type: ignore[import-untyped]
from msgraph_core.requests.batch_request_content import BatchRequestContent  # type: ignore[import-untyped]
from msgraph_core.requests.batch_request_item import BatchRequestItem  # type: ignore[import-untyped]

from tests.drivers.live_server import CLI, COLORS, GRAPH, LiveServer
from tests.interop.person import People, Person

pytestmark = [
    pytest.mark.interop,
    pytest.mark.anyio,
    pytest.mark.usefixtures("trusting"),
    pytest.mark.filterwarnings("ignore:response_mode='form_post' is recommended:UserWarning"),
]

SCOPE: Final = "https://graph.microsoft.com/.default"
BEN: Final = "c0105000-0000-4000-8000-0000000000b1"
PAINTERS: Final = "c0105000-0000-4000-8000-00000000a171"
USER_ADMINISTRATOR: Final = "fe930be7-5e62-47db-91af-98c3a49a38b1"
READ_ALL_APPLICATIONS: Final = UUID("9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30")  # the app role of Microsoft Graph


class Signed:
    """A credential for who has signed in already."""

    def __init__(self, token: str) -> None:
        self._token = token

    def get_token(self, *_scopes: str, **_options: Any) -> AccessToken:
        return AccessToken(self._token, int(time.time()) + 3000)


@asynccontextmanager
async def client(live: LiveServer, credential: Any) -> AsyncIterator[Any]:
    """As its documentation makes one, with our address; what it opened is closed, which the SDK leaves to nobody."""
    http = httpx.AsyncClient(timeout=30)
    transport = http._transport  # the SDK wraps it, and closes the wrapper alone
    provider = AzureIdentityAuthenticationProvider(credential, scopes=[SCOPE])
    adapter = GraphRequestAdapter(
        provider, GraphClientFactory.create_with_default_middleware(options=options, client=http)
    )
    adapter.base_url = f"{live.origin}/v1.0"
    async with transport:
        yield GraphServiceClient(request_adapter=adapter)


def signed_in(live: LiveServer, person: Person, *scopes: str) -> Signed:
    app = PublicClientApplication(CLI, authority=live.authority, instance_discovery=False)
    flow = app.initiate_auth_code_flow([f"https://graph.microsoft.com/{one}" for one in scopes], "http://localhost")
    result = app.acquire_token_by_auth_code_flow(flow, person.fields(flow["auth_uri"]))
    app.http_client.close()
    assert "error" not in result, result
    return Signed(result["access_token"])


@pytest.fixture
def administrator(live: LiveServer, people: People) -> Signed:
    """Somebody who may do everything, through an application that may do whatever they may."""
    return signed_in(live, people("ada@colors.example"), "Directory.AccessAsUser.All")


@pytest.fixture
async def graph(live: LiveServer, administrator: Signed) -> AsyncIterator[Any]:
    async with client(live, administrator) as made:
        yield made


def asking(builder: Any, **parameters: Any) -> Any:
    """How the SDK is asked for a part of a collection.  `eventual` is the header of advanced queries."""
    eventual = parameters.pop("eventual", False)
    asked = RequestConfiguration(
        query_parameters=getattr(builder, f"{builder.__name__}GetQueryParameters")(**parameters)
    )
    if eventual:
        asked.headers.add("ConsistencyLevel", "eventual")
    return asked


async def refused(request: Any) -> Any:
    with pytest.raises(ODataError) as caught:
        await request
    assert caught.value.error is not None
    inner = caught.value.error.inner_error
    assert inner is not None
    assert str(UUID(inner.request_id)) == inner.request_id
    assert inner.date is not None
    return caught.value


def name(what: str) -> str:
    return f"{what} {uuid4().hex[:8]}"


async def new_application(graph: Any, **members: Any) -> Any:
    return await graph.applications.post(Application(display_name=name("sdk"), **members))


def api_of(value: str) -> ApiApplication:
    scope = PermissionScope(
        id=uuid4(),
        value=value,
        type="User",
        is_enabled=True,
        admin_consent_display_name="Read",
        admin_consent_description="Reads.",
    )
    return ApiApplication(oauth2_permission_scopes=[scope], requested_access_token_version=2)


async def test_applications(graph: Any) -> None:
    made = await new_application(graph, web=WebApplication(redirect_uris=["https://localhost/a"]), api=api_of("Read"))
    assert (made.sign_in_audience, made.web.redirect_uris) == ("AzureADMyOrg", ["https://localhost/a"])
    one = graph.applications.by_application_id(made.id)
    changed = await one.patch(Application(tags=["sdk"], identifier_uris=[f"api://{made.app_id}"]))
    assert changed is None or changed.tags == ["sdk"]
    read = await graph.applications_with_app_id(made.app_id).get()
    assert (read.id, read.tags, read.identifier_uris) == (made.id, ["sdk"], [f"api://{made.app_id}"])
    assert read.api.oauth2_permission_scopes[0].value == "Read"
    await one.delete()
    assert (await refused(one.get())).response_status_code == 404


async def test_a_deleted_application_comes_back(graph: Any) -> None:
    made = await new_application(graph)
    await graph.applications.by_application_id(made.id).delete()
    deleted = await graph.directory.deleted_items.graph_application.get()
    assert made.id in {one.id for one in deleted.value}
    await graph.directory.deleted_items.by_directory_object_id(made.id).restore.post()
    again = await graph.applications.by_application_id(made.id).get()
    assert (again.app_id, again.display_name) == (made.app_id, made.display_name)


async def test_secrets(graph: Any) -> None:
    made = await new_application(graph)
    one = graph.applications.by_application_id(made.id)
    ends = datetime.now(UTC) + timedelta(days=30)
    credential = PasswordCredential(display_name="sdk", end_date_time=ends)
    added = await one.add_password.post(AddPasswordPostRequestBody(password_credential=credential))
    assert added.secret_text
    assert added.hint == added.secret_text[:3]
    (kept,) = (await one.get()).password_credentials
    assert (kept.key_id, kept.secret_text, kept.display_name) == (added.key_id, None, "sdk")
    await one.remove_password.post(RemovePasswordPostRequestBody(key_id=added.key_id))
    assert (await one.get()).password_credentials == []


async def test_federated_credentials(graph: Any) -> None:
    made = await new_application(graph)
    credentials = graph.applications.by_application_id(made.id).federated_identity_credentials
    wanted = FederatedIdentityCredential(
        name="pipeline", issuer="https://issuer.example", subject="repo:a/b", audiences=["api://AzureADTokenExchange"]
    )
    added = await credentials.post(wanted)
    one = credentials.by_federated_identity_credential_id(added.id)
    await one.patch(FederatedIdentityCredential(description="of the pipeline", subject="repo:a/c"))
    assert [(each.subject, each.description) for each in (await credentials.get()).value] == [
        ("repo:a/c", "of the pipeline")
    ]
    await one.delete()
    assert (await credentials.get()).value == []


async def test_owners(live: LiveServer, graph: Any) -> None:
    made = await new_application(graph)
    owners = graph.applications.by_application_id(made.id).owners
    before = {one.id for one in (await owners.get()).value}
    await owners.ref.post(ReferenceCreate(odata_id=f"{live.origin}/v1.0/directoryObjects/{BEN}"))
    (added,) = (one for one in (await owners.get()).value if one.id not in before)
    assert isinstance(added, User)
    assert added.user_principal_name == "ben@colors.example"
    await owners.by_directory_object_id(BEN).ref.delete()
    assert {one.id for one in (await owners.get()).value} == before


async def new_principal(graph: Any, **members: Any) -> tuple[Any, Any]:
    """An application and its service principal."""
    made = await new_application(graph, **members)
    return made, await graph.service_principals.post(ServicePrincipal(app_id=made.app_id))


async def test_service_principals(live: LiveServer, graph: Any) -> None:
    made, principal = await new_principal(graph, api=api_of("Read"))
    assert (principal.display_name, principal.service_principal_type) == (made.display_name, "Application")
    one = graph.service_principals.by_service_principal_id(principal.id)
    await one.patch(ServicePrincipal(account_enabled=False, tags=["x"]))
    read = await graph.service_principals_with_app_id(made.app_id).get()
    assert (read.id, read.account_enabled, read.tags) == (principal.id, False, ["x"])
    assert [scope.value for scope in read.oauth2_permission_scopes] == ["Read"]
    await one.owners.ref.post(ReferenceCreate(odata_id=f"{live.origin}/v1.0/directoryObjects/{BEN}"))
    assert [each.id for each in (await one.owners.get()).value] == [BEN]
    await one.owners.by_directory_object_id(BEN).ref.delete()
    twice = await refused(graph.service_principals.post(ServicePrincipal(app_id=made.app_id)))
    assert twice.response_status_code == 409
    await one.delete()
    assert (await refused(one.get())).error.code == "Request_ResourceNotFound"


async def test_permission_grants(graph: Any) -> None:
    (_, client_side), (_, api) = await new_principal(graph), await new_principal(graph, api=api_of("Read"))
    wanted = OAuth2PermissionGrant(
        client_id=client_side.id, consent_type="Principal", principal_id=BEN, resource_id=api.id, scope="Read"
    )
    made = await graph.oauth2_permission_grants.post(wanted)
    one = graph.oauth2_permission_grants.by_o_auth2_permission_grant_id(made.id)
    assert (await one.get()).scope == "Read"
    of_client = graph.service_principals.by_service_principal_id(client_side.id).oauth2_permission_grants
    assert [each.id for each in (await of_client.get()).value] == [made.id]
    assert (await refused(one.patch(OAuth2PermissionGrant(scope="Paint")))).error.target == "scope"
    assert (await refused(graph.oauth2_permission_grants.post(wanted))).response_status_code == 409
    await one.delete()
    assert (await of_client.get()).value == []


async def test_app_role_assignments(graph: Any) -> None:
    role = AppRole(
        id=uuid4(),
        value="Mixer",
        display_name="Mixer",
        description="Mixes.",
        is_enabled=True,
        allowed_member_types=["User"],
    )
    _, api = await new_principal(graph, app_roles=[role])
    assert role.id is not None
    wanted = AppRoleAssignment(principal_id=UUID(BEN), resource_id=UUID(api.id), app_role_id=role.id)
    made = await graph.users.by_user_id(BEN).app_role_assignments.post(wanted)
    assert (made.principal_display_name, made.principal_type) == ("Ben Blue", "User")
    on_it = graph.service_principals.by_service_principal_id(api.id).app_role_assigned_to
    group = AppRoleAssignment(principal_id=UUID(PAINTERS), resource_id=UUID(api.id), app_role_id=role.id)
    await on_it.post(group)
    assert {each.principal_display_name for each in (await on_it.get()).value} == {"Ben Blue", "Painters"}
    assert (await refused(on_it.post(group))).response_status_code == 400
    await graph.users.by_user_id(BEN).app_role_assignments.by_app_role_assignment_id(made.id).delete()
    assert [each.principal_display_name for each in (await on_it.get()).value] == ["Painters"]


async def new_user(graph: Any) -> Any:
    alias = f"u{uuid4().hex[:8]}"
    wanted = User(
        account_enabled=True,
        display_name=f"Gil {alias}",
        mail_nickname=alias,
        user_principal_name=f"{alias}@colors.example",
        password_profile=PasswordProfile(force_change_password_next_sign_in=False, password=f"Long-{uuid4().hex}"),
    )
    return await graph.users.post(wanted)


async def test_users(graph: Any) -> None:
    made = await new_user(graph)
    one = graph.users.by_user_id(made.user_principal_name)
    await one.patch(User(job_title="Mixer", account_enabled=False))
    select = asking(UsersRequestBuilder, select=["id", "jobTitle", "accountEnabled", "createdDateTime"])
    (read,) = [each for each in (await graph.users.get(request_configuration=select)).value if each.id == made.id]
    assert (read.job_title, read.account_enabled) == ("Mixer", False)
    assert isinstance(read.created_date_time, datetime)
    assert (await one.revoke_sign_in_sessions.post()).value is True
    await one.delete()
    assert (await refused(one.get())).response_status_code == 404
    await graph.directory.deleted_items.by_directory_object_id(made.id).restore.post()
    assert (await one.get()).id == made.id


async def test_whoever_is_signed_in(graph: Any) -> None:
    me = await graph.me.get()
    assert (me.user_principal_name, me.display_name) == ("ada@colors.example", "Ada Amber")


async def test_groups_and_their_members(live: LiveServer, graph: Any) -> None:
    wanted = Group(display_name=name("Mixers"), mail_enabled=False, mail_nickname="mixers", security_enabled=True)
    made, user = await graph.groups.post(wanted), await new_user(graph)
    one = graph.groups.by_group_id(made.id)
    await one.patch(Group(description="Those who mix."))
    await one.members.ref.post(ReferenceCreate(odata_id=f"{live.origin}/v1.0/directoryObjects/{user.id}"))
    nested = ReferenceCreate(odata_id=f"{live.origin}/v1.0/directoryObjects/{made.id}")
    await graph.groups.by_group_id(PAINTERS).members.ref.post(nested)
    assert [type(each) for each in (await one.members.get()).value] == [User]
    through = await graph.users.by_user_id(user.id).transitive_member_of.get()
    assert {each.id for each in through.value} == {made.id, PAINTERS}
    asked = GetMemberGroupsPostRequestBody(security_enabled_only=False)
    said = await graph.users.by_user_id(user.id).get_member_groups.post(asked)
    assert set(said.value) == {made.id, PAINTERS}
    expanded = await one.get(request_configuration=asking(GroupItemRequestBuilder, expand=["members"]))
    assert ([each.id for each in expanded.members], expanded.description) == ([user.id], "Those who mix.")
    await one.members.by_directory_object_id(user.id).ref.delete()
    assert (await one.members.get()).value == []
    await one.delete()
    await graph.directory.deleted_items.by_directory_object_id(made.id).restore.post()
    assert (await one.get()).display_name == made.display_name
    await one.delete()


async def test_directory_roles(live: LiveServer, graph: Any) -> None:
    roles = {one.role_template_id: one for one in (await graph.directory_roles.get()).value}
    one = graph.directory_roles.by_directory_role_id(roles[USER_ADMINISTRATOR].id)
    user = await new_user(graph)
    await one.members.ref.post(ReferenceCreate(odata_id=f"{live.origin}/v1.0/directoryObjects/{user.id}"))
    assert user.id in {each.id for each in (await one.members.get()).value}
    await one.members.by_directory_object_id(user.id).ref.delete()
    assert user.id not in {each.id for each in (await one.members.get()).value}


async def test_the_tenant_its_policy_and_its_logs(graph: Any) -> None:
    (organization,) = (await graph.organization.get()).value
    assert (organization.id, organization.display_name) == (COLORS, "Colors")
    assert "colors.example" in {one.name for one in organization.verified_domains}
    policy = await graph.policies.authorization_policy.get()
    assert policy.default_user_role_permissions.allowed_to_create_apps is True
    made = await new_application(graph)
    signed_in = (await graph.audit_logs.sign_ins.get()).value
    assert {one.user_principal_name for one in signed_in} >= {"ada@colors.example"}
    rows = (await graph.audit_logs.directory_audits.get()).value
    (row,) = [one for one in rows if made.id in {target.id for target in one.target_resources}]
    assert row.activity_display_name == "Add application"
    assert row.initiated_by.user.user_principal_name == "ada@colors.example"


async def test_long_lists_come_in_pages(graph: Any) -> None:
    prefix = uuid4().hex[:8]
    for number in range(5):
        await graph.applications.post(Application(display_name=f"{prefix} {number}"))
    asked = asking(
        ApplicationsRequestBuilder, filter=f"startswith(displayName, '{prefix}')", top=2, count=True, eventual=True
    )
    first = await graph.applications.get(request_configuration=asked)
    assert (len(first.value), first.odata_count) == (2, 5)
    second = await graph.applications.with_url(first.odata_next_link).get()
    assert {one.id for one in second.value}.isdisjoint({one.id for one in first.value})
    seen: list[str] = []

    def see(one: Any) -> bool:
        seen.append(one.display_name)
        return True

    await PageIterator(first, graph.request_adapter).iterate(see)
    assert sorted(seen) == [f"{prefix} {number}" for number in range(5)]


async def test_questions_as_the_sdk_sends_them(graph: Any) -> None:
    made = await new_application(graph, tags=["it's here"])
    by_id = asking(ApplicationsRequestBuilder, filter=f"appId eq '{made.app_id}'", select=["id", "displayName"])
    (found,) = (await graph.applications.get(request_configuration=by_id)).value
    assert (found.id, found.display_name, found.app_id) == (made.id, made.display_name, None)
    by_tag = asking(ApplicationsRequestBuilder, filter="tags/any(t:t eq 'it''s here')", eventual=True)
    assert made.id in {one.id for one in (await graph.applications.get(request_configuration=by_tag)).value}
    word = made.display_name.split()[1]
    searched = asking(ApplicationsRequestBuilder, search=f'"displayName:{word}"', count=True, eventual=True)
    page = await graph.applications.get(request_configuration=searched)
    assert ([one.id for one in page.value], page.odata_count) == ([made.id], 1)
    in_order = asking(UsersRequestBuilder, orderby=["displayName desc"], top=3)
    names = [one.display_name for one in (await graph.users.get(request_configuration=in_order)).value]
    assert names == sorted(names, key=str.casefold, reverse=True)
    painters = asking(GroupsRequestBuilder, filter="displayName eq 'Painters'", expand=["members"])
    (group,) = (await graph.groups.get(request_configuration=painters)).value
    assert "cai@colors.example" in {one.user_principal_name for one in group.members}
    assert await graph.applications.count.get(request_configuration=_eventual()) >= 1


def _eventual() -> Any:
    asked: Any = RequestConfiguration()
    asked.headers.add("ConsistencyLevel", "eventual")
    return asked


async def test_refusals_are_typed_errors(live: LiveServer, people: People, graph: Any) -> None:
    one = signed_in(live, people("ben@colors.example"), "User.Read")
    async with client(live, one) as ben, client(live, Signed("nonsense")) as nobody:
        await _all_refused(graph, ben, nobody)


# fmt: off
async def _all_refused(graph: Any, ben: Any, nobody: Any) -> None:
    rows = [
        (graph.applications.by_application_id(str(uuid4())).get(),                    404, "Request_ResourceNotFound"),
        (graph.applications.post(Application()),                                      400, "Request_BadRequest"),
        (graph.applications.get(request_configuration=asking(ApplicationsRequestBuilder, filter="displayName ~ 'x'")), 400, "Request_BadRequest"),
        (graph.users.post(User(user_principal_name="ben@colors.example")),            400, "Request_BadRequest"),
        (ben.applications.get(),                                                      403, "Authorization_RequestDenied"),
        (nobody.applications.get(),                                                   401, "InvalidAuthenticationToken"),
    ]
    for request, status, code in rows:
        error = await refused(request)
        assert error.error is not None
        assert (error.response_status_code, error.error.code) == (status, code)
        assert error.error.message
# fmt: on


async def test_two_administrators_do_not_overwrite_each_other(graph: Any) -> None:
    made = await new_application(graph)
    one = graph.applications.by_application_id(made.id)
    read = await one.get()
    seen: Any = RequestConfiguration()
    seen.headers.add("If-Match", read.additional_data["@odata.etag"])
    await one.patch(Application(notes="first"), request_configuration=seen)
    late = await refused(one.patch(Application(notes="second"), request_configuration=seen))
    assert (late.response_status_code, late.error.code) == (412, "PreconditionFailed")
    assert [each.target for each in late.error.details] == ["notes"]
    assert "ada@colors.example" in late.error.details[0].message
    assert (await one.get()).notes == "first"


async def test_a_program_with_a_secret(live: LiveServer, graph: Any) -> None:
    wanted = RequiredResourceAccess(
        resource_app_id=GRAPH, resource_access=[ResourceAccess(id=READ_ALL_APPLICATIONS, type="Role")]
    )
    made, principal = await new_principal(graph, required_resource_access=[wanted])
    added = await graph.applications.by_application_id(made.id).add_password.post(AddPasswordPostRequestBody())
    microsoft = await graph.service_principals_with_app_id(GRAPH).get()
    role = AppRoleAssignment(
        principal_id=UUID(principal.id), resource_id=UUID(microsoft.id), app_role_id=READ_ALL_APPLICATIONS
    )
    await graph.service_principals.by_service_principal_id(principal.id).app_role_assignments.post(role)
    credential = ClientSecretCredential(
        COLORS, made.app_id, added.secret_text, authority=live.origin, disable_instance_discovery=True
    )
    async with client(live, credential) as program:
        one = program.applications.by_application_id(made.id)
        assert (await one.get()).display_name == made.display_name
        denied = await refused(one.patch(Application(notes="x")))
    assert denied.error.code == "Authorization_RequestDenied"
    credential.close()


async def test_several_requests_in_one(graph: Any) -> None:
    """The second depends on the first, the fourth on the third, which is refused."""
    called = name("batched")
    steps = [
        ("make", graph.applications.to_post_request_information(Application(display_name=called)), None),
        (
            "find",
            graph.applications.to_get_request_information(
                asking(ApplicationsRequestBuilder, filter=f"displayName eq '{called}'")
            ),
            ["make"],
        ),
        ("nobody", graph.users.by_user_id(str(uuid4())).to_get_request_information(), None),
        ("never", graph.me.to_get_request_information(), ["nobody"]),
        ("me", graph.me.to_get_request_information(), None),
    ]
    content = BatchRequestContent()
    for step, information, depends_on in steps:
        content.add_request(step, BatchRequestItem(information, step, depends_on))
    answer = await BatchRequestBuilder(graph.request_adapter).post(content)
    statuses = {step: answer.get_response_by_id(step).status for step, _, _ in steps}
    assert statuses == {"make": 201, "find": 200, "nobody": 404, "never": 424, "me": 200}
    # This is all it tells: it takes bodies for texts in base64, and drops the objects that they are.
    found = await graph.applications.get(asking(ApplicationsRequestBuilder, filter=f"displayName eq '{called}'"))
    assert [one.display_name for one in found.value] == [called]
