"""entrada: sign-in, tokens and consent as the Microsoft identity platform speaks them (OAuth 2.0, OpenID Connect)."""

__all__ = ["__version__"]

__version__ = "0.1.0"
