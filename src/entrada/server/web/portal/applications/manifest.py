"""The manifest, in both formats: checked as it is typed, and shown as a difference before it is saved."""

import json
from collections.abc import Mapping
from typing import Final

from attrs import frozen
from starlette.responses import Response

from entrada.core.directory.administration.audit import modified
from entrada.core.directory.administration.problem import Problem, bad
from entrada.core.directory.application import Application
from entrada.core.directory.directory_audit import ModifiedProperty
from entrada.core.directory.graph.application_patch import patched
from entrada.core.directory.graph.manifest import Format, from_manifest, to_manifest
from entrada.core.jose.json_object import parse_value
from entrada.server.usecases.administer.applications import change_application
from entrada.server.web.http.pages import HEADERS
from entrada.server.web.portal.applications.desk import Desk, opened, settled, show
from entrada.server.web.portal.door import Visitor, page
from entrada.server.web.signed_in.form import Form

_HERE: Final = "/manifest"
_FORMATS: Final = {"graph": Format.GRAPH, "aad": Format.AAD_GRAPH}


@frozen
class Judged:
    members: Mapping[str, object]
    differences: tuple[ModifiedProperty, ...]


async def manifest(visitor: Visitor, problem: Problem | None = None, entered: Form | None = None) -> Response:
    desk = await opened(visitor)
    if isinstance(desk, Response):
        return desk
    key = (entered.get("format") if entered else visitor.query("format")) or "graph"
    wanted = _FORMATS.get(key, Format.GRAPH)
    text = json.dumps(to_manifest(desk.app, wanted), indent=2, ensure_ascii=False)
    return show(
        desk,
        "portal/applications/manifest.html",
        "Manifest",
        problem,
        entered,
        text=text,
        format=key if key in _FORMATS else "graph",
        formats=[(name, one.value) for name, one in _FORMATS.items()],
        differences=None,
    )


async def check(visitor: Visitor, form: Form) -> Response:
    """A part of the page, asked for as somebody types: it answers the question, whatever the answer."""
    desk = await opened(visitor)
    if isinstance(desk, Response):
        return desk
    judged = _judged(desk, form)
    problem = judged if isinstance(judged, Problem) else None
    differences = judged.differences if isinstance(judged, Judged) else ()
    template = "portal/applications/verdict.html"
    return page(visitor, template, title="", at="applications", fault=problem, differences=differences)


async def save(visitor: Visitor, form: Form) -> Response:
    """The differences first; with their form, the change."""
    desk = await opened(visitor)
    if isinstance(desk, Response):
        return desk
    judged = _judged(desk, form)
    if isinstance(judged, Problem):
        return await manifest(visitor, judged, form)
    if not form.has("confirmed"):
        return _confirm(desk, form, judged.differences)
    answer = await change_application(visitor.here, visitor.actor, desk.app.id, judged.members, form.seen)
    return await settled(visitor, form, answer, manifest, said="The manifest is saved.", path=desk.path + _HERE)


async def download(visitor: Visitor) -> Response:
    desk = await opened(visitor)
    if isinstance(desk, Response):
        return desk
    wanted = _FORMATS.get(visitor.query("format"), Format.GRAPH)
    body = json.dumps(to_manifest(desk.app, wanted), indent=2, ensure_ascii=False)
    disposition = f'attachment; filename="{desk.app.app_id}.json"'
    return Response(body, 200, {**HEADERS, "Content-Disposition": disposition}, "application/json")


def _confirm(desk: Desk, form: Form, differences: tuple[ModifiedProperty, ...]) -> Response:
    return show(
        desk,
        "portal/applications/manifest_confirm.html",
        "Save the manifest",
        crumbs=(("Manifest", desk.path + _HERE),),
        differences=differences,
        text=form.get("manifest"),
        format=form.get("format"),
        seen=form.get("seen"),
    )


def _judged(desk: Desk, form: Form) -> Judged | Problem:
    """What it would change; nothing is written."""
    try:
        document = parse_value(form.get("manifest"))
    except json.JSONDecodeError as error:
        return bad(f"Line {error.lineno}, column {error.colno}: {error.msg}.", "manifest")
    except ValueError as error:
        return bad(f"This cannot be read: {error}.", "manifest")
    read = from_manifest(document, editing=True)
    if isinstance(read, Problem):
        return read
    after = _patched(desk, read.members)
    return after if isinstance(after, Problem) else Judged(read.members, modified(desk.app, after))


def _patched(desk: Desk, members: Mapping[str, object]) -> Application | Problem:
    visitor = desk.visitor
    return patched(desk.app, members, visitor.tenant, new_id=visitor.here.new_id)
