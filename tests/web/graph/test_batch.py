"""Several requests to Graph in one: each is answered as if it came alone.  OData JSON 4.01 §19."""

import pytest

from tests.web.seats import BEN
from tests.web.test_revoke_sign_in_sessions import token_of

EVENTUAL = {"ConsistencyLevel": "eventual"}


def caller(there, username="ada@colors.example"):
    token = token_of(there, "Directory.AccessAsUser.All", username)

    def batch(*requests, **more):
        body = more.pop("body", {"requests": [{"method": "GET", **one} for one in requests]})
        headers = {"authorization": f"Bearer {token}", **more.pop("headers", {})}
        return there.client.post("/v1.0/$batch", json=body, headers=headers)

    return batch


@pytest.fixture(scope="module")
def batch(shared):
    return caller(shared)


def by_id(answer):
    assert answer.status_code == 200, answer.text
    return {one["id"]: one for one in answer.json()["responses"]}


def test_each_is_answered_for_itself(batch):
    found = by_id(
        batch(
            {"id": "1", "url": "/me"},
            {"id": "2", "url": "users/no-one"},
            {"id": "3", "url": "/v1.0/users?$filter=startswith(displayName,'Ben')&$select=id"},
            {"id": "4", "url": "/users/$count", "headers": EVENTUAL},
            {"id": "5", "url": f"https://graph.microsoft.com/v1.0/users/{BEN}?$select=displayName"},
            {"id": "6", "url": "/users/ben%40colors.example"},
            {"id": "7", "url": "/$batch", "method": "POST", "body": {"requests": []}},
        )
    )
    assert [found[one]["status"] for one in "1234567"] == [200, 404, 200, 200, 200, 200, 404]
    assert found["1"]["body"]["userPrincipalName"] == "ada@colors.example"
    assert found["1"]["headers"]["ETag"] == found["1"]["body"]["@odata.etag"]
    assert found["2"]["body"]["error"]["code"] == "Request_ResourceNotFound"
    assert found["2"]["body"]["error"]["innerError"]["request-id"]
    assert [one["id"] for one in found["3"]["body"]["value"]] == [BEN]
    assert (found["4"]["headers"]["Content-Type"], found["4"]["body"]) == ("text/plain", "5")
    assert found["5"]["body"]["displayName"] == "Ben Blue"


def test_pages_go_on_outside_of_it(shared, batch):
    [page] = by_id(batch({"id": "a", "url": "/users?$top=2"})).values()
    assert len(page["body"]["value"]) == 2
    [following] = by_id(batch({"id": "a", "url": page["body"]["@odata.nextLink"]})).values()
    assert (following["status"], len(following["body"]["value"])) == (200, 2)


@pytest.mark.parametrize("spelled", ["dependsOn", "depends_on"])
def test_what_depends_on_a_refused_one_is_not_tried(in_process, spelled):
    batch = caller(in_process)
    made = {"method": "POST", "url": "/groups"}
    group = {"displayName": "Batch", "mailNickname": "batch", "mailEnabled": False, "securityEnabled": True}
    found = by_id(
        batch(
            {"id": "a", **made, "body": {**group, "displayName": ""}},
            {"id": "b", **made, "body": group, spelled: ["a"]},
            {"id": "c", **made, "body": group, spelled: ["b"]},
            {"id": "d", "url": "/groups?$filter=displayName eq 'Batch'"},
            {"id": "e", **made, "body": group, "headers": {"content-type": "application/json"}, spelled: ["d"]},
            {"id": "f", "url": "/groups?$filter=displayName eq 'Batch'", spelled: ["e"]},
        )
    )
    assert [found[one]["status"] for one in "abcdef"] == [400, 424, 424, 200, 201, 200]
    assert "'a'" in found["b"]["body"]["error"]["message"]
    assert [len(found[one]["body"]["value"]) for one in "df"] == [0, 1]
    assert found["e"]["headers"]["Location"].endswith(found["e"]["body"]["id"])


