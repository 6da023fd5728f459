"""The rooms of the API gateway: what it publishes, who may call it, what the developer console signs people in with."""

from entrada.server.web.portal.gateway.routes import routes

__all__ = ["routes"]
