"""`/v1.0/me/messages` and `/oidc/userinfo`.  Reference sections 36 and 38; OpenID Connect Core §5.3."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from entrada.core.directory.message import Message
from entrada.core.jose.numeric_date import as_datetime
from entrada.core.protocol.tokens.pairwise import pairwise_subject
from entrada.core.protocol.tokens.told_mail import told_mail
from entrada.server.web.by_token.bearer import Caller
from entrada.server.web.graph.door import answered, users_route
from entrada.server.web.graph.graph_error import graph_error
from entrada.server.web.graph.paging import MAX_TOP, read_page
from entrada.server.web.http.site import Site

_PREVIEW = 255
_MESSAGES = 10  # to a page


def routes(site: Site) -> list[BaseRoute]:
    # fmt: off
    return [
        users_route(site, "/v1.0/me/messages",         ["GET"],         {"Mail.Read", "Mail.ReadWrite"}, messages),
        users_route(site, "/oidc/userinfo",            ["GET", "POST"], {"openid"}, userinfo),
        users_route(site, "/{tenant}/openid/userinfo", ["GET", "POST"], {"openid"}, userinfo),
    ]
    # fmt: on


async def messages(site: Site, request: Request, caller: Caller) -> Response:
    page = read_page(request, _MESSAGES)
    if page is None:
        return graph_error(site, request, 400, "BadRequest", f"$top is 1 to {MAX_TOP}, $skip 0 or more.")
    user = caller.user
    found = await site.here.store.find_messages(user.tenant_id, user.id, skip=page.skip, top=page.top + 1)
    members: dict[str, object] = {
        "@odata.context": f"{site.here.origin}/v1.0/$metadata#users('{user.id}')/messages",
        "value": [_message(one) for one in found[: page.top]],
    }
    if len(found) > page.top:
        members["@odata.nextLink"] = page.next_link(f"{site.here.origin}/v1.0/me/messages")
    return answered(members)


async def userinfo(site: Site, _request: Request, caller: Caller) -> Response:
    """`sub` is the calling client's, the same as in its ID token."""
    user, scopes = caller.user, caller.scopes
    profile: dict[str, object] = {}
    if "profile" in scopes:
        profile = {"name": user.display_name, "family_name": user.surname, "given_name": user.given_name}
    members: dict[str, object] = {
        "sub": pairwise_subject(site.here.pairwise_key(user.tenant_id), user.tenant_id, user.id, caller.client.app_id),
        **profile,
        "email": told_mail(caller.account, caller.home, caller.client) if "email" in scopes else None,
    }
    return answered({name: value for name, value in members.items() if value is not None})


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
