"""`validate-jwt`: only requests with a good token go on.  Gateway reference sections 2 and 3."""

from typing import Final

from attrs import frozen

from entrada.core.gateway.elements import conversion, required_claims, token_failure, token_source
from entrada.core.gateway.elements.kind import INBOUND, Kind
from entrada.core.gateway.elements.outcome import Outcome
from entrada.core.gateway.elements.reading import Reading
from entrada.core.gateway.elements.required_claims import ClaimCheck, read_required_claims
from entrada.core.gateway.elements.shape import FLAG, Attribute, Lacking, Shape, flag, item
from entrada.core.gateway.elements.token_check import TokenCheck
from entrada.core.gateway.elements.token_failure import read_failing
from entrada.core.gateway.elements.token_source import read_source
from entrada.core.gateway.elements.value import Constant, Value
from entrada.core.gateway.entities.url import web_url
from entrada.core.gateway.passage import Passage
from entrada.core.gateway.tokens.key import Key, inline_key, rsa_key
from entrada.core.gateway.tokens.validate import Rules
from entrada.core.jose.numeric_date import Seconds

NAME: Final = "validate-jwt"
LONGEST_SKEW: Final = 24 * 60 * 60
_WHAT_NAMES_KEYS: Final = ("openid-config", "issuer-signing-keys")


@frozen(kw_only=True)
class ValidateJwt:
    check: TokenCheck
    documents: tuple[str, ...]  # URLs of openid-config
    keys: tuple[Key, ...]
    audiences: tuple[Value[str], ...] | None
    issuers: tuple[Value[str], ...]
    claims: tuple[ClaimCheck, ...]
    requires_expiration: Value[bool]
    clock_skew: Value[int]

    def discovery(self, authority: str) -> tuple[str, ...]:
        """The documents whose issuer and keys it needs."""
        return self.documents

    def perform(self, passage: Passage) -> Outcome:
        return self.check.perform(passage, self.rules(passage))

    def rules(self, passage: Passage) -> Rules:
        """Raise EvaluationFailed."""
        return Rules(
            keys=self.keys,
            providers=passage.facts.providers_of(self.documents),
            unknown=passage.facts.unknown_of(self.documents),
            issuers=tuple(one.of(passage) for one in self.issuers),
            audiences=None if self.audiences is None else tuple(one.of(passage) for one in self.audiences),
            claims=tuple(one.of(passage) for one in self.claims),
            requires_expiration=self.requires_expiration.of(passage),
            clock_skew=Seconds(self.clock_skew.of(passage)),
        )


def read(reading: Reading) -> ValidateJwt:
    _refuse_what_we_lack(reading)
    policy = ValidateJwt(
        check=_read_check(reading),
        documents=_documents(reading),
        keys=_signing_keys(reading),
        audiences=read_audiences(reading),
        issuers=_listed(reading, "issuers", "issuer") or (),
        claims=read_required_claims(reading),
        requires_expiration=reading.flag("require-expiration-time", default=True),
        clock_skew=reading.number("clock-skew", 0, LONGEST_SKEW) or Constant(0),
    )
    if not any(one.name in _WHAT_NAMES_KEYS for one in reading.element.children):
        instead = 'write <openid-config url="…/.well-known/openid-configuration" />, or <issuer-signing-keys>.'
        reading.fault(reading.element.place, "<validate-jwt> names no key to check signatures with.", instead)
    return policy


def _read_check(reading: Reading) -> TokenCheck:
    source = read_source(reading)
    scheme = reading.text("require-scheme")
    return TokenCheck(
        element=NAME,
        source=source.with_scheme(scheme),
        failing=read_failing(reading),
        variable=reading.literal("output-token-variable-name"),
    )


def _refuse_what_we_lack(reading: Reading) -> None:
    reading.in_order(
        "openid-config", "issuer-signing-keys", "decryption-keys", "audiences", "issuers", "required-claims"
    )
    reading.refuse(SHAPE.lacking)
    signed = reading.flag("require-signed-tokens", default=True)
    if signed != Constant(value=True):
        what = "Tokens without a signature are never let in: whoever writes one may claim anything."
        reading.fault(reading.place_of("require-signed-tokens"), what, 'write require-signed-tokens="true".')


def _documents(reading: Reading) -> tuple[str, ...]:
    found: list[str] = []
    for one in reading.children("openid-config"):
        url = one.literal("url", "is fetched before any request comes") if one.has("url") else None
        one.literal("validate-connectivity")  # here documents are fetched on save anyway, and the result is shown
        one.done()
        if not one.has("url"):
            one.missing("url", 'write url="https://…/.well-known/openid-configuration".')
        elif url is not None and web_url(url) is None:
            one.fault(one.place_of("url"), "This is no URL of a discovery document.", "write one with https://.")
        elif url is not None:
            found.append(url)
    return tuple(found)


