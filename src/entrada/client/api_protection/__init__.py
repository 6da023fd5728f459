"""Protect an API: verify the access tokens that it is called with, and answer in the words of RFC 6750.

Framework-free; `entrada.fastapi`, `entrada.flask` and `entrada.django` stand over it, and `asgi` and `wsgi` beside it.
"""

from entrada.client.api_protection.challenge import Challenge
from entrada.client.api_protection.guard import Guard, guard
from entrada.client.api_protection.needs import ANYBODY, Needs, needs
from entrada.client.api_protection.principal import Kind, Principal

__all__ = ["ANYBODY", "Challenge", "Guard", "Kind", "Needs", "Principal", "guard", "needs"]
