"""My account: where one is signed in, what one has consented to, and the end of either; password and second factor."""

from entrada.server.web.account.routes import routes

__all__ = ["routes"]
