"""entrada in FastAPI and Starlette: people sign in, and APIs are protected."""

from entrada.client.web_sign_in.api_client import ApiClient
from entrada.client.web_sign_in.guard import Needs
from entrada.client.web_sign_in.user import GroupsUnknown, User
from entrada.client.web_sign_in.web_settings import Api, SessionLimits, WebSettings
from entrada.fastapi.api import BearerAuth, Principal
from entrada.fastapi.current_user import CurrentUser
from entrada.fastapi.entrada import Entrada

__all__ = [
    "Api",
    "ApiClient",
    "BearerAuth",
    "CurrentUser",
    "Entrada",
    "GroupsUnknown",
    "Needs",
    "Principal",
    "SessionLimits",
    "User",
    "WebSettings",
]