def _signing_keys(reading: Reading) -> tuple[Key, ...]:
    listed = reading.child("issuer-signing-keys")
    if listed is None:
        return ()
    keys = tuple(key for one in listed.children("key") if (key := _key(one)) is not None)
    listed.done()
    if not listed.element.children:
        listed.fault(listed.element.place, "<issuer-signing-keys> holds no <key>.", "add one, or leave it out.")
    return keys


def _key(reading: Reading) -> Key | None:
    reading.refuse(_KEY.lacking)
    kid = (reading.literal("id") if reading.has("id") else None) or ""
    n, e = reading.literal("n"), reading.literal("e")
    value = reading.content(conversion.text)
    reading.done()
    if reading.has("certificate-id"):
        return None
    try:
        if n is not None and e is not None and value is None:
            return rsa_key(kid, n, e)
        if isinstance(value, Constant) and n is None and e is None:
            return inline_key(kid, value.value.strip())
    except ValueError as problem:
        text = reading.element.text  # where a named value stands that nobody knows, that alone is told
        reading.fault(text.stripped().place, f"The key cannot be used: {problem}", _KEY_INSTEAD)
        return None
    reading.fault(reading.element.place, "This is neither a text nor a pair of n and e.", _KEY_INSTEAD)
    return None


_KEY_INSTEAD: Final = "write a secret of 32 bytes or more in Base64, a certificate in PEM, or n and e in Base64url."


def read_audiences(reading: Reading) -> tuple[Value[str], ...] | None:
    return _listed(reading, "audiences", "audience")


def _listed(reading: Reading, name: str, item: str) -> tuple[Value[str], ...] | None:
    """None where the element is absent."""
    listed = reading.child(name)
    if listed is None:
        return None
    values = listed.texts(item)
    listed.done()
    if not listed.element.children:
        listed.fault(listed.element.place, f"<{name}> holds no <{item}>.", "add one, or leave it out.")
    return values


_DIFFERS: Final = (
    "Documents are looked up at once when a token names an unknown key; the last good keys are kept.",
    "A token in the query does not travel on to the backend.",
    "`clock-skew` 0 is taken as one second.",
)
NO_DECRYPTION: Final = Lacking(
    name="decryption-keys",
    what="Encrypted tokens are not read here, so <decryption-keys> cannot be.",
    instead="let the issuer sign tokens without encrypting them.",
    is_element=True,
)
AUDIENCES: Final = Shape(
    name="audiences",
    what="for whom tokens must be: one of these is enough",
    children=(item("audience", "the API's application (client) id, or its identifier URI", "the audience"),),
)
_KEY: Final = Shape(
    name="key",
    what="a secret in Base64, a certificate in PEM, or n and e",
    text="the secret or the certificate",
    required=True,
    repeats=True,
    attributes=(
        Attribute(name="id", what="the kid of tokens that it signs", is_literal=True),
        Attribute(name="n", what="modulus of an RSA key, in Base64url", is_literal=True),
        Attribute(name="e", what="its exponent", suggested=("AQAB",), is_literal=True),
    ),
    lacking=(
        Lacking(
            name="certificate-id",
            what="Certificates are not stored here, so certificate-id names none.",
            instead="write the certificate in PEM as the text of <key>.",
        ),
    ),
)
SHAPE: Final = Shape(
    name=NAME,
    what="let in only requests with a good token",
    attributes=(
        *token_source.ATTRIBUTES,
        *token_failure.ATTRIBUTES,
        flag("require-expiration-time", "whether tokens must say when they end", default=True),
        Attribute(name="require-scheme", what="the scheme that must stand before the token", suggested=("Bearer",)),
        Attribute(
            name="require-signed-tokens",
            what="tokens without a signature are never let in",
            values=("true",),
            default="true",
        ),
        Attribute(
            name="clock-skew",
            what="by how many seconds clocks may differ; 0 is taken as 1",
            default="0",
            suggested=("30", "60"),
        ),
        token_source.VARIABLE,
    ),
    children=(
        Shape(
            name="openid-config",
            what="a discovery document, which names issuer and keys",
            repeats=True,
            attributes=(
                Attribute(name="url", what="its URL", required=True, is_literal=True),
                Attribute(
                    name="validate-connectivity",
                    what="taken and without effect: it is fetched anyway",
                    values=FLAG,
                    is_literal=True,
                ),
            ),
        ),
        Shape(name="issuer-signing-keys", what="keys that are written here", children=(_KEY,)),
        AUDIENCES,
        Shape(
            name="issuers",
            what="who may have issued tokens, beside those of the documents",
            children=(item("issuer", "one of them", "the issuer, as tokens say it"),),
        ),
        required_claims.SHAPE,
    ),
    lacking=(NO_DECRYPTION,),
)
KIND: Final = Kind(name=NAME, read=read, shape=SHAPE, sections=(INBOUND,), differs=_DIFFERS)
