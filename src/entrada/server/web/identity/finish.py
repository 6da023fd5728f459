"""Where each of our own pages goes on once somebody suitable is signed in."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from starlette.responses import RedirectResponse, Response

from entrada.core.protocol.authorize.errand import Errand
from entrada.server.usecases.authorize import Ready
from entrada.server.web.http.pages import HEADERS
from entrada.server.web.identity import admin_consent_page
from entrada.server.web.identity.device_confirmation import confirm
from entrada.server.web.identity.scene import Scene

Finish = Callable[[Scene, Ready], Awaitable[Response]]


async def _to_account(scene: Scene, ready: Ready) -> Response:
    return RedirectResponse(f"/account?user={ready.account.user.id}", 303 if scene.after_post else 302, HEADERS)


FINISH: Final[Mapping[Errand, Finish]] = {
    Errand.DEVICE: confirm,
    Errand.ADMIN_CONSENT: admin_consent_page.ask,
    Errand.ACCOUNT: _to_account,
}
