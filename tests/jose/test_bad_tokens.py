"""One good token, then every way to spoil it."""

import hashlib
import hmac
import json

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from entrada.core.jose.compact import Flaw, InvalidToken, verify
from entrada.core.jose.token_parts import MAXIMUM_LENGTH
from tests.jose.known_keys import RFC7515_A2, b64, forged, our_key, rsa_signed, strangers_key

KEY = our_key()
KID = KEY.kid
KEYS = {KID: KEY.verification_key}
PUBLIC = KEY.private_key.public_key()
GOOD = f'{{"typ":"JWT","alg":"RS256","kid":"{KID}"}}'
UNSECURED = b64('{"alg":"none"}')
CLAIMS = '{"sub":"ada","exp":1800000000}'
TOKEN = forged(GOOD, CLAIMS, KEY)
HEADER, PAYLOAD, SIGNATURE = TOKEN.split(".")


def headed(header):
    """Our true signature under any header."""
    return forged(header, CLAIMS, KEY)


def with_header(**members):
    return headed(json.dumps(json.loads(GOOD) | members))


def claiming(payload):
    """Our true signature over any payload."""
    return forged(GOOD, payload, KEY)


def mac(algorithm, secret, hash_=hashlib.sha256):
    start = f"{b64(json.dumps({'typ': 'JWT', 'alg': algorithm, 'kid': KID}))}.{b64(CLAIMS)}"
    return f"{start}.{b64(hmac.digest(secret, start.encode(), hash_))}"


def long(characters):
    """A token of so many characters, for numbers that base64url can reach, truly signed."""
    room = (characters - len(HEADER) - len(SIGNATURE) - 2) * 3 // 4 - len('{"a":""}')
    token = claiming(json.dumps({"a": "x" * room}, separators=(",", ":")))
    assert len(token) == characters, len(token)
    return token


def spki(encoding):
    return PUBLIC.public_bytes(encoding, PublicFormat.SubjectPublicKeyInfo)


STRANGER = strangers_key()
STRANGERS_JWK = STRANGER.public_jwk()

ACCEPTED = [
    pytest.param(TOKEN, id="good"),
    pytest.param(headed(GOOD.replace(",", " ,\r\n ")), id="white space inside the header's JSON"),
    pytest.param(claiming(" " + CLAIMS.replace(",", "\n\t, ") + "\r\n"), id="white space around and inside the claims"),
    pytest.param(with_header(typ="at+jwt"), id="another typ"),
    pytest.param(with_header(x5t=KID), id="x5t as in v1 tokens"),
    pytest.param(with_header(jwk=STRANGERS_JWK), id="a stranger's jwk in the header is not read"),
    pytest.param(with_header(jku="https://attacker.example/keys"), id="jku is not followed"),
    pytest.param(with_header(x5u="https://attacker.example/cert", x5c=["AAAA"]), id="x5u and x5c are not read"),
    pytest.param(claiming('{"sub":"ada","name":"\\ud83c\\udf37"}'), id="a whole surrogate pair, escaped"),
    pytest.param(claiming('{"exp":1800000000.5,"n":[[1],[]]}'), id="fractions and nested arrays are JSON"),
    pytest.param(claiming("{}"), id="no claims at all"),
    pytest.param(long(MAXIMUM_LENGTH), id="as long as may be"),
]


@pytest.mark.parametrize("token", ACCEPTED)
def test_sound_tokens_are_believed(token):
    verify(token, KEYS)


