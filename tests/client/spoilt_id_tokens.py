"""The ID-token table: every way to spoil a good one, by name (reference web-signin, T; RFC 8725 §2).

An authority of a test publishes `ALSO_PUBLISHED` beside its own key, and answers with `SPOILT[name].token(good)` where
it would sign the claims *good*.  Every flow and every framework must refuse every row; `bound_to` names what a flow
must have sent for a row to be one: `nonce` and `code` are none of the device code flow's.
"""

import hmac
import json
from collections.abc import Callable
from typing import Any

from attrs import field, frozen
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from entrada.core.jose import base64url, rs256
from entrada.core.jose.invalid_token import Flaw
from tests.client.fake_authority import KEY, OTHER_KEY, PERSONAL_KEY, jwk

Claims = dict[str, Any]
HOST = "https://login.example"
OTHER_TENANT = "5b0117ed-0000-4000-8000-000000000001"
PERSONAL_ISSUER = f"{HOST}/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0"
ALSO_PUBLISHED = ({**jwk("personal", PERSONAL_KEY), "issuer": PERSONAL_ISSUER},)
SKEW = 300


def _by(key: Any) -> Callable[[bytes], bytes]:
    return lambda data: rs256.sign(data, key)


def _pss(data: bytes) -> bytes:
    return KEY.sign(data, PSS(MGF1(SHA256()), PSS.DIGEST_LENGTH), SHA256())


def _with_the_public_key_as_secret(data: bytes) -> bytes:
    pem = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return hmac.digest(pem, data, "sha256")


def _json(members: Claims) -> str:
    return json.dumps(members)


@frozen(kw_only=True)
class Spoilt:
    flaw: Flaw
    claims: Callable[[Claims], Claims] = dict  # of the good ones, what changes; None leaves one out
    header: Claims = field(factory=dict)  # changes
    write: Callable[[Claims], str] = _json
    write_header: Callable[[Claims], str] = _json
    sign: Callable[[bytes], bytes] = field(factory=lambda: _by(KEY))
    whole: Callable[[str], str] = str  # of the token that would have been
    bound_to: str = ""

    def token(self, good: Claims, kid: str = "k1") -> str:
        header = {"alg": "RS256", "typ": "JWT", "kid": kid, **self.header}
        claims = {name: value for name, value in {**good, **self.claims(good)}.items() if value is not None}
        parts = (self.write_header(header), self.write(claims))
        signing_input = ".".join(base64url.encode(part.encode()) for part in parts)
        return self.whole(f"{signing_input}.{base64url.encode(self.sign(signing_input.encode()))}")


def _says(**changes: Any) -> Callable[[Claims], Claims]:
    return lambda _: changes


def _later(name: str, seconds: int) -> Callable[[Claims], Claims]:
    return lambda good: {name: good["iat"] + seconds}


def _doubled(name: str, first: Any) -> Callable[[Claims], str]:
    return lambda members: f"{{{json.dumps(name)}: {json.dumps(first)}, {json.dumps(members)[1:]}"


def _with_other_claims(token: str) -> str:
    header, payload, signature = token.split(".")
    claims = {**json.loads(base64url.decode(payload)), "name": "Mallory"}
    return f"{header}.{base64url.encode(json.dumps(claims).encode())}.{signature}"


