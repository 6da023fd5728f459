"""How a document says that callers prove who they are.  OpenAPI 3.1, sections 4.8.27 to 4.8.30.

Azure ignores it.  It enforces nothing here either, policies do; it is what the console's settings can be taken from.
"""

from collections.abc import Iterable
from typing import Final

from entrada.core.gateway.entities.authorization_server import GrantType
from entrada.core.gateway.openapi.imported import (
    Alternative,
    Need,
    OAuthFlow,
    SchemeType,
    Security,
    SecurityScheme,
)
from entrada.core.gateway.openapi.operations import Found
from entrada.core.gateway.openapi.reading import Reading
from entrada.core.gateway.openapi.spot import Spot

_FLOWS: Final = {
    "authorizationCode": GrantType.AUTHORIZATION_CODE,
    "clientCredentials": GrantType.CLIENT_CREDENTIALS,
    "implicit": GrantType.IMPLICIT,
    "password": GrantType.RESOURCE_OWNER_PASSWORD,
}


def read_security(reading: Reading, operations: Iterable[Found]) -> Security:
    root = Spot(reading.root)
    schemes = tuple(_schemes(reading, root.at("components").at("securitySchemes")))
    known = frozenset(root.at("components").at("securitySchemes").members)
    own = {
        one.operation.id: _alternatives(reading, one.spot.at("security"), known)
        for one in operations
        if one.spot.at("security").value is not None
    }
    return Security(schemes=schemes, alternatives=_alternatives(reading, root.at("security"), known), of_operations=own)


def _schemes(reading: Reading, spot: Spot) -> Iterable[SecurityScheme]:
    for name, item in reading.members(spot):
        found = reading.resolved(item)
        if found is not None and reading.is_object(found):
            scheme = _scheme(reading, found, name)
            if scheme is not None:
                yield scheme


def _scheme(reading: Reading, spot: Spot, name: str) -> SecurityScheme | None:
    given = reading.text(spot.at("type"))
    if given not in list(SchemeType):
        kinds = ", ".join(SchemeType)
        reading.fault(spot.at("type"), "This is no kind of security scheme.", f"Write one of {kinds}.")
        return None
    return SecurityScheme(
        name=name,
        type=SchemeType(given),
        description=reading.text(spot.at("description")),
        parameter=reading.text(spot.at("name")),
        where=reading.text(spot.at("in")),
        http_scheme=reading.text(spot.at("scheme")).lower(),
        flows=tuple(_flows(reading, spot.at("flows"))),
        openid_connect_url=reading.text(spot.at("openIdConnectUrl")),
    )


def _flows(reading: Reading, spot: Spot) -> Iterable[OAuthFlow]:
    for name, item in reading.without_extensions(spot):
        if name not in _FLOWS:
            reading.remark(item, "This flow is not known, and left out.")
        elif reading.is_object(item):
            yield OAuthFlow(
                grant_type=_FLOWS[name],
                authorization_url=reading.text(item.at("authorizationUrl")),
                token_url=reading.text(item.at("tokenUrl")),
                scopes={scope: reading.text(said) for scope, said in reading.members(item.at("scopes"))},
            )


def _alternatives(reading: Reading, spot: Spot, known: frozenset[str]) -> tuple[Alternative, ...]:
    return tuple(tuple(_needs(reading, item, known)) for item in reading.items(spot) if reading.is_object(item))


def _needs(reading: Reading, spot: Spot, known: frozenset[str]) -> Iterable[Need]:
    for name, item in reading.members(spot):
        if name not in known:
            what = f"The security scheme `{name[:80]}` is not described."
            reading.fault(item, what, "Describe it under #/components/securitySchemes.")
        yield Need(name, tuple(reading.text(scope) for scope in reading.items(item)))
