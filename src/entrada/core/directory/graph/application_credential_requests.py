"""What addPassword, removePassword, addKey and removeKey are asked.  Reference section 38."""

from collections.abc import Mapping
from typing import Final

from attrs import field, frozen

from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.client_credential import ClientCertificate
from entrada.core.directory.graph.json_members import (
    MemberFault,
    Members,
    guid,
    line,
    moment,
    reading,
    text,
    written_moment,
)
from entrada.core.directory.graph.key_credential import new_certificate
from entrada.core.directory.graph.permission import NewId
from entrada.core.jose.numeric_date import NumericDate

TWO_YEARS: Final = 2 * 365 * 86_400
_MADE_HERE: Final = ("customKeyIdentifier", "hint", "keyId", "secretText")


@frozen(kw_only=True)
class WantedPassword:
    display_name: str
    not_before: NumericDate
    expires_at: NumericDate


@frozen(kw_only=True)
class NewKey:
    certificate: ClientCertificate
    proof: str = field(repr=False)


@frozen(kw_only=True)
class OldKey:
    key_id: str
    proof: str = field(repr=False)


def wanted_password(members: Mapping[str, object], now: NumericDate) -> WantedPassword | Problem:
    return reading(lambda: _wanted_password(Members(members, "request"), now))


def key_id_of(members: Mapping[str, object]) -> str | Problem:
    """Of removePassword."""

    def read() -> str:
        body = Members(members, "request")
        key_id = body.required("keyId", guid)
        body.finish()
        return key_id

    return reading(read)


def new_key(members: Mapping[str, object], new_id: NewId) -> NewKey | Problem:
    def read() -> NewKey:
        body = Members(members, "request")
        body.only("passwordCredential", why="Keys are certificates here: leave passwordCredential null.")
        key = body.within("keyCredential")
        found = NewKey(certificate=new_certificate(key, new_id), proof=body.required("proof", text))
        key.finish()
        body.finish()
        return found

    return reading(read)


def old_key(members: Mapping[str, object]) -> OldKey | Problem:
    def read() -> OldKey:
        body = Members(members, "request")
        found = OldKey(key_id=body.required("keyId", guid), proof=body.required("proof", text))
        body.finish()
        return found

    return reading(read)


def _wanted_password(body: Members, now: NumericDate) -> WantedPassword:
    # Graph makes a secret of defaults where the object is null or left out.
    asked = body.nullable("passwordCredential", lambda value, path: Members(value, "request", path), None)
    within = asked or Members({}, "request", "passwordCredential")
    for name in _MADE_HERE:
        within.only(name, why=f"passwordCredential.{name} is made here: leave it out.")
    starts = within.nullable("startDateTime", moment, None)
    not_before = now if starts is None else starts
    ends = within.nullable("endDateTime", moment, None)
    expires_at = _two_years_from(not_before) if ends is None else ends
    if expires_at <= max(now, not_before):
        path = within.path_of("endDateTime")
        said = f"{path} lies after {written_moment(max(now, not_before))}: a secret that has ended serves nobody."
        raise MemberFault(said, path)
    name = within.nullable("displayName", line(120, empty=True), None) or ""
    within.finish()
    body.finish()
    return WantedPassword(display_name=name, not_before=not_before, expires_at=expires_at)


def _two_years_from(start: NumericDate) -> NumericDate:
    last = 253_402_300_799  # the end of the year 9999, after which no date is written
    return NumericDate(min(start + TWO_YEARS, last))