# fmt: off
ROWS = [  # the token, what is wrong with it
    # its form
    pytest.param("",                                      Flaw.NOT_COMPACT,        id="nothing"),
    pytest.param(".",                                     Flaw.NOT_COMPACT,        id="a dot"),
    pytest.param("..",                                    Flaw.HEADER_UNREADABLE,  id="two dots"),
    pytest.param("." * 16_000,                            Flaw.NOT_COMPACT,        id="many dots"),
    pytest.param(f"{HEADER}.{PAYLOAD}",                   Flaw.NOT_COMPACT,        id="signature and its dot missing"),
    pytest.param(f"{HEADER}.{PAYLOAD}.",                  Flaw.BAD_SIGNATURE,      id="signature empty"),
    pytest.param(f"{HEADER}..{SIGNATURE}",                Flaw.BAD_SIGNATURE,      id="payload empty (detached, RFC 7797)"),
    pytest.param(f".{PAYLOAD}.{SIGNATURE}",               Flaw.HEADER_UNREADABLE,  id="header empty"),
    pytest.param(f"{TOKEN}.",                             Flaw.NOT_COMPACT,        id="a fourth part, empty"),
    pytest.param(f"{TOKEN}.AAAA",                         Flaw.NOT_COMPACT,        id="a fourth part"),
    pytest.param(f"{HEADER}.AAAA.AAAA.AAAA.AAAA",         Flaw.NOT_COMPACT,        id="five parts, as if encrypted"),
    pytest.param(json.dumps({"payload": PAYLOAD, "protected": HEADER, "signature": SIGNATURE}), Flaw.NOT_COMPACT, id="the JSON form"),
    pytest.param(f"Bearer {TOKEN}",                       Flaw.NOT_BASE64URL,      id="with its scheme"),
    pytest.param(f" {TOKEN}",                             Flaw.NOT_BASE64URL,      id="white space before"),
    pytest.param(f"{TOKEN} ",                             Flaw.NOT_BASE64URL,      id="white space after"),
    pytest.param(f"{TOKEN}\n",                            Flaw.NOT_BASE64URL,      id="a line end after"),
    pytest.param(f"{HEADER}. {PAYLOAD}.{SIGNATURE}",      Flaw.NOT_BASE64URL,      id="white space between parts"),
    pytest.param(f"{HEADER}.{PAYLOAD}.{SIGNATURE}==",     Flaw.NOT_BASE64URL,      id="signature padded"),
    pytest.param(rsa_signed(f"{HEADER}=.{PAYLOAD}", KEY), Flaw.NOT_BASE64URL,      id="header padded"),
    pytest.param(rsa_signed(f"{HEADER}.{PAYLOAD}==", KEY), Flaw.NOT_BASE64URL,     id="payload padded"),
    pytest.param(f"{HEADER}.{PAYLOAD}.{SIGNATURE[:-1]}{chr(ord(SIGNATURE[-1]) + 1)}", Flaw.NOT_BASE64URL, id="signature not canonical: trailing bits"),
    pytest.param(rsa_signed(f"{HEADER}.e31", KEY),        Flaw.NOT_BASE64URL,      id="payload not canonical: trailing bits"),
    pytest.param(f"{HEADER}.{PAYLOAD}.+/{SIGNATURE[2:]}", Flaw.NOT_BASE64URL,      id="signature in the other alphabet"),
    pytest.param(f"{HEADER}.{PAYLOAD}.{SIGNATURE[:-2]}",  Flaw.BAD_SIGNATURE,      id="signature a byte short"),
    pytest.param(f"{HEADER}.{PAYLOAD}.AAAA{SIGNATURE}",   Flaw.BAD_SIGNATURE,      id="signature with zeros before"),
    pytest.param(f"{HEADER}.{PAYLOAD}\u0131.{SIGNATURE}", Flaw.NOT_BASE64URL,      id="a letter that is not ASCII"),
    pytest.param(f"{HEADER}.{PAYLOAD}\ud800.{SIGNATURE}", Flaw.NOT_BASE64URL,      id="half a surrogate pair in the text"),
    pytest.param(f"{HEADER}.{PAYLOAD}\x00.{SIGNATURE}",   Flaw.NOT_BASE64URL,      id="NUL"),
    pytest.param(long(MAXIMUM_LENGTH) + "A",              Flaw.TOO_LONG,           id="a character too long"),
    pytest.param("a" * 10_000_000,                        Flaw.TOO_LONG,           id="ten megabytes"),
    # its algorithm
    pytest.param(f"{UNSECURED}.{PAYLOAD}.",                Flaw.WRONG_ALGORITHM,    id="none, without a kid"),
    pytest.param(f"{b64(GOOD.replace('RS256', 'none'))}.{PAYLOAD}.", Flaw.WRONG_ALGORITHM, id="none"),
    pytest.param(with_header(alg="none"),                 Flaw.WRONG_ALGORITHM,    id="none, truly signed"),
    pytest.param(with_header(alg="None"),                 Flaw.WRONG_ALGORITHM,    id="None"),
    pytest.param(with_header(alg="NONE"),                 Flaw.WRONG_ALGORITHM,    id="NONE"),
    pytest.param(with_header(alg="nOnE"),                 Flaw.WRONG_ALGORITHM,    id="nOnE"),
    pytest.param(with_header(alg=""),                     Flaw.WRONG_ALGORITHM,    id="alg empty"),
    pytest.param(with_header(alg=None),                   Flaw.WRONG_ALGORITHM,    id="alg null"),
    pytest.param(with_header(alg=["RS256"]),              Flaw.WRONG_ALGORITHM,    id="alg an array"),
    pytest.param(with_header(alg="rs256"),                Flaw.WRONG_ALGORITHM,    id="alg in small letters"),
    pytest.param(with_header(alg="RS256 "),               Flaw.WRONG_ALGORITHM,    id="alg with a space"),
    pytest.param(with_header(alg="RS512"),                Flaw.WRONG_ALGORITHM,    id="alg is not what signed"),
    pytest.param(headed(f'{{"typ":"JWT","kid":"{KID}"}}'), Flaw.WRONG_ALGORITHM,   id="alg missing"),
    pytest.param(headed(GOOD.replace('"alg"', '"ALG"')),  Flaw.WRONG_ALGORITHM,    id="ALG"),
    pytest.param(mac("HS256", spki(Encoding.PEM)),        Flaw.WRONG_ALGORITHM,    id="HS256 with our public PEM"),
    pytest.param(mac("HS256", spki(Encoding.DER)),        Flaw.WRONG_ALGORITHM,    id="HS256 with our public DER"),
    pytest.param(mac("HS256", RFC7515_A2["key"]["n"].encode()), Flaw.WRONG_ALGORITHM, id="HS256 with our modulus"),
    pytest.param(mac("HS256", KEY.certificate.public_bytes(Encoding.PEM)), Flaw.WRONG_ALGORITHM, id="HS256 with our certificate"),
    pytest.param(mac("HS256", b""),                       Flaw.WRONG_ALGORITHM,    id="HS256 with no secret"),
    pytest.param(mac("HS512", spki(Encoding.PEM), hashlib.sha512), Flaw.WRONG_ALGORITHM, id="HS512 with our public PEM"),
    pytest.param(mac("RS256", spki(Encoding.PEM)),        Flaw.BAD_SIGNATURE,      id="a MAC that calls itself RS256"),
    # its header
    pytest.param(with_header(crit=["exp"]),               Flaw.CRITICAL_EXTENSION, id="crit"),
    pytest.param(with_header(crit=["b64"], b64=False),    Flaw.CRITICAL_EXTENSION, id="crit b64 (RFC 7797)"),
    pytest.param(with_header(crit=[]),                    Flaw.CRITICAL_EXTENSION, id="crit empty"),
    pytest.param(with_header(crit=None),                  Flaw.CRITICAL_EXTENSION, id="crit null"),
    pytest.param(headed(GOOD[:-1] + f',"kid":"{KID}"}}'), Flaw.HEADER_UNREADABLE,  id="kid twice"),
    pytest.param(headed(GOOD[:-1] + ',"alg":"none"}'),    Flaw.HEADER_UNREADABLE,  id="alg twice"),
    pytest.param(headed(GOOD[:-1] + ',"\\u0061lg":"none"}'), Flaw.HEADER_UNREADABLE, id="alg twice, once escaped"),
    pytest.param(headed(GOOD[:-1] + ',"x":{"a":1,"a":2}}'), Flaw.HEADER_UNREADABLE, id="a member twice further in"),
    pytest.param(headed("[" + GOOD + "]"),                Flaw.HEADER_UNREADABLE,  id="header an array"),
    pytest.param(headed('"RS256"'),                       Flaw.HEADER_UNREADABLE,  id="header a string"),
    pytest.param(headed("null"),                          Flaw.HEADER_UNREADABLE,  id="header null"),
    pytest.param(headed(GOOD + "x"),                      Flaw.HEADER_UNREADABLE,  id="something after the header's object"),
    pytest.param(headed(GOOD[:-1]),                       Flaw.HEADER_UNREADABLE,  id="header cut short"),
    pytest.param(headed(GOOD[:-1] + ",}"),                Flaw.HEADER_UNREADABLE,  id="header with a comma too many"),
    pytest.param(headed(GOOD.replace('"', "'")),          Flaw.HEADER_UNREADABLE,  id="header in single quotes"),
    pytest.param(headed(b"\xef\xbb\xbf" + GOOD.encode()), Flaw.HEADER_UNREADABLE,  id="header with a byte order mark"),
    pytest.param(headed(GOOD.encode("utf-16")),           Flaw.HEADER_UNREADABLE,  id="header in UTF-16"),
    pytest.param(headed(GOOD[:-1] + ',"x":"\x01"}'),      Flaw.HEADER_UNREADABLE,  id="a control character"),
    pytest.param(headed(GOOD[:-1] + ',"x":' + "[" * 3000 + "]" * 3000 + "}"), Flaw.HEADER_UNREADABLE, id="arrays 3,000 deep"),
    # its key
    pytest.param(headed('{"typ":"JWT","alg":"RS256"}'),   Flaw.UNKNOWN_KEY,        id="kid missing"),
    pytest.param(with_header(kid=""),                     Flaw.UNKNOWN_KEY,        id="kid empty"),
    pytest.param(with_header(kid=None),                   Flaw.UNKNOWN_KEY,        id="kid null"),
    pytest.param(with_header(kid=[KID]),                  Flaw.UNKNOWN_KEY,        id="kid an array"),
    pytest.param(with_header(kid={"kid": KID}),           Flaw.UNKNOWN_KEY,        id="kid an object"),
    pytest.param(with_header(kid=KID.swapcase()),         Flaw.UNKNOWN_KEY,        id="kid in the other case"),
    pytest.param(with_header(kid="../../dev/null"),       Flaw.UNKNOWN_KEY,        id="kid a path"),
    pytest.param(with_header(kid="x' UNION SELECT 'key"), Flaw.UNKNOWN_KEY,        id="kid a query"),
    pytest.param(forged(json.dumps({"alg": "RS256", "kid": STRANGER.kid}), CLAIMS, STRANGER), Flaw.UNKNOWN_KEY, id="a stranger's kid and key"),
    pytest.param(forged(GOOD, CLAIMS, STRANGER),          Flaw.BAD_SIGNATURE,      id="a stranger under our kid"),
    pytest.param(forged(json.dumps(json.loads(GOOD) | {"jwk": STRANGERS_JWK}), CLAIMS, STRANGER), Flaw.BAD_SIGNATURE, id="a stranger who brings a jwk"),
    pytest.param(forged(json.dumps(json.loads(GOOD) | {"jku": "https://attacker.example/"}), CLAIMS, STRANGER), Flaw.BAD_SIGNATURE, id="a stranger who names a jku"),
    pytest.param(forged(json.dumps(json.loads(GOOD) | {"x5c": STRANGERS_JWK["x5c"]}), CLAIMS, STRANGER), Flaw.BAD_SIGNATURE, id="a stranger who brings an x5c"),
    # its payload
    pytest.param(f"{HEADER}.{b64(CLAIMS.replace('ada', 'eve'))}.{SIGNATURE}", Flaw.BAD_SIGNATURE, id="another payload under our signature"),
    pytest.param(f"{HEADER}.{b64('{')}.{SIGNATURE}",      Flaw.BAD_SIGNATURE,      id="an unsigned payload is not even read"),
    pytest.param(claiming('["sub","ada"]'),               Flaw.CLAIMS_UNREADABLE,  id="payload an array"),
    pytest.param(claiming("[[[[[[]]]]]]"),                Flaw.CLAIMS_UNREADABLE,  id="payload nested arrays"),
    pytest.param(claiming("1.5"),                         Flaw.CLAIMS_UNREADABLE,  id="payload a fraction"),
    pytest.param(claiming("true"),                        Flaw.CLAIMS_UNREADABLE,  id="payload true"),
    pytest.param(claiming(b64(TOKEN)),                    Flaw.CLAIMS_UNREADABLE,  id="payload a token (nested, RFC 7519 §5.2)"),
    pytest.param(claiming(""),                            Flaw.CLAIMS_UNREADABLE,  id="payload empty, truly signed"),
    pytest.param(claiming(CLAIMS + CLAIMS),               Flaw.CLAIMS_UNREADABLE,  id="two objects"),
    pytest.param(claiming('{"sub":"ada","sub":"eve"}'),   Flaw.CLAIMS_UNREADABLE,  id="sub twice"),
    pytest.param(claiming('{"a":{"sub":1,"sub":1}}'),     Flaw.CLAIMS_UNREADABLE,  id="a claim twice further in"),
    pytest.param(claiming('{"exp":NaN}'),                 Flaw.CLAIMS_UNREADABLE,  id="NaN"),
    pytest.param(claiming('{"exp":Infinity}'),            Flaw.CLAIMS_UNREADABLE,  id="Infinity"),
    pytest.param(claiming('{"exp":-Infinity}'),           Flaw.CLAIMS_UNREADABLE,  id="-Infinity"),
    pytest.param(claiming('{"exp":1e999}'),               Flaw.CLAIMS_UNREADABLE,  id="a number past all floats"),
    pytest.param(claiming('{"exp":' + "9" * 5000 + "}"),  Flaw.CLAIMS_UNREADABLE,  id="an integer of 5,000 digits"),
    pytest.param(claiming('{"exp":01800000000}'),         Flaw.CLAIMS_UNREADABLE,  id="a number with a leading zero"),
    pytest.param(claiming('{"exp":0x10}'),                Flaw.CLAIMS_UNREADABLE,  id="a hexadecimal number"),
    pytest.param(claiming('{"sub":"ada"}//'),             Flaw.CLAIMS_UNREADABLE,  id="a comment"),
    pytest.param(claiming(b'{"sub":"\xff"}'),             Flaw.CLAIMS_UNREADABLE,  id="payload not UTF-8"),
    pytest.param(claiming(b'{"sub":"\xed\xa0\x80"}'),     Flaw.CLAIMS_UNREADABLE,  id="half a surrogate pair in UTF-8"),
    pytest.param(claiming('{"sub":"\\ud800"}'),           Flaw.CLAIMS_UNREADABLE,  id="half a surrogate pair, escaped"),
    pytest.param(claiming('{"\\udfff":1}'),               Flaw.CLAIMS_UNREADABLE,  id="half a surrogate pair in a name"),
    pytest.param(claiming('{"a":' * 1900 + "1" + "}" * 1900), Flaw.CLAIMS_UNREADABLE, id="objects 1,900 deep"),
]
# fmt: on


@pytest.mark.parametrize(("token", "flaw"), ROWS)
def test_spoilt_tokens_are_refused(token, flaw):
    with pytest.raises(InvalidToken) as refused:
        verify(token, KEYS)
    assert refused.value.reason is flaw


def test_no_keys_no_belief():
    with pytest.raises(InvalidToken):
        verify(TOKEN, {})


def test_a_reason_repeats_nothing_of_the_token():
    with pytest.raises(InvalidToken) as refused:
        verify(f"{HEADER}.{PAYLOAD}.{SIGNATURE}!", KEYS)
    assert str(refused.value) == Flaw.NOT_BASE64URL.value
    assert refused.value.__cause__ is None
