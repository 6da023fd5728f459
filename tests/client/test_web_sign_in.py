"""Signing people in by the code flow: one good answer, and a row for each way to spoil it."""

import hashlib
import os
from urllib.parse import urlsplit

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from entrada.client.authority import entra_authority, oidc_authority
from entrada.client.driver import drive, drive_async
from entrada.client.errors import BadSettings
from entrada.client.flow import Unreachable
from entrada.client.web_sign_in import (
    Asked,
    BadMetadata,
    Refused,
    ResponseMode,
    SignedIn,
    SignIn,
    WebApp,
    Why,
    safe_return_to,
)
from entrada.core.jose import base64url
from entrada.core.jose.invalid_token import Flaw
from tests.client.fake_authority import AUTHORITY, CLIENT, NOW, OTHER_KEY, TENANT, FakeAuthority, jwk
from tests.client.spoilt_id_tokens import ALSO_PUBLISHED, SPOILT_OF_ENTRA

OTHER_TENANT = "9e7a1500-0000-4000-8000-000000000001"
APP = WebApp(
    authority=AUTHORITY, client_id=CLIENT, client_secret="s3", redirect_uri="https://app.example/auth/callback"
)


def sign_in(authority, app=APP, *, asked=None, later=1, answer=None, spoil=lambda begun: begun.transaction):
    flow = SignIn(app)
    begun = drive(flow.begin(return_to="/reports?x=1", now=NOW, entropy=os.urandom, asked=asked), authority)
    query = authority.asked(begun.url)
    parameters = {"code": "c-1", "state": query["state"], **(answer or {})}
    sent = {name: value for name, value in parameters.items() if value is not None}
    return drive(flow.finish(sent, spoil(begun), now=NOW + later, entropy=os.urandom), authority)


def test_a_good_answer_signs_in():
    authority = FakeAuthority()
    outcome = sign_in(authority)
    assert isinstance(outcome, SignedIn), outcome
    assert outcome.issuer == f"https://login.example/{TENANT}/v2.0"
    assert (outcome.tenant_id, outcome.user_id, outcome.session_id) == (TENANT, "o-1", "sess-1")
    assert (outcome.name, outcome.username, outcome.return_to) == ("Ada", "ada@colors.example", "/reports?x=1")
    assert (outcome.tokens.access.value, outcome.tokens.access.scopes) == ("at", {"openid"})
    form = authority.calls[-2].form
    assert (form["client_secret"], form["code"], form["redirect_uri"]) == ("s3", "c-1", APP.redirect_uri)


def test_the_request_is_bound_by_state_nonce_and_challenge():
    authority = FakeAuthority()
    begun = [drive(SignIn(APP).begin(return_to="/", now=NOW, entropy=os.urandom), authority) for _ in range(2)]
    asked = [authority.asked(one.url) for one in begun]
    for one, query in zip(begun, asked, strict=True):
        verifier = one.transaction.code_verifier
        assert query["code_challenge"] == base64url.encode(hashlib.sha256(verifier.encode()).digest())
        assert query["code_challenge_method"] == "S256"
        assert (query["response_type"], query["client_id"], query["redirect_uri"]) == ("code", CLIENT, APP.redirect_uri)
        assert verifier not in one.url
    for name in ("state", "nonce", "code_challenge"):
        assert asked[0][name] != asked[1][name]
        assert len(asked[0][name]) == 43


def test_what_is_asked_for_beyond_travels_along():
    asked = Asked(
        scopes=("Mail.Read", "openid"),
        prompt="login",
        login_hint="a@b.example",
        claims="{}",
        max_age=60,
        acr_values="mfa",
    )
    authority = FakeAuthority()
    url = drive(SignIn(APP).begin(return_to=None, now=NOW, entropy=os.urandom, asked=asked), authority).url
    query = authority.asked(url)
    assert query["scope"] == "openid profile Mail.Read"
    assert [query[name] for name in ("prompt", "login_hint", "claims", "max_age", "acr_values")] == [
        "login",
        "a@b.example",
        "{}",
        "60",
        "mfa",
    ]


@pytest.mark.parametrize("name", SPOILT_OF_ENTRA)
def test_a_spoilt_id_token_is_not_believed(name):
    row = SPOILT_OF_ENTRA[name]
    authority = FakeAuthority(spoilt=row, keys=[jwk("k1"), *ALSO_PUBLISHED])
    assert sign_in(authority) == Refused(why=Why.BAD_ID_TOKEN, detail=row.flaw.value)


