"""@microsoft/microsoft-graph-client works against us by base URL: every resource, pages, and errors as GraphError."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from msal import PublicClientApplication  # type: ignore[import-untyped]

from tests.drivers.live_server import CLI, GRAPH, LiveServer
from tests.interop.node_program import run
from tests.interop.person import People

pytestmark = [
    pytest.mark.interop,
    pytest.mark.usefixtures("trusting"),
    pytest.mark.filterwarnings("ignore:response_mode='form_post' is recommended:UserWarning"),
]

BEN = "c0105000-0000-4000-8000-0000000000b1"
PAINTERS = "c0105000-0000-4000-8000-00000000a171"


def test_the_graph_client_for_javascript(live: LiveServer, people: People) -> None:
    ada, suffix = people("ada@colors.example"), uuid4().hex[:8]
    app = PublicClientApplication(CLI, authority=live.authority, instance_discovery=False)
    flow = app.initiate_auth_code_flow(["https://graph.microsoft.com/Directory.AccessAsUser.All"], "http://localhost")
    result = app.acquire_token_by_auth_code_flow(flow, ada.fields(flow["auth_uri"]))
    app.http_client.close()
    said = run(
        "graph_client.mjs",
        live,
        ada,
        origin=live.origin,
        host="localhost",
        token=result["access_token"],
        ben=BEN,
        painters=PAINTERS,
        graphAppId=GRAPH,
        suffix=suffix,
    )

    application = said["application"]
    assert (application["byAppId"], application["federated"], application["afterwards"]) == (["js"], "b", [])
    secret, kept = application["secret"], application["kept"]
    assert secret["secretText"].startswith(secret["hint"])
    assert (kept["keyId"], kept["secretText"]) == (secret["keyId"], None)
    assert "ben@colors.example" in application["owners"]

    principal = said["principal"]
    assert (principal["read"]["displayName"], principal["read"]["notes"]) == (f"js {suffix}", "js")
    assert (principal["microsoft"], principal["grants"]) == ("Microsoft Graph", ["Read"])
    assert (principal["assigned"], principal["grant"], principal["twice"]["status"]) == (["Ben Blue"], 404, 409)

    assert said["people"] == {
        "me": "ada@colors.example",
        "job": "Mixer",
        "members": [f"Gil {suffix}"],
        "memberships": True,
        "checked": True,
        "holds": True,
    }
    assert said["deleted"] == {"status": 404, "again": f"Gil {suffix}", "applications": True}
    assert (said["tenant"]["organization"], said["tenant"]["policy"]) == ("Colors", True)
    assert {"Add application", "Add user", "Add member to group"} <= set(said["tenant"]["audits"])
    assert "ada@colors.example" in said["tenant"]["signIns"]
    pages = [f"page{suffix} {number}" for number in range(1, 6)]
    assert said["pages"] == {"count": 5, "first": 2, "seen": pages, "searched": 5}

    assert said["batch"] == {
        "statuses": [["make", 201], ["count", 200], ["nobody", 404], ["never", 424]],
        "made": f"batch {suffix}",
        "count": True,
        "never": "FailedDependency",
    }

    # fmt: off
    rows = {
        "missing": (404, "Request_ResourceNotFound"),
        "bad":     (400, "Request_BadRequest"),
        "filter":  (400, "Request_BadRequest"),
        "stale":   (412, "PreconditionFailed"),
        "nobody":  (401, "InvalidAuthenticationToken"),
    }
    # fmt: on
    for name, expected in rows.items():
        error = said["refused"][name]
        assert (error["typed"], error["status"], error["code"]) == (True, *expected)
        assert error["message"]
        assert str(UUID(error["requestId"])) == error["requestId"]
    assert [one["target"] for one in said["refused"]["stale"]["body"]["details"]] == ["notes"]
