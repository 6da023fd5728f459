"""What a collection is asked by, as columns: each field of an object, without case, and its words where searched."""

from collections.abc import Iterator, Mapping
from typing import Any

from entrada.core.directory.query.fields import FIELDS, SEPARATOR, Field, Type
from entrada.server.store.sql.schema import WORDS


def field_columns(kind: type[Any], item: object) -> Mapping[str, object]:
    return dict(column for field in FIELDS[kind].values() for column in _columns(field, item))


def _columns(field: Field, item: object) -> Iterator[tuple[str, object]]:
    if field.of_application:
        return
    if field.type is Type.COLLECTION:
        yield field.name, elements_column(field, item)
        return
    value = field.value(item)
    yield field.name, value
    if field.may_search:
        yield field.name + WORDS, None if value is None else words_column(field, item)


def words_column(field: Field, item: object) -> str:
    return "".join(f" {word}" for word in field.words(item))


def elements_column(field: Field, item: object) -> str:
    """Each element between two separators; nothing when there are none."""
    elements = field.elements(item)
    return "".join(f"{SEPARATOR}{element}" for element in elements) + SEPARATOR if elements else ""