# fmt: off
HALF = base64url.encode(hashlib.sha256(b"at").digest()[:16])
GOOD_TOKENS = [
    pytest.param({"aud": [CLIENT, "another"], "azp": CLIENT}, id="two audiences, issued to us"),
    pytest.param({"exp": NOW - 200},                          id="expired within the skew"),
    pytest.param({"at_hash": HALF},                           id="the hash of its access token"),
    pytest.param({"c_hash": base64url.encode(hashlib.sha256(b"c-1").digest()[:16])}, id="the hash of its code"),
    pytest.param({"tid": OTHER_TENANT, "iss": f"https://login.example/{OTHER_TENANT}/v2.0"}, id="another tenant, where any may come"),
    pytest.param({"sid": None, "name": None},                 id="no session and no name"),
]
# fmt: on


@pytest.mark.parametrize("claims", GOOD_TOKENS)
def test_what_may_differ_is_believed(claims):
    assert isinstance(sign_in(FakeAuthority(claims=claims)), SignedIn)


@pytest.mark.parametrize("segment", [TENANT, "colors.example"])
def test_an_authority_for_one_tenant_vouches_for_its_people_alone(segment):
    app = evolve(APP, authority=entra_authority(f"https://login.example/{segment}"))

    def of(**claims):
        return sign_in(FakeAuthority(issuer=f"https://login.example/{TENANT}/v2.0", claims=claims), app)

    assert isinstance(of(), SignedIn)
    assert of(tid=OTHER_TENANT) == Refused(why=Why.BAD_ID_TOKEN, detail=Flaw.WRONG_TENANT.value)
    spoken = of(tid=OTHER_TENANT, iss=f"https://login.example/{OTHER_TENANT}/v2.0")
    assert spoken == Refused(why=Why.BAD_ID_TOKEN, detail=Flaw.WRONG_TENANT.value)


PERSONAL = "https://login.example/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0"
# fmt: off
NAMED_BY_KEYS = [
    pytest.param("https://login.example/{tenantid}/v2.0",      True,  id="every tenant's"),
    pytest.param(f"https://login.example/{TENANT}/v2.0",       True,  id="the tenant's"),
    pytest.param(None,                                         True,  id="nobody's in particular"),
    pytest.param(f"https://login.example/{OTHER_TENANT}/v2.0", False, id="another tenant's"),
    pytest.param(PERSONAL,                                     False, id="personal accounts'"),
    pytest.param("",                                           False, id="an empty name's"),
    pytest.param(7,                                            False, id="what is no issuer"),
]
# fmt: on


@pytest.mark.parametrize(("issuer", "ok"), NAMED_BY_KEYS)
def test_a_key_signs_in_the_name_it_was_published_for(issuer, ok):
    outcome = sign_in(FakeAuthority(keys=[{**jwk("k1"), "issuer": issuer}, jwk("k2", OTHER_KEY)]))
    assert isinstance(outcome, SignedIn) if ok else outcome.detail == Flaw.WRONG_ISSUER.value


def test_only_allowed_tenants_come_in():
    app = evolve(APP, allowed_tenants=frozenset({OTHER_TENANT}))
    assert sign_in(FakeAuthority(), app) == Refused(why=Why.BAD_ID_TOKEN, detail=Flaw.WRONG_TENANT.value)
    assert isinstance(sign_in(FakeAuthority(), evolve(APP, allowed_tenants=frozenset({TENANT}))), SignedIn)


@pytest.mark.parametrize(("auth_time", "ok"), [(NOW, True), (NOW - 359, True), (NOW - 361, False), (None, False)])
def test_max_age_is_held_to(auth_time, ok):
    outcome = sign_in(FakeAuthority(claims={"auth_time": auth_time}), asked=Asked(max_age=60))
    assert isinstance(outcome, SignedIn) is ok


# fmt: off
BAD_ANSWERS = [  # the answer at the redirect URI, the token endpoint's, why
    pytest.param({"state": "another"},           {},                       Why.NOT_BEGUN_HERE,    id="the state of another browser"),
    pytest.param({"state": None},                {},                       Why.NOT_BEGUN_HERE,    id="no state"),
    pytest.param({"state": "\ud800"},            {},                       Why.NOT_BEGUN_HERE,    id="a state that no UTF-8 can carry"),
    pytest.param({"code": "\ud800"},             {},                       Why.NO_CODE,           id="a code that no UTF-8 can carry"),
    pytest.param({"error": "access_denied"},     {},                       Why.AUTHORITY_REFUSED, id="an error"),
    pytest.param({"code": None},                 {},                       Why.NO_CODE,           id="neither code nor error"),
    pytest.param({"iss": "https://evil.example"}, {},                      Why.ANOTHER_ISSUER,    id="an answer of another authority (RFC 9207)"),
    pytest.param({},                             {"token_type": "DPoP"},   Why.NOT_TOKENS,        id="another kind of token"),
    pytest.param({},                             {"id_token": None},       Why.NOT_TOKENS,        id="no ID token"),
    pytest.param({},                             {"access_token": 1},      Why.NOT_TOKENS,        id="an access token that is no text"),
]
# fmt: on


