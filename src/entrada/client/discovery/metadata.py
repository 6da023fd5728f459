"""What an authority's configuration says, if it leads nowhere it must not.  OpenID Connect Discovery 1.0 §3, §4."""

from collections.abc import Mapping
from typing import Final, cast
from urllib.parse import urlsplit

from attrs import frozen

from entrada.client.discovery.issuer import Issuer, issuer_of

WELL_KNOWN: Final = "/v2.0/.well-known/openid-configuration"


@frozen(kw_only=True)
class Metadata:
    issuer: Issuer
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str | None
    algorithms: frozenset[str]


def parse_metadata(members: Mapping[str, object], authority: str) -> Metadata:
    """Raise ValueError for what is no configuration, or none of *authority*."""
    scheme = urlsplit(authority).scheme
    algorithms = members.get("id_token_signing_alg_values_supported")
    named = cast("list[object]", algorithms) if isinstance(algorithms, list) else ["RS256"]
    ending = members.get("end_session_endpoint")
    return Metadata(
        issuer=issuer_of(authority, _text(members, "issuer")),
        authorization_endpoint=_url(members, "authorization_endpoint", scheme),
        token_endpoint=_url(members, "token_endpoint", scheme),
        jwks_uri=_url(members, "jwks_uri", scheme),
        end_session_endpoint=_url(members, "end_session_endpoint", scheme) if ending else None,
        algorithms=frozenset(one for one in named if isinstance(one, str)),
    )


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
    if not url.isascii() or not url.isprintable() or " " in url:
        raise ValueError(f"{name} holds what no URL does")
    return url
