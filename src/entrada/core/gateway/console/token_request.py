"""What the console asks an authorization server, as a client of it.  RFC 6749 §4; RFC 7636 §4; RFC 9700 §2.1, §4.

Each authorization request has a state, a code challenge (S256 always) and, where an ID token may come, a nonce; the
server's settings cannot switch any of them off.
"""

import re
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Final
from urllib.parse import quote_plus, urlencode, urlsplit, urlunsplit

from attrs import field, frozen

from entrada.core.gateway.console.signers import Signer
from entrada.core.jose import base64url

WELL_KNOWN: Final = "/.well-known/openid-configuration"
_TEMPLATE: Final = re.compile(r"\{[^{}/]*\}")


@frozen(kw_only=True)
class Asking:
    """One attempt: what the answer is checked against."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    scope: str


@frozen(kw_only=True)
class TokenCall:
    url: str
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    form: Mapping[str, str] = field(repr=False)

    @property
    def body(self) -> bytes:
        return urlencode(self.form).encode()


def authorization_url(signer: Signer, asking: Asking, redirect_uri: str, prompt: str = "") -> str:
    """Parameters of the endpoint's own stay, unless ours have their names."""
    parts = urlsplit(signer.authorization_endpoint)
    asked = {
        "client_id": signer.client_id,
        "response_type": "code",
        "redirect_uri": redirect_uri,
        "scope": asking.scope,
        "state": asking.state,
        "code_challenge": base64url.encode(sha256(asking.verifier.encode()).digest()),
        "code_challenge_method": "S256",
        **({"nonce": asking.nonce} if "openid" in asking.scope.split() else {}),
        **({"prompt": prompt} if prompt else {}),
    }
    own = [one for one in parts.query.split("&") if one and one.partition("=")[0] not in asked]
    query = "&".join([*own, urlencode({name: value for name, value in asked.items() if value})])
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


def for_code(signer: Signer, asking: Asking, redirect_uri: str, code: str) -> TokenCall:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": asking.verifier,
        "scope": asking.scope,  # of RFC 6749 not a member; Entra's servers want it
    }
    return _proven(signer, form)


def for_itself(signer: Signer, scope: str) -> TokenCall:
    return _proven(signer, {"grant_type": "client_credentials", "scope": scope})


def for_password(signer: Signer, scope: str, username: str, password: str) -> TokenCall:
    return _proven(signer, {"grant_type": "password", "scope": scope, "username": username, "password": password})


def for_refresh(signer: Signer, scope: str, refresh_token: str) -> TokenCall:
    return _proven(signer, {"grant_type": "refresh_token", "scope": scope, "refresh_token": refresh_token})


def _proven(signer: Signer, form: Mapping[str, str]) -> TokenCall:
    """What the server's settings add comes first: it replaces nothing of ours."""
    whole = {**dict(signer.body_parameters), **{name: value for name, value in form.items() if value}}
    headers = [("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json")]
    if signer.client_secret and signer.secret_in_header:
        both = f"{quote_plus(signer.client_id)}:{quote_plus(signer.client_secret)}"  # RFC 6749 §2.3.1
        headers.append(("Authorization", f"Basic {b64encode(both.encode()).decode()}"))
    else:
        whole = {**whole, "client_id": signer.client_id}
        whole |= {"client_secret": signer.client_secret} if signer.client_secret else {}
    return TokenCall(url=signer.token_endpoint, headers=tuple(headers), form=whole)


def is_issuer_of(metadata_endpoint: str, issuer: str) -> bool:
    """Whether a discovery document is where its issuer would have it.  OpenID Connect Discovery 1.0 §4.3.

    A template (`{tenantid}`) stands for any one segment, as with the Microsoft identity platform's `common`.
    """
    given, found = urlsplit(issuer), urlsplit(metadata_endpoint)
    path = r"[^/]+".join(re.escape(one) for one in _TEMPLATE.split(given.path.rstrip("/")))
    of_one_origin = (given.scheme, given.netloc.lower()) == (found.scheme, found.netloc.lower())
    return of_one_origin and re.fullmatch(path + re.escape(WELL_KNOWN), found.path) is not None


def is_of_this_issuer(signer: Signer, named: str) -> bool:
    """Whether `iss` of an authorization response (RFC 9207) is the server that was asked.

    A provider names its own in its document; of a server only the endpoints are known, so the origin must be theirs.
    """
    if signer.issuer:
        return named == signer.issuer
    told, asked = urlsplit(named), urlsplit(signer.authorization_endpoint)
    return (told.scheme, told.netloc.lower()) == (asked.scheme, asked.netloc.lower())
