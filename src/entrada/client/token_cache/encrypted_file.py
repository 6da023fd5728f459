"""Keep tokens in the vault: an entry for each partition, changed as one step for all processes."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from attrs import asdict, field, frozen

from entrada.client.errors import StorageError
from entrada.client.token_cache.port import Kept, Partition
from entrada.client.tokens import AccessToken, Account
from entrada.client.vault.port import Vault
from entrada.core.jose.numeric_date import NumericDate

PREFIX: Final = "tokens/"
_VERSION: Final = 1


@frozen(eq=False, repr=False)
class EncryptedFileCache:
    vault: Vault

    blocks: bool = field(default=True, init=False)

    def read(self, partition: Partition) -> Kept | None:
        return _kept(self.vault.read(_name(partition)))

    def change(self, partition: Partition, decide: Callable[[Kept | None], Kept | None]) -> Kept | None:
        return _kept(self.vault.change(_name(partition), lambda before: _text(decide(_kept(before)))))

    def claim(self, partition: Partition) -> Callable[[], None] | None:
        return self.vault.claim(_name(partition))

    def partitions(self) -> tuple[tuple[Partition, Account | None], ...]:
        kept = ((_partition(name), _kept(content)) for name, content in self.vault.entries(PREFIX))
        return tuple((partition, one.account if one else None) for partition, one in kept)


def _name(partition: Partition) -> str:
    return PREFIX + json.dumps([partition.authority, partition.client_id, partition.account])


def _partition(name: str) -> Partition:
    return Partition(*json.loads(name.removeprefix(PREFIX)))


def _text(kept: Kept | None) -> bytes | None:
    if kept is None:
        return None
    said = {
        "version": _VERSION,
        "account": _members(kept.account),
        "access": [_members(one) for one in kept.access],
        "refresh_token": kept.refresh_token,
        "id_token": kept.id_token,
    }
    return json.dumps(said, separators=(",", ":")).encode()


def _members(value: Account | AccessToken | None) -> dict[str, object] | None:
    return None if value is None else asdict(value, recurse=False, value_serializer=_plain)


def _plain(_: object, __: object, value: Any) -> object:
    return sorted(value) if isinstance(value, frozenset) else value  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]


def _kept(text: bytes | None) -> Kept | None:
    """It opened, so one of us wrote it: what does not fit is of another version."""
    if text is None:
        return None
    try:
        return _read(json.loads(text))
    except (ValueError, TypeError, KeyError):
        raise StorageError(
            "The tokens that are kept were written by another version of entrada", advice="Update, or: entrada logout"
        ) from None


def _read(said: Mapping[str, Any]) -> Kept:
    if said["version"] != _VERSION:
        raise ValueError
    return Kept(
        account=None if said["account"] is None else Account(**said["account"]),
        access=tuple(_access_token(one) for one in said["access"]),
        refresh_token=said["refresh_token"],
        id_token=said["id_token"],
    )


def _access_token(said: Mapping[str, Any]) -> AccessToken:
    asked, refresh_at = said["asked"], said["refresh_at"]
    return AccessToken(
        value=said["value"],
        scopes=frozenset(said["scopes"]),
        asked=None if asked is None else frozenset(asked),
        expires_at=NumericDate(said["expires_at"]),
        refresh_at=None if refresh_at is None else NumericDate(refresh_at),
        token_type=said["token_type"],
        kept_at=said.get("kept_at"),
    )
