"""Every parser that strangers feed, with the one way in which each may say no."""

from collections.abc import Callable
from typing import Any, Final

from attrs import evolve, frozen

from entrada.core.credentials import recovery_code, totp
from entrada.core.credentials.place import place_of
from entrada.core.directory.application import Platform, RedirectUri
from entrada.core.directory.client_credential import FederatedCredential
from entrada.core.directory.document.fault import Fault
from entrada.core.directory.document.read_document import read_document
from entrada.core.directory.ids import parse_guid
from entrada.core.directory.redirect_uri_rules import fault, logout_url_fault
from entrada.core.errors.reason import Refusal
from entrada.core.jose import base64url, compact, foreign_token
from entrada.core.jose.client_certificate import certified_key, named_thumbprint
from entrada.core.jose.invalid_token import InvalidToken
from entrada.core.jose.json_object import parse_object
from entrada.core.jose.jwk_set import parse_jwk_set
from entrada.core.jose.numeric_date import Seconds
from entrada.core.protocol.claims_request import parse_claims_request
from entrada.core.protocol.client_authentication.assertion import ASSERTION_TYPE, IssuerKeys, read_assertion
from entrada.core.protocol.client_authentication.authenticate import Presented, authenticate_confidential
from entrada.core.protocol.device_flow import parse_user_code
from entrada.core.protocol.logout.return_uri import return_uri
from entrada.core.protocol.parameters import parse_form
from entrada.core.protocol.redirect_below import find_at_or_below
from entrada.core.protocol.redirect_uri import find_registered
from entrada.core.protocol.scope import Word, identifiers, parse_words, resolve
from entrada.core.sealing.envelope import NotSealed
from entrada.core.sealing.keyring import Keyring
from entrada.core.sealing.keys import KEY_BYTES, MasterKey
from entrada.server.usecases.yaml_tree import parse_yaml
from entrada.server.web.http.user_agent import in_words
from tests.drivers.assertions import NOT_BEFORE, certified, ec_key, public_jwk
from tests.jose.known_keys import our_key
from tests.protocol.known import CLIENT, KNOWN, NOW, TENANT

KEYS: Final = {our_key().kid: our_key().verification_key}
ISSUED: Final = parse_jwk_set({"keys": [public_jwk(ec_key("issuer"), kid="k")]})
KEYRING: Final = Keyring(MasterKey(bytes(range(KEY_BYTES))))
REGISTERED: Final = (
    RedirectUri("https://app.example/auth/callback", Platform.WEB),
    RedirectUri("http://localhost:5000/auth/callback", Platform.WEB),
    RedirectUri("http://127.0.0.1", Platform.PUBLIC_CLIENT),
    RedirectUri("myapp://auth", Platform.PUBLIC_CLIENT),
)
CREDENTIAL: Final = FederatedCredential(
    id="1", name="ci", issuer="https://ci.example", subject="main", audience="entrada"
)
ASSERTING: Final = evolve(CLIENT, certificates=(certified("fuzz").registered(),), federated_credentials=(CREDENTIAL,))


def as_bytes(text: str) -> bytes:
    """Latin-1 where that says it, so that any bytes at all can stand in the corpus."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode()


def jwk_set(text: str) -> object:
    return parse_jwk_set(parse_object(as_bytes(text)))


def assertion(text: str) -> object:
    read = read_assertion(ASSERTION_TYPE, text)
    if isinstance(read, Refusal):
        return read
    known = evolve(read, issuer_keys=IssuerKeys(keys=ISSUED), audiences=frozenset({"https://id.example"}))
    return authenticate_confidential(ASSERTING, Presented(assertion=known), NOT_BEFORE)


def scope(text: str) -> object:
    words = parse_words(text)
    if not isinstance(words, tuple):
        return words
    assert all(isinstance(word, Word) for word in words)
    asked = {name: KNOWN[name] for name in identifiers(words) if name in KNOWN}
    return resolve(words, asked, TENANT.id)


def registration(text: str) -> object:
    return [fault(text, platform) for platform in Platform], logout_url_fault(text)


def redirect(text: str) -> object:
    found = find_registered(text, REGISTERED)
    below = find_at_or_below(text, REGISTERED)
    back = return_uri(text, "s", [evolve(CLIENT, redirect_uris=REGISTERED)])
    for one in filter(None, (found, below)):
        assert text.startswith(one.uri.partition(":5000")[0]), "somewhere else than was registered"
    assert (back is None) is (found is None)
    return found


def directory_file(text: str) -> object:
    tree = parse_yaml(text)
    return tree if isinstance(tree, Fault) else read_document(tree)


def envelope(text: str) -> object:
    return KEYRING.open(text, purpose="code", now=NOW, lifetime=Seconds(600), max_length=4096)


@frozen
class Parser:
    parse: Callable[[str], Any]
    refusing: type[Exception] | None = None  # what it may raise; the others answer with a value, or a refusal


PARSERS: Final = {
    "base64url": Parser(base64url.decode, ValueError),
    "json_object": Parser(lambda text: parse_object(as_bytes(text)), ValueError),
    "own_token": Parser(lambda text: compact.verify(text, KEYS), InvalidToken),
    "foreign_token": Parser(foreign_token.read, InvalidToken),
    "jwk_set": Parser(jwk_set, ValueError),
    "thumbprint": Parser(lambda text: [named_thumbprint({name: text}) for name in ("x5t", "x5t#S256", "kid")]),
    "certificate": Parser(lambda text: certified_key(as_bytes(text)), ValueError),
    "assertion": Parser(assertion),
    "form": Parser(lambda text: parse_form(as_bytes(text))),
    "scope": Parser(scope),
    "claims": Parser(parse_claims_request),
    "registration": Parser(registration),
    "redirect": Parser(redirect),
    "user_code": Parser(parse_user_code),
    "recovery_code": Parser(recovery_code.digest),
    "one_time_code": Parser(lambda text: totp.step_of(text, b"0123456789abcdefghij", NOW)),
    "envelope": Parser(envelope, NotSealed),
    "directory_file": Parser(directory_file),
    "guid": Parser(parse_guid),
    "address": Parser(place_of),
    "user_agent": Parser(in_words),
}
