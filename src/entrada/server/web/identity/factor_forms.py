"""The forms between password and session: the code, a recovery code, a new authenticator, a new password.

Each is taken only where the sign-in asks for it at this moment: what was proved is looked at anew.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from attrs import evolve
from starlette.responses import Response

from entrada.core.directory.user import User
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.parameters import Parameters
from entrada.core.protocol.sign_in.next_step import (
    ChangePassword,
    EnterCode,
    Page,
    Progress,
    SaveRecoveryCodes,
    SetUpAuthenticator,
)
from entrada.core.protocol.sign_in.proof import Claimant, Proof
from entrada.server.usecases.authorize import Waiting, advance
from entrada.server.usecases.change_password import change_password
from entrada.server.usecases.new_credential import NewPassword, Unfit
from entrada.server.usecases.second_factor import confirm, enter_code, enter_recovery_code, finish_set_up
from entrada.server.web.http import decision_log
from entrada.server.web.identity.onward import go_on
from entrada.server.web.identity.scene import Scene

Taken = Progress | Refusal | Unfit | None  # None: nothing of the kind is asked for
Take = Callable[[Scene, Page, Parameters], Awaitable[Taken]]


async def take(scene: Scene, form: Parameters, take_it: Take) -> Response:
    scene = evolve(scene, recovering=take_it is _recovery_code)
    outcome = await advance(scene.site.here, scene.interaction, scene.browser)
    taken = await take_it(scene, outcome.step, form) if isinstance(outcome, Waiting) else None
    match taken:
        case Progress():
            return await go_on(evolve(scene, interaction=evolve(scene.interaction, progress=taken)))
        case Unfit(fault):
            return await go_on(scene, error=fault)
        case Refusal():
            return await _refused(scene, taken)
        case None if scene.interaction.progress.proof is not None:
            return await _refused(scene, Refusal(why.PROOF_STALE))
        case None:
            return await go_on(scene)


async def _refused(scene: Scene, refusal: Refusal) -> Response:
    decision_log.refused("sign-in", refusal, scene.trace, client=scene.client_id)
    return await go_on(scene, error=f"{refusal.text} {refusal.advice}")


async def _code(scene: Scene, step: Page, form: Parameters) -> Taken:
    here, progress, code = scene.site.here, scene.interaction.progress, form.get("otc") or ""
    if isinstance(step, EnterCode):
        return _proved(scene, step.claimant, await enter_code(here, step.claimant, code))
    if not isinstance(step, SetUpAuthenticator) or progress.enrolling is None:
        return None
    confirmed = confirm(here, progress.enrolling, code)
    return confirmed if isinstance(confirmed, Refusal) else evolve(progress, enrolling=confirmed)


async def _recovery_code(scene: Scene, step: Page, form: Parameters) -> Taken:
    if not isinstance(step, EnterCode):
        return None
    code = form.get("recovery_code") or ""
    return _proved(scene, step.claimant, await enter_recovery_code(scene.site.here, step.claimant, code))


async def _saved(scene: Scene, step: Page, _: Parameters) -> Taken:
    if not isinstance(step, SaveRecoveryCodes):
        return None
    return _proved(
        scene,
        step.claimant,
        await finish_set_up(scene.site.here, scene.acting(step.claimant.user), step.claimant, step.enrolling),
    )


async def _new_password(scene: Scene, step: Page, form: Parameters) -> Taken:
    if not isinstance(step, ChangePassword):
        return None
    here, current = scene.site.here, form.get("current_password") or ""
    new = NewPassword(once=form.get("new_password") or "", again=form.get("confirm_password") or "")
    user = step.claimant.user
    changed = await change_password(here, scene.acting(user), user, current, new)
    if not isinstance(changed, User):
        return changed
    return _proved(scene, step.claimant, step.claimant.with_password_of(changed, here.clock()))


def _proved(scene: Scene, claimant: Claimant, proof: Proof | Refusal) -> Progress | Refusal:
    if isinstance(proof, Refusal):
        return proof
    return scene.interaction.progress.with_proof(proof, claimant.user.user_principal_name)


FIELDS: Final[Mapping[str, Take]] = {
    "otc": _code,
    "recovery_code": _recovery_code,
    "saved": _saved,
    "new_password": _new_password,
}
