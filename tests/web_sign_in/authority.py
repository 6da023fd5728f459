"""An authority that acts: it answers browsers at its pages and programs at its endpoints, as its fields say.

Nothing of it leaves the process; one sign-in is a few signatures.
"""

import hashlib
import json
import threading
from base64 import b64decode
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from attrs import define, evolve, field, frozen

from entrada.client.flow import Call, Reply, Unreachable
from entrada.core.jose import base64url
from entrada.testing import FakeClock
from tests.client.fake_authority import KEY, jwk, signed
from tests.client.spoilt_id_tokens import ALSO_PUBLISHED, Spoilt

HOST = "https://login.example"
COLORS = "c0105000-0000-4000-8000-000000000001"
PETALS = "be7a1500-0000-4000-8000-000000000002"
CLIENT = "11111111-0000-4000-8000-000000000001"
SECRET = "the-app's-secret"
API = "https://api.example"
READ = "api://colors/Colors.Read"
WRITE = "api://colors/Colors.Write"


@frozen(kw_only=True)
class Person:
    name: str = "Ada"
    tenant: str = COLORS
    oid: str = "aaaaaaaa-0000-4000-8000-00000000000a"
    sub: str = "ada-at-this-app"
    sid: str = "ada-s-session"
    claims: dict[str, Any] = field(factory=dict)  # roles, groups, …


ADA = Person()
BEN = Person(name="Ben", oid="bbbbbbbb-0000-4000-8000-00000000000b", sub="ben-at-this-app", sid="ben-s-session")
EVA = Person(
    name="Eva", tenant=PETALS, oid="eeeeeeee-0000-4000-8000-00000000000e", sub="eva-at-this-app", sid="eva-s-session"
)


@frozen(kw_only=True)
class Answer:
    """What the browser is to bring back: to *url*, in its query or in a form."""

    url: str
    fields: dict[str, str]
    posted: bool

    @property
    def path(self) -> str:
        path = urlsplit(self.url).path
        return path if self.posted else f"{path}?{urlencode(self.fields)}"


@frozen(kw_only=True)
class Grant:
    """What was granted at the authorization endpoint, to be redeemed and renewed."""

    person: Person
    asked: dict[str, str]
    auth_time: int


