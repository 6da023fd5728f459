"""Whoever is nobody fills neither the journal nor the disk.  Design 4 and 10; RFC 6585 §4."""

from collections import Counter

import pytest
from starlette.testclient import TestClient

from entrada.core.protocol.shown_parameters import shown
from entrada.server.app import Exposure, application
from entrada.server.usecases.journal import STRANGERS_A_SECOND
from entrada.server.web.http.throttle import Limits
from entrada.testing import ORIGIN
from tests.plugins.platforms import InProcess
from tests.web.seats import CLI, COLORS

TOKEN = f"/{COLORS}/oauth2/v2.0/token"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"


@pytest.fixture
def stranger(in_process: InProcess):
    app = application(in_process.platform.here, Exposure(("localhost",), limits=Limits(address=12, client=5)))
    return TestClient(app, base_url=ORIGIN, follow_redirects=False, client=("203.0.113.50", 4000))


def waiting(in_process: InProcess):
    return list(in_process.platform.here.journal._waiting)


@pytest.mark.parametrize(
    "path", ["/v1.0/me", "/v1.0/users", "/v1.0/me/messages", "/oidc/userinfo", f"/{COLORS}/openid/userinfo"]
)
def test_tokens_that_graph_does_not_take_end_in_429_of_graphs_own_shape(stranger, path):
    answers = [stranger.get(path, headers={"authorization": f"Bearer {number}"}) for number in range(14)]
    assert Counter(one.status_code for one in answers) == {401: 12, 429: 2}
    last = answers[-1]
    assert last.json()["error"]["code"] == "TooManyRequests"
    assert last.json()["error"]["innerError"]["request-id"] == last.headers["request-id"]
    assert int(last.headers["retry-after"]) >= 1
    assert "retry-after" in last.headers["access-control-expose-headers"]


def test_members_of_a_token_too(stranger):
    path = f"/{COLORS}/users/x/getMemberObjects"
    answers = [stranger.post(path, headers={"authorization": "Bearer z"}) for _ in range(13)]
    assert answers[-1].json()["error"]["code"] == "TooManyRequests"


def test_429_elsewhere_keeps_its_shape(stranger):
    for number in range(14):
        answer = stranger.get("/v1.0/me", headers={"authorization": f"Bearer {number}"})
    answer = stranger.post(TOKEN, data={"grant_type": "client_credentials"})
    assert (answer.status_code, answer.json()["error"]) == (429, "temporarily_unavailable")


def test_who_is_told_to_wait_leaves_no_story(stranger, in_process):
    for number in range(30):
        stranger.get("/v1.0/me", headers={"authorization": f"Bearer {number}"})
    assert len(waiting(in_process)) == 12


def test_a_device_that_waits_leaves_no_story(in_process):
    code = in_process.client.post(
        f"/{COLORS}/oauth2/v2.0/devicecode", data={"client_id": CLI, "scope": "openid"}
    ).json()
    before = len(waiting(in_process))
    form = {"grant_type": DEVICE, "client_id": CLI, "device_code": code["device_code"]}
    errors = [in_process.client.post(TOKEN, data=form).json()["error"] for _ in range(3)]
    assert set(errors) <= {"authorization_pending", "slow_down"}
    assert len(waiting(in_process)) == before
    in_process.client.post(TOKEN, data={**form, "device_code": "spoilt"})
    assert len(waiting(in_process)) == before + 1


def test_of_nobody_known_only_so_many_refusals_a_second_are_told(in_process):
    client, journal = in_process.client, in_process.platform.here.journal
    for _ in range(STRANGERS_A_SECOND + 4):
        client.get("/v1.0/users")
    # The clock may have gone on by a second or two.
    assert journal.strangers <= 4
    assert len(waiting(in_process)) == STRANGERS_A_SECOND + 4 - journal.strangers


def test_the_limit_is_of_a_second_and_counts_what_it_leaves_out(in_process):
    journal = in_process.platform.here.journal
    now = in_process.platform.here.clock()
    told = [journal.has_room_for_stranger(now) for _ in range(STRANGERS_A_SECOND + 3)]
    assert told.count(True) == STRANGERS_A_SECOND
    assert journal.strangers == 3
    assert journal.has_room_for_stranger(now + 1)


def test_what_a_request_asked_is_kept_up_to_a_length_in_all():
    facts = shown([(name, "x" * 5000) for name in ("scope", "claims", "prompt", "resource", "decision", "keep")] * 6)
    assert sum(len(one.name) + len(one.value) for one in facts) < 4200
    assert facts[-1].name == "more"
    assert facts[0].name == "scope"
    assert shown([("scope", "openid")])[0].value == "openid"
    assert len(shown([("scope", "openid")])) == 1
