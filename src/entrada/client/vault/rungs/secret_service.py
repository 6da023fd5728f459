"""The keyring of a Linux desktop, over D-Bus: the collection that is its user's default one.

The Secret Service API of freedesktop.org.  A collection for this session alone is no place for a key that must last.
"""

from attrs import frozen
from secretstorage import Collection, dbus_init, get_collection_by_alias

_LABEL = "The key of entrada's vault"


@frozen
class SecretService:
    collection: Collection

    @classmethod
    def opened(cls) -> "SecretService":
        return cls(get_collection_by_alias(dbus_init(), "default"))

    def is_locked(self) -> bool:
        return self.collection.is_locked()

    def unlock(self, seconds: float) -> bool:
        dismissed = self.collection.unlock(timeout=seconds)
        return not dismissed

    def get(self, name: str) -> str | None:
        for item in self.collection.search_items(_attributes(name)):
            return item.get_secret().decode()
        return None

    def put(self, name: str, value: str) -> None:
        self.collection.create_item(_LABEL, _attributes(name), value.encode(), replace=True)


def _attributes(name: str) -> dict[str, str]:
    return {"application": "entrada", "vault": name}
