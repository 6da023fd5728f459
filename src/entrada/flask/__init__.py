"""Sign people in to a Flask application, and protect its APIs.

auth = Entrada(settings)
auth.init_app(app)

@app.get("/reports")
@auth.login_required(roles={"Reader"})
def reports(): ...
"""

from entrada.client.web_sign_in.api_client import ApiSession
from entrada.client.web_sign_in.user import GroupsUnknown, User
from entrada.client.web_sign_in.web_settings import Api, SessionLimits, WebSettings
from entrada.flask.api import BearerAuth, Principal
from entrada.flask.auth import Entrada, current_user

__all__ = [
    "Api",
    "ApiSession",
    "BearerAuth",
    "Entrada",
    "GroupsUnknown",
    "Principal",
    "SessionLimits",
    "User",
    "WebSettings",
    "current_user",
]
