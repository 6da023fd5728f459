"""By what a page's objects are told apart and ordered at last: what identifies each within its tenant."""

from typing import Final

from entrada.core.directory.directory_audit import DirectoryAudit
from entrada.core.directory.entity import Entity
from entrada.core.directory.entity_key import Key, key_of
from entrada.core.directory.story import Story

_SLASH: Final = "/"  # no id holds it


def page_key(item: Entity | DirectoryAudit | Story) -> Key:
    match item:
        case DirectoryAudit():
            return (item.id,)
        case Story():
            return (item.trace_id,)
        case _:
            return key_of(item)[1:]


def as_id(key: Key) -> str:
    """What `After.id` says."""
    return _SLASH.join(key)


def from_id(text: str) -> Key:
    return tuple(text.split(_SLASH))
