"""Codes and refresh tokens whatever the interleaving: redeemed at most once, one live leaf, and no way around it.

The model knows one code, every token that was ever handed out, requests that decided and have not committed yet, and
time, which moves by seconds and by weeks.  Decisions are the core's; the store is the memory store.
"""

import hypothesis.strategies as st
from attrs import evolve
from hypothesis import settings
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
)

from entrada.core.directory.application import Platform
from entrada.core.errors.reason import Refusal
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol import lifetimes
from entrada.core.protocol.effects import OpenSession
from entrada.core.protocol.grants import authorization_code, refresh_token
from entrada.core.protocol.grants.decision import Decision, Issue
from entrada.core.protocol.grants.refresh_token_payload import RefreshTokenPayload
from entrada.core.protocol.token_family import FamilyKey, TokenFamily
from entrada.server.store.memory import MemoryStore
from tests.protocol.known import CLIENT, DAY, HERE, NOW, SESSION, STANDING, as_platform
from tests.protocol.test_authorization_code import CODE, GRANTED, REQUEST
from tests.store.known import SIGN_IN

PUBLIC = as_platform(CLIENT, Platform.PUBLIC_CLIENT)
PATIENCE = 60  # no request waits longer between its decision and its commit


def run(awaitable):
    """The memory store never waits, so no event loop is needed."""
    try:
        awaitable.send(None)
    except StopIteration as done:
        return done.value
    raise AssertionError("the memory store waited")


class Rotation(RuleBasedStateMachine):
    tokens = Bundle("tokens")
    waiting = Bundle("waiting")

    def __init__(self) -> None:
        super().__init__()
        self.store, self.now = MemoryStore(), NOW
        self.redeemed = 0
        self.handed_out: list[RefreshTokenPayload] = []
        self.ended = False

    @initialize()
    def sign_in(self) -> None:
        session = evolve(SESSION, ends_at=NumericDate(NOW + 1000 * DAY))
        assert run(self.store.commit([OpenSession(session, SIGN_IN)]))

    # ---- what anybody may do ----

    @rule(target=waiting, looked=st.booleans())
    def have_the_code_decided(self, looked):
        return self.now, self.present_the_code(looked=looked)

    @rule(target=waiting, token=tokens)
    def have_a_token_decided(self, token):
        return self.now, self.present_a_token(token)

    def present_the_code(self, *, looked: bool) -> Decision:
        family = run(self.store.find_family(authorization_code.family_key(self.code))) if looked else None
        request = evolve(REQUEST, client=PUBLIC)
        seen = authorization_code.Seen(family=family)
        return authorization_code.decide(request, self.code, STANDING, GRANTED, seen, self.now)

    def present_a_token(self, token: RefreshTokenPayload) -> Decision:
        request = refresh_token.Request(authority=HERE, client=PUBLIC)
        family = run(self.store.find_family(token.key))
        decision = refresh_token.decide(request, token, family, STANDING, GRANTED, self.now)
        if isinstance(decision.answer, Issue):
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
        held = run(self.store.commit(decision.effects))
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
        self.now = NumericDate(self.now + seconds)

    # ---- what must hold ----

    @property
    def code(self):
        return evolve(CODE, platform=Platform.PUBLIC_CLIENT)

    @invariant()
    def the_code_was_redeemed_at_most_once(self) -> None:
        assert self.redeemed <= 1

    @invariant()
    def there_is_at_most_one_live_leaf(self) -> None:
        assert len(self.leaves()) <= 1

    @invariant()
    def nothing_lives_once_a_theft_was_seen(self) -> None:
        if self.ended:
            assert self.leaves() == set()

    @precondition(lambda self: self.handed_out and not self.ended)
    @invariant()
    def the_newest_token_works_until_its_end(self) -> None:
        newest = self.handed_out[-1]
        if self.now < newest.family_ends_at:
            family = run(self.store.find_family(newest.key))
            current = family is not None and family.revoked_at is None
            assert current

    def leaves(self) -> set[tuple[FamilyKey, int]]:
        """Tokens that would rotate if they were presented now, by family and generation."""
        live = set()
        for token in self.handed_out:
            family = run(self.store.find_family(token.key))
            usable = family is not None and family.revoked_at is None and self.now < token.family_ends_at
            if usable and token.generation == family.generation:
                live.add((token.key, token.generation))
        return live


Rotation.TestCase.settings = settings(max_examples=200, stateful_step_count=30, deadline=None)
TestRotation = Rotation.TestCase
