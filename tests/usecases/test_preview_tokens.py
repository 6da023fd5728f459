"""The preview says what the tokens then say, and writes nothing."""

from __future__ import annotations

import asyncio
from typing import Any

import jwt as pyjwt
import pytest

from entrada.core.directory.ids import ClientId
from entrada.core.errors import catalogue as why
from entrada.server.usecases.administer.preview_tokens import preview_tokens
from tests.drivers.live_server import COLORS_API, REPSYS
from tests.plugins.platforms import InProcess
from tests.usecases.acting import CAI, TENANT, ben, program, refused, run
from tests.web.seats import BEN, Seat, change, contents, disable_service_principal, disable_user, installed

ITS_OWN = {"uti", "iat", "nbf", "exp", "nonce", "sid", "aio", "login_hint"}


@pytest.fixture
def here(in_process: InProcess) -> Any:
    return in_process.platform.here


def claims(token: str) -> dict[str, Any]:
    said: dict[str, Any] = pyjwt.decode(token, options={"verify_signature": False})
    return said


def the_same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return {n: v for n, v in one.items() if n not in ITS_OWN} == {n: v for n, v in other.items() if n not in ITS_OWN}


def test_it_says_what_the_tokens_then_say(in_process: InProcess, here: Any) -> None:
    colors = f"api://{COLORS_API}/Colors.Read"
    tokens = Seat(in_process).tokens({"scope": f"openid profile offline_access {colors}"})
    preview = run(preview_tokens(here, ben(), REPSYS, BEN))
    assert the_same(preview.id_token, claims(tokens["id_token"]))
    api = next(one for one in preview.access_tokens if one.resource.app_id == COLORS_API)
    assert the_same(api.claims, claims(tokens["access_token"]))
    assert (api.missing, preview.as_api, preview.refusal) == ((), None, None)


def test_it_says_what_nobody_has_consented_to_yet_and_writes_nothing(here: Any) -> None:
    before = contents(here.store)
    preview = run(preview_tokens(here, ben(), REPSYS, BEN))
    missing = {one.resource.display_name: one.missing for one in preview.access_tokens}
    assert missing == {"Microsoft Graph": ("Mail.Read", "User.Read"), "oauth-backend-app": ("Colors.Read",)}
    assert contents(here.store) == before


def test_of_an_api_it_shows_the_token_that_others_get_for_it(here: Any) -> None:
    preview = run(preview_tokens(here, ben(), COLORS_API, CAI))
    assert preview.as_api is not None
    assert preview.as_api.claims["aud"] == COLORS_API
    assert (preview.as_api.claims["roles"], preview.as_api.claims["scp"]) == (["Painter"], "Colors.Read Colors.Write")


def test_changes_that_are_not_saved_yet_show(here: Any) -> None:
    members = {"optionalClaims": {"idToken": [{"name": "given_name"}]}, "groupMembershipClaims": "SecurityGroup"}
    painters = ["c0105000-0000-4000-8000-00000000a171"]
    preview = run(preview_tokens(here, ben(), REPSYS, CAI, members))
    assert (preview.id_token["given_name"], preview.id_token["groups"]) == ("Cai", painters)
    assert "given_name" not in run(preview_tokens(here, ben(), REPSYS, CAI)).id_token
    assert refused(preview_tokens(here, ben(), REPSYS, CAI, {"displayName": 7})) == (400, "displayName")


# fmt: off
REFUSED = [
    pytest.param(disable_user,              why.USER_DISABLED,   id="a disabled user"),
    pytest.param(disable_service_principal, why.CLIENT_DISABLED, id="a disabled application"),
]
# fmt: on


@pytest.mark.parametrize(("deed", "reason"), REFUSED)
def test_it_says_when_nothing_would_be_issued(in_process: InProcess, here: Any, deed: Any, reason: Any) -> None:
    installed(here.store, ClientId(REPSYS), TENANT)
    deed(in_process)
    found = run(preview_tokens(here, ben(), REPSYS, BEN)).refusal
    assert found is not None
    assert found.reason == reason


def test_what_is_not_there_is_not_found_and_only_by_whoever_may_look(here: Any) -> None:
    assert refused(preview_tokens(here, ben(), BEN, BEN)) == (404, None)
    assert refused(preview_tokens(here, ben(), REPSYS, REPSYS)) == (404, None)
    assert refused(preview_tokens(here, program("Application.Read.All"), REPSYS, BEN)) == (403, None)


def test_an_application_without_permissions_has_a_preview_too(here: Any) -> None:
    found = asyncio.run(here.store.find_application(ClientId(REPSYS)))
    change(here.store, found, required_resource_access=())
    assert run(preview_tokens(here, ben(), REPSYS, BEN)).access_tokens == ()
