"""`validate-azure-ad-token`: as validate-jwt, with issuer and keys by the name of a tenant.  Gateway reference 4.

Where the policy names no authentication-endpoint, the tenant is one of entrada's own.
"""

from typing import Final
from urllib.parse import urlsplit

from attrs import evolve, frozen

from entrada.core.gateway.elements import required_claims, token_failure, token_source
from entrada.core.gateway.elements.kind import INBOUND, Kind
from entrada.core.gateway.elements.outcome import Outcome
from entrada.core.gateway.elements.reading import Reading
from entrada.core.gateway.elements.required_claims import ClaimCheck, read_required_claims
from entrada.core.gateway.elements.shape import Attribute, Shape, item
from entrada.core.gateway.elements.token_check import TokenCheck
from entrada.core.gateway.elements.token_failure import read_failing
from entrada.core.gateway.elements.token_source import read_source
from entrada.core.gateway.elements.validate_jwt import AUDIENCES, NO_DECRYPTION, read_audiences
from entrada.core.gateway.elements.value import Constant, Value
from entrada.core.gateway.entities.url import web_url
from entrada.core.gateway.passage import Passage
from entrada.core.gateway.tokens.claim import RequiredClaim
from entrada.core.gateway.tokens.validate import Rules

NAME: Final = "validate-azure-ad-token"
_DOCUMENTS: Final = ("/.well-known/openid-configuration", "/v2.0/.well-known/openid-configuration")


@frozen(kw_only=True)
class ValidateAzureAdToken:
    check: TokenCheck
    tenant: str
    endpoint: str | None  # with https://
    client_ids: tuple[str, ...]
    backend_ids: tuple[str, ...]
    audiences: tuple[Value[str], ...] | None
    claims: tuple[ClaimCheck, ...]

    def discovery(self, authority: str) -> tuple[str, ...]:
        """Of both versions: the API's registration decides which of them its tokens are."""
        start = self.tenant if "://" in self.tenant else f"{self.endpoint or authority}/{self.tenant}"
        return tuple(f"{start}{one}" for one in _DOCUMENTS)

    def perform(self, passage: Passage) -> Outcome:
        return self.check.perform(passage, self.rules(passage))

    def rules(self, passage: Passage) -> Rules:
        """Raise EvaluationFailed."""
        documents = self.discovery(passage.facts.authority)
        return Rules(
            providers=passage.facts.providers_of(documents),
            unknown=passage.facts.unknown_of(documents),
            audiences=self._audiences(passage),
            claims=(*self._client(), *(one.of(passage) for one in self.claims)),
        )

    def _audiences(self, passage: Passage) -> tuple[str, ...] | None:
        listed = None if self.audiences is None else tuple(one.of(passage) for one in self.audiences)
        if not self.backend_ids:
            return listed
        # [unverified] which claim Azure compares: the application that a token is for is its audience.
        backend = tuple(form for one in self.backend_ids for form in (one, f"api://{one}"))
        return backend if listed is None else tuple(one for one in listed if one in backend)

    def _client(self) -> tuple[RequiredClaim, ...]:
        if not self.client_ids:
            return ()
        # azp in version 2, appid in version 1 [unverified for Azure].
        return (RequiredClaim(name="azp", also="appid", values=self.client_ids, match_any=True),)


def read(reading: Reading) -> ValidateAzureAdToken:
    reading.in_order(
        "client-application-ids", "backend-application-ids", "audiences", "required-claims", "decryption-keys"
    )
    reading.refuse(SHAPE.lacking)
    policy = ValidateAzureAdToken(
        check=_read_check(reading),
        tenant=_tenant(reading),
        endpoint=_endpoint(reading),
        client_ids=_ids(reading, "client-application-ids"),
        backend_ids=_ids(reading, "backend-application-ids"),
        audiences=read_audiences(reading),
        claims=read_required_claims(reading),
    )
    if not policy.client_ids and policy.audiences is None and not policy.backend_ids:
        what = "<validate-azure-ad-token> says neither which applications may call nor whom tokens are for."
        reading.fault(reading.element.place, what, "add <client-application-ids>, or <audiences>.")
    return policy


def _read_check(reading: Reading) -> TokenCheck:
    return TokenCheck(
        element=NAME,
        source=read_source(reading, by_default="Authorization"),
        failing=read_failing(reading),
        variable=reading.literal("output-token-variable-name"),
    )


def _tenant(reading: Reading) -> str:
    if not reading.has("tenant-id"):
        reading.missing("tenant-id", "write the id, or a domain, of the tenant whose tokens are let in.")
        return ""
    said = (reading.literal("tenant-id", "decides which keys are fetched beforehand") or "").rstrip("/")
    if "://" in said:
        said = said.removesuffix("/v2.0")
        if web_url(said) is None or not urlsplit(said).path.strip("/"):
            reading.fault(reading.place_of("tenant-id"), "This URL names no tenant.", "write https://…/{tenant id}.")
    elif not said.replace("-", "").replace(".", "").isalnum():
        reading.fault(reading.place_of("tenant-id"), "This is no tenant.", "write its id or a domain of it.")
    return said


def _endpoint(reading: Reading) -> str | None:
    said = reading.literal("authentication-endpoint", "decides which keys are fetched beforehand")
    if said is None:
        return None
    url = (said if "://" in said else f"https://{said}").rstrip("/")
    if web_url(url) is None:
        place = reading.place_of("authentication-endpoint")
        reading.fault(place, "This is no host of an identity service.", "write login.microsoftonline.com, for one.")
    return url


def _ids(reading: Reading, name: str) -> tuple[str, ...]:
    listed = reading.child(name)
    if listed is None:
        return ()
    values = listed.texts("application-id")
    listed.done()
    if not values:
        listed.fault(listed.element.place, f"<{name}> holds no <application-id>.", "add one, or leave it out.")
    if any(not isinstance(one, Constant) for one in values):
        what = f"<application-id> in <{name}> takes no expression."
        listed.fault(listed.element.place, what, "write application (client) ids, or named values.")
    return tuple(one.value for one in values if isinstance(one, Constant))


_ID: Final = item("application-id", "one of them", "an application (client) id")
SHAPE: Final = Shape(
    name=NAME,
    what="let in only requests with a token of a tenant",
    attributes=(
        Attribute(name="tenant-id", what="whose: its id, a domain, or its URL", required=True, is_literal=True),
        *(evolve(one, usual=False) for one in token_source.ATTRIBUTES),
        Attribute(
            name="authentication-endpoint",
            what="where the tenant is; without it the tenant is one of entrada's own",
            is_literal=True,
        ),
        *token_failure.ATTRIBUTES,
        token_source.VARIABLE,
    ),
    children=(
        Shape(name="client-application-ids", what="which applications may call", children=(_ID,)),
        Shape(name="backend-application-ids", what="for which applications tokens must be", children=(_ID,)),
        AUDIENCES,
        required_claims.SHAPE,
    ),
    lacking=(NO_DECRYPTION,),
)
KIND: Final = Kind(name=NAME, read=read, shape=SHAPE, sections=(INBOUND,))
