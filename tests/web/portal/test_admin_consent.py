"""What an administrator grants by the button is what they were shown, by either of its two doors."""

import asyncio
import re

import pytest

from entrada.core.directory.microsoft_graph import MICROSOFT_GRAPH
from entrada.core.directory.service_principal import AppRoleAssignment, PermissionGrant
from tests.drivers.live_server import COLORS_API
from tests.web.portal.by_hand import TENANT, post, said
from tests.web.portal.portal_driver import ADA, BEN, AtThePortal

GRAPH = MICROSOFT_GRAPH.app_id
SCOPE = next(one.id for one in MICROSOFT_GRAPH.scopes if one.value == "User.Read")
ROLE = next(one.id for one in MICROSOFT_GRAPH.app_roles if one.value == "Directory.ReadWrite.All")


@pytest.fixture
def ada(in_process):
    return AtThePortal(in_process, ADA)


@pytest.fixture
def ben(in_process):
    return AtThePortal(in_process, BEN)


@pytest.fixture
def base(ben):
    """Of an application of Ben's, who administers nothing."""
    page = post(ben, "/portal/applications/new", displayName="harmless", signInAudience="AzureADMyOrg")
    path = page.url.partition("?")[0].partition("/portal")[2]
    post(ben, f"/portal{path}/permissions/add", api=GRAPH, scope=SCOPE)
    return f"/portal{path}"


@pytest.fixture(params=["registration", "enterprise application"])
def door(request, ada, base):
    if request.param == "registration":
        return f"{base}/permissions/grant"
    return re.search(r"/portal/enterprise/[0-9a-f-]{36}", ada.open(base).text)[0] + "/consent"


def granted(there):
    store = there.platform.here.store
    roles = {one.app_role_id for one in asyncio.run(store.list_entities(AppRoleAssignment, TENANT))}
    return roles, {word for one in asyncio.run(store.list_entities(PermissionGrant, TENANT)) for word in one.scopes}


def send(at, page, door):
    form = next(one for one in page.forms if one.action == door)
    return at.browser._follow(at.browser.client.post(door, data=form.fields))


def test_what_is_shown_is_granted(in_process, ada, base, door):
    asked = ada.open(door)
    assert "Microsoft Graph: User.Read" in asked.text
    assert "Microsoft Graph: offline_access" in asked.text
    assert "granted: everything that was shown" in said(send(ada, asked, door))
    assert "User.Read" in granted(in_process)[1]
    assert "nothing left to grant" in ada.open(door).text


def test_what_is_asked_for_since_is_asked_again(in_process, ada, ben, base, door):
    before, asked = granted(in_process), ada.open(door)
    post(ben, f"{base}/permissions/add", api=GRAPH, scope=SCOPE, role=ROLE)
    again = send(ada, asked, door)
    assert again.status == 409
    assert "New: Microsoft Graph: Directory.ReadWrite.All (by itself, without a user)" in again.text
    assert "New: Microsoft Graph: User.Read" not in again.text
    assert granted(in_process) == before
    send(ada, again, door)
    assert ROLE in granted(in_process)[0]


def test_what_is_asked_for_no_more_is_no_reason_to_ask_again(in_process, ada, ben, base, door):
    post(ben, f"{base}/permissions/add", api=GRAPH, scope=SCOPE, role=ROLE)
    asked = ada.open(door)
    post(ben, f"{base}/permissions/add", api=GRAPH, scope=SCOPE)
    assert send(ada, asked, door).status == 200
    assert ROLE not in granted(in_process)[0]


def test_nothing_shown_is_nothing_granted(in_process, ada, door):
    before = granted(in_process)
    assert post(ada, door).status == 409
    assert granted(in_process) == before


def test_what_stands_behind_it_is_shown_too(ada, ben, base, door):
    app_id = re.search(r"Application \(client\) ID.*?<code data-copy>([0-9a-f-]{36})", ben.open(base).text, re.DOTALL)[
        1
    ]
    there = f"/portal/applications/{COLORS_API}"
    document = ada.area(ada.open(f"{there}/manifest"), "manifest")
    known = document.replace('"knownClientApplications": [', f'"knownClientApplications": ["{app_id}"', 1)
    assert known != document
    seen = ada.open(f"{there}/manifest").form_with("manifest").fields["seen"]
    assert said(post(ada, f"{there}/manifest", manifest=known, format="graph", seen=seen, confirmed="1"))
    scope = re.search(
        r'name="scope" value="([0-9a-f-]{36})"', ben.open(f"{base}/permissions/add?api={COLORS_API}").text
    )[1]
    post(ben, f"{base}/permissions/add", api=COLORS_API, scope=scope)
    mail = next(one.id for one in MICROSOFT_GRAPH.scopes if one.value == "Mail.Read")
    asked = ada.open(door)
    post(ada, f"{there}/permissions/add", api=GRAPH, scope=mail)
    again = send(ada, asked, door)
    assert "New: Microsoft Graph: Mail.Read (for oauth-backend-app, which stands behind it)" in again.text
