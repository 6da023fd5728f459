"""Applications to write and read, and whatever application there may be."""

from __future__ import annotations

from typing import Any

from attrs import evolve
from hypothesis import strategies as st

from entrada.core.directory.application import Application, Platform, PreAuthorizedApplication, SignInAudience
from entrada.core.directory.ids import ApplicationId, ClientId
from entrada.core.jose.numeric_date import NumericDate
from tests.usecases.test_directory_round_trip import TENANT, applications

ID = ApplicationId("3a111111-0000-4000-8000-000000000001")
APP_ID = ClientId("3a111111-0000-4000-8000-0000000000aa")
BARE = Application(id=ID, app_id=APP_ID, tenant_id=TENANT.id, display_name="Demo")
_PLATFORMS = list(Platform)


def guid(number: int) -> Any:
    """Of whichever kind of object a test wants one."""
    return f"3a111111-0000-4000-8000-{number:012d}"


class NewIds:
    """One after the other."""

    def __init__(self) -> None:
        self._last = 900

    def __call__(self) -> str:
        self._last += 1
        return guid(self._last)


@st.composite
def written(draw):
    """As Graph's members can say it: listed by platform, and pre-authorized for scopes that there are."""
    app = draw(applications)
    ids = [one.id for one in app.scopes]
    allowed = draw(st.frozensets(st.sampled_from(ids))) if ids else frozenset()
    return evolve(
        app,
        sign_in_audience=draw(st.sampled_from([SignInAudience.MY_ORG, SignInAudience.MULTIPLE_ORGS])),
        redirect_uris=tuple(sorted(app.redirect_uris, key=lambda one: _PLATFORMS.index(one.platform))),
        pre_authorized=(PreAuthorizedApplication(app_id=APP_ID, permission_ids=allowed),) if allowed else (),
        created_at=draw(st.sampled_from([NumericDate(0), NumericDate(1_800_000_000)])),
    )
