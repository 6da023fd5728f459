"""The part of Microsoft Graph v1.0 that entrada answers, and userinfo (OpenID Connect Core 1.0, section 5.3)."""

from entrada.server.web.graph.me import routes

__all__ = ["routes"]
