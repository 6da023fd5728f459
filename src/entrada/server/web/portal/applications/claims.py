"""Token configuration: claims beyond the usual ones, and what tokens would say of a chosen user."""

import json
from collections.abc import Iterable, Mapping
from typing import Final, cast

from attrs import frozen
from starlette.responses import Response

from entrada.core.directory.administration.problem import Problem, not_found
from entrada.core.directory.application import Application
from entrada.core.directory.graph.application import application_json
from entrada.core.directory.ids import UserId, parse_guid
from entrada.core.directory.user import User
from entrada.core.protocol.tokens.optional_claims import OPTIONAL_CLAIMS, Token
from entrada.server.usecases.administer.preview_tokens import Preview, preview_tokens
from entrada.server.web.portal.applications.claim_words import CLAIM_WORDS
from entrada.server.web.portal.applications.desk import Desk, change, opened, show
from entrada.server.web.portal.door import Visitor
from entrada.server.web.signed_in.form import Form

_HERE: Final = "/claims"
GROUPS: Final = (
    ("SecurityGroup", "Security groups", "Every security group the user is in, nested ones too"),
    ("DirectoryRole", "Directory roles", "The roles the user holds, in the claim wids"),
    ("ApplicationGroup", "Groups assigned to the application", "Only those, which keeps tokens short"),
)
_TOKENS: Final = ("idToken", "accessToken")
Claim = dict[str, object]


@frozen
class Shown:
    title: str
    note: str
    text: str


async def claims(visitor: Visitor, problem: Problem | None = None, entered: Form | None = None) -> Response:
    desk = await opened(visitor)
    if isinstance(desk, Response):
        return desk
    whose = visitor.query("user")
    previewed = await _preview(desk, whose) if whose else None
    app = desk.app
    return show(
        desk,
        "portal/applications/claims.html",
        "Token configuration",
        problem,
        entered,
        names=[
            (name, Token.ID in row.may_stand_in, Token.ACCESS in row.may_stand_in)
            for name, row in OPTIONAL_CLAIMS.items()
        ],
        words=CLAIM_WORDS,
        in_id={one.name for one in app.optional_claims.id_token},
        in_access={one.name for one in app.optional_claims.access_token},
        groups=GROUPS,
        whose=whose,
        unseen=previewed.message if isinstance(previewed, Problem) else None,
        previews=list(_shown(previewed)) if isinstance(previewed, Preview) else [],
        refusal=previewed.refusal if isinstance(previewed, Preview) else None,
    )


async def save(visitor: Visitor, form: Form) -> Response:
    def compose(app: Application) -> Mapping[str, object]:
        asked = {token: _asked(app, token, form.all(token)) for token in _TOKENS}
        groups = [key for key, _, _ in GROUPS if key in form.all("groupMembershipClaims")]
        return {
            "optionalClaims": asked if any(asked.values()) else None,
            "groupMembershipClaims": ",".join(groups) or None,
            "api": {"requestedAccessTokenVersion": _version(app, form.get("api.requestedAccessTokenVersion"))},
        }

    return await change(visitor, form, compose, claims, said="The token configuration is saved.", back=_HERE)


def _version(app: Application, chosen: str) -> int | None:
    """1.0 is what an API gets that says nothing; one that says 1 goes on saying it."""
    said = app.requested_access_token_version
    return 2 if chosen == "2" else (1 if said == 1 else None)


def _asked(app: Application, token: str, names: Iterable[str]) -> list[Claim]:
    """Those that were there keep what else was said of them; names that this page does not know stay."""
    written = application_json(app)["optionalClaims"]
    known = cast("dict[str, list[Claim]]", written)[token] if written else []
    by_name = {str(one["name"]): one for one in known}
    others = [name for name in by_name if name not in OPTIONAL_CLAIMS]
    return [by_name.get(name, {"name": name}) for name in (*names, *others)]


async def _preview(desk: Desk, whose: str) -> Preview | Problem:
    visitor = desk.visitor
    user = await _user(visitor, whose)
    if user is None:
        return not_found("user", whose)
    return await preview_tokens(visitor.here, visitor.actor, desk.app.app_id, user.id)


async def _user(visitor: Visitor, whose: str) -> User | None:
    store, tenant_id, guid = visitor.here.store, visitor.tenant.id, parse_guid(whose)
    if guid is not None:
        return await store.find_user(tenant_id, UserId(guid))
    return await store.find_user_by_name(tenant_id, whose)


def _shown(preview: Preview) -> Iterable[Shown]:
    yield Shown("ID token", "", _text(preview.id_token))
    for one in preview.access_tokens:
        note = f"Not consented to yet: {', '.join(one.missing)}." if one.missing else ""
        yield Shown(f"Access token for {one.resource.display_name}", note, _text(one.claims))
    if preview.as_api is not None:
        title = f"Access token that others get for {preview.as_api.resource.display_name}"
        yield Shown(title, "", _text(preview.as_api.claims))


def _text(said: Mapping[str, object]) -> str:
    return json.dumps({name: value for name, value in said.items() if value is not None}, indent=2, ensure_ascii=False)
