"""The logs: who signed in, why somebody was refused, who changed what."""

from entrada.server.web.portal.logs.routes import routes

__all__ = ["routes"]