# fmt: off
SPOILT: dict[str, Spoilt] = {
    # whose
    "another's audience":                 Spoilt(flaw=Flaw.WRONG_AUDIENCE, claims=_says(aud="another")),
    "no audience":                        Spoilt(flaw=Flaw.CLAIM_MISSING, claims=_says(aud=None)),
    "our audience within another":        Spoilt(flaw=Flaw.WRONG_AUDIENCE, claims=lambda good: {"aud": f"{good['aud']}0"}),
    "two audiences, no azp":              Spoilt(flaw=Flaw.WRONG_AUDIENCE, claims=lambda good: {"aud": [good["aud"], "another"]}),
    "two audiences, azp the other":       Spoilt(flaw=Flaw.WRONG_AUDIENCE, claims=lambda good: {"aud": [good["aud"], "another"], "azp": "another"}),
    # of whom
    "another issuer":                     Spoilt(flaw=Flaw.WRONG_ISSUER, claims=_says(iss="https://evil.example/v2.0")),
    "no issuer":                          Spoilt(flaw=Flaw.CLAIM_MISSING, claims=_says(iss=None)),
    "the issuer with a slash more":       Spoilt(flaw=Flaw.WRONG_ISSUER, claims=lambda good: {"iss": good["iss"] + "/"}),
    "the issuer in capitals":             Spoilt(flaw=Flaw.WRONG_ISSUER, claims=lambda good: {"iss": good["iss"].upper()}),
    "nobody":                             Spoilt(flaw=Flaw.CLAIM_MISSING, claims=_says(sub=None)),
    "an empty subject":                   Spoilt(flaw=Flaw.CLAIM_MISSING, claims=_says(sub="")),
    # when
    "expired":                            Spoilt(flaw=Flaw.EXPIRED, claims=_later("exp", -SKEW - 1)),
    "no end":                             Spoilt(flaw=Flaw.CLAIM_MISSING, claims=_says(exp=None)),
    "an end that is no number":           Spoilt(flaw=Flaw.CLAIM_MISSING, claims=_says(exp="9999999999")),
    "not valid yet":                      Spoilt(flaw=Flaw.NOT_YET_VALID, claims=_later("nbf", SKEW + 100)),
    "issued in the future":               Spoilt(flaw=Flaw.NOT_YET_VALID, claims=_later("iat", SKEW + 100)),
    # of what
    "no nonce":                           Spoilt(flaw=Flaw.CLAIM_MISSING, claims=_says(nonce=None), bound_to="nonce"),
    "another nonce":                      Spoilt(flaw=Flaw.WRONG_NONCE, claims=_says(nonce="another"), bound_to="nonce"),
    "the hash of another access token":   Spoilt(flaw=Flaw.WRONG_HASH, claims=_says(at_hash="A" * 22)),
    "a hash of an access token, no text": Spoilt(flaw=Flaw.CLAIM_MISSING, claims=_says(at_hash=1)),
    "the hash of another code":           Spoilt(flaw=Flaw.WRONG_HASH, claims=_says(c_hash="A" * 22), bound_to="code"),
    # by whom
    "a key nobody published":             Spoilt(flaw=Flaw.UNKNOWN_KEY, header={"kid": "unheard-of"}, sign=_by(OTHER_KEY)),
    "another key under a known name":     Spoilt(flaw=Flaw.BAD_SIGNATURE, sign=_by(OTHER_KEY)),
    "a key that it brings along":         Spoilt(flaw=Flaw.BAD_SIGNATURE, header={"jwk": jwk("k1", OTHER_KEY)}, sign=_by(OTHER_KEY)),
    "alg none":                           Spoilt(flaw=Flaw.WRONG_ALGORITHM, header={"alg": "none"}, sign=lambda _: b""),
    "alg None":                           Spoilt(flaw=Flaw.WRONG_ALGORITHM, header={"alg": "None"}, sign=lambda _: b""),
    "no signature":                       Spoilt(flaw=Flaw.BAD_SIGNATURE, sign=lambda _: b""),
    "HS256 by the public key":            Spoilt(flaw=Flaw.WRONG_ALGORITHM, header={"alg": "HS256"}, sign=_with_the_public_key_as_secret),
    "PS256, which it does not use":       Spoilt(flaw=Flaw.WRONG_ALGORITHM, header={"alg": "PS256"}, sign=_pss),
    "an extension that is critical":      Spoilt(flaw=Flaw.CRITICAL_EXTENSION, header={"crit": ["exp"]}),
    # what
    "a claim said twice":                 Spoilt(flaw=Flaw.CLAIMS_UNREADABLE, write=_doubled("aud", "another")),
    "a header said twice":                Spoilt(flaw=Flaw.HEADER_UNREADABLE, write_header=_doubled("alg", "none")),
    "claims changed after signing":       Spoilt(flaw=Flaw.BAD_SIGNATURE, whole=_with_other_claims),
    "claims that are no object":          Spoilt(flaw=Flaw.CLAIMS_UNREADABLE, write=lambda _: "[]"),
    "two parts":                          Spoilt(flaw=Flaw.NOT_COMPACT, whole=lambda token: token.rpartition(".")[0]),
    "no JWT":                             Spoilt(flaw=Flaw.NOT_COMPACT, whole=lambda _: "opaque"),
}
OF_TENANTS: dict[str, Spoilt] = {  # of an authority for every tenant
    "no tid":                             Spoilt(flaw=Flaw.CLAIM_MISSING, claims=_says(tid=None)),
    "a tid that is no tenant":            Spoilt(flaw=Flaw.WRONG_TENANT, claims=_says(tid="x/../y")),
    "the tid of another tenant":          Spoilt(flaw=Flaw.WRONG_ISSUER, claims=_says(tid=OTHER_TENANT)),
    "a tenant that speaks for another":   Spoilt(flaw=Flaw.WRONG_ISSUER, claims=_says(iss=f"{HOST}/{OTHER_TENANT}/v2.0")),
    "the template itself":                Spoilt(flaw=Flaw.WRONG_ISSUER, claims=_says(iss=f"{HOST}/{{tenantid}}/v2.0")),
    "the issuer of v1.0":                 Spoilt(flaw=Flaw.WRONG_ISSUER, claims=lambda good: {"iss": f"https://sts.windows.net/{good['tid']}/"}),
    "the key of another issuer":          Spoilt(flaw=Flaw.WRONG_ISSUER, header={"kid": "personal"}, sign=_by(PERSONAL_KEY)),
    "no oid":                             Spoilt(flaw=Flaw.CLAIM_MISSING, claims=_says(oid=None)),
    "an empty oid":                       Spoilt(flaw=Flaw.CLAIM_MISSING, claims=_says(oid="")),
}
SPOILT_OF_ENTRA = {**SPOILT, **OF_TENANTS}
# fmt: on
