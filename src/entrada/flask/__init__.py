"""Sign people in to a Flask application, and protect its APIs.

auth = Entrada(settings)
auth.init_app(app)

@app.get("/reports")
@auth.login_required(roles={"Reader"})
def reports(): ...
"""

from entrada.flask.auth import Entrada, current_user
from entrada.flask.session import ApiSession

__all__ = ["ApiSession", "Entrada", "current_user"]
