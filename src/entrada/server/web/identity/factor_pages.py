"""The pages between password and session: the code, a new authenticator and its recovery codes, a new password."""

from attrs import evolve
from starlette.responses import Response

from entrada.core.credentials import totp
from entrada.core.credentials.password import MIN_LENGTH
from entrada.core.directory.user import User
from entrada.core.protocol.authorize.request import AuthorizeRequest
from entrada.core.protocol.sign_in.next_step import ChangePassword, EnterCode, SaveRecoveryCodes, SetUpAuthenticator
from entrada.core.protocol.sign_in.proof import Claimant
from entrada.server.usecases.second_factor import begin_set_up
from entrada.server.web.identity.qr_code import qr_code
from entrada.server.web.identity.scene import Scene, form_page

FactorStep = EnterCode | SetUpAuthenticator | SaveRecoveryCodes | ChangePassword


async def factor_page(scene: Scene, request: AuthorizeRequest, step: FactorStep, error: str | None) -> Response:
    scene = _chosen(scene, step.claimant)
    context: dict[str, object] = {"username": step.claimant.user.user_principal_name, "error": error}
    match step:
        case EnterCode(claimant):
            return form_page(scene, request, "code.html", {**context, **_recovery(scene, claimant.user)}, "login")
        case SetUpAuthenticator(claimant):
            return await _set_up(scene, request, claimant.user, context)
        case SaveRecoveryCodes(_, enrolling):
            codes = {"codes": enrolling.recovery_codes}
            return form_page(scene, request, "recovery_codes.html", {**context, **codes}, "login")
        case ChangePassword():
            return form_page(scene, request, "change_password.html", {**context, "min_length": MIN_LENGTH}, "login")


def _recovery(scene: Scene, user: User) -> dict[str, bool]:
    """Whoever sent a wrong recovery code is told there, and goes on there."""
    has_recovery = bool(user.recovery_codes)
    return {"has_recovery": has_recovery, "recovering": has_recovery and scene.recovering}


def _chosen(scene: Scene, claimant: Claimant) -> Scene:
    """A session that is to become stronger is named, so that the form comes back to the same."""
    if claimant.session is None:
        return scene
    progress = evolve(scene.interaction.progress, chosen=claimant.session.id)
    return evolve(scene, interaction=evolve(scene.interaction, progress=progress))


async def _set_up(scene: Scene, request: AuthorizeRequest, user: User, context: dict[str, object]) -> Response:
    """The same secret for as long as this sign-in lasts: it may be in somebody's phone already."""
    enrolling = scene.interaction.progress.enrolling
    if enrolling is None or enrolling.user_id != user.id:
        enrolling = begin_set_up(scene.site.here, user)
        progress = evolve(scene.interaction.progress, enrolling=enrolling)
        scene = evolve(scene, interaction=evolve(scene.interaction, progress=progress))
    home = await scene.site.here.store.find_tenant(user.tenant_id)
    address = totp.address(enrolling.secret, user.user_principal_name, home.display_name if home else "entrada")
    more = {"qr_code": qr_code(address), "secret": totp.spelled(enrolling.secret), "address": address}
    return form_page(scene, request, "set_up_authenticator.html", {**context, **more}, "login")
