"""Effects on failed and spent proofs as statements: the counters of lockout, one-time codes."""

from sqlalchemy import Connection, bindparam, delete, update
from sqlalchemy.dialects.postgresql import insert

from entrada.core.credentials.attempts import Attempts
from entrada.core.directory.user import User
from entrada.core.protocol.effects import ForgetAttempts, PutAttempts, StartFactorSteps, UseFactorStep
from entrada.server.store.sql.prepared import Prepared
from entrada.server.store.sql.rows import attempts_row
from entrada.server.store.sql.schema import ATTEMPTS, FACTOR_STEPS

_THESE_ATTEMPTS = tuple(column == bindparam(f"key_{column.name}") for column in ATTEMPTS.primary_key.columns)
_INSERT_ATTEMPTS = Prepared(insert(ATTEMPTS).on_conflict_do_nothing())
_REPLACE_ATTEMPTS = Prepared(update(ATTEMPTS).where(*_THESE_ATTEMPTS, ATTEMPTS.c.version == bindparam("seen")))
_FORGET_ATTEMPTS = Prepared(delete(ATTEMPTS).where(*_THESE_ATTEMPTS))


def _attempts(whose: Attempts | ForgetAttempts) -> dict[str, object]:
    return {"key_tenant_id": whose.tenant_id, "key_user_id": whose.user_id, "key_counter": whose.counter.value}


def put_attempts(connection: Connection, effect: PutAttempts) -> bool:
    seen = effect.attempts.version
    stored = {**attempts_row(effect.attempts), "version": seen + 1}
    if seen == 0:
        return _INSERT_ATTEMPTS.rows(connection, stored) == 1
    return _REPLACE_ATTEMPTS.rows(connection, {**stored, **_attempts(effect.attempts), "seen": seen}) == 1


def forget_attempts(connection: Connection, effect: ForgetAttempts) -> bool:
    _FORGET_ATTEMPTS.rows(connection, _attempts(effect))
    return True


_NEW_STEP = insert(FACTOR_STEPS)
_WHOSE = list(FACTOR_STEPS.primary_key.columns)
_LAST_STEP = {"step": _NEW_STEP.excluded.step}
_USE_STEP = Prepared(
    _NEW_STEP.on_conflict_do_update(
        index_elements=_WHOSE, set_=_LAST_STEP, where=FACTOR_STEPS.c.step < _NEW_STEP.excluded.step
    )
)
_START_STEPS = Prepared(_NEW_STEP.on_conflict_do_update(index_elements=_WHOSE, set_=_LAST_STEP))
_FORGET_STEPS = Prepared(
    delete(FACTOR_STEPS).where(
        FACTOR_STEPS.c.tenant_id == bindparam("key_tenant_id"), FACTOR_STEPS.c.user_id == bindparam("key_user_id")
    )
)


def use_factor_step(connection: Connection, effect: UseFactorStep) -> bool:
    return _USE_STEP.rows(connection, _step(effect)) == 1


def start_factor_steps(connection: Connection, effect: StartFactorSteps) -> bool:
    return _START_STEPS.rows(connection, _step(effect)) == 1


def _step(effect: UseFactorStep | StartFactorSteps) -> dict[str, object]:
    return {"tenant_id": effect.tenant_id, "user_id": effect.user_id, "step": effect.step}


def forget_factor_steps(connection: Connection, user: User) -> None:
    """The user is gone, and what they had spent goes with them: nothing else would ever delete it."""
    _FORGET_STEPS.rows(connection, {"key_tenant_id": user.tenant_id, "key_user_id": user.id})
