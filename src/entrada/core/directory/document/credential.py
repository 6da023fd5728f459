"""A password or client secret in the file: given, hashed already, in the environment, or known to the store alone."""

from attrs import field, frozen

from entrada.core.directory.application import Application
from entrada.core.directory.derived_id import derived_id
from entrada.core.directory.document.fault import FaultFound
from entrada.core.directory.document.fields import Fields
from entrada.core.directory.document.scalars import (
    argon2_hash,
    boolean,
    guid,
    line,
    moment,
    paragraphs,
    sha256,
    variable,
)
from entrada.core.directory.document.tree import Node, Position
from entrada.core.jose.numeric_date import NumericDate


@frozen
class InTheFile:
    value: str = field(repr=False)


@frozen
class InTheEnvironment:
    name: str


@frozen
class Hashed:
    hash: str = field(repr=False)


@frozen
class Stored:
    """The file says that there is one, and no more: what the store holds is kept."""


Source = InTheFile | InTheEnvironment | Hashed | Stored


@frozen(kw_only=True)
class PasswordEntry:
    at: Position
    source: Source
    seed: bool
    must_change: bool | None  # None: as it is stored, while the password stays the same
    changed_at: NumericDate | None


@frozen(kw_only=True)
class SecretEntry:
    at: Position
    key_id: str
    display_name: str
    source: Source
    seed: bool
    hint: str | None
    not_before: NumericDate | None
    expires_at: NumericDate | None


def read_password(node: Node) -> PasswordEntry:
    fields = Fields(node, "password")
    entry = PasswordEntry(
        at=fields.at,
        source=_source(fields, given="value", hashed="hash"),
        seed=fields.given("seed", boolean, default=False),
        must_change=fields.optional("mustChange", boolean),
        changed_at=fields.optional("changedDateTime", moment),
    )
    fields.finish()
    return entry


def read_secret(application: Application, node: Node) -> SecretEntry:
    fields = Fields(node, "A password credential")
    given_id, display_name = fields.optional("keyId", guid), fields.given("displayName", line, "")
    if given_id is None and not display_name.strip():
        fields.refuse_misspelt("displayName")
        raise FaultFound(fields.at, "A password credential needs displayName, or keyId, to be told from others by.")
    entry = SecretEntry(
        at=fields.at,
        key_id=given_id or derived_id("passwordCredential", application.app_id, display_name),
        display_name=display_name,
        source=_source(fields, given="secretText", hashed="digest"),
        seed=fields.given("seed", boolean, default=False),
        hint=fields.optional("hint", paragraphs),
        not_before=fields.optional("startDateTime", moment),
        expires_at=fields.optional("endDateTime", moment),
    )
    fields.finish()
    return entry


def _source(fields: Fields, given: str, hashed: str) -> Source:
    read_hash = argon2_hash if hashed == "hash" else sha256
    value, digest = fields.optional(given, paragraphs), fields.optional(hashed, read_hash)
    name, stored = fields.optional("environment", variable), fields.given("stored", boolean, default=False)
    sources: tuple[Source | None, ...] = (
        None if value is None else InTheFile(value),
        None if digest is None else Hashed(digest),
        None if name is None else InTheEnvironment(name),
        Stored() if stored else None,
    )
    if len(found := [source for source in sources if source is not None]) != 1:
        raise FaultFound(fields.at, f"Say one of {given}, {hashed}, environment and stored: true.")
    return found[0]
