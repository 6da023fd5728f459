"""The table as `$metadata`: entity types and entity sets.  OData CSDL XML 4.01."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from entrada.server.web.graph.endpoint import Endpoint, Gives
from entrada.server.web.graph.shape import Complex, Edm, Entity, Many, Type

_EDMX: Final = "http://docs.oasis-open.org/odata/ns/edmx"
_EDM: Final = "http://docs.oasis-open.org/odata/ns/edm"
_NAMESPACE: Final = "microsoft.graph"


def edmx(table: Iterable[Endpoint]) -> bytes:
    rows = list(table)
    root = Element("edmx:Edmx", {"Version": "4.0", "xmlns:edmx": _EDMX})
    services = SubElement(root, "edmx:DataServices")
    schema = SubElement(services, "Schema", {"Namespace": _NAMESPACE, "Alias": "graph", "xmlns": _EDM})
    entities = _entities(rows)
    for entity in entities.values():
        _write_entity(schema, entity)
    for kind in _complexes(entities).values():
        _write_members(SubElement(schema, "ComplexType", {"Name": kind.name}), kind.members)
    container = SubElement(schema, "EntityContainer", {"Name": "GraphService"})
    for name, entity in sorted(_sets(rows).items()):
        SubElement(container, "EntitySet", {"Name": name, "EntityType": f"{_NAMESPACE}.{entity.name}"})
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _entities(rows: Iterable[Endpoint]) -> Mapping[str, Entity]:
    shown = (row.resource.entity for row in rows if row.resource is not None)
    return {one.name: one for one in sorted(shown, key=lambda one: one.name)}


def _sets(rows: Iterable[Endpoint]) -> Mapping[str, Entity]:
    """Collections with an address of one word."""
    return {
        row.path.strip("/"): row.resource.entity
        for row in rows
        if row.gives is Gives.PAGE and row.resource is not None and row.path.count("/") == 1
    }


def _complexes(entities: Mapping[str, Entity]) -> Mapping[str, Complex]:
    found = {one.name: one for entity in entities.values() for one in _within(entity.members)}
    return dict(sorted(found.items()))


def _within(members: Mapping[str, Type]) -> Iterator[Complex]:
    for one in members.values():
        kind = one.of if isinstance(one, Many) else one
        if isinstance(kind, Complex):
            yield kind
            yield from _within(kind.members)


def _write_entity(schema: Element, entity: Entity) -> None:
    element = SubElement(schema, "EntityType", {"Name": entity.name})
    SubElement(SubElement(element, "Key"), "PropertyRef", {"Name": "id"})
    _write_members(element, entity.members)
    for name in entity.navigation:
        kind = f"Collection({_NAMESPACE}.directoryObject)"
        SubElement(element, "NavigationProperty", {"Name": name, "Type": kind})


def _write_members(element: Element, members: Mapping[str, Type]) -> None:
    for name, one in members.items():
        nullable = {"Nullable": "false"} if name == "id" else {}
        SubElement(element, "Property", {"Name": name, "Type": _type(one), **nullable})


def _type(one: Type) -> str:
    match one:
        case Many(of=of):
            return f"Collection({_type(of)})"
        case Complex(name=name):
            return f"{_NAMESPACE}.{name}"
        case Edm():
            return one.value
