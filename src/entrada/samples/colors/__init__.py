"""The Colors API, a small API of its own: protected by our own library, described by the OpenAPI file beside it."""

from entrada.samples.colors.app import application
from entrada.samples.colors.settings import ColorsSettings

__all__ = ["ColorsSettings", "application"]
