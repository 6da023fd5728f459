"""Wrong passwords, wrong codes and right ones, all at once: no failure is lost, no code works twice, no lock is passed.

The use cases are the real ones; each waits at its commit, and looks again when somebody was quicker.
"""

from collections.abc import Coroutine
from typing import Any

import hypothesis.strategies as st
import pytest
from attrs import define, evolve, field, frozen
from hypothesis.stateful import Bundle, consumes, initialize, invariant, multiple, rule
from pyotp import HOTP

from entrada.core.credentials import recovery_code, totp
from entrada.core.credentials.attempts import Attempts, Counter
from entrada.core.directory.ids import TenantId
from entrada.core.directory.user import Authenticator, User
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.artefacts import purposes
from entrada.core.protocol.effects import ForgetAttempts, PutAttempts, PutEntity, UseFactorStep
from entrada.core.protocol.sign_in.proof import Claimant
from entrada.server.usecases.lockout import Guarded, count_failure, forget_failures
from entrada.server.usecases.second_factor import enter_code, enter_recovery_code
from tests.machines.stage import Machine, Stage
from tests.protocol.known import BEN, TENANT

THRESHOLD = 2
SECRET = b"0123456789abcdefghij"
RECOVERY = recovery_code.generate(bytes(range(recovery_code.COUNT * recovery_code.BYTES)))
STRANGE, CODES = Counter.UNFAMILIAR, Counter.SECOND_FACTOR


@frozen
class Try:
    """What somebody tries: a wrong password, a right one, a wrong code, a right one, a recovery code."""

    kind: str
    step: int = 0  # of a right code
    guess: tuple[int, str] = (0, "")  # a code, and when: the same again counts once


@define
class Told:
    """What the model knows of one counter, from what was committed."""

    stored: Attempts | None = None
    counted: int = 0  # guesses that were ever written down
    answered: int = 0  # wrong guesses that were told so
    steps: set[int] = field(factory=set)


def code_at(step: int) -> str:
    return HOTP(totp._base32(SECRET)).at(step)


