"""Browser sessions opened, replaced, ended one by one and all at once, while codes and refresh tokens of theirs arrive.

The use cases are the real ones and wait at each commit; the model is told of what was committed, in that order, and must
always say what the store says.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any

import hypothesis.strategies as st
import pytest
from attrs import evolve, frozen
from hypothesis.stateful import Bundle, consumes, initialize, invariant, multiple, rule

from entrada.core.directory.administration.actor import Via
from entrada.core.directory.application import Platform
from entrada.core.directory.ids import FamilyId, SessionId, TenantId
from entrada.core.directory.user import User
from entrada.core.errors.reason import Refusal
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol import lifetimes
from entrada.core.protocol.artefacts.interaction import Interaction
from entrada.core.protocol.effects import (
    Effect,
    EndSession,
    OpenFamily,
    OpenSession,
    PutEntity,
    RecordAudit,
    RevokeFamily,
    RevokeSessionFamilies,
    RotateFamily,
    StrengthenSession,
)
from entrada.core.protocol.grants import authorization_code, refresh_token
from entrada.core.protocol.grants.authorization_code import Seen
from entrada.core.protocol.grants.code_payload import CodePayload
from entrada.core.protocol.grants.decision import Issue
from entrada.core.protocol.grants.refresh_token_payload import RefreshTokenPayload
from entrada.core.protocol.grants.standing import Standing
from entrada.core.protocol.parameters import Parameters
from entrada.core.protocol.sign_in.next_step import Progress
from entrada.core.protocol.sign_in.proof import Claimant, prove
from entrada.core.protocol.token_family import FamilyKey, TokenFamily
from entrada.core.protocol.version import Version
from entrada.server.store.port import StoreContended
from entrada.server.usecases.audited import in_person
from entrada.server.usecases.browser import Browser
from entrada.server.usecases.own_sessions import end_all_sessions, end_own_session
from entrada.server.usecases.redeem_code import look
from entrada.server.usecases.sign_in import SignedInNow, admit
from entrada.server.usecases.sign_out import SignOutRequest, sign_out_chosen
from tests.machines.stage import Machine, Stage
from tests.protocol.known import BEN, CLIENT, HERE, NOW, STANDING, TENANT, as_platform
from tests.protocol.test_authorization_code import CODE, GRANTED, REQUEST

PUBLIC = as_platform(CLIENT, Platform.PUBLIC_CLIENT)


@frozen
class Known:
    """What there was when somebody began to end it."""

    sessions: frozenset[SessionId]
    tokens: frozenset[int]


class BrowserSessions(Machine):
    sign_ins = Bundle("sign_ins")
    endings = Bundle("endings")
    codes = Bundle("codes")
    grants = Bundle("grants")

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.live: dict[SessionId, bool] = {}
        self.since: dict[SessionId, NumericDate] = {}
        self.strong: dict[SessionId, tuple[str, ...]] = {}
        self.families: dict[FamilyKey, TokenFamily] = {}
        self.heard = 0  # of what was committed
        self.redeemed: set[FamilyId] = set()
        self.dead_sessions: set[SessionId] = set()
        self.dead_tokens: set[int] = set()
        self.left: set[SessionId] = set()  # ended, but its applications keep their refresh tokens
        self.handed_out: list[RefreshTokenPayload] = []

    @initialize()
    def begin_with_a_user(self) -> None:
        tenant = evolve(TENANT, id=TenantId(self.stage.guid()), domains=())
        self.user_key = (tenant.id, BEN.id)
        user = evolve(BEN, tenant_id=tenant.id)
        assert self.run(self.store.commit([PutEntity(tenant), PutEntity(user)]))
        self.browsers = [Browser(secret="one"), Browser(secret="two")]
        for at in (0, 1):
            self.let_a_sign_in_through(self.prove_oneself(at=at, stronger=False))
            self.present_a_code(code=self.authorize(at=at), at_once=True)

    def user(self) -> User:
        found = self.run(self.store.find_user(*self.user_key))
        assert found is not None
        return found

    # ---- sessions ----

    @rule(target=sign_ins, at=st.sampled_from([0, 1]), stronger=st.booleans())
    def prove_oneself(self, at, stronger):
        """Opens a session in place of the browser's own."""
        methods = ("pwd", "mfa") if stronger else ("pwd",)
        claimant = Claimant(user=self.user(), authenticated_at=self.now, methods=methods, keep=False)
        return at, None, self.begin(self.admit(at, claimant))

    @rule(target=sign_ins, at=st.sampled_from([0, 1]))
    def step_up(self, at):
        """Makes the browser's own session stronger, if it lives."""
        signed_in = self.browsers[at].sessions
        if not signed_in:
            return multiple()
        user, session, methods = self.user(), signed_in[0].session_id, ("pwd", "otp", "mfa")
        proof = evolve(prove(user, self.since[session], methods, keep=False, now=self.now), session_id=session)
        claimant = Claimant(
            user=user, authenticated_at=proof.authenticated_at, methods=methods, keep=False, proof=proof
        )
        return at, session, self.begin(self.admit(at, claimant))

    def admit(self, at: int, claimant: Claimant) -> Coroutine[None, None, SignedInNow | None]:
        interaction = Interaction(
            segment="common",
            version=Version.V2,
            parameters=Parameters(),
            browser=b"",
            correlation_id="",
            progress=Progress(started_at=self.now),
        )
        return admit(self.here, claimant, interaction, self.browsers[at], self.stage.guid())

    @rule(sign_in=consumes(sign_ins))
    def let_a_sign_in_through(self, sign_in):
        at, to_strengthen, request = sign_in
        assert self.let_through(request)
        self.hear()
        signed_in: SignedInNow | None = request.task.result()
        if signed_in is None:
            assert not self.live[to_strengthen], "a live session could not become stronger"
        else:
            assert to_strengthen in (None, signed_in.browser.sessions[0].session_id), "it became another session"
            self.browsers[at] = signed_in.browser

    @rule(target=endings, at=st.sampled_from([0, 1]), at_once=st.booleans())
    def sign_out(self, at, at_once):
        """The applications keep their refresh tokens."""
        known = Known(frozenset(one.session_id for one in self.browsers[at].sessions), frozenset())
        return self.ending(known, sign_out_chosen(self.here, SignOutRequest(), self.browsers[at], None), at_once)

    @rule(target=endings, which=st.integers(0, 3), at=st.sampled_from([0, 1]), at_once=st.booleans())
    def end_one(self, which, at, at_once):
        session = list(self.live)[-1 - which % len(self.live)]
        known = Known(frozenset({session}), self.tokens_of({session} if self.live[session] else set()))
        work = end_own_session(self.here, self.user(), self.browsers[at], session)
        return self.ending(known, work, at_once)

    @rule(target=endings, at=st.sampled_from([0, 1]), at_once=st.booleans())
    def end_all(self, at, at_once):
        live = {session for session, live in self.live.items() if live}
        known = Known(frozenset(live), self.tokens_of(live))
        return self.ending(
            known,
            end_all_sessions(self.here, in_person(self.user(), Via.ACCOUNT, "c"), self.user(), self.browsers[at]),
            at_once,
        )

    def ending(self, known: Known, work: Coroutine[Any, Any, object], at_once: bool):
        begun = known, self.begin(work)
        return self.let_an_ending_through(begun) if at_once else begun

    def tokens_of(self, sessions: set[SessionId]) -> frozenset[int]:
        found = (self.families.get(token.key) for token in self.handed_out)
        own = (at for at, family in enumerate(found) if family is not None and family.session_id in sessions)
        return frozenset(own)

    @rule(target=endings, ending=consumes(endings))
    def let_an_ending_through(self, ending):
        known, request = ending
        over = self.let_through(request)
        self.hear()
        if not over:
            return ending
        if isinstance(request.task.exception(), StoreContended):
            return multiple()
        request.task.result()
        self.dead_sessions |= known.sessions
        # Of a session that was left meanwhile the families end by the date, which spares those of this very second.
        self.dead_tokens |= known.tokens - self.tokens_of(self.left)
        return multiple()

    # ---- codes and tokens ----

    @rule(target=codes, at=st.sampled_from([0, 1]))
    def authorize(self, at):
        signed_in = self.browsers[at].sessions
        if not signed_in:
            return multiple()
        session = signed_in[0].session_id
        return evolve(
            CODE,
            tenant_id=self.user_key[0],
            id=FamilyId(self.stage.guid()),
            session_id=session,
            platform=Platform.PUBLIC_CLIENT,
            authenticated_at=self.since[session],
            issued_at=self.now,
            family_ends_at=NumericDate(NOW + lifetimes.FAMILY),
        )

    @rule(target=grants, code=codes, at_once=st.booleans())
    def present_a_code(self, code, at_once):
        late = code.authenticated_at < self.user().sign_in_sessions_valid_from
        begun = late or code.session_id in self.dead_sessions, self.begin(self.redeem(code))
        return self.let_a_grant_through(begun) if at_once else begun

    @rule(target=grants, which=st.integers(0, 3), at_once=st.booleans())
    def present_a_token(self, which, at_once):
        token = len(self.handed_out) - 1 - which % len(self.handed_out)
        presented = self.handed_out[token]
        late = presented.authenticated_at < self.user().sign_in_sessions_valid_from
        begun = late or token in self.dead_tokens, self.begin(self.refresh(presented))
        return self.let_a_grant_through(begun) if at_once else begun

    @rule(target=grants, grant=consumes(grants))
    def let_a_grant_through(self, grant):
        """Once its commit did not hold it looks again, and commits what it decides of what it saw."""
        too_late, request = grant
        while not self.let_through(request):
            pass
        self.hear()
        answer: Issue | Refusal = request.task.result()
        if isinstance(answer, Issue):
            assert not too_late
            assert answer.successor is not None
            self.handed_out.append(answer.successor)
        return multiple()

    async def standing(self) -> Standing:
        user = await self.store.find_user(*self.user_key)
        return evolve(STANDING, user=user, member=user)

    async def redeem(self, code: CodePayload) -> Issue | Refusal:
        """As the use case does, save what it reads of the request and signs."""
        now, standing, seen = self.now, await self.standing(), Seen()
        request = evolve(REQUEST, client=PUBLIC)
        while True:
            decision = authorization_code.decide(request, code, standing, GRANTED, seen, now)
            if await self.here.store.commit(decision.effects):
                return decision.answer
            seen = await look(self.here, authorization_code.family_key(code), code.session_id, now)

    async def refresh(self, token: RefreshTokenPayload) -> Issue | Refusal:
        now, standing = self.now, await self.standing()
        request = refresh_token.Request(authority=HERE, client=PUBLIC)
        while True:
            family = await self.store.find_family(token.key)
            decision = refresh_token.decide(request, token, family, standing, GRANTED, now)
            if await self.here.store.commit(decision.effects):
                return decision.answer

    @rule(seconds=st.sampled_from([1, 11]))
    def wait(self, seconds):
        self.clock.advance(seconds)

    # ---- the model ----

    def hear(self) -> None:
        for effects in self.gate.committed[self.heard :]:
            ended = {one.session_id for one in effects if isinstance(one, EndSession)}
            self.left |= ended - {one.session_id for one in effects if isinstance(one, RevokeSessionFamilies)}
            for effect in effects:
                self.apply(effect)
        self.heard = len(self.gate.committed)

    def apply(self, effect: Effect) -> None:
        match effect:
            case OpenSession(session, _):
                assert session.id not in self.live
                self.live[session.id] = True
                self.since[session.id] = session.authenticated_at
                self.strong[session.id] = session.methods
            case StrengthenSession(_, session_id, methods, _):
                assert self.live[session_id], "a session that had ended became stronger"
                self.strong[session_id] = methods
            case EndSession(_, session_id, _):
                self.live[session_id] = False
            case OpenFamily(family):
                assert family.session_id is not None
                assert self.live[family.session_id], "a family hangs on a session that had ended"
                assert family.key.id not in self.redeemed, "a code was redeemed twice"
                self.redeemed.add(family.key.id)
                self.families[family.key] = family
            case RotateFamily(key, generation, at):
                family = self.families[key]
                assert (family.generation, family.revoked_at) == (generation, None)
                self.families[key] = evolve(family, generation=generation + 1, rotated_at=at)
            case RevokeFamily(key, at):
                self.revoke([key], at)
            case RevokeSessionFamilies(_, session_id, at):
                self.revoke([key for key, one in self.families.items() if one.session_id == session_id], at)
            case _:
                assert isinstance(effect, PutEntity | RecordAudit)

    def revoke(self, keys: list[FamilyKey], at: NumericDate) -> None:
        for key in keys:
            family = self.families.get(key)
            if family is not None and family.revoked_at is None:
                self.families[key] = evolve(family, revoked_at=at)

    # ---- what must hold ----

    @invariant()
    def the_store_says_what_was_committed(self) -> None:
        sessions, clients, families = self.run(self.stored())
        assert {one.id for one in sessions} == {one for one, live in self.live.items() if live}
        assert all(one.methods == self.strong[one.id] for one in sessions)
        assert families == list(self.families.values())
        hanging = {family.session_id for family in families}
        assert clients == [{CLIENT.app_id} if session in hanging else set() for session in self.live]

    async def stored(self):
        return await asyncio.gather(
            self.store.list_sessions(*self.user_key),
            asyncio.gather(*(self.store.list_session_clients(self.user_key[0], one) for one in self.live)),
            asyncio.gather(*map(self.store.find_family, self.families)),
        )

    @invariant()
    def what_was_ended_stays_ended(self) -> None:
        """Revoked, or from before the moment since when the account's sign-ins count."""
        valid_from = self.user().sign_in_sessions_valid_from
        alive = [one for one in self.dead_sessions if self.live.get(one) and self.since[one] >= valid_from]
        assert alive == []
        tokens = [self.handed_out[at] for at in self.dead_tokens]
        current = {token.key for token in tokens if token.authenticated_at >= valid_from}
        assert [key for key in current if self.families[key].revoked_at is None] == []


@pytest.mark.hypothesis
def test_browser_sessions(stage):
    stage.play(BrowserSessions, steps=40)
