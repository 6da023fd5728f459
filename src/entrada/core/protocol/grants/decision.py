"""What a grant decides: tokens may be issued for this, or a refusal; and the effects that make it so."""

from attrs import field, frozen

from entrada.core.errors.reason import Refusal
from entrada.core.protocol.effects import Effect
from entrada.core.protocol.grants.refresh_token_payload import RefreshTokenPayload
from entrada.core.protocol.tokens.granted import Granted


@frozen(kw_only=True)
class Issue:
    """Issue tokens.  *successor* is the refresh token that goes with them, if one does."""

    granted: Granted
    successor: RefreshTokenPayload | None = field(repr=False)


@frozen
class Decision:
    answer: Issue | Refusal
    effects: tuple[Effect, ...] = ()
