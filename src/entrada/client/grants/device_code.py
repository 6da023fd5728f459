"""Sign in on another screen.  RFC 8628; reference 22.

The first answer's scopes are the authority's to remember: polls name none (§3.4), and what is granted without a word is
what was asked for.
"""

from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import urlsplit

from attrs import field, frozen

from entrada.client.errors import AuthorityRefused, BadAnswer, BadSettings, SignInCancelled, TimedOut, Unreachable
from entrada.client.flow import Call, Flow, Tell, Wait
from entrada.client.grants.client_authentication import Entropy
from entrada.client.grants.identity import Asked, signed_in, with_identity
from entrada.client.grants.refusal import refusal, said, words
from entrada.client.grants.registration import Registration
from entrada.client.grants.token_endpoint import (
    Grant,
    Granted,
    ask,
    members_of,
    proven,
    require_available,
    seconds,
)
from entrada.client.tokens import Tokens
from entrada.core.jose.numeric_date import NumericDate, Seconds

GRANT_TYPE: Final = "urn:ietf:params:oauth:grant-type:device_code"
_INTERVAL: Final = Seconds(5)  # where the authority names none (§3.2)
_SLOWER: Final = 5  # §3.5: for this and every later poll
_SLOWEST: Final = 60
_LIFETIME: Final = Seconds(15 * 60)


@frozen(kw_only=True)
class _Begun:
    device_code: str = field(repr=False)
    user_code: str = field(repr=False)
    verification_uri: str
    message: str
    interval: Seconds
    ends: NumericDate


def device_code(
    registration: Registration,
    scopes: tuple[str, ...],
    *,
    clock: Callable[[], NumericDate],
    entropy: Entropy,
    claims: str | None = None,
) -> Flow[Tokens]:
    """Raises SignInCancelled and TimedOut beside what every grant raises."""
    begun = yield from _begin(registration, scopes, claims, clock(), entropy)
    waits = begun.ends - clock()
    yield Tell(message=begun.message, url=begun.verification_uri, user_code=begun.user_code, waits=waits)
    form = {"grant_type": GRANT_TYPE, "device_code": begun.device_code}
    grant = Grant(form=form, scopes=scopes, repeatable=False)
    granted = yield from _polled(registration, grant, begun, clock, entropy)
    return (yield from signed_in(granted, registration, Asked(), clock()))


def _begin(
    registration: Registration, scopes: tuple[str, ...], claims: str | None, now: NumericDate, entropy: Entropy
) -> Flow[_Begun]:
    metadata = yield from registration.provider.metadata(now)
    url = metadata.device_authorization_endpoint
    if url is None:
        raise BadSettings("The authority offers no device code", advice="Sign in with a browser instead.")
    form = {
        "scope": " ".join(with_identity(scopes)),
        **({"claims": claims} if claims else {}),
    }
    asked = Call(url=url, form=form, repeatable=True)
    reply = yield (yield from proven(asked, registration, now, entropy))
    members = members_of(reply)
    require_available(reply, members)
    if reply.status != 200:
        raise refusal(said(members), scopes)
    return _read(members, now)


def _read(members: Mapping[str, object], now: NumericDate) -> _Begun:
    device, user = members.get("device_code"), words(members.get("user_code"))
    # v1.0 and some others spell it otherwise.
    page = words(members.get("verification_uri") or members.get("verification_url"))
    if not isinstance(device, str) or not device or not user or urlsplit(page).scheme not in {"https", "http"}:
        raise BadAnswer("The authority answered without a device_code, user_code or verification_uri")
    return _Begun(
        device_code=device,
        user_code=user,
        verification_uri=page,
        message=words(members.get("message")) or f"To sign in, open {page} and enter the code {user}.",
        interval=seconds(members, "interval") or _INTERVAL,
        ends=NumericDate(now + (seconds(members, "expires_in") or _LIFETIME)),
    )


def _polled(
    registration: Registration,
    grant: Grant,
    begun: _Begun,
    clock: Callable[[], NumericDate],
    entropy: Entropy,
) -> Flow[Granted]:
    interval = begun.interval
    while clock() + interval < begun.ends:
        yield Wait(interval)
        try:
            return (yield from ask(registration, grant, clock(), entropy))
        except Unreachable:
            interval = Seconds(min(interval * 2, _SLOWEST))  # §3.5: after a lost connection, ever more slowly
        except AuthorityRefused as refused:
            interval = Seconds(interval + _still(refused))
    raise TimedOut("Nobody finished signing in before the code expired", advice="Begin again.")


def _still(refused: AuthorityRefused) -> int:
    """By how much slower to ask on; raises what ends the sign-in."""
    match refused.said.error:
        case "authorization_pending":
            return 0
        case "slow_down":
            return _SLOWER
        case "expired_token" | "code_expired":
            raise TimedOut("The code expired before anybody finished signing in", advice="Begin again.") from refused
        case "authorization_declined" | "access_denied":
            raise SignInCancelled("The person declined to sign in") from refused
        case _:
            raise refused
