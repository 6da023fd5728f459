"""A client secret as Graph writes it: never the secret itself.  passwordCredential, reference sections 37 and 38."""

from collections.abc import Iterable

from entrada.core.directory.application import ClientSecret
from entrada.core.directory.graph.json_members import MemberFault, Members, Read, guid, objects, written_moment


def password_json(secret: ClientSecret, *, secret_text: str | None = None) -> dict[str, object]:
    """*secret_text* is for the one answer that shows it: of addPassword."""
    return {
        "customKeyIdentifier": None,
        "displayName": secret.display_name or None,
        "endDateTime": written_moment(secret.expires_at),
        "hint": secret.hint or None,
        "keyId": secret.key_id,
        "secretText": secret_text,
        "startDateTime": written_moment(secret.not_before),
    }


def passwords_reader(stored: Iterable[ClientSecret]) -> Read[tuple[ClientSecret, ...]]:
    """Those that are stored may be named, whatever else is said of them, and stay; those left out go.

    Nobody chooses a secret: new ones come from addPassword, so an entry of another id, or of none, is refused.
    """
    known = {one.key_id: one for one in stored}

    def read(members: Members) -> ClientSecret:
        secret = known.get(members.nullable("keyId", guid, None) or "")
        if secret is None:
            raise MemberFault("Client secrets are made by addPassword alone: leave this entry out.", members.path)
        for name, written in password_json(secret).items():
            members.only(name, written, why=f"A client secret's {name} cannot be changed: add another secret.")
        return secret

    return objects(read, "client secret")
