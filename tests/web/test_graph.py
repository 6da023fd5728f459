"""Graph and userinfo: who may call, with what token, for what.  RFC 6750; reference sections 36 and 38."""

import asyncio

import pytest
from attrs import evolve

from entrada.core.jose import compact
from entrada.core.jose.key import SigningKey
from entrada.testing import ORIGIN
from tests.jose.known_keys import our_key
from tests.web.seats import BEN, COLORS, COLORS_API, PETALS, REPSYS, Seat

ME, MAIL, USERINFO, V1_USERINFO = "/v1.0/me", "/v1.0/me/messages", "/oidc/userinfo", f"/{COLORS}/openid/userinfo"
MAIL_SCOPE = "openid profile email offline_access User.Read Mail.Read"


@pytest.fixture(scope="module")
def tokens(shared):
    return Seat(shared).tokens({"scope": MAIL_SCOPE})


@pytest.fixture(scope="module")
def key(shared) -> SigningKey:
    here = shared.platform.here
    return asyncio.run(here.signing_keys.signer(here.clock()))


@pytest.fixture(scope="module")
def good(shared, tokens):
    """The claims of a good token."""
    here = shared.platform.here
    return dict(asyncio.run(here.signing_keys.verify(tokens["access_token"], here.clock())))


def call(shared, path, token, **headers):
    return shared.client.get(path, headers={"authorization": f"Bearer {token}", **headers})


@pytest.mark.parametrize("path", [ME, MAIL, USERINFO, V1_USERINFO])
def test_a_good_token_is_good(shared, tokens, path):
    answer = call(shared, path, tokens["access_token"])
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cache-control"] == "no-store, no-cache"


# fmt: off
HEADERS = [
    pytest.param({},                              id="no Authorization header"),
    pytest.param({"authorization": ""},           id="an empty one"),
    pytest.param({"authorization": "Bearer"},     id="no token"),
    pytest.param({"authorization": "Bearer abc"}, id="garbage"),
    pytest.param({"authorization": "Bearer a.b.c"}, id="garbage in three parts"),
    pytest.param({"authorization": "Basic YTpi"}, id="Basic"),
    pytest.param({"authorization": b"Bearer caf\xe9"}, id="beyond ASCII"),
    pytest.param({"authorization": "Bearer " + "x" * 20_000}, id="20 kB"),
]
SPOILT = [  # the claims that differ; None leaves one out
    pytest.param({"aud": REPSYS},                                 id="another audience"),
    pytest.param({"aud": f"api://{COLORS_API}"},                  id="an API's audience"),
    pytest.param({"aud": "https://graph.microsoft.com.evil.example"}, id="an audience that begins alike"),
    pytest.param({"iss": f"{ORIGIN}/{PETALS}/"},                  id="another tenant's issuer"),
    pytest.param({"tid": PETALS},                                 id="another tenant's tid"),
    pytest.param({"tid": PETALS, "iss": f"{ORIGIN}/{PETALS}/"},   id="a user of another tenant"),
    pytest.param({"iss": "https://sts.windows.net/" + COLORS + "/"}, id="Microsoft's issuer"),
    pytest.param({"ver": "2.0"},                                  id="another version than its issuer"),
    pytest.param({"exp": 1_800_000_000},                          id="expired this second"),
    pytest.param({"nbf": 1_800_000_001},                          id="not valid yet"),
    pytest.param({"oid": COLORS},                                 id="a user that does not exist"),
    pytest.param({"scp": None},                                   id="no scp: an app-only token"),
    pytest.param({"oid": None},                                   id="no oid"),
    pytest.param({"tid": None},                                   id="no tid"),
    pytest.param({"appid": None},                                 id="no client"),
    pytest.param({"appid": COLORS},                               id="a client that does not exist"),
    pytest.param({"oid": 7},                                      id="an oid that is no text"),
    pytest.param({"exp": "soon"},                                 id="an exp that is no number"),
]
# fmt: on


def assert_unauthenticated(answer):
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "InvalidAuthenticationToken"
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert {"request-id", "client-request-id", "date"} == set(answer.json()["error"]["innerError"])


@pytest.mark.parametrize("path", [ME, USERINFO])
@pytest.mark.parametrize("headers", HEADERS)
def test_no_token_no_answer(shared, path, headers):
    assert_unauthenticated(shared.client.get(path, headers=headers))


@pytest.mark.parametrize("changes", SPOILT)
def test_a_token_of_ours_that_is_not_for_this(shared, key, good, changes):
    assert call(shared, ME, compact.sign(good, key)).status_code == 200
    claims = {name: value for name, value in {**good, **changes}.items() if value is not None}
    assert_unauthenticated(call(shared, ME, compact.sign(claims, key)))


def test_a_token_that_somebody_else_signed(shared, key, good):
    foreign = our_key()  # published in RFC 7515: anybody has it
    forged = SigningKey(kid=key.kid, private_key=foreign.private_key, certificate=foreign.certificate)
    assert_unauthenticated(call(shared, ME, compact.sign(good, forged)))
    assert_unauthenticated(call(shared, ME, compact.sign(good, foreign)))


def test_other_artefacts_are_no_access_tokens(shared, tokens):
    for other in (tokens["id_token"], tokens["refresh_token"]):
        assert_unauthenticated(call(shared, ME, other))


def test_a_token_for_another_api(in_process):
    seat = Seat(in_process)
    scope = f"openid api://{COLORS_API}/Colors.Read"
    token = seat.redeem(seat.sign_in({"scope": scope})["code"]).json()["access_token"]
    assert_unauthenticated(call(in_process, ME, token))


