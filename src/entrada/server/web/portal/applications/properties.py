"""Branding & properties: the name, addresses of pages, notes."""

from starlette.responses import Response

from entrada.core.directory.administration.problem import Problem
from entrada.server.web.portal.applications.desk import change, opened, show
from entrada.server.web.portal.door import Visitor
from entrada.server.web.signed_in.form import Form


async def properties(visitor: Visitor, problem: Problem | None = None, entered: Form | None = None) -> Response:
    desk = await opened(visitor)
    if isinstance(desk, Response):
        return desk
    return show(desk, "portal/applications/properties.html", "Branding & properties", problem, entered)


async def save(visitor: Visitor, form: Form) -> Response:
    info = ("marketingUrl", "termsOfServiceUrl", "privacyStatementUrl", "supportUrl")
    members = {
        "displayName": form.get("displayName").strip(),
        "description": form.text("description"),
        "notes": form.text("notes"),
        "serviceManagementReference": form.text("serviceManagementReference"),
        "tags": form.lines("tags"),
        "web": {"homePageUrl": form.text("web.homePageUrl")},
        "info": {name: form.text(f"info.{name}") for name in info},
    }
    return await change(
        visitor, form, lambda _: members, properties, said="The properties are saved.", back="/properties"
    )
