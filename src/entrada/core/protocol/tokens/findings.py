"""What there is to say of a token that was taken apart: what makes it useless, what surprises.  Reference 31, 32."""

from collections.abc import Collection, Mapping
from typing import Final, cast

from attrs import frozen

from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.tokens.taken_apart import Form, TakenApart

GRAPH: Final = frozenset({"https://graph.microsoft.com", "00000003-0000-0000-c000-000000000000"})
_A_DAY: Final = 24 * 60 * 60
_SHARED: Final = frozenset({"HS256", "HS384", "HS512"})
_OF_A_SIGN_IN: Final = ("nonce", "at_hash", "c_hash")
_IN_EVERY_ID_TOKEN: Final = ("iss", "sub", "aud", "exp", "iat")


@frozen
class Finding:
    words: str
    bad: bool = False  # whoever checks it must refuse it


def findings(token: TakenApart, now: NumericDate, audiences: Collection[str] = ()) -> tuple[Finding, ...]:
    """*audiences*: as whom the person who looks at it would take it; none: they did not say."""
    if token.form is Form.ENCRYPTED:
        return (Finding("It is encrypted: only whom it is for can read it."),)
    found = [*_of_header(token.header), *_of_time(token.claims, now), *_of_audience(token.claims, audiences)]
    if not token.signature and token.header.get("alg") != "none":
        found.append(Finding("It has no signature: part of it was cut off.", bad=True))
    return (*found, *_of_kind(token))


def _of_header(header: Mapping[str, object]) -> list[Finding]:
    found: list[Finding] = []
    algorithm = header.get("alg")
    if algorithm == "none" or not isinstance(algorithm, str):
        found.append(Finding("Nobody signed it (alg none): anybody could have written it.", bad=True))
    elif algorithm in _SHARED:
        found.append(Finding(f"It is signed with a shared secret ({algorithm}): whoever can check it can forge it."))
    if "nonce" in header:
        found.append(Finding("It is a token for Microsoft Graph: Graph alone can verify its signature; do not try to."))
    brought = [name for name in ("jwk", "jku", "x5u") if name in header]
    if brought:
        found.append(Finding(f"Its header brings a key of its own ({', '.join(brought)}), which proves nothing."))
    if "crit" in header:
        found.append(Finding("Its header names extensions that must be understood (crit)."))
    return found


def _of_time(claims: Mapping[str, object], now: NumericDate) -> list[Finding]:
    found: list[Finding] = []
    ends, begins, issued = (moment(claims.get(name)) for name in ("exp", "nbf", "iat"))
    if ends is None:
        found.append(Finding("It does not say when it ends (exp).", bad=True))
    elif now >= ends:
        found.append(Finding(f"It expired {span(now - ends)} ago.", bad=True))
    if begins is not None and now < begins:
        found.append(Finding(f"It is not valid before {span(begins - now)} from now: is this clock right?", bad=True))
    elif issued is not None and now < issued:
        found.append(Finding(f"It was issued {span(issued - now)} from now: is this clock right?"))
    since = issued if issued is not None else begins
    if ends is not None and since is not None and ends - since > _A_DAY:
        found.append(Finding(f"It lives {span(ends - since)}, and nobody can take it back before."))
    return found


def _of_audience(claims: Mapping[str, object], audiences: Collection[str]) -> list[Finding]:
    named = _texts(claims.get("aud"))
    if not named:
        return [Finding("It does not say whom it is for (aud).", bad=True)]
    if audiences and not set(named) & set(audiences):
        return [Finding(f"It is for {', '.join(named)}, not for {', '.join(sorted(audiences))}.", bad=True)]
    return []


def _of_kind(token: TakenApart) -> list[Finding]:
    claims = token.claims
    found = [Finding(kind_words(token))]
    if claims.get("ver") == "1.0" and ("scp" in claims or "roles" in claims):
        found.append(
            Finding(
                "It is a v1.0 access token: its issuer is not that of the v2.0 metadata, and azp is called appid. "
                "An API that wants v2.0 says so in its registration (requestedAccessTokenVersion: 2)."
            )
        )
    if GRAPH & set(_texts(claims.get("aud"))) and "nonce" not in token.header:
        found.append(Finding("It is for Microsoft Graph; your own API must not take it."))
    if "_claim_names" in claims or claims.get("hasgroups"):
        found.append(Finding("The groups of the person did not fit into it: ask Graph for them."))
    return found


def kind_words(token: TakenApart) -> str:
    """Which kind of token it seems to be."""
    claims = token.claims
    if "events" in claims:
        return "It tells of an event, such as a sign-out."
    if claims.get("idtyp") == "app" or ("roles" in claims and "scp" not in claims and _is_access_token(token)):
        return "It is an access token of an application itself: no person is in it."
    if _is_access_token(token):
        return "It is an access token."
    if _is_id_token(token):
        return "It is an ID token: it tells an application who signed in, and opens no API."
    return "It does not say what kind of token it is: what it opens is for whoever trusts its issuer or key to decide."


def _is_id_token(token: TakenApart) -> bool:
    """By what only these carry, or by all that each of them must say: OpenID Connect Core, section 2."""
    claims = token.claims
    return any(one in claims for one in _OF_A_SIGN_IN) or all(one in claims for one in _IN_EVERY_ID_TOKEN)


def _is_access_token(token: TakenApart) -> bool:
    names = ("scp", "azp", "appid", "client_id", "azpacr", "appidacr")
    typ = token.header.get("typ")
    return (isinstance(typ, str) and typ.lower() in ("at+jwt", "application/at+jwt")) or (
        "nonce" not in token.claims and "at_hash" not in token.claims and any(name in token.claims for name in names)
    )


# ---- times and texts ----


def moment(value: object) -> NumericDate | None:
    """A point in time; numbers come as texts in some v1.0 answers, and are none here."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 253_402_300_800:  # year 10000
        return None
    return NumericDate(int(value))


def span(seconds: int) -> str:
    """In its two largest units."""
    parts: list[str] = []
    for length, name in ((86400, "d"), (3600, "h"), (60, "min"), (1, "s")):
        count, seconds = divmod(seconds, length)
        if count:
            parts.append(f"{count} {name}")
    return " ".join(parts[:2]) or "0 s"


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value] if value else []
    return [one for one in cast("list[object]", value) if isinstance(one, str)] if isinstance(value, list) else []
