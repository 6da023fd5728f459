"""Codes and refresh tokens whatever the interleaving: redeemed at most once, one live leaf, and no way around it.

The model knows one code, every token that was ever handed out, requests that decided and have not committed yet, and
time, which moves by seconds and by weeks.  Decisions are the core's; the stores are all three.
"""

import asyncio

import hypothesis.strategies as st
import pytest
from attrs import evolve
from hypothesis.stateful import Bundle, consumes, initialize, invariant, multiple, rule

from entrada.core.directory.application import Platform
from entrada.core.directory.ids import FamilyId, TenantId
from entrada.core.errors.reason import Refusal
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol import lifetimes
from entrada.core.protocol.effects import OpenSession
from entrada.core.protocol.grants import authorization_code, refresh_token
from entrada.core.protocol.grants.decision import Decision, Issue
from entrada.core.protocol.grants.refresh_token_payload import RefreshTokenPayload
from entrada.core.protocol.token_family import FamilyKey, TokenFamily
from tests.machines.stage import Machine, Stage
from tests.protocol.known import CLIENT, DAY, HERE, NOW, SESSION, STANDING, as_platform
from tests.protocol.test_authorization_code import CODE, GRANTED, REQUEST
from tests.store.known import SIGN_IN

PATIENCE = 60  # no request waits longer between its decision and its commit
Families = dict[FamilyKey, TokenFamily]


class Rotation(Machine):
    tokens = Bundle("tokens")
    waiting = Bundle("waiting")

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.redeemed = 0
        self.handed_out: list[RefreshTokenPayload] = []
        self.ended = False

    @initialize(target=tokens, platform=st.sampled_from([Platform.PUBLIC_CLIENT, Platform.SPA]), redeemed=st.booleans())
    def sign_in(self, platform: Platform, redeemed: bool):
        self.tenant = TenantId(self.stage.guid())
        self.client = as_platform(CLIENT, platform)
        lifetime = lifetimes.SPA_FAMILY if platform is Platform.SPA else lifetimes.FAMILY
        self.code = evolve(
            CODE,
            tenant_id=self.tenant,
            id=FamilyId(self.stage.guid()),
            platform=platform,
            family_ends_at=NumericDate(NOW + lifetime),
        )
        session = evolve(SESSION, tenant_id=self.tenant, ends_at=NumericDate(NOW + 1000 * DAY))
        assert self.run(self.store.commit([OpenSession(session, evolve(SIGN_IN, tenant_id=self.tenant))]))
        return self.redeem_at_once() if redeemed else multiple()

    # ---- what anybody may do ----

    @rule(target=waiting, looked=st.booleans())
    def have_the_code_decided(self, looked):
        return self.now, self.present_the_code(looked=looked)

    @rule(target=waiting, token=tokens)
    def have_a_token_decided(self, token):
        return self.now, self.present_a_token(token)

    def present_the_code(self, *, looked: bool) -> Decision:
        family = self.run(self.store.find_family(authorization_code.family_key(self.code))) if looked else None
        request = evolve(REQUEST, client=self.client)
        seen = authorization_code.Seen(family=family)
        return authorization_code.decide(request, self.code, STANDING, GRANTED, seen, self.now)

    def present_a_token(self, token: RefreshTokenPayload) -> Decision:
        request = refresh_token.Request(authority=HERE, client=self.client)
        family = self.run(self.store.find_family(token.key))
        decision = refresh_token.decide(request, token, family, STANDING, GRANTED, self.now)
        if isinstance(decision.answer, Issue):
            assert family is not None
            self.check_the_grace(token, family, decision.answer.successor)
        return decision

    def check_the_grace(
        self, token: RefreshTokenPayload, family: TokenFamily, successor: RefreshTokenPayload | None
    ) -> None:
        """An old token is answered for ten seconds only, and with the very text that its first use brought."""
        if token.generation != family.generation:
            assert family.rotated_at is not None
            assert self.now - family.rotated_at <= lifetimes.GRACE
            assert successor in self.handed_out

    @rule(target=tokens)
    def redeem_at_once(self):
        return self.commit_now(self.present_the_code(looked=False))

    @rule(target=tokens, token=tokens)
    def refresh_at_once(self, token):
        return self.commit_now(self.present_a_token(token))

    @rule(target=tokens, decided=consumes(waiting))
    def commit_late(self, decided):
        at, decision = decided
        return self.commit_now(decision) if self.now - at <= PATIENCE else multiple()

    def commit_now(self, decision: Decision):
        held = self.run(self.store.commit(decision.effects))
        if isinstance(decision.answer, Refusal):
            # After a replay or a reuse nothing lives any more.
            self.ended = self.ended or bool(decision.effects)
            return multiple()
        if not held:
            return multiple()  # another replica was quicker: the caller looks again, as a new request
        return self.answer(decision.answer)

    def answer(self, issue: Issue) -> RefreshTokenPayload:
        assert issue.successor is not None
        if issue.successor.generation == 0 and issue.successor.family_id == self.code.id:
            self.redeemed += 1
        self.handed_out.append(issue.successor)
        return issue.successor

    @rule(seconds=st.sampled_from([1, 9, 10, 11, 12, 60, DAY, 7 * DAY, 29 * DAY, 60 * DAY]))
    def wait(self, seconds: int) -> None:
        self.clock.advance(seconds)

    # ---- what must hold ----

    @invariant()
    def it_holds(self) -> None:
        # One reading for all of it: on a database each costs a round trip.
        self.the_code_was_redeemed_at_most_once()
        families = self.run(self.stored())
        self.nobody_else_lives(families)
        self.the_newest_token_works_until_its_end(families)

    def the_code_was_redeemed_at_most_once(self) -> None:
        assert self.redeemed <= 1

    def nobody_else_lives(self, families: Families) -> None:
        """There is at most one live leaf, and none once a theft was seen."""
        assert len(self.leaves(families)) <= (0 if self.ended else 1)

    def the_newest_token_works_until_its_end(self, families: Families) -> None:
        newest = self.handed_out[-1] if self.handed_out else None
        if newest is not None and not self.ended and self.now < newest.family_ends_at:
            assert newest.key in families
            assert families[newest.key].revoked_at is None

    async def stored(self) -> Families:
        keys = list(dict.fromkeys(token.key for token in self.handed_out))
        found = await asyncio.gather(*map(self.store.find_family, keys))
        return {key: family for key, family in zip(keys, found, strict=True) if family is not None}

    def leaves(self, families: Families) -> set[tuple[FamilyKey, int]]:
        """Tokens that would rotate if they were presented now, by family and generation."""
        live = set()
        for token in self.handed_out:
            family = families.get(token.key)
            if family is None or family.revoked_at is not None or self.now >= token.family_ends_at:
                continue
            if token.generation == family.generation:
                live.add((token.key, token.generation))
        return live


@pytest.mark.hypothesis
def test_token_families(stage):
    stage.play(Rotation)
