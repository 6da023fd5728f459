"""What each claim and header of a token means, in a sentence for whoever looks at one.

RFC 7519 §4.1; RFC 7515 §4.1; OpenID Connect Core 1.0 §2; RFC 9068 §2.2; reference 31, 32.
"""

from collections.abc import Mapping
from typing import Final

MOMENTS: Final = frozenset({"exp", "nbf", "iat", "auth_time", "xms_tcdt", "pwd_exp", "refresh_at"})
"""Claims that are points in time."""

# fmt: off
CLAIMS: Final[Mapping[str, str]] = {
    # who it is from, for and about
    "iss": "Who issued it. A program that takes it must trust exactly this issuer.",
    "aud": "Whom it is for: the API, or of an ID token the application. Anybody else must refuse it.",
    "sub": "Whom it is about, known to this audience alone by this name.",
    "oid": "Whom it is about: the object id of the user or service principal, the same for every application.",
    "tid": "The tenant that issued it. With oid it names one person in the world.",
    "idp": "Who vouched for the person, where that was not the issuer.",
    "azp": "The application that got it (v2.0).",
    "appid": "The application that got it (v1.0).",
    "client_id": "The application that got it.",
    "azpacr": "How it showed who it is: 0 not at all (public client), 1 a secret, 2 a certificate (v2.0).",
    "appidacr": "How it showed who it is: 0 not at all (public client), 1 a secret, 2 a certificate (v1.0).",
    "app_displayname": "The name of the application that got it.",
    "idtyp": "Whether it speaks for an application (app) or for a person (user).",
    "act": "Who acts for the person it is about.",
    "may_act": "Who may act for the person it is about.",
    "cnf": "The key whose holder alone may use it.",
    # when
    "exp": "From then on nobody may take it.",
    "nbf": "Before then nobody may take it.",
    "iat": "When it was issued.",
    "auth_time": "When the person signed in.",
    "pwd_exp": "When the person's password ends.",
    "xms_tcdt": "When the tenant was made.",
    # what it allows
    "scp": "What the application may do for the person: delegated permissions.",
    "scope": "What the application may do.",
    "roles": "App roles of the person, or of the application itself: the API decides by them.",
    "groups": "The groups the person is in, by object id.",
    "wids": "The directory roles the person has, by template id.",
    "hasgroups": "The person is in more groups than fit: ask Graph for them.",
    "_claim_names": "Claims that did not fit, and by which name their source stands in _claim_sources.",
    "_claim_sources": "Where claims that did not fit can be had.",
    "entitlements": "What the person is entitled to.",
    "acrs": "The authentication contexts that were satisfied: proofs that an API may demand for single acts.",
    "xms_cc": "What the client can deal with; cp1: it understands claims challenges.",
    # how it came about
    "amr": "How the person proved who they are: pwd a password, mfa several factors, otp a one-time code.",
    "acr": "How well the person proved who they are; in v1.0 tokens 0 is less than ISO 29115 asks, 1 enough.",
    "nonce": "What the application sent along when it asked: it ties the token to that sign-in.",
    "at_hash": "Half a hash of the access token that came with it.",
    "c_hash": "Half a hash of the code that came with it.",
    "s_hash": "Half a hash of the state that came with it.",
    "sid": "The session of the person at the issuer; sign-out names it.",
    "jti": "Its own id.",
    "uti": "Its own id, by which the sign-in log finds it.",
    "rh": "For the issuer alone.",
    "aio": "For the issuer alone.",
    "xms_ftd": "For the issuer alone.",
    "xms_idrel": "For the issuer alone.",
    "xms_tntd": "For the issuer alone.",
    "xms_sub_fct": "For the issuer alone.",
    "platf": "The kind of device the person used.",
    "deviceid": "The device the person used.",
    "ipaddr": "The address the person came from.",
    "ctry": "The country of the person.",
    "tenant_ctry": "The country of the tenant.",
    "tenant_region_scope": "The region of the tenant.",
    "ver": "The version of the token: 1.0 or 2.0, as the API's registration asks.",
    "events": "What happened, in a token that tells of an event: a sign-out, for instance.",
    # about the person: to show, never to decide by
    "name": "The name to show.",
    "given_name": "The given name.",
    "family_name": "The family name.",
    "preferred_username": "The name to show at sign-in; people change it, so nothing may be decided by it.",
    "unique_name": "A name to show (v1.0); people change it, so nothing may be decided by it.",
    "upn": "The user principal name; it changes and may go to somebody else.",
    "email": "A mail address; whether it is theirs is another question (xms_edov).",
    "email_verified": "Whether the issuer made sure of the mail address.",
    "xms_edov": "Whether the owner of the mail's domain was made sure of.",
    "verified_primary_email": "Mail addresses the issuer made sure of.",
    "login_hint": "To be sent along at the next sign-in, or at sign-out, in place of a name.",
    "onprem_sid": "The person's id in a directory on premises.",
    "picture": "Where a picture of the person is.",
    "locale": "The language of the person.",
    "zoneinfo": "The time zone of the person.",
    "phone_number": "A telephone number.",
    "acct": "Whether the person is a member (0) or a guest (1) of the tenant.",
    "tenant_display_name": "The name of the tenant.",
}

HEADERS: Final[Mapping[str, str]] = {
    "alg": "How it is signed.",
    "typ": "What it is: JWT, or at+jwt of an access token (RFC 9068).",
    "kid": "Which of the issuer's keys signed it.",
    "x5t": "The certificate of that key, by its SHA-1 thumbprint.",
    "x5t#S256": "The certificate of that key, by its SHA-256 thumbprint.",
    "x5c": "The certificate itself: nobody may trust it for standing here.",
    "jku": "Where its keys are said to be: nobody may trust that for standing here.",
    "jwk": "The key itself: nobody may trust it for standing here.",
    "nonce": "It is for Microsoft Graph, which alone can verify it.",
    "crit": "Headers that must be understood by whoever takes it.",
    "cty": "What is in it.",
    "enc": "How it is encrypted.",
    "zip": "How it is compressed.",
}
# fmt: on


def claim_words(name: str) -> str:
    """Empty for a claim of somebody's own."""
    return CLAIMS.get(name, "")