@pytest.mark.parametrize(("answer", "tokens", "why"), BAD_ANSWERS)
def test_a_spoilt_answer_is_refused(answer, tokens, why):
    outcome = sign_in(FakeAuthority(answer=tokens), answer=answer)
    assert isinstance(outcome, Refused)
    assert outcome.why == why


# fmt: off
FORGED = [
    pytest.param({"state": "another"},                        id="the state of another browser"),
    pytest.param({"iss": "https://evil.example/v2.0"},         id="an answer of another authority"),
    pytest.param({"iss": "https://login.example/{tenantid}/v2.0"}, id="an answer of no tenant"),
    pytest.param({"iss": f"https://evil.example/{TENANT}/v2.0"}, id="an answer of the tenant elsewhere"),
]
# fmt: on


@pytest.mark.parametrize("answer", FORGED)
def test_a_forged_answer_makes_nobody_call_the_token_endpoint(answer):
    authority = FakeAuthority()
    assert isinstance(sign_in(authority, answer=answer), Refused)
    assert authority.count("/token") == 0


@pytest.mark.parametrize(("tenant", "ok"), [(TENANT, True), (OTHER_TENANT, False)])
def test_an_answer_names_the_issuer_of_its_token(tenant, ok):
    outcome = sign_in(FakeAuthority(), answer={"iss": f"https://login.example/{tenant}/v2.0"})
    assert isinstance(outcome, SignedIn) if ok else outcome == Refused(why=Why.ANOTHER_ISSUER)


def test_the_authoritys_refusal_is_told():
    authority = FakeAuthority(status=400, answer={"error": "invalid_grant", "error_description": "x" * 5000})
    outcome = sign_in(authority)
    assert (outcome.why, outcome.error, len(outcome.detail)) == (Why.CODE_REFUSED, "invalid_grant", 1000)


# fmt: off
WORDS = [
    ("AADSTS50011: No.\r\nTrace ID: 7", "AADSTS50011: No. Trace ID: 7"),
    ("\x1b[31m\x00red\x7f\x9b0m",       "[31m red 0m"),
    ("\u202egnissim\u2028x\ud800",      "gnissim x"),
    ("é 'quoted'",                       "é 'quoted'"),
    ("\n\t",                             None),
    ("",                                 None),
]
# fmt: on


@pytest.mark.parametrize(("said", "told"), WORDS)
def test_an_error_is_told_in_words_alone(said, told):
    outcome = sign_in(FakeAuthority(), answer={"error": f"access_denied{said}", "error_description": said})
    assert outcome.detail == told
    assert outcome.error.startswith("access_denied")
    assert outcome.error.isprintable()


@pytest.mark.parametrize("said", [["x"], {"x": 1}, 7, None])
def test_an_error_that_is_no_text_says_nothing(said):
    outcome = sign_in(FakeAuthority(status=400, answer={"error": "invalid_grant", "error_description": said}))
    assert (outcome.why, outcome.error, outcome.detail) == (Why.CODE_REFUSED, "invalid_grant", None)


@pytest.mark.parametrize("later", [3600, -61])
def test_an_attempt_does_not_last_for_ever(later):
    assert sign_in(FakeAuthority(), later=later).why == Why.NOT_BEGUN_HERE


def test_a_browser_that_began_nothing_is_not_signed_in():
    assert sign_in(FakeAuthority(), spoil=lambda _: None).why == Why.NOT_BEGUN_HERE


def test_a_rotated_key_is_fetched_at_once_and_a_flood_of_unknown_ones_is_one_question():
    authority, flow = FakeAuthority(), SignIn(APP)

    def attempt(at, **token):
        authority.token = token
        begun = drive(flow.begin(return_to="/", now=at, entropy=os.urandom), authority)
        query = authority.asked(begun.url)
        return drive(
            flow.finish({"code": "c", "state": query["state"]}, begun.transaction, now=at, entropy=os.urandom),
            authority,
        )

    assert isinstance(attempt(NOW), SignedIn)
    authority.keys = [jwk("k1"), jwk("k2", OTHER_KEY)]
    assert isinstance(attempt(NOW + 61, kid="k2", key=OTHER_KEY), SignedIn)
    assert authority.count("/keys") == 2
    for _ in range(20):
        attempt(NOW + 62, kid="k3")
    assert authority.count("/keys") == 2
    attempt(NOW + 122, kid="k3")
    assert authority.count("/keys") == 3
    assert authority.count("openid-configuration") == 1


