"""A token taken apart for a page: each claim with its meaning, and what is wrong with it.  RFC 7519 §4."""

import json
from collections.abc import Mapping

from attrs import frozen

from entrada.core.jose.numeric_date import NumericDate, as_datetime
from entrada.core.protocol.tokens.claim_words import HEADERS, MOMENTS, claim_words
from entrada.core.protocol.tokens.findings import Finding, findings, moment, span
from entrada.core.protocol.tokens.taken_apart import NotReadable, TakenApart, take_apart


@frozen
class Member:
    name: str
    value: str
    words: str


@frozen(kw_only=True)
class Explained:
    header: tuple[Member, ...]
    claims: tuple[Member, ...]
    findings: tuple[Finding, ...]  # what makes it useless first


def explain(token: str, now: NumericDate) -> Explained | NotReadable:
    apart = take_apart(token)
    if isinstance(apart, NotReadable):
        return apart
    found = sorted(findings(apart, now), key=lambda one: not one.bad)
    return Explained(
        header=tuple(Member(name, _text(value), HEADERS.get(name, "")) for name, value in apart.header.items()),
        claims=tuple(Member(name, _claim(name, value, now), claim_words(name)) for name, value in apart.claims.items()),
        findings=tuple(found),
    )


def who(*tokens: str) -> str:
    """Whom the first token that can be read tells of: to show, never to decide by."""
    for token in tokens:
        apart = take_apart(token) if token else None
        if isinstance(apart, TakenApart):
            named = _named(apart.claims)
            if named:
                return named[:200]
    return ""


def nonce_of(id_token: str) -> str | None:
    apart = take_apart(id_token)
    nonce = apart.claims.get("nonce") if isinstance(apart, TakenApart) else None
    return nonce if isinstance(nonce, str) else None


def issuer_of(id_token: str) -> str | None:
    apart = take_apart(id_token)
    issuer = apart.claims.get("iss") if isinstance(apart, TakenApart) else None
    return issuer if isinstance(issuer, str) else None


def _named(claims: Mapping[str, object]) -> str:
    names = [claims.get(one) for one in ("preferred_username", "upn", "unique_name", "email", "name")]
    texts = [one for one in names if isinstance(one, str) and one]
    if texts:
        return texts[0]
    for_itself = claims.get("azp", claims.get("appid", claims.get("client_id")))
    if isinstance(for_itself, str) and for_itself and "scp" not in claims:
        return f"the application {for_itself} itself"
    subject = claims.get("sub")
    return subject if isinstance(subject, str) else ""


def _claim(name: str, value: object, now: NumericDate) -> str:
    at = moment(value) if name in MOMENTS else None
    if at is None:
        return _text(value)
    words = f"in {span(at - now)}" if at > now else f"{span(now - at)} ago"
    return f"{value} = {as_datetime(at).strftime('%Y-%m-%d %H:%M:%S UTC')}, {words}"


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
