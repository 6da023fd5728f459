"""The story of one request: what was asked, what was decided, by which rule, and what to change."""

from typing import Final

from starlette.responses import Response

from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.graph.sign_in import ToldStory
from entrada.core.directory.ids import parse_guid
from entrada.core.errors import catalogue as why
from entrada.server.usecases.administer.logs import find_story, list_related
from entrada.server.web.http.user_agent import in_words
from entrada.server.web.portal.door import Visitor, page, problem_page
from entrada.server.web.portal.logs.sign_ins import AT, KINDS, PATH

_CRUMBS: Final = (("Sign-in logs", PATH),)
_APPLICATIONS: Final = "/portal/applications"
_REDIRECT_URIS: Final = frozenset({why.REPLY_ADDRESS_MISMATCH.code, why.NO_REPLY_ADDRESS.code})
_CREDENTIALS: Final = frozenset(
    {why.WRONG_SECRET.code, why.SECRET_EXPIRED.code, why.CREDENTIAL_MISSING.code, why.CERTIFICATE_EXPIRED.code}
)
_NOT_KEPT: Final = (
    "Stories are kept for a while, those of the newest requests; one is written within a second of its request, and "
    "may be left out where thousands succeed at once. The server's log has a line with the same ID, as trace_id."
)


async def show(visitor: Visitor) -> Response:
    trace_id = parse_guid(visitor.param("trace_id")) or visitor.param("trace_id")[:100]
    told = await find_story(visitor.here, visitor.actor, trace_id)
    if isinstance(told, Problem):
        if told.status != 404:
            return problem_page(visitor, told, at=AT, crumbs=_CRUMBS)
        return page(
            visitor, "portal/logs/no_story.html", title="No story", at=AT, crumbs=_CRUMBS, problem=told, why=_NOT_KEPT
        )
    story = told.story
    related = await list_related(visitor.here, visitor.actor, story)
    return page(
        visitor,
        "portal/logs/story.html",
        title="Granted" if story.granted else f"Refused: {_named(story.aadsts, story.rule)}",
        at=AT,
        crumbs=_CRUMBS,
        told=told,
        story=story,
        kind=KINDS[story.kind],
        program=in_words(story.user_agent) if story.user_agent else None,
        related=() if isinstance(related, Problem) or len(related) < 2 else related,
        rule=_rule_docs(story.aadsts),
        mend=_where_to_mend(told),
        links=_links(told),
    )


def _where_to_mend(told: ToldStory) -> tuple[str, str] | None:
    """The page of the application that holds what it was refused for, where this tenant registered it."""
    reason = told.story.aadsts
    if told.app_object_id is None or reason is None:
        return None
    if reason in _REDIRECT_URIS:
        return "The application's redirect URIs", f"{_APPLICATIONS}/{told.app_object_id}/authentication"
    if reason in _CREDENTIALS:
        return "The application's certificates and secrets", f"{_APPLICATIONS}/{told.app_object_id}/credentials"
    return None


def _links(told: ToldStory) -> list[tuple[str, str]]:
    story, links = told.story, list[tuple[str, str]]()
    if story.user_id is not None and told.user_display_name is not None:
        links.append((f"User {told.user_display_name}", f"/portal/users/{story.user_id}"))
    if told.app_object_id is not None:
        links.append((f"Application {told.app_display_name}", f"{_APPLICATIONS}/{told.app_object_id}"))
    return links


def _named(aadsts: int | None, rule: str | None) -> str:
    return f"AADSTS{aadsts}" if aadsts is not None else rule or "an error"


def _rule_docs(aadsts: int | None) -> str | None:
    return f"/error?code={aadsts}" if aadsts is not None else None
