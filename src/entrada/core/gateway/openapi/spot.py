"""A value of the document, and where it stands."""

from collections.abc import Mapping
from typing import cast

from attrs import frozen

from entrada.core.gateway.openapi.fault import pointer_of


def as_members(value: object) -> Mapping[str, object] | None:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else None


@frozen
class Spot:
    value: object  # None: it is not there, or null
    path: tuple[str, ...] = ()

    @property
    def pointer(self) -> str:
        return pointer_of(self.path)

    def at(self, name: str) -> "Spot":
        """The member of that name; of what is no object, none."""
        return Spot(self.members.get(name), (*self.path, name))

    @property
    def members(self) -> Mapping[str, object]:
        """None of what is no object."""
        return as_members(self.value) or {}

    @property
    def kind(self) -> str:
        """As people say what JSON has there."""
        match self.value:
            case None:
                return "nothing"
            case bool():
                return "true or false"
            case int() | float():
                return "a number"
            case str():
                return "a text"
            case list():
                return "a list"
            case _:
                return "an object"
