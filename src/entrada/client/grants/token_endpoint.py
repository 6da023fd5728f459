"""Post a form to the token endpoint: read tokens, or raise the right error.  RFC 6749 §3.2, §5; reference 16, 17."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote_plus

from attrs import evolve, field, frozen

from entrada.client.errors import BadAnswer, Unreachable
from entrada.client.flow import Call, Flow, Reply, doing
from entrada.client.grants.client_authentication import Entropy
from entrada.client.grants.refusal import refusal, said
from entrada.client.grants.registration import Registration
from entrada.client.tokens import AccessToken
from entrada.core.jose.numeric_date import NumericDate, Seconds

EXPIRES_IN: Final = Seconds(600)  # where the answer does not say (as MSAL assumes): rather too soon than too late
_LONGEST: Final = Seconds(366 * 24 * 60 * 60)
_TOO_MANY_REQUESTS: Final = 429


@frozen(kw_only=True)
class Granted:
    """An answer, of which the ID token is not yet verified."""

    access: AccessToken
    refresh_token: str | None = field(default=None, repr=False)
    id_token: str | None = field(default=None, repr=False)


@frozen(kw_only=True)
class Grant:
    """What is presented, and for what."""

    form: Mapping[str, str] = field(repr=False)
    scopes: tuple[str, ...]
    of_the_person: bool = False  # it stands for their sign-in: refused, they must sign in again
    repeatable: bool = True  # presented twice it does no harm


def ask(registration: Registration, grant: Grant, now: NumericDate, entropy: Entropy) -> Flow[Granted]:
    """Raises AuthorityRefused, InteractionRequired, BadAnswer, BadCredential, BadMetadata, Unreachable."""
    metadata = yield from registration.provider.metadata(now)
    call = Call(url=metadata.token_endpoint, form=grant.form, repeatable=grant.repeatable)
    reply = yield (yield from proven(call, registration, now, entropy))
    return read(reply, grant, now)


def proven(call: Call, registration: Registration, now: NumericDate, entropy: Entropy) -> Flow[Call]:
    """With who asks: in the form, or a secret in a header where the authority would have it there."""
    form = {**(call.form or {}), "client_id": registration.client_id}
    credential = registration.credential
    if credential is None:
        return evolve(call, form=form)
    metadata = yield from registration.provider.metadata(now)
    proof = yield from doing(lambda: credential.proof(metadata.token_endpoint, now, entropy))
    if metadata.secret_in_header and "client_secret" in proof:
        basic = _basic(registration.client_id, proof["client_secret"])
        return evolve(call, form=form, headers={**call.headers, "authorization": basic})
    return evolve(call, form={**form, **proof})


def _basic(client_id: str, secret: str) -> str:
    # Each is encoded as in a form first, so that neither may hold a colon (RFC 6749 §2.3.1).
    both = f"{quote_plus(client_id)}:{quote_plus(secret)}"
    return f"Basic {b64encode(both.encode()).decode()}"


def read(reply: Reply, grant: Grant, now: NumericDate) -> Granted:
    members = members_of(reply)
    if reply.status == 200:
        return granted(members, grant.scopes, now)
    require_available(reply, members)
    if "error" not in members:
        raise BadAnswer(f"The token endpoint answered with the status {reply.status} and no error", advice=_NO_ENDPOINT)
    raise refusal(said(members), grant.scopes, of_the_person=grant.of_the_person)


def members_of(reply: Reply) -> Mapping[str, object]:
    try:
        return reply.members()
    except ValueError:
        require_available(reply, {})
        raise BadAnswer(
            f"The authority answered with the status {reply.status} and no JSON object", advice=_NO_ENDPOINT
        ) from None


def require_available(reply: Reply, members: Mapping[str, object]) -> None:
    """Raise Unreachable for a status that says: not now."""
    if reply.status != _TOO_MANY_REQUESTS and reply.status < 500:
        return
    heard = said(members)
    why = f": {heard.description or heard.error}" if "error" in members else ""
    after = reply.headers.get("retry-after", "")
    when = f"Ask again in {after} seconds." if after.isascii() and after.isdigit() else "Ask again later."
    raise Unreachable(f"The authority answered with the status {reply.status}{why}", advice=when)


def granted(members: Mapping[str, object], scopes: tuple[str, ...], now: NumericDate) -> Granted:
    return Granted(
        access=_access(members, scopes, now),
        refresh_token=_token(members, "refresh_token"),
        id_token=_token(members, "id_token"),
    )


def _access(members: Mapping[str, object], scopes: tuple[str, ...], now: NumericDate) -> AccessToken:
    value, kind, scope = (members.get(name) for name in ("access_token", "token_type", "scope"))
    token = _token(members, "access_token")
    if token is None or not value:
        raise BadAnswer("The authority answered without an access_token")
    if not isinstance(kind, str) or kind.lower() != "bearer":
        raise BadAnswer("The authority gave a token of another type than Bearer")
    lifetime = seconds(members, "expires_in")
    refresh_in = seconds(members, "refresh_in")
    return AccessToken(
        value=token,
        # Left out, they are those that were asked for (RFC 6749 §5.1).
        scopes=frozenset(scope.split()) if isinstance(scope, str) and scope.strip() else frozenset(scopes),
        expires_at=NumericDate(now + (EXPIRES_IN if lifetime is None else lifetime)),
        refresh_at=None if refresh_in is None else NumericDate(now + refresh_in),
    )


def seconds(members: Mapping[str, object], name: str) -> Seconds | None:
    """Entra's v1.0 endpoints and identity endpoints write numbers as strings."""
    value = members.get(name)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 12:
        value = int(value)
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return Seconds(min(max(int(value), 0), _LONGEST))


def _token(members: Mapping[str, object], name: str) -> str | None:
    """It goes into headers and forms as it stands: characters that stand there only (RFC 6749, appendix A.12)."""
    value = members.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str) or not value.isascii() or not value.isprintable():
        raise BadAnswer(f"The authority answered with a {name} that is none")
    return value


_NO_ENDPOINT: Final = "Check the authority's URL: something else answers there."