def test_known_keys_serve_while_the_authority_is_away():
    authority, flow = FakeAuthority(), SignIn(APP)
    drive(flow.provider.key("k1", NOW), authority)
    authority.down = True
    assert drive(flow.provider.key("k1", NOW + 7200), authority) is not None
    assert drive(flow.provider.metadata(NOW + 100_000), authority)
    with pytest.raises(Unreachable):
        drive(SignIn(APP).provider.metadata(NOW), authority)


# fmt: off
BAD_METADATA = [
    pytest.param({"token_endpoint": "http://login.example/token"}, id="down to http"),
    pytest.param({"jwks_uri": "file:///etc/passwd"},               id="keys from a file"),
    pytest.param({"authorization_endpoint": "javascript:alert(1)"}, id="a script"),
    pytest.param({"authorization_endpoint": "https://login.example/a\r\nX: y"}, id="another header"),
    pytest.param({"authorization_endpoint": "https://login.example/a#b"}, id="a fragment, where a query is to follow"),
    pytest.param({"token_endpoint": "https://login.example:99999/t"}, id="a port that is none"),
    pytest.param({"token_endpoint": "https://[::1/t"},             id="a host that is none"),
    pytest.param({"issuer": None},                                 id="no issuer"),
    pytest.param({"issuer": "https://bank.example/{tenantid}/v2.0"}, id="in another's name"),
    pytest.param({"token_endpoint": 7},                            id="an endpoint that is no text"),
]
# fmt: on


@pytest.mark.parametrize("metadata", BAD_METADATA)
def test_metadata_that_leads_astray_is_refused(metadata):
    with pytest.raises(BadMetadata):
        drive(SignIn(APP).begin(return_to="/", now=NOW, entropy=os.urandom), FakeAuthority(metadata=metadata))


def test_signing_out_names_whom_and_where_to():
    url = drive(SignIn(APP).end(return_to="https://app.example/", now=NOW, logout_hint="h&1"), FakeAuthority())
    assert urlsplit(url).path == "/organizations/oauth2/v2.0/logout"
    assert (
        urlsplit(url).query
        == f"client_id={CLIENT}&post_logout_redirect_uri=https%3A%2F%2Fapp.example%2F&logout_hint=h%261"
    )
    assert (
        drive(SignIn(APP).end(return_to=None, now=NOW), FakeAuthority(metadata={"end_session_endpoint": None})) is None
    )


def test_a_query_of_the_endpoint_s_own_stays():
    metadata = {"end_session_endpoint": "https://login.example/end?policy=mine"}
    url = drive(SignIn(APP).end(return_to=None, now=NOW, id_token_hint="t"), FakeAuthority(metadata=metadata))
    assert url == f"https://login.example/end?policy=mine&client_id={CLIENT}&id_token_hint=t"


# fmt: off
URLS = [
    pytest.param("https://login.example/t", True,  id="https"),
    pytest.param("http://localhost:8443/t", True,  id="http on loopback"),
    pytest.param("http://login.example/t",  False, id="http on a network"),
    pytest.param("https://login.example/t?x=1", False, id="with a query"),
    pytest.param("login.example",           False, id="no URL"),
    pytest.param("https://login.example",   False, id="without a tenant"),
    pytest.param("https://me:pw@login.example/t", False, id="with somebody's password"),
]
# fmt: on


@pytest.mark.parametrize(("url", "ok"), URLS)
def test_an_authority_is_reached_safely(url, ok):
    if ok:
        assert WebApp(authority=url + "/", client_id="c", redirect_uri="https://a.example/").authority.url == url
    else:
        with pytest.raises(BadSettings, match="authority"):
            WebApp(authority=url, client_id="c", redirect_uri="https://a.example/")


# fmt: off
RETURNS = [
    ("/", True), ("/a/b?c=d#e", True), ("/a//b", True), ("", False), (None, False), ("a", False), ("//evil.example", False),
    ("/\\evil.example", False), ("\\\\evil.example", False), ("https://evil.example", False), ("javascript:alert(1)", False),
    ("/\t/evil.example", False), ("/\n", False), (" /a", False), ("/ a", False), ("/é", False), ("/" + "a" * 1024, False),
]
# fmt: on


@pytest.mark.parametrize(("asked", "ok"), RETURNS)
def test_one_returns_to_own_paths_alone(asked, ok):
    assert safe_return_to(asked, "/home") == (asked if ok else "/home")


