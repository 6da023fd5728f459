"""Is a token one that the policy lets in?  Gateway reference sections 2 and 3.1: form, signature, issuer, audience,
lifetime, claims, in this order.
"""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Final

from attrs import field, frozen

from entrada.core.gateway.tokens import algorithm, claim
from entrada.core.gateway.tokens.claim import RequiredClaim
from entrada.core.gateway.tokens.key import Key
from entrada.core.gateway.tokens.provider import TENANT, Provider, is_issuer
from entrada.core.gateway.tokens.refused import TokenRefused, Why
from entrada.core.jose.invalid_token import Flaw, InvalidToken
from entrada.core.jose.numeric_date import NumericDate, Seconds
from entrada.core.jose.token_parts import decoded, parsed_claims, parsed_header, split

SHORTEST_SKEW: Final = Seconds(1)  # Azure's 0; Envoy takes 0 for a minute, so both of our executions say 1


@frozen(kw_only=True)
class Rules:
    """What the policy asks, all expressions evaluated."""

    keys: tuple[Key, ...] = field(default=(), repr=False)  # written in the policy
    providers: tuple[Provider, ...] = ()
    unknown: tuple[str, ...] = ()  # in words: the documents whose providers are not known
    issuers: tuple[str, ...] = ()  # beside those of the providers
    audiences: tuple[str, ...] | None = None  # None: any
    claims: tuple[RequiredClaim, ...] = ()
    requires_expiration: bool = True
    clock_skew: Seconds = Seconds(0)


@frozen(kw_only=True)
class ValidToken:
    """Made by `validate` alone."""

    header: Mapping[str, object] = field(repr=False)
    claims: Mapping[str, object] = field(repr=False)


@frozen(kw_only=True)
class _Read:
    digest: bytes
    header: Mapping[str, object]
    claims: Mapping[str, object]
    signed: bytes
    signature: bytes


def validate(token: str, rules: Rules, now: NumericDate) -> ValidToken | TokenRefused:
    try:
        digest = sha256(token.encode("ascii")).digest()
        read = _remembered(digest, rules) or _read(token, digest)
    except (InvalidToken, UnicodeEncodeError) as problem:
        return _unreadable(problem)
    refused = (
        _signature(read, rules)
        or _issuer(read.claims, rules)
        or _audience(read.claims, rules)
        or _lifetime(read.claims, rules, now)
        or claim.check(read.claims, rules.claims)
    )
    return refused or ValidToken(header=read.header, claims=read.claims)


def _remembered(digest: bytes, rules: Rules) -> _Read | None:
    """What a key of the rules has verified: read, not yet let in."""
    for keys in (rules.keys, *(one.keys for one in rules.providers)):
        for key in keys:
            read = key.remembered(digest)
            if isinstance(read, _Read):
                return read
    return None


def _read(token: str, digest: bytes) -> _Read:
    """Raise InvalidToken or UnicodeEncodeError."""
    header, payload, signature = split(token)
    return _Read(
        digest=digest,
        header=parsed_header(decoded(header), algorithm.ALGORITHMS),
        claims=parsed_claims(decoded(payload)),
        signed=f"{header}.{payload}".encode("ascii"),
        signature=decoded(signature),
    )


def _unreadable(problem: InvalidToken | UnicodeEncodeError) -> TokenRefused:
    flaw = problem.reason if isinstance(problem, InvalidToken) else Flaw.NOT_BASE64URL
    said = "The algorithm is not one that we verify." if flaw is Flaw.WRONG_ALGORITHM else flaw.value
    return TokenRefused(
        why=Why.INVALID,
        message=said,
        saw="what is no signed JSON Web Token of a kind that is read here",
        would_pass="A signed token in the compact form (three parts joined by dots), without the word Bearer in it, "
        "and with an algorithm of RS, PS, ES, HS (256, 384, 512) or EdDSA.",
    )


# ---- signature -----------------------------------------------------------------------------------------------------


def _signature(read: _Read, rules: Rules) -> TokenRefused | None:
    name, kid = str(read.header["alg"]), read.header.get("kid")
    trusted = _trusted_keys(read.claims, rules)
    if not trusted:
        return _no_keys(read, rules)
    named = _named(trusted, kid)
    if not named:
        return _key_not_found(str(kid))
    if any(key.fits(name) and _signed_by(key, name, read) for key in named):
        return None
    return _not_signed(name, fits=any(key.fits(name) for key in named))


def _signed_by(key: Key, algorithm: str, read: _Read) -> bool:
    """What was verified once is not computed again: a digest stands for the whole token, its algorithm included."""
    if key.remembered(read.digest) is not None:
        return True
    if not key.verifies(algorithm, read.signed, read.signature):
        return False
    key.remember(read.digest, read)
    return True


def _trusted_keys(claims: Mapping[str, object], rules: Rules) -> tuple[Key, ...]:
    """The policy's own, and of each provider that may speak for the issuer: one issuer's keys sign for no other.

    An issuer that the policy lists beside its providers may be any of theirs: version 1 tokens and the document of
    version 2 share their keys.
    """
    issuer, tenant = claims.get("iss"), claims.get("tid")
    if not isinstance(issuer, str):
        return rules.keys
    listed = any(is_issuer(one, issuer, tenant) for one in rules.issuers)
    speaking = (one for one in rules.providers if listed or is_issuer(one.issuer, issuer, tenant))
    return (*rules.keys, *(key for one in speaking for key in one.keys))


