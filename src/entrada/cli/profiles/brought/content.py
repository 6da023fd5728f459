"""What was brought, told by its looks; with the passphrase asked for only where it is sealed."""

import re
import tomllib
from collections.abc import Callable, Mapping
from typing import cast

from entrada.cli.profiles.brought import azureauth, entra_auth_cli
from entrada.cli.profiles.brought.found import Found, NoProfiles, judged
from entrada.cli.profiles.passphrase import WrongPassphrase
from entrada.cli.profiles.sealed_export import is_sealed, open_sealed
from entrada.core.jose.json_object import parse_object, parse_value


def read_brought(text: str, passphrase: Callable[[], str]) -> tuple[Found, ...]:
    """Raises NoProfiles, and WrongPassphrase."""
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise NoProfiles("There is nothing in it.")
    if is_sealed(text):
        return _ours_sealed(text, passphrase)
    blob = entra_auth_cli.blob_in(text)
    if blob is not None:
        return (entra_auth_cli.open_blob(blob, passphrase()),)
    if text.lstrip()[0] in "{[" and not _is_table(text):
        return _plain(text)
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError):
        raise NoProfiles("Invalid encrypted data format.") from None
    return azureauth.read(document)


def _is_table(text: str) -> bool:
    """`[alias.x]`: no array of JSON that holds profiles begins so."""
    return re.match(r"\s*\[\[?\w", text) is not None and not re.match(r"\s*\[\d", text)


def _ours_sealed(text: str, passphrase: Callable[[], str]) -> tuple[Found, ...]:
    try:
        members = parse_object(open_sealed(text, passphrase()))
    except WrongPassphrase:
        raise
    except ValueError as error:
        raise NoProfiles(f"This is no export that can be read: {error}.") from None
    return tuple(_ours(_object(one), newer=True) for one in _list(members.get("profiles")))


def _ours(members: Mapping[str, object], *, newer: bool) -> Found:
    bare = {name: value for name, value in members.items() if name not in ("id", "secret")}
    secret = members.get("secret")
    return judged(bare, secret if isinstance(secret, str) else None, newer=newer)


def _plain(text: str) -> tuple[Found, ...]:
    try:
        value = parse_value(text)
    except ValueError as error:
        raise NoProfiles(f"This is not JSON: {error}.") from None
    document = cast("dict[str, object]", value) if isinstance(value, dict) else {}
    one_or_many = cast("object", value if isinstance(value, list) else [value])
    listed = _list(document.get("profiles", document.get("Profiles", one_or_many)))
    ours = isinstance(document.get("version"), int)
    return tuple(_one(_object(one), ours=ours) for one in listed)


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise NoProfiles('"profiles" must be a list.')
    return cast("list[object]", value)


def _object(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise NoProfiles("A profile must be an object with members.")
    return cast("dict[str, object]", value)


def _one(members: dict[str, object], *, ours: bool) -> Found:
    if ours or "authentication" in members or "issuer" in members:
        return _ours(members, newer=False)
    return entra_auth_cli.read(members)
