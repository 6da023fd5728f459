"""Authentication: redirect URIs by platform, what the authorization endpoint may issue, sign-out, public clients."""

from collections.abc import Mapping

from starlette.responses import Response

from entrada.core.directory.administration.problem import Problem, bad
from entrada.core.directory.application import Application, Platform
from entrada.core.directory.graph.application import redirect_uris
from entrada.server.web.portal.applications.desk import beside, change, opened, show
from entrada.server.web.portal.applications.lists import AUDIENCES, PLATFORMS
from entrada.server.web.portal.door import Visitor
from entrada.server.web.signed_in.form import Form

_HERE = "/authentication"


async def authentication(visitor: Visitor, problem: Problem | None = None, entered: Form | None = None) -> Response:
    desk = await opened(visitor)
    if isinstance(desk, Response):
        return desk
    return show(
        desk,
        "portal/applications/authentication.html",
        "Authentication",
        beside(problem, {f"{one.value}.redirectUris": "redirectUri" for one in Platform}),
        entered,
        platforms=[(key, text, redirect_uris(desk.app, Platform(key))) for key, text in PLATFORMS],
        choices=PLATFORMS,
        audiences=AUDIENCES,
    )


async def add_uri(visitor: Visitor, form: Form) -> Response:
    uri = form.text("redirectUri")

    def compose(app: Application) -> Mapping[str, object] | Problem:
        platform = _platform(form)
        if platform is None or uri is None:
            return bad("Enter a redirect URI, and choose the platform of its application.", "redirectUri")
        have = redirect_uris(app, platform)
        if uri in have:
            return bad("The application has this redirect URI already.", "redirectUri")
        return {platform.value: {"redirectUris": [*have, uri]}}

    return await change(visitor, form, compose, authentication, said="The redirect URI is added.", back=_HERE)


async def remove_uri(visitor: Visitor, form: Form) -> Response:
    def compose(app: Application) -> Mapping[str, object] | Problem:
        platform = _platform(form)
        if platform is None:
            return bad("There is no such platform.")
        return {
            platform.value: {"redirectUris": [one for one in redirect_uris(app, platform) if one != form.get("uri")]}
        }

    return await change(visitor, form, compose, authentication, said="The redirect URI is removed.", back=_HERE)


async def save(visitor: Visitor, form: Form) -> Response:
    members = {
        "signInAudience": form.get("signInAudience"),
        "isFallbackPublicClient": form.has("isFallbackPublicClient"),
        "web": {
            "logoutUrl": form.text("web.logoutUrl"),
            "implicitGrantSettings": {"enableIdTokenIssuance": form.has("enableIdTokenIssuance")},
        },
    }
    return await change(visitor, form, lambda _: members, authentication, said="The settings are saved.", back=_HERE)


def _platform(form: Form) -> Platform | None:
    return next((one for one in Platform if one.value == form.get("platform")), None)
