"""The policy editor: documents written and checked, what they make together, and a request tried on them."""

from entrada.server.web.portal.gateway.policies.routes import routes

__all__ = ["routes"]
