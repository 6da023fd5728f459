"""Enterprise applications: those this tenant knows, its own and others', and what they may do here."""

from entrada.server.web.portal.enterprise.routes import routes

__all__ = ["routes"]
