"""Tokens of the machine's own identity, which holds no secret: Azure's, and `entrada up --managed-identity`.

The instance metadata service of a virtual machine (2018-02-01), and the identity endpoint of App Service and Functions
(2019-08-01), which the environment names.
"""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode, urlsplit

from attrs import field, frozen

from entrada.client.errors import BadCredential, BadSettings, Unreachable
from entrada.client.flow import Call, Flow, Reply
from entrada.client.grants.refusal import words
from entrada.client.grants.token_endpoint import granted, members_of, require_available
from entrada.client.tokens import Tokens
from entrada.core.jose.numeric_date import NumericDate

METADATA_SERVICE: Final = "http://169.254.169.254"
_PATH: Final = "/metadata/identity/oauth2/token"
_DEFAULT: Final = "/.default"
_WHERE: Final = (
    "Azure's machines have one, and programs beside `entrada up --managed-identity` that have its variables. "
    "Elsewhere use a secret, a certificate or a federated token."
)


@frozen(kw_only=True)
class IdentityEndpoint:
    url: str
    version: str
    headers: Mapping[str, str] = field(repr=False)  # which hold its secret


def identity_endpoint(environment: Mapping[str, str]) -> IdentityEndpoint:
    """Raises BadSettings."""
    url, header = environment.get("IDENTITY_ENDPOINT"), environment.get("IDENTITY_HEADER")
    if url and header:
        _require_url("IDENTITY_ENDPOINT", url)
        return IdentityEndpoint(url=url, version="2019-08-01", headers={"x-identity-header": header})
    host = environment.get("AZURE_POD_IDENTITY_AUTHORITY_HOST") or METADATA_SERVICE
    _require_url("AZURE_POD_IDENTITY_AUTHORITY_HOST", host)
    return IdentityEndpoint(url=host.rstrip("/") + _PATH, version="2018-02-01", headers={"metadata": "true"})


def managed_identity(
    endpoint: IdentityEndpoint, scopes: tuple[str, ...], *, client_id: str | None = None, now: NumericDate
) -> Flow[Tokens]:
    """*client_id* chooses among several of the machine's identities.  Raises BadCredential where it has none."""
    asked = {"api-version": endpoint.version, "resource": resource_of(scopes)}
    query = urlencode({**asked, **({"client_id": client_id} if client_id else {})})
    try:
        reply = yield Call(url=f"{endpoint.url}?{query}", headers=endpoint.headers)
    except Unreachable as failure:
        raise Unreachable(f"There is no managed identity here: {failure.message}", advice=_WHERE) from failure
    return _read(reply, scopes, now)


def resource_of(scopes: tuple[str, ...]) -> str:
    """These endpoints know resources alone: `api://name/.default` is asked for as `api://name`."""
    if len(scopes) != 1:
        raise BadSettings(
            "A managed identity asks for one scope at a time", advice="Name one API's identifier and /.default."
        )
    return scopes[0].removesuffix(_DEFAULT)


def _read(reply: Reply, scopes: tuple[str, ...], now: NumericDate) -> Tokens:
    members = members_of(reply)
    require_available(reply, members)
    if reply.status != 200:
        why = words(members.get("error_description") or members.get("message") or members.get("error"))
        raise BadCredential(
            f"The managed identity gives no token (status {reply.status}): {why}",
            advice="Check the client id, if one is named, and the API's identifier.",
        )
    ends = _epoch(members)
    timed = members if ends is None else {**members, "expires_in": max(ends - now, 0)}
    return Tokens(access=granted({"token_type": "Bearer", **timed}, scopes, now).access)


def _epoch(members: Mapping[str, object]) -> int | None:
    """`expires_on`, which App Service answers with and no `expires_in`."""
    value = members.get("expires_on")
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 12:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _require_url(name: str, url: str) -> None:
    if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
        raise BadSettings(f"{name} is no URL", advice="Unset it, or set it to the identity endpoint's address.")