@given(st.text())
def test_whatever_is_asked_one_stays_on_the_host(asked):
    path = safe_return_to(asked)
    assert path.startswith("/")
    assert not path.startswith(("//", "/\\"))


async def test_the_same_flow_is_driven_asynchronously():
    authority, flow = FakeAuthority(), SignIn(APP)

    async def send(call):
        return authority(call)

    begun = await drive_async(flow.begin(return_to="/", now=NOW, entropy=os.urandom), send)
    query = authority.asked(begun.url)
    answer = flow.finish({"code": "c", "state": query["state"]}, begun.transaction, now=NOW, entropy=os.urandom)
    outcome = await drive_async(answer, send)
    assert isinstance(outcome, SignedIn)


def test_nothing_secret_is_in_a_representation():
    authority = FakeAuthority(answer={"access_token": "acc3ss", "refresh_token": "r3fresh"})
    outcome = sign_in(authority)
    said = repr((outcome, APP, authority.calls))
    for secret in ("acc3ss", "r3fresh", outcome.tokens.id_token, APP.client_secret, authority.nonce):
        assert secret not in said


# fmt: off
PROMISES = [  # what the configuration says of RFC 9207, what the answer says, whether it counts
    pytest.param(True,  f"https://login.example/{TENANT}/v2.0", True,  id="promised and kept"),
    pytest.param(True,  None,                                   False, id="promised and left out"),
    pytest.param(False, None,                                   True,  id="not promised"),
    pytest.param("yes", None,                                   True,  id="no promise that is one"),
]
# fmt: on


@pytest.mark.parametrize(("promise", "named", "ok"), PROMISES)
def test_an_authority_that_promises_to_name_itself_does(promise, named, ok):
    authority = FakeAuthority(metadata={"authorization_response_iss_parameter_supported": promise})
    outcome = sign_in(authority, answer={"iss": named})
    assert isinstance(outcome, SignedIn) if ok else outcome == Refused(why=Why.ANOTHER_ISSUER)
    assert ok or authority.count("/token") == 0


@pytest.mark.parametrize("mode", ResponseMode)
def test_the_answer_comes_as_the_application_wants_it(mode):
    authority = FakeAuthority()
    app = evolve(APP, response_mode=mode)
    url = drive(SignIn(app).begin(return_to="/", now=NOW, entropy=os.urandom), authority).url
    assert authority.asked(url)["response_mode"] == mode.value


def test_a_response_mode_that_the_authority_does_not_know_is_said_before_anybody_is_sent_there():
    flow = SignIn(evolve(APP, response_mode="form_post"))
    with pytest.raises(BadSettings, match="form_post"):
        drive(
            flow.begin(return_to="/", now=NOW, entropy=os.urandom),
            FakeAuthority(metadata={"response_modes_supported": ["query"]}),
        )


def test_an_authority_that_says_nothing_of_response_modes_knows_query_and_fragment():
    metadata = drive(SignIn(APP).provider.metadata(NOW), FakeAuthority(metadata={"response_modes_supported": None}))
    assert metadata.response_modes == {"query", "fragment"}


def test_scopes_beyond_the_applications_own_are_those_granted_where_the_answer_says_nothing_else():
    asked = Asked(scopes=("api://colors/Read",))
    assert sign_in(FakeAuthority(answer={"scope": None}), asked=asked).tokens.access.scopes == {
        "openid", "profile", "api://colors/Read",
    }  # fmt: skip


def test_a_person_of_an_issuer_without_tenants_is_known_by_iss_and_sub():
    issuer = "https://id.example/people/"
    app = evolve(APP, authority=oidc_authority(issuer))
    claims = {"iss": issuer, "tid": None, "oid": None, "sub": "ada"}
    outcome = sign_in(FakeAuthority(issuer=issuer, claims=claims), app)
    assert isinstance(outcome, SignedIn), outcome
    assert (outcome.issuer, outcome.tenant_id, outcome.user_id, outcome.subject) == (issuer, "", "ada", "ada")
    assert outcome.tokens.account.key == f"{issuer} ada"


class Proof:
    def proof(self, audience, now, entropy):
        return {"client_assertion": f"for {audience} at {now}, {len(entropy(4))}"}


def test_an_application_proves_itself_by_whatever_it_has():
    authority = FakeAuthority()
    assert isinstance(sign_in(authority, evolve(APP, client_secret=None, credential=Proof())), SignedIn)
    form = next(call.form for call in authority.calls if call.url.endswith("/token"))
    assert "client_secret" not in form
    assert form["client_assertion"] == f"for https://login.example/organizations/oauth2/v2.0/token at {NOW + 1}, 4"
