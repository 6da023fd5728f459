"""The identity endpoints: authorize, token, discovery, keys, sign-in, consent and sign-out."""

from entrada.server.web.identity.routes import routes

__all__ = ["routes"]
