"""What an answer consists of, for descriptions of it: OpenAPI's schemas and `$metadata` are both made from this."""

from collections.abc import Mapping
from enum import StrEnum

from attrs import frozen


class Edm(StrEnum):
    """Primitive types under OData's names.  OData CSDL XML 4.01 §3.3."""

    STRING = "Edm.String"
    BOOLEAN = "Edm.Boolean"
    INT32 = "Edm.Int32"
    MOMENT = "Edm.DateTimeOffset"
    GUID = "Edm.Guid"
    BINARY = "Edm.Binary"


@frozen
class Complex:
    """An object in an object, under Graph's name of its type."""

    name: str
    members: Mapping[str, "Type"]


@frozen
class Many:
    of: Edm | Complex


Type = Edm | Complex | Many

STRING, BOOLEAN, INT32, MOMENT, GUID, BINARY = Edm
STRINGS = Many(STRING)
GUIDS = Many(GUID)


@frozen(kw_only=True)
class Entity:
    """An entity type of Graph: objects with an `id` of their own."""

    name: str
    members: Mapping[str, Type]
    navigation: tuple[str, ...] = ()  # `$expand` fetches these


def complex_type(name: str, /, **members: Type) -> Complex:
    return Complex(name, members)


def entity_type(name: str, /, *, navigation: tuple[str, ...] = (), **members: Type) -> Entity:
    return Entity(name=name, members={"id": STRING, **members}, navigation=navigation)