def _named(keys: tuple[Key, ...], kid: object) -> tuple[Key, ...]:
    """Those of that id, else those without one; all where the token names none."""
    if not isinstance(kid, str) or not kid:
        return keys
    return tuple(key for key in keys if key.kid == kid) or tuple(key for key in keys if not key.kid)


def _no_keys(read: _Read, rules: Rules) -> TokenRefused:
    known = rules.keys or any(one.keys for one in rules.providers)
    if known:  # of other issuers
        return _issuer(read.claims, rules) or _key_not_found(str(read.header.get("kid")))
    return TokenRefused(
        why=Why.INVALID,
        message="The keys to check the token with are not known. Access denied.",
        saw="no key of any provider" + "".join(f"; {one}" for one in rules.unknown),
        would_pass="Any good token, once the discovery document and the key set that openid-config names can be "
        "fetched: look at its URL, at name resolution and at certificates.",
        is_ours=True,
    )


def _key_not_found(kid: str) -> TokenRefused:
    return TokenRefused(
        why=Why.KEY_NOT_FOUND,
        message="No key of the issuer has the id that the token names. Access denied.",
        saw=f"a token signed with the key {kid}",
        would_pass="A token signed with a key that the issuer publishes now. A token for Microsoft Graph has a nonce "
        "in its header, and can be checked by Graph alone: ask for one of this API's scopes.",
    )


def _not_signed(name: str, *, fits: bool) -> TokenRefused:
    said = "The signature of the token does not verify." if fits else "The algorithm is not one of the key's kind."
    return TokenRefused(
        why=Why.SIGNATURE_INVALID,
        message=f"{said} Access denied.",
        saw=f"a signature with {name} that does not hold",
        would_pass="The token as its issuer gave it: not a character changed, and of the tenant that the policy names.",
    )


# ---- claims --------------------------------------------------------------------------------------------------------


def _issuer(claims: Mapping[str, object], rules: Rules) -> TokenRefused | None:
    accepted = (*rules.issuers, *(one.issuer for one in rules.providers))
    issuer = claims.get("iss")
    if not accepted:
        return None  # only keys were written: whoever has them may call itself as it likes
    if isinstance(issuer, str) and any(is_issuer(one, issuer, claims.get("tid")) for one in accepted):
        return None
    return TokenRefused(
        why=Why.ISSUER_NOT_ALLOWED,
        message="The issuer of the token is not one that is accepted here. Access denied.",
        saw=f"a token of the issuer {', '.join(claim.values_of(claims, 'iss')) or 'nobody'}",
        would_pass=f"A token of {' or '.join(accepted)}.{_hint(claims, accepted)}{_lacking(rules)}",
    )


def _lacking(rules: Rules) -> str:
    return "".join(f" Beside that, {one}" for one in rules.unknown)


def _hint(claims: Mapping[str, object], accepted: Iterable[str]) -> str:
    """The registration of the API decides the version of its tokens, not the endpoint that was asked."""
    tenant = "".join(claim.values_of(claims, "tid"))
    if tenant and not any(tenant in one or TENANT in one for one in accepted):
        return f" This one is of another tenant, {tenant}: name its discovery document too, if it is to be let in."
    hints = {
        "1.0": " This one is of version 1: set requestedAccessTokenVersion to 2 in the API's registration, or list "
        "its issuer.",
        "2.0": " This one is of version 2: list its issuer, or name the discovery document of version 2.",
    }
    return hints.get("".join(claim.values_of(claims, "ver")), "")


def _audience(claims: Mapping[str, object], rules: Rules) -> TokenRefused | None:
    if rules.audiences is None:
        return None
    named = claim.values_of(claims, "aud")
    if not set(named).isdisjoint(rules.audiences):
        return None
    return TokenRefused(
        why=Why.AUDIENCE_NOT_ALLOWED,
        message="The audience of the token is not one that is accepted here. Access denied.",
        saw=f"a token for {', '.join(named) or 'nobody'}",
        would_pass=f"A token for {' or '.join(rules.audiences) or 'an audience, once the policy lists one'}. "
        "Tokens of version 1 name an API by api://…, those of version 2 by its application (client) id.",
    )


def _lifetime(claims: Mapping[str, object], rules: Rules, now: NumericDate) -> TokenRefused | None:
    skew = max(rules.clock_skew, SHORTEST_SKEW)
    ends, starts = claims.get("exp"), claims.get("nbf")
    if ends is None and rules.requires_expiration:
        return _untimely(Why.INVALID, "The token does not say when it expires.", "A token with exp.")
    if not all(one is None or _is_number(one) for one in (ends, starts)):
        return _untimely(Why.INVALID, "A time in the token is not a number.", "A token whose exp and nbf are numbers.")
    # Accepted in the very second of exp + skew, as Envoy does: both executions agree to the second.
    if isinstance(ends, int | float) and now > ends + skew:
        late = f"It expired {int(now - ends)} s ago; the policy's clock-skew allows {skew} s."
        return _untimely(Why.EXPIRED, "The token has expired.", f"A token renewed since. {late}")
    if isinstance(starts, int | float) and now + skew < starts:
        early = f"It is valid in {int(starts - now)} s; the policy's clock-skew allows {skew} s."
        return _untimely(Why.INVALID, "The token is not valid yet.", f"{early} Compare the clocks, or allow 30 to 60.")
    return None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _untimely(why: Why, message: str, would_pass: str) -> TokenRefused:
    return TokenRefused(why=why, message=f"{message} Access denied.", would_pass=would_pass, saw=message)
