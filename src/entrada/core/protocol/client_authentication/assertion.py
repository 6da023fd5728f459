"""A client assertion as it arrived: what it says, nothing of it believed.  RFC 7521 §4.2; RFC 7523 §2.2."""

from typing import Final

from attrs import field, frozen

from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.jose import foreign_token
from entrada.core.jose.foreign_token import ForeignToken
from entrada.core.jose.invalid_token import InvalidToken
from entrada.core.jose.jwk_set import KeySet
from entrada.core.protocol.audience import Authority
from entrada.core.protocol.issuer import issuer
from entrada.core.protocol.version import Version

ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@frozen(kw_only=True)
class IssuerKeys:
    """What an external issuer publishes; None when it could not be asked."""

    keys: KeySet | None = field(repr=False)
    ours: bool = False  # the issuer is this installation
    welcome: bool = True  # whoever got our token may get tokens still


@frozen(kw_only=True)
class ClientAssertion:
    token: ForeignToken
    audiences: frozenset[str] = frozenset()  # how a client may name us; gathered once the tenant is known
    issuer_keys: IssuerKeys | None = None  # gathered when a federated credential names the issuer

    @property
    def issuer(self) -> str | None:
        return self.token.text("iss")

    @property
    def is_federated(self) -> bool:
        """A client names itself by its id; every other issuer is a URL."""
        return ":" in (self.issuer or "")


def read_assertion(kind: str | None, assertion: str) -> ClientAssertion | Refusal:
    if kind != ASSERTION_TYPE:
        return Refusal(why.MALFORMED_ASSERTION, {"fault": f"client_assertion_type is not {ASSERTION_TYPE}"})
    try:
        return ClientAssertion(token=foreign_token.read(assertion))
    except InvalidToken as error:
        return Refusal(why.MALFORMED_ASSERTION, {"fault": str(error).rstrip(".")})


def audiences(origin: str, segment: str, authority: Authority) -> frozenset[str]:
    """The token endpoints and issuers of the tenant, in every spelling of it that leads to this request's."""
    tenant = authority.tenant
    spellings = {segment, segment.lower(), authority.name, *(tenant.domains if tenant else ())}
    endpoints = (f"{origin}/{one}/oauth2/{path}token" for one in spellings for path in ("", "v2.0/"))
    issuers = (issuer(origin, tenant.id, version) for version in Version) if tenant else ()
    return frozenset((*endpoints, *issuers))
