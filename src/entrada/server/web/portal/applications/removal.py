"""Asks before a secret, a certificate or a federated credential is removed: what uses it stops at once."""

from collections.abc import Callable, Mapping
from typing import Final

from starlette.responses import Response

from entrada.core.directory.administration.problem import not_found
from entrada.core.directory.application import Application
from entrada.server.web.portal.applications.desk import AT, LIST, opened
from entrada.server.web.portal.door import Visitor, done, page, problem_page

_HERE: Final = "/credentials"
Named = Callable[[Application], Mapping[str, str]]


async def back(visitor: Visitor) -> Response:
    """Whoever comes by the address of a form, as from a bookmark of its answer."""
    return done(visitor, f"{LIST[1]}/{visitor.param('id')}{_HERE}")


async def of_secret(visitor: Visitor) -> Response:
    return await _ask(visitor, "secret", "client secret", _secrets, "key")


async def of_certificate(visitor: Visitor) -> Response:
    return await _ask(visitor, "certificate", "certificate", _certificates, "key")


async def of_federated(visitor: Visitor) -> Response:
    return await _ask(visitor, "federated", "federated credential", _federated, "credential")


async def _ask(visitor: Visitor, kind: str, words: str, named: Named, field: str) -> Response:
    desk = await opened(visitor)
    if isinstance(desk, Response):
        return desk
    key, base = visitor.query("key"), desk.path + _HERE
    name = named(desk.app).get(key)
    crumbs = [LIST, (desk.app.display_name, desk.path), ("Certificates & secrets", base)]
    if name is None:
        return problem_page(visitor, not_found(words, key), at=AT, crumbs=crumbs)
    return page(
        visitor,
        "portal/confirm.html",
        title=f"Remove {name}?",
        at=AT,
        crumbs=crumbs,
        question=f"Whatever proves itself with this {words} gets no token any more, from now on.",
        consequences=["It cannot be brought back: another would have to take its place."],
        label="Remove",
        action=f"{base}/{kind}/remove",
        cancel=base,
        fields={field: key, "seen": desk.app.version},
    )


def _secrets(app: Application) -> Mapping[str, str]:
    return {one.key_id: f"the secret {one.display_name or one.key_id}" for one in app.client_secrets}


def _certificates(app: Application) -> Mapping[str, str]:
    return {one.key_id: f"the certificate {one.display_name or one.key_id}" for one in app.certificates}


def _federated(app: Application) -> Mapping[str, str]:
    return {one.id: f"the federated credential {one.name}" for one in app.federated_credentials}