@define
class ActingAuthority:
    clock: FakeClock = field(factory=FakeClock)
    segment: str = "organizations"
    person: Person = ADA  # whoever sits at the browser
    refusal: dict[str, str] | None = None  # what the pages answer instead of a code
    consents: bool = True  # without: a scope that was not asked for at the sign-in needs the person
    keys: dict[str, Any] = field(factory=lambda: {"k1": KEY})  # published
    signs_with: tuple[str, Any] = ("k1", KEY)
    spoilt: Spoilt | None = None  # what is wrong with every ID token
    lifetime: int = 3600
    revoked: bool = False  # every refresh token
    down: bool = False
    calls: list[Call] = field(factory=list)
    asked: list[dict[str, str]] = field(factory=list)
    _codes: dict[str, Grant] = field(factory=dict)
    _renewals: dict[str, Grant] = field(factory=dict)
    _access: dict[str, tuple[Grant, str, int]] = field(factory=dict)
    _lock: threading.RLock = field(factory=threading.RLock)
    _made: int = 0

    @property
    def url(self) -> str:
        return f"{HOST}/{self.segment}"

    # ---- at the pages ----

    def page(self, url: str) -> Answer:
        """The authorization endpoint, where the person says yes at once."""
        parts = urlsplit(url)
        assert parts.path == f"/{self.segment}/oauth2/v2.0/authorize", url
        asked = {name: values[0] for name, values in parse_qs(parts.query, strict_parsing=True).items()}
        self.asked.append(asked)
        assert asked["client_id"] == CLIENT
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = self._named("code")
        self._codes[code] = Grant(person=self.person, asked=asked, auth_time=self.clock())
        said = self.refusal or {"code": code, "session_state": "x"}
        posted = asked.get("response_mode") == "form_post"
        return Answer(url=asked["redirect_uri"], fields={**said, "state": asked["state"]}, posted=posted)

    # ---- at the endpoints ----

    def __call__(self, call: Call) -> Reply:
        with self._lock:
            self.calls.append(call)
            if self.down:
                raise Unreachable("nobody answers")
            if call.url.endswith("openid-configuration"):
                return replied(self._metadata())
            if call.url.endswith("/keys"):
                return replied({"keys": [*(jwk(kid, key) for kid, key in self.keys.items()), *ALSO_PUBLISHED]})
            if call.url.endswith("/token"):
                return self._token(dict(call.form or {}), call.headers)
        raise AssertionError(call.url)

    async def called(self, call: Call) -> Reply:
        return self(call)

    def count(self, grant_type: str) -> int:
        return sum((call.form or {}).get("grant_type") == grant_type for call in self.calls)

    def fetched(self, ending: str) -> int:
        return sum(call.url.endswith(ending) for call in self.calls)

    def knows(self, token: str) -> tuple[Person, str] | None:
        """Whose access token that is, and for what; None for one that is over, or none of ours."""
        found = self._access.get(token)
        return (found[0].person, found[1]) if found and self.clock() < found[2] else None

    def logout_token(self, person: Person, **changes: Any) -> str:
        """OpenID Connect Back-Channel Logout 1.0 §2.4."""
        claims = {
            "iss": self._issuer(person.tenant), "aud": CLIENT, "iat": self.clock(), "exp": self.clock() + 120,
            "jti": self._named("jti"), "sub": person.sub, "sid": person.sid, "tid": person.tenant,
            "events": {"http://schemas.openid.net/event/backchannel-logout": {}}, **changes,
        }  # fmt: skip
        return self._signed({name: value for name, value in claims.items() if value is not None})

    def rotate(self, kid: str, key: Any) -> None:
        self.keys, self.signs_with = {kid: key}, (kid, key)

    def _metadata(self) -> dict[str, Any]:
        return {
            "issuer": f"{HOST}/{{tenantid}}/v2.0" if self._for_all else self._issuer(self.segment),
            "authorization_endpoint": f"{self.url}/oauth2/v2.0/authorize",
            "token_endpoint": f"{self.url}/oauth2/v2.0/token",
            "jwks_uri": f"{self.url}/keys",
            "end_session_endpoint": f"{self.url}/oauth2/v2.0/logout",
            "id_token_signing_alg_values_supported": ["RS256"],
            "response_modes_supported": ["query", "fragment", "form_post"],
        }

    @property
    def _for_all(self) -> bool:
        return self.segment in {"common", "organizations"}

    def _issuer(self, tenant: str) -> str:
        return f"{HOST}/{tenant}/v2.0"

    def _token(self, form: dict[str, str], headers: Any) -> Reply:
        assert authenticated(form, headers), "the application says who it is"
        if form["grant_type"] == "authorization_code":
            return self._redeemed(form)
        assert form["grant_type"] == "refresh_token"
        return self._renewed(form)

    def _redeemed(self, form: dict[str, str]) -> Reply:
        grant = self._codes.pop(form["code"], None)
        if grant is None:
            return refused("invalid_grant", 70008, "The code is not known, or was used.")
        challenge = base64url.encode(hashlib.sha256(form["code_verifier"].encode()).digest())
        if challenge != grant.asked["code_challenge"]:
            return refused("invalid_grant", 501481, "The code_verifier does not match.")
        if form["redirect_uri"] != grant.asked["redirect_uri"]:
            return refused("invalid_grant", 50011, "Another redirect_uri.")
        return self._answer(grant, grant.asked["scope"])

    def _renewed(self, form: dict[str, str]) -> Reply:
        grant = self._renewals.pop(form["refresh_token"], None)  # each is good once
        if self.revoked or grant is None:
            return refused("invalid_grant", 50173, "The grant was revoked.")
        wanted = form.get("scope", grant.asked["scope"])
        if not self.consents and not set(wanted.split()) <= set(grant.asked["scope"].split()):
            return refused("invalid_grant", 65001, "The person has not consented.", suberror="consent_required")
        return self._answer(grant, wanted)

    def _answer(self, grant: Grant, scope: str) -> Reply:
        access, renewal = self._named("access"), self._named("renewal")
        apis = " ".join(one for one in scope.split() if one not in {"openid", "profile", "offline_access", "email"})
        self._access[access] = (grant, apis, self.clock() + self.lifetime)
        self._renewals[renewal] = grant
        answer = {
            "token_type": "Bearer", "expires_in": self.lifetime, "scope": scope, "access_token": access,
            "refresh_token": renewal, "id_token": self._id_token(self._claims(grant)),
        }  # fmt: skip
        if "offline_access" not in scope.split():
            del answer["refresh_token"]
        return replied(answer)

    def _claims(self, grant: Grant) -> dict[str, Any]:
        person, now = grant.person, self.clock()
        return {
            "iss": self._issuer(person.tenant), "aud": CLIENT, "exp": now + 3600, "iat": now, "nbf": now,
            "nonce": grant.asked.get("nonce"), "tid": person.tenant, "oid": person.oid, "sub": person.sub,
            "sid": person.sid, "name": person.name, "auth_time": grant.auth_time, "ver": "2.0",
            "preferred_username": f"{person.name.lower()}@colors.example", **person.claims,
        }  # fmt: skip

    def _id_token(self, claims: dict[str, Any]) -> str:
        return self._signed(claims) if self.spoilt is None else self.spoilt.token(claims)

    def _signed(self, claims: dict[str, Any]) -> str:
        kid, key = self.signs_with
        return signed(claims, kid=kid, key=key)

    def _named(self, what: str) -> str:
        with self._lock:
            self._made += 1
            return f"{what}-{self._made}"


def authenticated(form: dict[str, str], headers: Any) -> bool:
    basic = next((value for name, value in headers.items() if name.lower() == "authorization"), "")
    if basic:
        name, _, secret = b64decode(basic.removeprefix("Basic ")).decode().partition(":")
        return (unquote(name), unquote(secret)) == (CLIENT, SECRET)
    return (form.get("client_id"), form.get("client_secret")) == (CLIENT, SECRET)


def replied(members: dict[str, Any], status: int = 200) -> Reply:
    return Reply(status=status, body=json.dumps(members).encode(), headers={"content-type": "application/json"})


def refused(error: str, aadsts: int, words: str, **more: str) -> Reply:
    said = {"error": error, "error_description": f"AADSTS{aadsts}: {words}", "error_codes": [aadsts], **more}
    return replied(said, 400)


def with_claims(person: Person, **claims: Any) -> Person:
    return evolve(person, claims=claims)
