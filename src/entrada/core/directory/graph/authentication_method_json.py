"""By what somebody proves who they are, as Graph writes it: password and software one-time codes.

The ids are Graph's own, one for each kind of which somebody has one at most.
"""

from typing import Final

from entrada.core.directory.graph.json_members import written_moment
from entrada.core.directory.user import User

METHOD_OF_PASSWORD: Final = "28c10230-6103-485e-b985-444c60001490"
METHOD_OF_AUTHENTICATOR: Final = "3179e48a-750b-4051-897c-87b9720928f7"  # [U]: Entra gives each its own
PASSWORD_TYPE: Final = "#microsoft.graph.passwordAuthenticationMethod"
AUTHENTICATOR_TYPE: Final = "#microsoft.graph.softwareOathAuthenticationMethod"


def methods_of(user: User) -> tuple[dict[str, object], ...]:
    """Nothing of what they prove with."""
    found = list[dict[str, object]]()
    if user.password is not None:
        found.append(
            {
                "@odata.type": PASSWORD_TYPE,
                "id": METHOD_OF_PASSWORD,
                "password": None,
                "createdDateTime": written_moment(user.password.changed_at),
            }
        )
    if user.authenticator is not None:
        found.append(
            {
                "@odata.type": AUTHENTICATOR_TYPE,
                "id": METHOD_OF_AUTHENTICATOR,
                "secretKey": None,
                "createdDateTime": written_moment(user.authenticator.added_at),
            }
        )
    return tuple(found)
