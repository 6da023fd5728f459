"""The API by which the gateway is administered: Azure's nouns and names at /gateway/v1, in the manner of Graph."""

from entrada.server.web.gateway_admin.doors import routes

__all__ = ["routes"]
