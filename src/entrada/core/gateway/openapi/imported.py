"""What a document described: an API, its operations and schemas, and how it says that callers prove who they are."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final, TypeAlias

from attrs import evolve, field, frozen

from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.authorization_server import GrantType
from entrada.core.gateway.entities.ids import ApiId, OperationId
from entrada.core.gateway.entities.operation import Operation
from entrada.core.gateway.openapi.fault import Remark

LONGEST_ID: Final = 76  # of the 80 that an operation's may have: the rest is for a number
_OTHER: Final = re.compile(r"[^a-z0-9]+")


class SchemeType(StrEnum):
    API_KEY = "apiKey"
    HTTP = "http"
    MUTUAL_TLS = "mutualTLS"
    OAUTH2 = "oauth2"
    OPENID_CONNECT = "openIdConnect"


@frozen(kw_only=True)
class OAuthFlow:
    grant_type: GrantType
    authorization_url: str = ""
    token_url: str = ""
    scopes: Mapping[str, str] = field(factory=dict[str, str])  # what each is for


@frozen(kw_only=True)
class SecurityScheme:
    name: str
    type: SchemeType
    description: str = ""
    parameter: str = ""  # of an API key
    where: str = ""  # that one stands: header, query, cookie
    http_scheme: str = ""  # in small letters: bearer, basic
    flows: tuple[OAuthFlow, ...] = ()
    openid_connect_url: str = ""


@frozen
class Need:
    scheme: str  # its name
    scopes: tuple[str, ...] = ()


Alternative: TypeAlias = tuple[Need, ...]
"""All of them together; none: no proof is needed."""


@frozen(kw_only=True)
class Security:
    """*of_operations* holds those that say something of their own, which may be nothing at all."""

    schemes: tuple[SecurityScheme, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    of_operations: Mapping[OperationId, tuple[Alternative, ...]] = field(
        factory=dict[OperationId, tuple[Alternative, ...]]
    )

    def needed_by(self, operation: OperationId) -> tuple[Alternative, ...]:
        return self.of_operations.get(operation, self.alternatives)


@frozen(kw_only=True)
class Imported:
    """*remarks*: what the document says and nothing here does, for whoever imports it."""

    display_name: str
    description: str = ""
    version: str = ""
    service_url: str = ""  # empty when the document names none
    terms_of_service_url: str | None = None
    operations: tuple[Operation, ...] = ()
    schemas: Mapping[str, object] = field(factory=dict[str, object], repr=False)
    security: Security = field(factory=Security)
    remarks: tuple[Remark, ...] = ()

    @property
    def suggested_id(self) -> str:
        """For a path as well."""
        return normalised(self.display_name) or "api"

    def api(self, id: ApiId, path: str) -> Api:  # noqa: A002 - its name everywhere
        """A new one; the key of a subscription is asked for unless its author decides otherwise."""
        return self.renewed(Api(id=id, display_name=self.display_name, path=path, service_url=self.service_url))

    def renewed(self, api: Api, path: str | None = None) -> Api:
        """*api* as the document describes it now; what its author decides stays: path, backend, security."""
        return evolve(
            api,
            path=api.path if path is None else path,
            display_name=self.display_name,
            description=self.description,
            service_url=api.service_url or self.service_url,
            terms_of_service_url=self.terms_of_service_url,
            schemas=self.schemas,
        )


def normalised(text: str) -> str:
    """As ids are written: small letters and digits, with single dashes; empty when there is none of them."""
    return _OTHER.sub("-", text.lower()).strip("-")[:LONGEST_ID].rstrip("-")
