"""App registrations: registered, changed, deleted and restored."""

from entrada.server.web.portal.applications.routes import routes

__all__ = ["routes"]
