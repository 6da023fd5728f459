"""Claims in the order Entra writes them: what a validator reads first, then by name.  Reference section 30."""

from typing import Final

from entrada.core.protocol.tokens.subject import Claims

_FIRST: Final = ("aud", "iss", "iat", "nbf", "exp")
_SET: Final = frozenset(_FIRST)


def in_entras_order(claims: Claims) -> Claims:
    """What does not apply, None, is left out."""
    names = (*_FIRST, *sorted(claims.keys() - _SET))
    return {name: claims[name] for name in names if claims[name] is not None}
