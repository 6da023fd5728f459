"""The operations of an API in a file, where an OpenAPI document beside it describes them.  Section 15."""

from collections.abc import Mapping

from attrs import evolve

from entrada.core.gateway.entities.operation import Operation
from entrada.core.gateway.openapi.imported import Imported
from entrada.core.gateway.openapi.read import read_openapi
from entrada.server.usecases.gateway.plain_document import plain_document


def described(text: str, prefix: str) -> Imported | tuple[str, ...]:
    """Or what is wrong with it.  *prefix* is what all paths begin with, and the API's own path stands for."""
    document = plain_document(text)
    if not isinstance(document, Mapping):
        return (str(document),)
    found = read_openapi(document)
    if not isinstance(found, Imported):
        return tuple(str(one) for one in found)
    return evolve(found, operations=tuple(_below(one, prefix) for one in found.operations))


def _below(operation: Operation, prefix: str) -> Operation:
    rest = operation.url_template.removeprefix(prefix)
    return evolve(operation, url_template=rest if rest.startswith("/") else f"/{rest}")
