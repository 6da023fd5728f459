"""MSAL Python meets a second factor: silence is refused with a challenge, and the person at the browser answers it.

The documentation has people pass the `claims` of the refusal on as `claims_challenge`.
"""

import base64
import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from msal import ConfidentialClientApplication  # type: ignore[import-untyped]

from tests.drivers.authenticator import Authenticator, set_up
from tests.drivers.live_server import REPSYS, LiveServer
from tests.interop.person import People, Person

pytestmark = [
    pytest.mark.interop,
    pytest.mark.usefixtures("trusting"),
    pytest.mark.filterwarnings("ignore:response_mode='form_post' is recommended:UserWarning"),
]
CALLBACK = "http://localhost:5000/auth/callback"
NAMED = "userPrincipalName: cai@colors.example\n"


@pytest.fixture
def administrator(live: LiveServer) -> Iterator[Any]:
    """Requires a second factor of Cai, by the file; puts all back at the end."""
    before = live.entrada("export")
    [line] = [one for one in before.splitlines(keepends=True) if one.endswith(NAMED)]
    indent = line[: len(line) - len(line.lstrip(" -"))].replace("-", " ")
    required = before.replace(line, f"{line}{indent}secondFactorRequired: true\n")
    yield lambda: live.entrada("apply", "-f", "-", "--yes", given=required)
    live.entrada("apply", "-f", "-", "--yes", given=before)
    live.entrada("user", "reset-second-factor", "cai@colors.example")


def soon(ask: Any) -> Any:
    """Until the running server has seen what another process wrote."""
    for _ in range(100):
        if (answer := ask()).get("error"):
            return answer
        time.sleep(0.1)
    raise AssertionError("nothing has changed within ten seconds")


def amr(token: str) -> list[str]:
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["amr"]


def test_a_silent_request_is_challenged_and_the_challenge_answered(live: LiveServer, people: People, administrator):
    cai = people("cai@colors.example")
    app = ConfidentialClientApplication(
        REPSYS, client_credential="repsys-dev-secret", authority=live.authority, instance_discovery=False
    )
    flow = app.initiate_auth_code_flow(["User.Read"], redirect_uri=CALLBACK)
    first = app.acquire_token_by_auth_code_flow(flow, cai.fields(flow["auth_uri"]))
    assert amr(first["access_token"]) == ["pwd"]
    [account] = app.get_accounts()

    administrator()
    refused = soon(lambda: app.acquire_token_silent_with_error(["User.Read"], account, force_refresh=True))
    assert (refused["error"], refused["suberror"]) == ("invalid_grant", "basic_action")
    assert refused["error_codes"] == [50079]
    assert app.acquire_token_silent(["User.Read"], account, force_refresh=True) is None

    challenge = refused["claims"]
    flow = app.initiate_auth_code_flow(["User.Read"], redirect_uri=CALLBACK, claims_challenge=challenge)
    result = app.acquire_token_by_auth_code_flow(flow, with_authenticator(cai, flow["auth_uri"]))
    assert amr(result["access_token"]) == ["pwd", "otp", "mfa"]
    silent = app.acquire_token_silent(["User.Read"], account, claims_challenge=challenge)
    assert amr(silent["access_token"]) == ["pwd", "otp", "mfa"]
    assert silent["token_source"] == "identity_provider"
    app.http_client.close()


def test_the_code_of_the_phone_signs_in_at_another_browser(live: LiveServer, people: People):
    # Flo has to have a second factor, by the development directory.
    app = ConfidentialClientApplication(
        REPSYS, client_credential="repsys-dev-secret", authority=live.authority, instance_discovery=False
    )
    first = people("flo@colors.example")
    page = first.browser.open(app.initiate_auth_code_flow(["User.Read"], redirect_uri=CALLBACK)["auth_uri"])
    phone, _, _ = set_up(first.browser, first.browser.sign_in(page, "flo@colors.example"), int(time.time()))
    flo = people("flo@colors.example")
    flow = app.initiate_auth_code_flow(["User.Read"], redirect_uri=CALLBACK)
    result = app.acquire_token_by_auth_code_flow(flow, with_code(flo, phone, flow["auth_uri"]))
    assert amr(result["access_token"]) == ["pwd", "otp", "mfa"]
    app.http_client.close()
    live.entrada("user", "reset-second-factor", "flo@colors.example")


def with_authenticator(person: Person, url: str) -> dict[str, str]:
    page = person.browser.sign_in(person.browser.open(url), person.username)
    set_up(person.browser, page, int(time.time()))
    return answered(person)


def with_code(person: Person, phone: Authenticator, url: str) -> dict[str, str]:
    """The next code, which is good already: the present one was spent when the phone was set up."""
    page = person.browser.sign_in(person.browser.open(url), person.username)
    person.browser.enter_code(page, phone.code(int(time.time()) + 30))
    return answered(person)


def answered(person: Person) -> dict[str, str]:
    assert person.browser.left_to is not None
    query = parse_qs(urlsplit(person.browser.left_to).query)
    return {name: values[0] for name, values in query.items()}
