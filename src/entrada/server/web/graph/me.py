"""`/v1.0/me`, `/v1.0/me/messages` and `/oidc/userinfo`.  Reference sections 36 and 38; OpenID Connect Core §5.3."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from entrada.core.directory.message import Message
from entrada.core.directory.user import User
from entrada.core.jose.numeric_date import as_datetime
from entrada.core.protocol.tokens.pairwise import pairwise_subject
from entrada.server.web.graph.bearer import Caller, Unauthenticated, WithoutUser, authenticate
from entrada.server.web.graph.graph_error import graph_error
from entrada.server.web.http.json_answer import NO_STORE, json_answer
from entrada.server.web.http.site import Site

Handler = Callable[[Site, Request, Caller], Awaitable[Response]]

_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
    "Access-Control-Allow-Headers": "authorization, content-type, client-request-id, sdkversion, consistencylevel",
    "Access-Control-Expose-Headers": "request-id, client-request-id",
}
_USER_READERS = {"User.Read", "User.ReadWrite", "User.ReadBasic.All", "Directory.Read.All", "Directory.ReadWrite.All"}
_PREVIEW = 255
_MAX_TOP = 1000


def routes(site: Site) -> list[BaseRoute]:
    # fmt: off
    return [
        _route(site, "/v1.0/me",                  _USER_READERS, me),
        _route(site, "/v1.0/me/messages",         {"Mail.Read", "Mail.ReadWrite"}, messages),
        _route(site, "/oidc/userinfo",            {"openid"}, userinfo),
        _route(site, "/{tenant}/openid/userinfo", {"openid"}, userinfo),
    ]
    # fmt: on


def _route(site: Site, path: str, any_of: set[str], handler: Handler) -> Route:
    async def answer(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=_CORS)
        caller = await authenticate(site.here, request)
        if isinstance(caller, Unauthenticated):
            return graph_error(site, request, 401, "InvalidAuthenticationToken", caller.message)
        if isinstance(caller, WithoutUser):
            message = "An application's own token speaks for no user: this request needs somebody who is signed in."
            return graph_error(site, request, 403, "Authorization_RequestDenied", message)
        if not caller.scopes & any_of:
            message = f"Insufficient privileges: the token needs one of {', '.join(sorted(any_of))}."
            return graph_error(site, request, 403, "Authorization_RequestDenied", message)
        return await handler(site, request, caller)

    return Route(path, answer, methods=["GET", "POST", "OPTIONS"] if "userinfo" in path else ["GET", "OPTIONS"])


async def me(site: Site, _request: Request, caller: Caller) -> Response:
    context = f"{site.here.origin}/v1.0/$metadata#users/$entity"
    return _answer({"@odata.context": context, **_user(caller.user)})


async def messages(site: Site, request: Request, caller: Caller) -> Response:
    top, skip = _count(request, "$top", 10), _count(request, "$skip", 0)
    if top is None or skip is None or not 0 < top <= _MAX_TOP:
        return graph_error(site, request, 400, "BadRequest", f"$top is 1 to {_MAX_TOP}, $skip 0 or more.")
    user = caller.user
    found = await site.here.store.find_messages(user.tenant_id, user.id, skip=skip, top=top + 1)
    address = f"{site.here.origin}/v1.0/me/messages"
    members: dict[str, object] = {
        "@odata.context": f"{site.here.origin}/v1.0/$metadata#users('{user.id}')/messages",
        "value": [_message(one) for one in found[:top]],
    }
    if len(found) > top:
        members["@odata.nextLink"] = f"{address}?$top={top}&$skip={skip + top}"
    return _answer(members)


async def userinfo(site: Site, _request: Request, caller: Caller) -> Response:
    """`sub` is the calling client's, the same as in its ID token."""
    user, scopes = caller.user, caller.scopes
    profile: dict[str, object] = {}
    if "profile" in scopes:
        profile = {"name": user.display_name, "family_name": user.surname, "given_name": user.given_name}
    members: dict[str, object] = {
        "sub": pairwise_subject(site.here.pairwise_key(user.tenant_id), user.tenant_id, user.id, caller.client_id),
        **profile,
        "email": user.mail if "email" in scopes else None,
    }
    return _answer({name: value for name, value in members.items() if value is not None})


def _answer(members: object) -> Response:
    return json_answer(members, headers={**NO_STORE, **_CORS})


def _count(request: Request, name: str, default: int) -> int | None:
    text = request.query_params.get(name)
    if text is None:
        return default
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _user(user: User) -> dict[str, object]:
    return {
        "businessPhones": [],
        "displayName": user.display_name,
        "givenName": user.given_name,
        "jobTitle": user.job_title,
        "mail": user.mail,
        "mobilePhone": None,
        "officeLocation": None,
        "preferredLanguage": None,
        "surname": user.surname,
        "userPrincipalName": user.user_principal_name,
        "id": user.id,
    }


def _message(message: Message) -> dict[str, object]:
    return {
        "id": message.id,
        "receivedDateTime": as_datetime(message.received_at).isoformat().replace("+00:00", "Z"),
        "subject": message.subject,
        "bodyPreview": message.body[:_PREVIEW],
        "isRead": message.is_read,
        "body": {"contentType": "text", "content": message.body},
        "from": {"emailAddress": {"name": message.sender_name, "address": message.sender_address}},
    }
