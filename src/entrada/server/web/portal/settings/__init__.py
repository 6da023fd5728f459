"""Settings: the tenant itself, its looks, what it decides for everybody, signing keys, what was deleted."""

from entrada.server.web.portal.settings.routes import routes

__all__ = ["routes"]
