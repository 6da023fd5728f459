"""What the editor's script asks as somebody types: what is wrong, and what may be written at the caret."""

from attrs import asdict
from starlette.responses import Response

from entrada.core.directory.administration.problem import Problem
from entrada.core.gateway.completion import Suggested, Suggestions, completions
from entrada.server.web.http.json_answer import json_answer
from entrada.server.web.portal.door import page
from entrada.server.web.portal.gateway.desk import AT, Desk
from entrada.server.web.portal.gateway.policies.findings import checked, findings, numbered
from entrada.server.web.portal.gateway.policies.snippets import apis_known, document_url
from entrada.server.web.portal.gateway.policies.target import target_of
from entrada.server.web.signed_in.form import Form

_MOST = 100


async def check(desk: Desk, form: Form) -> Response:
    """A part of the page: it answers the question, whatever the answer."""
    target = target_of(desk, form.get("scope"))
    text = form.get("policy")
    found = [] if isinstance(target, Problem) else findings(checked(desk, target, text))
    template = "portal/gateway/policies/findings.html"
    return page(desk.visitor, template, title="", at=AT, found=found, lines=numbered(text, found), is_live=True)


async def complete(desk: Desk, form: Form) -> Response:
    target = target_of(desk, form.get("scope"))
    if isinstance(target, Problem):
        return json_answer([])
    place, values = (_number(form, "line"), _number(form, "column")), desk.configuration.values_in_policies
    found = completions(form.get("policy"), *place, target.scope.name, values, await _suggested(desk))
    return json_answer([asdict(one) for one in found[:_MOST]])


def _number(form: Form, name: str) -> int:
    """0 for what is none, where nothing stands."""
    text = form.get(name)
    return int(text) if text.isdecimal() and len(text) < 7 else 0


async def _suggested(desk: Desk) -> Suggestions:
    """What this installation knows: its discovery document, and the APIs that tokens are for."""
    apis = await apis_known(desk)
    audiences = tuple(
        Suggested(value=audience, what=one.display_name)
        for one in apis
        for audience in (one.app_id, *one.identifier_uris)
    )
    applications = tuple(Suggested(value=one.app_id, what=one.display_name) for one in apis)
    documents = (
        Suggested(value=document_url(desk), what="this tenant's tokens of version 2"),
        Suggested(value=document_url(desk).replace("/v2.0/", "/"), what="this tenant's tokens of version 1"),
    )
    tenants = (Suggested(value=desk.place.tenant_id, what="this tenant"),)
    return {
        ("openid-config", "url"): documents,
        ("validate-azure-ad-token", "tenant-id"): tenants,
        ("audience", ""): audiences,
        ("application-id", ""): applications,
    }
