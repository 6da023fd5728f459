"""One attempt to sign in, from the redirect to the answer: what the answer is checked against.

It rests in a cookie of its own, so that two tabs may sign in at once and an answer lured into another browser finds
nothing there (login CSRF; RFC 9700 §4.7).
"""

import json
from typing import Final

from attrs import field, frozen

from entrada.core.jose.json_object import parse_object
from entrada.core.jose.numeric_date import NumericDate, Seconds

LIFETIME: Final = Seconds(60 * 60)  # somebody may have to find their phone


@frozen(kw_only=True)
class Transaction:
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    code_verifier: str = field(repr=False)
    return_to: str
    started_at: NumericDate
    max_age: Seconds | None = None
    scope: str = ""  # asked for beside the application's own
    needs: tuple[str, ...] = ()  # what it was begun for, as `tried` names it; empty: to be signed in
    before: str = ""  # the key of the session that the browser had: what a form posts brings no Lax cookie

    def is_over(self, now: NumericDate) -> bool:
        return not self.started_at - Seconds(60) <= now < self.started_at + LIFETIME


def pack(transaction: Transaction) -> bytes:
    one = transaction
    members = [one.state, one.nonce, one.code_verifier, one.return_to, one.started_at, one.max_age, one.scope]
    return json.dumps({"t": [*members, " ".join(one.needs), one.before]}, separators=(",", ":")).encode()


def unpack(data: bytes) -> Transaction:
    """Raise ValueError for another shape."""
    members = parse_object(data).get("t")
    match members:
        case [
            str(state),
            str(nonce),
            str(verifier),
            str(back),
            int(started),
            (int() | None) as max_age,
            str(scope),
            str(needs),
            str(before),
        ]:
            return Transaction(
                state=state,
                nonce=nonce,
                code_verifier=verifier,
                return_to=back,
                started_at=NumericDate(started),
                max_age=None if max_age is None else Seconds(max_age),
                scope=scope,
                needs=tuple(needs.split()),
                before=before,
            )
        case _:
            raise ValueError("not a transaction")
