"""What people write most, with this installation filled in, to be copied or put in at the caret."""

from typing import Final
from xml.sax.saxutils import escape

from attrs import frozen

from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.application import Application
from entrada.core.directory.query.query import MOST, Query
from entrada.server.usecases.administer.applications import list_applications
from entrada.server.web.portal.gateway.desk import Desk

_MOST: Final = 20  # registered APIs to choose among


@frozen(kw_only=True)
class Snippet:
    title: str
    what: str
    text: str


async def snippets(desk: Desk) -> list[Snippet]:
    return [*(_validate_jwt(document_url(desk, one), one) for one in await apis_known(desk)), *_USUAL]


def document_url(desk: Desk, app: Application | None = None) -> str:
    """The registration of an API decides the version of its tokens, and so which of the two documents is theirs."""
    version = "" if app is not None and app.requested_access_token_version != 2 else "/v2.0"
    return f"{desk.here.origin}/{desk.place.tenant_id}{version}/.well-known/openid-configuration"


async def apis_known(desk: Desk) -> list[Application]:
    """Registered applications that tokens can be for, as far as the visitor may see them."""
    page = await list_applications(desk.here, desk.actor, Query(top=MOST))
    if isinstance(page, Problem):
        return []
    return [one for one in page.items if one.identifier_uris or one.app_roles][:_MOST]


def _validate_jwt(document: str, app: Application) -> Snippet:
    audiences = "".join(f"\n        <audience>{escape(one)}</audience>" for one in (app.app_id, *app.identifier_uris))
    text = f"""<validate-jwt header-name="Authorization" failed-validation-httpcode="401">
    <openid-config url="{document}" />
    <audiences>{audiences}
    </audiences>
    <required-claims>
        <claim name="scp" match="any" separator=" ">
            <value>SCOPE</value>
        </claim>
    </required-claims>
</validate-jwt>"""
    scope = next((one.value for one in app.scopes), "")
    text = text.replace("SCOPE", escape(scope)) if scope else _without_claims(text)
    what = "Goes into inbound: lets in tokens of this tenant for that API."
    return Snippet(title=f"validate-jwt for {app.display_name}", what=what, text=text)


def _without_claims(text: str) -> str:
    start, end = text.index("    <required-claims>"), text.index("</validate-jwt>")
    return text[:start] + text[end:]


_USUAL: Final = (
    Snippet(
        title="check-header",
        what="Goes into inbound: lets in only requests with one of these values.",
        text='<check-header name="X-Caller" failed-check-httpcode="403" failed-check-error-message="Who is calling?"'
        ' ignore-case="true">\n    <value>partner</value>\n</check-header>',
    ),
    Snippet(
        title="cors",
        what="Goes first in inbound: pages of these origins may call.",
        text='<cors allow-credentials="false">\n    <allowed-origins>\n        <origin>https://localhost:5173</origin>\n'
        "    </allowed-origins>\n    <allowed-methods>\n        <method>*</method>\n    </allowed-methods>\n"
        "    <allowed-headers>\n        <header>*</header>\n    </allowed-headers>\n</cors>",
    ),
    Snippet(
        title="rate-limit-by-key",
        what="Goes into inbound: so many calls of one address in a minute.",
        text='<rate-limit-by-key calls="60" renewal-period="60" counter-key="@(context.Request.IpAddress)"'
        ' remaining-calls-header-name="X-RateLimit-Remaining" />',
    ),
    Snippet(
        title="rate-limit",
        what="Goes into inbound: so many calls of one subscription in a minute.",
        text='<rate-limit calls="60" renewal-period="60" />',
    ),
    Snippet(
        title="set-header from a claim",
        what='Goes into inbound, behind validate-jwt with output-token-variable-name="jwt".',
        text='<set-header name="X-User" exists-action="override">\n    <value>@(((Jwt)context.Variables["jwt"])'
        '.Claims.GetValueOrDefault("oid", ""))</value>\n</set-header>',
    ),
    Snippet(
        title="rewrite-uri",
        what="Goes into inbound: asks the backend for another path.",
        text='<rewrite-uri template="/v2/{id}" copy-unmatched-params="true" />',
    ),
    Snippet(
        title="mock-response",
        what="Goes into inbound: answers with the operation's example.",
        text='<mock-response status-code="200" content-type="application/json" />',
    ),
    Snippet(
        title="return-response",
        what="Goes anywhere: answers with this.",
        text='<return-response>\n    <set-status code="403" reason="Forbidden" />\n'
        '    <set-header name="Content-Type">\n'
        "        <value>application/json</value>\n    </set-header>\n"
        '    <set-body>{ "statusCode": 403, "message": "Not here." }</set-body>\n</return-response>',
    ),
    Snippet(
        title="choose",
        what="Goes anywhere: the first branch whose condition holds.",
        text='<choose>\n    <when condition="@(context.Request.Method == "GET")">\n'
        '        <set-header name="X-Reading">\n'
        "            <value>true</value>\n        </set-header>\n    </when>\n    <otherwise />\n</choose>",
    ),
)  # fmt: skip