def test_versions_and_preferences_are_those_of_each(in_process):
    batch = caller(in_process)
    change = {"method": "PATCH", "url": f"/users/{BEN}", "body": {"jobTitle": "Mixer"}}
    found = by_id(
        batch(
            {"id": "a", **change, "headers": {"If-Match": 'W/"9"'}},
            {"id": "b", **change, "headers": {"If-Match": 'W/"1"'}},
            {"id": "c", **change, "headers": {"Prefer": "return=representation"}},
        )
    )
    assert [found[one]["status"] for one in "abc"] == [412, 204, 200]
    assert "body" not in found["b"]
    assert found["c"]["body"]["jobTitle"] == "Mixer"


def test_who_asks_is_looked_at_each_time(in_process):
    """Whoever signs themselves out everywhere is out, also for what stands behind that; a token of its own says nothing."""
    batch = caller(in_process)
    others = {"Authorization": f"Bearer {token_of(in_process, 'Directory.AccessAsUser.All', 'ben@colors.example')}"}
    found = by_id(
        batch(
            {"id": "a", "url": "/me", "headers": others},
            {"id": "b", "url": "/me/revokeSignInSessions", "method": "POST"},
            {"id": "c", "url": "/me"},
        )
    )
    assert found["a"]["body"]["userPrincipalName"] == "ada@colors.example"
    assert [found[one]["status"] for one in "abc"] == [200, 200, 401]


def test_nobody_does_in_it_what_they_may_not_do(in_process):
    batch = caller(in_process, "ben@colors.example")
    asked = {"id": "a", "method": "DELETE", "url": f"/users/{BEN}"}
    assert by_id(batch(asked))["a"]["body"]["error"]["code"] == "Authorization_RequestDenied"


# fmt: off
BATCHES = [
    pytest.param({},                                                                   "requests",    id="none"),
    pytest.param({"requests": []},                                                     "requests",    id="empty"),
    pytest.param({"requests": [{"id": str(n), "method": "GET", "url": "/me"} for n in range(21)]}, "requests", id="too many"),
    pytest.param({"requests": [{"id": "a", "method": "GET", "url": "/me"}, {"id": "A", "method": "GET", "url": "/me"}]}, "requests", id="an id twice"),
    pytest.param({"requests": [{"method": "GET", "url": "/me"}]},                      "requests[0].id", id="no id"),
    pytest.param({"requests": [{"id": "a", "url": "/me"}]},                            "requests[0].method", id="no method"),
    pytest.param({"requests": [{"id": "a", "method": "TRACE", "url": "/me"}]},         "requests[0].method", id="another method"),
    pytest.param({"requests": [{"id": "a", "method": "GET"}]},                         "requests[0].url", id="no address"),
    pytest.param({"requests": [{"id": "a", "method": "GET", "url": "https://evil.example/me"}]}, "requests[0].url", id="elsewhere"),
    pytest.param({"requests": [{"id": "a", "method": "GET", "url": "https://[/me"}]},  "requests[0].url", id="no address at all"),
    pytest.param({"requests": [{"id": "a", "method": "GET", "url": "/me", "headers": {"x": 1}}]}, "requests[0].headers.x", id="a header that is none"),
    pytest.param({"requests": [{"id": "a", "method": "GET", "url": "/me", "dependsOn": ["b"]}]}, "requests[0].dependsOn", id="on nothing"),
    pytest.param({"requests": [{"id": "a", "method": "GET", "url": "/me", "dependsOn": ["a"]}]}, "requests[0].dependsOn", id="on itself"),
    pytest.param({"requests": [{"id": "a", "method": "GET", "url": "/me", "atomicityGroup": "g"}]}, "requests[0].atomicityGroup", id="all or nothing"),
]
# fmt: on


@pytest.mark.parametrize(("body", "target"), BATCHES)
def test_batches_that_are_none(batch, body, target, untouched):
    answer = batch(body=body)
    assert (answer.status_code, answer.json()["error"]["target"]) == (400, target)


def test_it_is_posted_by_somebody(shared):
    asked = {"requests": [{"id": "a", "method": "GET", "url": "/me"}]}
    nobody = shared.client.post("/v1.0/$batch", json=asked)
    assert (nobody.status_code, nobody.json()["error"]["code"]) == (401, "InvalidAuthenticationToken")
    read = shared.client.get("/v1.0/$batch")
    assert (read.status_code, read.headers["allow"]) == (405, "OPTIONS, POST")
    assert shared.client.options("/v1.0/$batch").headers["access-control-allow-origin"] == "*"
