"""How rows of the table are written: what is listed, shown, made, changed, deleted, done."""

from attrs import evolve

from entrada.core.directory.administration.operations import Operation
from entrada.server.web.graph.endpoint import Endpoint, Gives, Handle, Resource
from entrada.server.web.graph.shape import Complex, Entity


def lists(path: str, operation: Operation, words: str, resource: Resource, handle: Handle) -> Endpoint:
    return Endpoint(
        method="GET", path=path, operation=operation, words=words, handle=handle, gives=Gives.PAGE, resource=resource
    )


def counts(path: str, operation: Operation, words: str, resource: Resource, handle: Handle) -> Endpoint:
    return Endpoint(
        method="GET", path=path, operation=operation, words=words, handle=handle, gives=Gives.COUNT, resource=resource
    )


def shows(path: str, operation: Operation, words: str, resource: Resource, handle: Handle) -> Endpoint:
    return Endpoint(
        method="GET", path=path, operation=operation, words=words, handle=handle, gives=Gives.ONE, resource=resource
    )


def makes(path: str, operation: Operation, words: str, resource: Resource, handle: Handle) -> Endpoint:
    return Endpoint(
        method="POST",
        path=path,
        operation=operation,
        words=words,
        handle=handle,
        gives=Gives.ONE,
        resource=resource,
        takes_entity=resource.entity,
        made=True,
    )


def changes(path: str, operation: Operation, words: str, resource: Resource, handle: Handle) -> Endpoint:
    return Endpoint(
        method="PATCH",
        path=path,
        operation=operation,
        words=words,
        handle=handle,
        gives=Gives.ONE,
        resource=resource,
        takes_entity=resource.entity,
    )


def deletes(path: str, operation: Operation, words: str, handle: Handle) -> Endpoint:
    return Endpoint(method="DELETE", path=path, operation=operation, words=words, handle=handle, gives=Gives.NOTHING)


def does(
    path: str,
    operation: Operation,
    words: str,
    handle: Handle,
    takes: Complex | Entity | None = None,
    gives: Complex | None = None,
) -> Endpoint:
    """An action: POST of what it takes."""
    return Endpoint(
        method="POST",
        path=path,
        operation=operation,
        words=words,
        handle=handle,
        gives=Gives.NOTHING if gives is None else Gives.VALUE,
        value=gives,
        takes=takes if isinstance(takes, Complex) else None,
        takes_entity=takes if isinstance(takes, Entity) else None,
    )


def own(row: Endpoint) -> Endpoint:
    """For somebody who is signed in: `/me`."""
    return evolve(row, own=True)
