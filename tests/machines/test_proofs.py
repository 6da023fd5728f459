"""Wrong passwords, wrong codes and right ones, all at once: no failure is lost, no code works twice, no lock is passed.

The use cases are the real ones; each waits at its commit, and looks again when somebody was quicker.
"""

import hypothesis.strategies as st
import pytest
from attrs import define, evolve, field, frozen
from hypothesis.stateful import Bundle, consumes, initialize, invariant, multiple, rule

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

THRESHOLD = 3
SECRET = b"0123456789abcdefghij"
RECOVERY = recovery_code.generate(bytes(range(recovery_code.COUNT * recovery_code.BYTES)))
STRANGE, CODES = Counter.UNFAMILIAR, Counter.SECOND_FACTOR


@frozen
class Try:
    """What somebody tries: a wrong password, a right one, a wrong code, a right one, a recovery code."""

    kind: str
    step: int = 0  # of a right code


@define
class Told:
    """What the model knows of one counter, from what was committed."""

    stored: Attempts | None = None
    counted: int = 0  # failures that were ever written
    answered: int = 0  # wrong guesses that were told so
    steps: set[int] = field(factory=set)


def code_at(step: int) -> str:
    return str(totp.HOTP(totp._base32(SECRET)).at(step))


def wrong_code(now: NumericDate) -> str:
    near = {code_at(now // totp.PERIOD + away) for away in (-1, 0, 1)}
    return next(code for code in ("000000", "111111", "222222", "333333") if code not in near)


class Proofs(Machine):
    tries = Bundle("tries")

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.heard = 0
        self.of = {STRANGE: Told(), CODES: Told()}
        self.proved: list[int] = []  # steps of codes that proved something
        self.recovered: list[str] = []

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

    # ---- what people try ----

    @rule(target=tries)
    def enter_a_wrong_password(self):
        guess = f"no {self.stage.number()}"
        return Try("wrong password"), self.begin(count_failure(self.here, self.guarded, guess))

    @rule(target=tries)
    def enter_the_password(self):
        return Try("password"), self.begin(forget_failures(self.here, self.guarded))

    @rule(target=tries)
    def enter_a_wrong_code(self):
        return Try("wrong code"), self.begin(enter_code(self.here, self.claimant, wrong_code(self.now)))

    @rule(target=tries, away=st.sampled_from([-1, 0, 0, 1]))
    def enter_the_code(self, away):
        step = self.now // totp.PERIOD + away
        return Try("code", step), self.begin(enter_code(self.here, self.claimant, code_at(step)))

    @rule(target=tries, which=st.sampled_from([0, 1]))
    def enter_a_recovery_code(self, which):
        return Try(RECOVERY[which]), self.begin(enter_recovery_code(self.here, self.claimant, RECOVERY[which]))

    @rule(target=tries, tried=consumes(tries))
    def let_through(self, tried):
        what, request = tried
        if not super().let_through(request):
            self.hear()
            return what, request
        self.hear()
        if isinstance(what, Try):
            self.told(what, request.task.result())
        return multiple()

    def told(self, what: Try, answer: object) -> None:
        match what.kind:
            case "wrong password":
                self.of[STRANGE].answered += answer is False
            case "password":
                pass
            case _ if isinstance(answer, Refusal):
                assert answer.reason in (why.WRONG_CODE, why.ACCOUNT_LOCKED)
                self.of[CODES].answered += answer.reason is why.WRONG_CODE
            case "code":
                self.proved.append(what.step)
            case kind:
                assert kind in RECOVERY
                self.recovered.append(kind)

    @rule(seconds=st.sampled_from([1, 15, 30, 59, 60, 61, 120, 3600]))
    def wait(self, seconds):
        self.clock.advance(seconds)

    # ---- the model ----

    def hear(self) -> None:
        for effects in self.gate.committed[self.heard :]:
            for effect in effects:
                self.apply(effect)
        self.heard = len(self.gate.committed)

    def apply(self, effect: object) -> None:
        match effect:
            case PutAttempts(attempts):
                told = self.of[attempts.counter]
                before = told.stored.version if told.stored else 0
                assert attempts.version == before, "somebody's failure was overwritten"
                told.counted += self.adds_a_failure(told, attempts)
                told.stored = evolve(attempts, version=before + 1)
            case ForgetAttempts(attempts):
                self.of[attempts.counter].stored = None
            case UseFactorStep(_, _, step):
                assert all(step > spent for spent in self.of[CODES].steps)
                self.of[CODES].steps.add(step)
            case _:
                assert isinstance(effect, PutEntity)

    def adds_a_failure(self, told: Told, now: Attempts) -> bool:
        """Or clears them, which only whoever found no lock may do."""
        cleared = (now.failures, now.locks, now.recent) == (0, 0, ())
        assert told.stored is None or told.stored.locked_until <= self.now, "somebody got past the lock"
        return not cleared

    # ---- what must hold ----

    @invariant()
    def no_code_works_twice(self) -> None:
        assert len(set(self.proved)) == len(self.proved)
        assert set(self.proved) == self.of[CODES].steps
        assert len(set(self.recovered)) == len(self.recovered)

    @invariant()
    def every_failure_that_was_told_was_counted(self) -> None:
        # The same guess again does not count (that of a device with an old password), so no more than that many.
        passwords, codes = self.of[STRANGE], self.of[CODES]
        assert passwords.answered == passwords.counted
        assert codes.counted <= codes.answered

    @invariant()
    def the_store_says_so(self) -> None:
        for counter, told in self.of.items():
            found = self.run(self.store.find_attempts(self.tenant.id, self.user.id, counter))
            assert found == told.stored
            assert (found.version if found else 0) == (told.stored.version if told.stored else 0)

    @invariant()
    def nobody_guesses_on_behind_a_lock(self) -> None:
        """However many asked at once: at most so many failures since the last lock, success or fading."""
        for told in self.of.values():
            assert told.stored is None or told.stored.failures < THRESHOLD


@pytest.mark.hypothesis
def test_proofs(stage):
    stage.play(Proofs, steps=40)