def wrong_codes(now: NumericDate) -> list[str]:
    near = {code_at(now // totp.PERIOD + away) for away in (-1, 0, 1)}
    return [code for code in map("{:06}".format, range(9)) if code not in near]


class Proofs(Machine):
    tries = Bundle("tries")

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.heard = 0
        self.of = {STRANGE: Told(), CODES: Told()}
        self.proved: list[int] = []  # steps of codes that proved something
        self.recovered: list[str] = []
        self.written: set[tuple[int, str]] = set()  # codes that were counted

    @initialize()
    def enrol(self) -> None:
        policies = evolve(TENANT.policies, lockout_threshold=THRESHOLD)
        self.tenant = evolve(TENANT, id=TenantId(self.stage.guid()), domains=(), policies=policies)
        sealed = self.here.seal(SECRET, purpose=purposes.AUTHENTICATOR, tenant=self.tenant.id)
        user = evolve(
            BEN,
            tenant_id=self.tenant.id,
            authenticator=Authenticator(sealed_secret=sealed, added_at=self.now),
            recovery_codes=recovery_code.digests(RECOVERY),
        )
        assert self.run(self.store.commit([PutEntity(self.tenant), PutEntity(user)]))
        self.user: User = user

    @property
    def claimant(self) -> Claimant:
        return Claimant(user=self.user, authenticated_at=self.now, methods=("pwd",), keep=False)

    @property
    def guarded(self) -> Guarded:
        return Guarded(self.tenant, self.user.id, STRANGE)

    def guess(self, code: str) -> tuple[int, str]:
        return self.now // totp.PERIOD, code

    # ---- what people try ----

    def trying(self, what: Try, work: Coroutine[Any, Any, object], at_once: bool):
        tried = what, self.begin(work)
        return self.let_a_try_through(tried) if at_once else tried

    @rule(target=tries, at_once=st.booleans())
    def enter_a_wrong_password(self, at_once):
        guess = f"no {self.stage.number()}"
        return self.trying(Try("wrong password"), count_failure(self.here, self.guarded, guess), at_once)

    @rule(target=tries, at_once=st.booleans())
    def enter_the_password(self, at_once):
        return self.trying(Try("password"), forget_failures(self.here, self.guarded), at_once)

    @rule(target=tries, which=st.integers(0, 3), at_once=st.booleans())
    def enter_a_wrong_code(self, which, at_once):
        code = wrong_codes(self.now)[which]
        return self.trying(
            Try("wrong code", guess=self.guess(code)), enter_code(self.here, self.claimant, code), at_once
        )

    @rule(target=tries, away=st.sampled_from([-1, 0, 0, 1]), at_once=st.booleans())
    def enter_the_code(self, away, at_once):
        step = self.now // totp.PERIOD + away
        what, code = Try("code", step, self.guess(code_at(step))), code_at(step)
        return self.trying(what, enter_code(self.here, self.claimant, code), at_once)

    @rule(target=tries, which=st.sampled_from([0, 1]), at_once=st.booleans())
    def enter_a_recovery_code(self, which, at_once):
        code = RECOVERY[which]
        return self.trying(
            Try(code, guess=self.guess(code)), enter_recovery_code(self.here, self.claimant, code), at_once
        )

    @rule(target=tries, tried=consumes(tries))
    def let_a_try_through(self, tried):
        what, request = tried
        over = self.let_through(request)
        self.hear(what)
        if not over:
            return tried
        self.told(what, request.task.result())
        return multiple()

    def told(self, what: Try, answer: object) -> None:
        match what.kind:
            case "wrong password":
                self.of[STRANGE].answered += answer is False
            case "password":
                pass
            case _ if isinstance(answer, Refusal):
                assert answer.reason in (why.WRONG_CODE, why.WRONG_RECOVERY_CODE, why.ACCOUNT_LOCKED)
                assert answer.reason is why.ACCOUNT_LOCKED or what.guess in self.written
            case "code":
                self.proved.append(what.step)
            case kind:
                assert kind in RECOVERY
                self.recovered.append(kind)

    @rule(seconds=st.sampled_from([15, 30, 60, 3600]))
    def wait(self, seconds):
        self.clock.advance(seconds)

    # ---- the model ----

    def hear(self, what: Try) -> None:
        """The last commit was of *what*."""
        for effects in self.gate.committed[self.heard :]:
            for effect in effects:
                self.apply(what, effect)
        self.heard = len(self.gate.committed)

    def apply(self, what: Try, effect: object) -> None:
        match effect:
            case PutAttempts(attempts):
                told = self.of[attempts.counter]
                before = told.stored.version if told.stored else 0
                assert attempts.version == before, "somebody's failure was overwritten"
                assert told.stored is None or told.stored.locked_until <= self.now, "a guess got past the lock"
                told.counted += 1
                told.stored = evolve(attempts, version=before + 1)
                self.written.add(what.guess)
            case ForgetAttempts(_, _, counter):
                self.of[counter].stored = None
            case UseFactorStep(_, _, step):
                assert what.guess in self.written, "a code was looked at before it counted"
                assert all(step > spent for spent in self.of[CODES].steps)
                self.of[CODES].steps.add(step)
            case _:
                assert isinstance(effect, PutEntity)
                assert what.guess in self.written, "a recovery code was looked at before it counted"

    # ---- what must hold ----

    @invariant()
    def no_code_works_twice(self) -> None:
        assert len(set(self.proved)) == len(self.proved)
        assert set(self.proved) == self.of[CODES].steps
        assert len(set(self.recovered)) == len(self.recovered)

    @invariant()
    def every_failure_that_was_told_was_counted(self) -> None:
        assert self.of[STRANGE].answered == self.of[STRANGE].counted  # of codes see `told`

    @invariant()
    def the_store_says_so(self) -> None:
        for counter, told in self.of.items():
            found = self.run(self.store.find_attempts(self.tenant.id, self.user.id, counter))
            assert found == told.stored
            assert (found.version if found else 0) == (told.stored.version if told.stored else 0)

    @invariant()
    def nobody_guesses_on_behind_a_lock(self) -> None:
        """However many asked at once: at most so many guesses since the last lock, success or fading."""
        for told in self.of.values():
            assert told.stored is None or told.stored.failures < THRESHOLD


@pytest.mark.hypothesis
def test_proofs(stage):
    stage.play(Proofs, steps=40)
