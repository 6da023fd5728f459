"""Claims beyond the usual ones, which a registration or a request asks for.  Reference sections 32 and 34.

`groups` is answered in membership.py and `aud` in access_token.py.  What our directory does not know is not here:
devices, networks, on-premises names, password expiry, directory extensions.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from enum import Flag, auto
from typing import Final

from attrs import evolve, frozen

from entrada.core.directory.optional_claims import OptionalClaim
from entrada.core.protocol.claims_request import ClaimsRequest
from entrada.core.protocol.tokens.subject import Claims, Subject
from entrada.core.protocol.tokens.told_mail import owns_mail_domain
from entrada.core.protocol.version import Version

REGION: Final = "WW"  # one installation is one region


_CONTEXT: Final = re.compile(r"c[1-9][0-9]?", re.ASCII)  # Entra knows c1 to c99


class Token(Flag):
    ID = auto()
    ACCESS = auto()


_NEITHER: Final = Token(0)
_BOTH: Final = Token.ID | Token.ACCESS


@frozen
class Row:
    says: Callable[[Subject, OptionalClaim], object]  # None: there is nothing to say
    may_stand_in: Token = _BOTH
    may_be_asked_for: Token = _NEITHER  # by the `claims` parameter of a request, without a registration
    scope: str | None = None  # what the person must have consented to


def _auth_contexts(subject: Subject, _: OptionalClaim) -> list[str] | None:
    """Every context asks for one thing here: a second factor."""
    met = subject.asked.auth_contexts if "mfa" in subject.methods else ()
    return [one for one in met if _CONTEXT.fullmatch(one)] or None


def _idtyp(_: Subject, asked: OptionalClaim) -> str | None:
    return "user" if "include_user_token" in asked.additional_properties else None


def _upn(subject: Subject, asked: OptionalClaim) -> str | None:
    """A guest's holds the mark #EXT#, which not every API copes with: so it must be asked for."""
    name, asked_for = subject.user.user_principal_name, asked.additional_properties
    if not subject.is_guest or "include_externally_authenticated_upn" in asked_for:
        return name
    return name.replace("#", "_") if "include_externally_authenticated_upn_without_hash" in asked_for else None


def _verified_mail(subject: Subject, _: OptionalClaim) -> list[str] | None:
    mail = subject.account.mail
    return [mail] if mail and owns_mail_domain(subject.account, subject.home) else None


def _proven_mail_domain(subject: Subject, _: OptionalClaim) -> bool | None:
    return owns_mail_domain(subject.account, subject.home) if subject.mail else None


# fmt: off
OPTIONAL_CLAIMS: Final[Mapping[str, Row]] = {
    "acct":                   Row(lambda on, _: int(on.is_guest),              _BOTH,        Token.ID),
    "acrs":                   Row(_auth_contexts,                              _BOTH,        _BOTH),
    "amr":                    Row(lambda on, _: list(on.methods),              _BOTH,        Token.ID),
    "auth_time":              Row(lambda on, _: on.authenticated_at,           _BOTH,        Token.ID),
    "ctry":                   Row(lambda on, _: on.user.usage_location,        _BOTH),
    "email":                  Row(lambda on, _: on.mail,                       _BOTH),
    "family_name":            Row(lambda on, _: on.user.surname,               _BOTH,        Token.ID, "profile"),
    "given_name":             Row(lambda on, _: on.user.given_name,            _BOTH,        Token.ID, "profile"),
    "idtyp":                  Row(_idtyp,                                      Token.ACCESS),
    "ipaddr":                 Row(lambda on, _: on.address or None,            _BOTH),
    "login_hint":             Row(lambda on, _: on.login_hint,                 Token.ID,     Token.ID),
    "preferred_username":     Row(lambda on, _: on.account.user_principal_name, _BOTH,       Token.ID, "profile"),
    "sid":                    Row(lambda on, _: on.session_id,                 _BOTH,        Token.ID),
    "tenant_ctry":            Row(lambda on, _: on.tenant.country,             _BOTH,        Token.ID),
    "tenant_region_scope":    Row(lambda _on, _: REGION,                       _BOTH,        Token.ID),
    "upn":                    Row(_upn,                                        _BOTH,        Token.ID, "profile"),
    "verified_primary_email": Row(_verified_mail,                              _BOTH),
    "xms_cc":                 Row(lambda on, _: sorted(on.asked.capabilities) or None, Token.ACCESS),
    "xms_edov":               Row(_proven_mail_domain,                         _BOTH),
    "xms_pl":                 Row(lambda on, _: on.user.preferred_language,    _BOTH),
    "xms_tpl":                Row(lambda on, _: on.tenant.preferred_language,  _BOTH),
}
# fmt: on


def optional_claims(subject: Subject, version: Version, token: Token, registered: Iterable[OptionalClaim]) -> Claims:
    asked = subject.asked.id_token if token is Token.ID else subject.asked.access_token
    wanted = {name: OptionalClaim(name=name) for name in asked if _may_be_asked_for(name, token)}
    wanted |= {one.name: one for one in registered}
    if not wanted:
        return {}
    # On v1.0 nobody asks for `profile`: the names are always told.
    scopes = {None, *subject.oidc, *(["profile"] if version is Version.V1 else [])}
    return {
        name: row.says(subject, claim)
        for name, claim in wanted.items()
        if (row := OPTIONAL_CLAIMS.get(name)) and token in row.may_stand_in and row.scope in scopes
    }


def answerable(asked: ClaimsRequest) -> ClaimsRequest:
    """Of what a request asks for, that which tokens can answer: the rest need not be kept until they are made."""
    return evolve(
        asked,
        id_token=frozenset(name for name in asked.id_token if _may_be_asked_for(name, Token.ID)),
        access_token=frozenset(name for name in asked.access_token if _may_be_asked_for(name, Token.ACCESS)),
        challenged=False,
    )


def wants(
    name: str, asked: ClaimsRequest, in_id_token: Iterable[OptionalClaim], in_access_token: Iterable[OptionalClaim]
) -> bool:
    """Must it be found out?  True too often costs a look, never a claim."""
    return name in asked.id_token or any(one.name == name for one in (*in_id_token, *in_access_token))


def _may_be_asked_for(name: str, token: Token) -> bool:
    row = OPTIONAL_CLAIMS.get(name)
    return row is not None and token in row.may_be_asked_for
