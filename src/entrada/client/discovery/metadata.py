"""What an authority's configuration says, if it leads nowhere it must not.  OpenID Connect Discovery 1.0 §3, §4."""

from collections.abc import Mapping
from typing import Final, cast
from urllib.parse import urlsplit

from attrs import frozen

from entrada.client.authority import LOOPBACK, Authority, Shape
from entrada.client.discovery.issuer import Issuer, issuer_of

_METHODS, _BASIC = "token_endpoint_auth_methods_supported", "client_secret_basic"  # the latter wherever nothing is said
_MODES: Final = ["query", "fragment"]  # of an authority that says nothing


@frozen(kw_only=True)
class Metadata:
    issuer: Issuer
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str | None = None
    device_authorization_endpoint: str | None = None  # RFC 8628 §4
    userinfo_endpoint: str | None = None
    algorithms: frozenset[str]  # that it signs ID tokens with
    response_modes: frozenset[str]
    names_itself: bool = False  # in every answer to an authorization request (RFC 9207 §3)
    secret_in_header: bool = False  # where an application's secret is sent (RFC 6749 §2.3.1)


def parse_metadata(members: Mapping[str, object], authority: Authority) -> Metadata:
    """Raise ValueError for what is no configuration, or none of *authority*."""
    scheme = urlsplit(authority.url).scheme

    def if_any(name: str) -> str | None:
        return _url(members, name, scheme) if members.get(name) else None

    return Metadata(
        issuer=issuer_of(authority, _text(members, "issuer")),
        authorization_endpoint=_url(members, "authorization_endpoint", scheme),
        token_endpoint=_url(members, "token_endpoint", scheme),
        jwks_uri=_url(members, "jwks_uri", scheme),
        end_session_endpoint=if_any("end_session_endpoint"),
        device_authorization_endpoint=if_any("device_authorization_endpoint"),
        userinfo_endpoint=if_any("userinfo_endpoint"),
        algorithms=_words(members, "id_token_signing_alg_values_supported", ["RS256"]),
        response_modes=_words(members, "response_modes_supported", _MODES),
        names_itself=members.get("authorization_response_iss_parameter_supported") is True,
        secret_in_header=authority.shape is Shape.OIDC and _BASIC in _words(members, _METHODS, [_BASIC]),
    )


def _words(members: Mapping[str, object], name: str, default: list[str]) -> frozenset[str]:
    listed = members.get(name)
    words = cast("list[object]", listed) if isinstance(listed, list) else default
    return frozenset(word for word in words if isinstance(word, str))


def _text(members: Mapping[str, object], name: str) -> str:
    value = members.get(name)
    if not isinstance(value, str) or not value:
        raise ValueError(f"{name} is missing")
    return value


def _url(members: Mapping[str, object], name: str, scheme: str) -> str:
    url = _text(members, name)
    parts = urlsplit(url)
    # Never from https down to http, whatever a document says; and a query is appended to it, and a header carries it.
    if parts.scheme != scheme or not parts.hostname or parts.port == 0 or parts.fragment:
        raise ValueError(f"{name} is no {scheme} URL")
    if scheme == "http" and parts.hostname not in LOOPBACK:
        raise ValueError(f"{name} is plain http, and leads away from this machine")
    if not url.isascii() or not url.isprintable() or " " in url:
        raise ValueError(f"{name} holds what no URL does")
    return url