def test_what_stands_behind_a_token_for_another_api_stands_behind_none_of_ours(shared, key, good, tokens):
    """The sealed origin names the API it was made for: a signature and an audience alone are not enough."""
    elsewhere = Seat(shared).tokens({"scope": f"openid offline_access api://{COLORS_API}/Colors.Read"})["access_token"]
    here = shared.platform.here
    origin = asyncio.run(here.signing_keys.verify(elsewhere, here.clock())).text("aio")
    assert_unauthenticated(call(shared, ME, compact.sign({**good, "aio": origin}, key)))


def test_a_token_in_the_query_does_not_count(shared, tokens):
    assert_unauthenticated(shared.client.get(ME, params={"access_token": tokens["access_token"]}))


def test_a_token_ends(in_process):
    answer = Seat(in_process).tokens()
    in_process.clock.advance(answer["expires_in"] + 1)
    assert_unauthenticated(call(in_process, ME, answer["access_token"]))


# fmt: off
SCOPES = [  # scp, path, the status
    pytest.param("User.Read",           ME,       200, id="User.Read reads me"),
    pytest.param("openid profile",      ME,       403, id="OpenID scopes do not read me"),
    pytest.param("Mail.Read",           ME,       403, id="mail does not read me"),
    pytest.param("user.read",           ME,       403, id="scopes distinguish case"),
    pytest.param("User.Read.Not",       ME,       403, id="a scope that begins alike"),
    pytest.param("Mail.Read",           MAIL,     200, id="Mail.Read reads mail"),
    pytest.param("User.Read",           MAIL,     403, id="User.Read reads no mail"),
    pytest.param("openid",              USERINFO, 200, id="openid asks userinfo"),
    pytest.param("User.Read",           USERINFO, 403, id="without openid no userinfo"),
    pytest.param("openid",              V1_USERINFO, 200, id="v1.0 userinfo"),
]
PAGES = [  # the query, how many of ben's messages, is there a next page; None: refused
    pytest.param("",                 None, id="the default"),
    pytest.param("?$top=1",          1,    id="$top"),
    pytest.param("?$top=2&$skip=1",  2,    id="$top and $skip"),
    pytest.param("?$top=1000&$skip=1000", 0, id="beyond the end"),
]
BAD_PAGES = ["$top=0", "$top=1001", "$top=-1", "$top=x", "$top=", "$skip=-1", "$skip=1e3", "$top=٣", "$skip=99999999999"]
# fmt: on


@pytest.mark.parametrize(("scp", "path", "status"), SCOPES)
def test_scopes_are_enforced(shared, key, good, scp, path, status):
    answer = call(shared, path, compact.sign({**good, "scp": scp}, key))
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["error"]["code"] == "Authorization_RequestDenied"


def test_me(shared, tokens):
    me = call(shared, ME, tokens["access_token"]).json()
    assert (me["id"], me["userPrincipalName"], me["displayName"]) == (BEN, "ben@colors.example", "Ben Blue")
    assert me["@odata.context"] == f"{ORIGIN}/v1.0/$metadata#users/$entity"


@pytest.mark.parametrize(("query", "count"), PAGES)
def test_pages_of_mail(shared, tokens, query, count):
    found = call(shared, MAIL + query, tokens["access_token"]).json()
    assert count is None or len(found["value"]) == count
    received = [one["receivedDateTime"] for one in found["value"]]
    assert received == sorted(received, reverse=True)


def test_next_links_lead_through_everything_once(shared, tokens):
    everything = call(shared, f"{MAIL}?$top=1000", tokens["access_token"]).json()
    assert "@odata.nextLink" not in everything
    seen, url = [], f"{MAIL}?$top=2"
    while url:
        page = call(shared, url, tokens["access_token"]).json()
        seen += [one["id"] for one in page["value"]]
        url = page.get("@odata.nextLink")
        assert url is None or url.startswith(f"{ORIGIN}{MAIL}")
    assert seen == [one["id"] for one in everything["value"]]
    assert len(seen) > 2


@pytest.mark.parametrize("query", BAD_PAGES)
def test_pages_that_are_none(shared, tokens, query):
    answer = call(shared, f"{MAIL}?{query}", tokens["access_token"])
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "BadRequest")


def test_nobody_reads_anybody_elses_mail(in_process):
    seat = Seat(in_process)
    seat.app = evolve(seat.app, username="cai@colors.example")
    own = call(in_process, MAIL, seat.tokens({"scope": MAIL_SCOPE})["access_token"]).json()["value"]
    ben = call(in_process, MAIL, Seat(in_process).tokens({"scope": MAIL_SCOPE})["access_token"]).json()["value"]
    assert {one["id"] for one in own}.isdisjoint(one["id"] for one in ben)


def test_userinfo_tells_by_scope_and_names_the_clients_subject(shared, key, good, tokens):
    here = shared.platform.here
    id_token = asyncio.run(here.signing_keys.verify(tokens["id_token"], here.clock()))
    whole = call(shared, USERINFO, tokens["access_token"]).json()
    assert whole == {
        "sub": id_token["sub"],
        "name": "Ben Blue",
        "family_name": "Blue",
        "given_name": "Ben",
        "email": "ben@colors.example",
    }
    assert call(shared, USERINFO, compact.sign({**good, "scp": "openid"}, key)).json() == {"sub": id_token["sub"]}
    assert shared.client.post(USERINFO, headers={"authorization": f"Bearer {tokens['access_token']}"}).json() == whole


def test_preflights_are_answered_without_a_token(shared):
    answer = shared.client.options(ME, headers={"origin": "http://localhost:3000"})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (204, "*")
    assert "authorization" in answer.headers["access-control-allow-headers"]
