"""Where an object's pages lead to in the logs: what was changed of it, and who signed in to it, or as it."""

from entrada.core.directory.administration.operations import Operation
from entrada.server.web.portal.door import Visitor


def history(visitor: Visitor, object_id: str, *, signs_in: str = "") -> list[tuple[str, str]]:
    """Tabs for whoever may read the logs.  *signs_in* is a filter of the sign-in log, where the object has sign-ins."""
    tabs: list[tuple[str, str]] = []
    if signs_in and visitor.may(Operation.READ_SIGN_INS):
        tabs.append(("Sign-ins", f"/portal/sign-ins?{signs_in}"))
    if visitor.may(Operation.READ_AUDITS):
        tabs.append(("History", f"/portal/audits?object={object_id}"))
    return tabs
