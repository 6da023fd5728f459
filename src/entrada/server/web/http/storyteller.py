"""Outside of every endpoint: what was decided for a request becomes a story once it is answered.  Design 4, 10."""

from typing import Final

from attrs import evolve
from starlette.types import ASGIApp, Receive, Scope, Send

from entrada.core.directory.ids import ANY_TENANT, TenantId
from entrada.core.directory.story import Fact, Kind, Story
from entrada.core.protocol.shown_parameters import LONGEST, measured, shown
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.journal import Draft
from entrada.server.web.http.heard import Decision, Heard, now_heard

_OF_A_SIGN_IN: Final = frozenset({"sign-in", "authorize", "consent", "admin consent", "device"})
_GRANTS: Final = {"client_credentials": Kind.SERVICE_PRINCIPAL, "password": Kind.INTERACTIVE}
_LONGEST_ID: Final = 64
_WAITING: Final = frozenset({"authorization_pending", "slow_down"})
_TOO_MANY: Final = 429


class Storyteller:
    def __init__(self, app: ASGIApp, here: Installation) -> None:
        self._app, self._here = app, here

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        heard = Heard(scope)
        token = now_heard.set(heard)
        try:
            await self._app(scope, receive, send)
        finally:
            now_heard.reset(token)
            self._tell(heard)

    def _tell(self, heard: Heard) -> None:
        if not heard.decisions:
            return
        decision = _what_it_came_to(heard)
        if not _asks_again(decision) and self._has_room(heard, decision):
            self._here.journal.keep(draft(heard, decision))

    def _has_room(self, heard: Heard, decision: Decision) -> bool:
        journal, at = self._here.journal, decision.trace.at
        if decision.granted:
            return journal.has_room_for_granted(at)
        return _is_known(heard) or journal.has_room_for_stranger(at)


def draft(heard: Heard, decision: Decision) -> Draft:
    facts = {**heard.known, **_facts(heard), **decision.facts}
    story = Story(
        tenant_id=TenantId(facts.get("tenant") or ANY_TENANT),
        trace_id=decision.trace.trace_id,
        at=decision.trace.at,
        correlation_id=decision.trace.correlation_id,
        kind=_kind(heard, decision),
        event=decision.event,
        granted=decision.granted,
        asked=(Fact(name="request", value=f"{heard.method} {heard.path}"[:LONGEST]), *_asked(heard)),
        weighed=tuple(Fact(name=name, value=value) for name, value in _weighed(heard, decision)),
        user_id=facts.get("user") or facts.get("user_id"),
        client_id=_short(facts.get("client") or heard.asked.get("client_id")),
        resource_id=facts.get("resource"),
        address=heard.address or "",
        user_agent=heard.user_agent,
    )
    home = facts.get("home")
    return Draft(story=_with_reason(story, decision), names=_names(heard), home=TenantId(home) if home else None)


def _what_it_came_to(heard: Heard) -> Decision:
    """One request may decide several things, as a password and then a code; a refusal is what people ask about."""
    return next((one for one in heard.decisions if not one.granted), heard.decisions[-1])


def _asks_again(decision: Decision) -> bool:
    """A program that waits, as it should, or was told to: any number of times, and there is nothing to find out."""
    reason = decision.refusal.reason if decision.refusal is not None else None
    return reason is not None and (reason.error in _WAITING or reason.status == _TOO_MANY)


def _is_known(heard: Heard) -> bool:
    """Somebody of a tenant was named by more than their own word, or at least exists."""
    facts = {**heard.known, **_facts(heard)}
    return bool(heard.known.get("client") or facts.get("user") or facts.get("user_id"))


def _kind(heard: Heard, decision: Decision) -> Kind:
    """Interactive where a credential was entered, or was to be: so each row of a session that was opened has one story.

    Whoever is signed in already, and is let on, signs in without interaction.
    """
    if decision.event == "managed identity":
        return Kind.MANAGED_IDENTITY
    if decision.event == "token":
        return _GRANTS.get(heard.asked.get("grant_type", ""), Kind.NON_INTERACTIVE)
    if any(one.event == "sign-in" and one.granted for one in heard.decisions):
        return Kind.INTERACTIVE
    if decision.event not in _OF_A_SIGN_IN or (decision.granted and decision.event != "authorize"):
        return Kind.OTHER
    silent = decision.granted or heard.asked.get("prompt") == "none"
    return Kind.NON_INTERACTIVE if silent else Kind.INTERACTIVE


def _with_reason(story: Story, decision: Decision) -> Story:
    if decision.told is not None:
        return evolve(story, rule=decision.told.code, said=decision.told.message)
    refusal = decision.refusal
    if refusal is None:
        return story
    reason = refusal.reason
    return evolve(story, aadsts=reason.code, rule=reason.name, said=refusal.text, advice=refusal.advice)


def _asked(heard: Heard) -> tuple[Fact, ...]:
    facts = shown(heard.asked.items())
    if not heard.authorization:
        return facts
    scheme, _, value = heard.authorization.partition(" ")
    word = scheme if scheme.lower() in ("basic", "bearer") else "of another scheme"
    return (*facts, Fact(name="Authorization", value=f"{word} {measured(value)}"))


def _weighed(heard: Heard, decision: Decision) -> list[tuple[str, str]]:
    facts = {**decision.facts}
    if decision.refusal is not None:
        facts.update({**decision.refusal.facts, **decision.refusal.weighed})
    also = [one for one in heard.decisions if one is not decision]
    told = [("also decided", f"{one.event} {'granted' if one.granted else 'refused'}") for one in also]
    return [*((name, value[:LONGEST]) for name, value in facts.items()), *told]


def _facts(heard: Heard) -> dict[str, str]:
    """Whose it is, by whatever was decided."""
    found: dict[str, str] = {}
    for one in heard.decisions:
        found.update(one.facts)
        if one.refusal is not None:
            found.update({name: value for name, value in one.refusal.weighed.items() if name == "user_id"})
    return found


def _names(heard: Heard) -> tuple[str, ...]:
    typed = heard.asked.get("username") or heard.asked.get("login_hint") or ""
    return heard.path.lstrip("/").partition("/")[0], typed.rpartition("@")[2].strip()


def _short(text: str | None) -> str | None:
    return text[:_LONGEST_ID] if text else None
