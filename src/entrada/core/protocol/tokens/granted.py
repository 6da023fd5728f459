"""What a token may carry: the scopes held for one resource, and how the answer spells them.  Reference section 16.1."""

from attrs import frozen

from entrada.core.directory.application import Application
from entrada.core.directory.permission import PermissionScope
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.consent.held import Held
from entrada.core.protocol.scope import DEFAULT, ResourceScopes, ScopeRequest, Word


@frozen(kw_only=True)
class Granted:
    resource: Application
    identifier: str
    scopes: tuple[str, ...]  # `scp`, in order
    oidc: frozenset[str]
    scope: str  # the response member; empty for an application's own token, which has none

    @property
    def offline(self) -> bool:
        return "offline_access" in self.oidc


def granted(request: ScopeRequest, client: Application, graph: Application, held: Held) -> Granted | Refusal:
    """Every scope granted for the resource asked first; refused when one that was asked by name is not granted."""
    part = next(iter(request.resources), None) or ResourceScopes(
        resource=graph, words=(Word("", DEFAULT),), scopes=(), default=True
    )
    missing = _missing(request.oidc, part, graph, held)
    values = held.of(part.resource)
    if missing or not values:
        facts = {"scope": " ".join(missing) or str(part.words[0]), "client_id": client.app_id}
        return Refusal(why.CONSENT_MISSING, {**facts, "name": client.display_name})
    on_graph = part.resource.app_id == graph.app_id
    oidc = held.of(graph) & request.oidc
    shown = _oidc_first(oidc, values) if on_graph else sorted(values)
    return Granted(
        resource=part.resource,
        identifier=part.words[0].identifier,
        scopes=tuple(shown),
        oidc=oidc,
        scope=_response_scope(part, shown, on_graph=on_graph, asked=bool(request.resources)),
    )


def _missing(asked: frozenset[str], part: ResourceScopes, graph: Application, held: Held) -> list[str]:
    oidc = sorted(asked - held.of(graph))
    named = [str(word) for word, scope in _named(part) if scope.value not in held.of(part.resource)]
    return [*oidc, *named]


def _named(part: ResourceScopes) -> list[tuple[Word, PermissionScope]]:
    return [] if part.default else list(zip(part.words, part.scopes, strict=True))


def _oidc_first(oidc: frozenset[str], values: frozenset[str]) -> list[str]:
    # Captures: `email openid profile User.Read`; offline_access is never listed.
    hosted = {"openid", "profile", "email", "offline_access"}
    return [*sorted(oidc - {"offline_access"}), *sorted(values - hosted)]


def _response_scope(part: ResourceScopes, values: list[str], *, on_graph: bool, asked: bool) -> str:
    # MSAL files the token under this text and looks it up by what it asked, so each word keeps the client's spelling.
    spelled = {scope.value: str(word) for word, scope in _named(part)}
    oidc = {"openid", "profile", "email"} if on_graph else set[str]()
    words = [value if value in oidc else spelled.get(value, part.prefix + value) for value in values]
    if part.default and asked:
        words.append(str(part.words[0]))
    return " ".join(words)
